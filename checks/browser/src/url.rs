//! Addresses of browsers, read as the WHATWG URL standard does: as much of it as decides where an `http`, `https`,
//! `ws` or `wss` address leads. User information is dropped and never shown.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::address;

/// What the host puts in the place of a secret within a text.
const BLANK: &str = "[sealed]";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Url {
    scheme: &'static str,
    host: HostName,
    /// As written, also where it is the scheme's default.
    port: Option<u16>,
    /// Path, query and fragment.
    rest: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum HostName {
    V4(Ipv4Addr),
    V6(Ipv6Addr),
    /// In lower case.
    Name(String),
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum UrlError {
    Invalid,
    Scheme(String),
    Port,
    /// The host or port is part of a secret.
    Hidden,
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid => f.write_str("is not a valid URL"),
            Self::Scheme(scheme) => write!(f, "must be http(s) or ws(s), got: {scheme}"),
            Self::Port => f.write_str("has an invalid port"),
            Self::Hidden => f.write_str("is sealed as a secret"),
        }
    }
}

impl Url {
    pub(crate) fn parse(text: &str) -> Result<Self, UrlError> {
        let text: String = text
            .trim_matches(|c: char| c <= ' ')
            .chars()
            .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
            .collect();
        let (scheme, after) = text.split_once(':').ok_or(UrlError::Invalid)?;
        let scheme = parse_scheme(scheme)?;
        let after = after.trim_start_matches(['/', '\\']);
        let (authority, rest) = split_where(after, |c| matches!(c, '/' | '\\' | '?' | '#'));
        let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
        if place.contains(BLANK) {
            return Err(UrlError::Hidden);
        }
        let (host, port) = parse_place(place)?;
        Ok(Self { scheme, host, port, rest: rest.to_owned() })
    }

    pub(crate) fn of_host(scheme: &'static str, host: HostName, port: u16) -> Self {
        Self { scheme, host, port: Some(port), rest: String::new() }
    }

    pub(crate) fn with_default_port(self, port: u16) -> Self {
        Self { port: self.port.or(Some(port)), ..self }
    }

    pub(crate) fn scheme(&self) -> &'static str {
        self.scheme
    }

    pub(crate) fn host(&self) -> &HostName {
        &self.host
    }

    pub(crate) fn port(&self) -> u16 {
        self.port.unwrap_or_else(|| default_port(self.scheme))
    }

    pub(crate) fn is_web_socket(&self) -> bool {
        matches!(self.scheme, "ws" | "wss")
    }

    /// The web socket of one browser session, as the browser itself announces it.
    pub(crate) fn is_browser_session(&self) -> bool {
        self.is_web_socket() && self.rest.to_ascii_lowercase().contains("/devtools/browser/")
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.host)?;
        if let Some(port) = self.port.filter(|port| *port != default_port(self.scheme)) {
            write!(f, ":{port}")?;
        }
        f.write_str(self.rest.strip_suffix('/').unwrap_or(&self.rest))
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V4(address) => write!(f, "{address}"),
            Self::V6(address) => write!(f, "[{address}]"),
            Self::Name(name) => f.write_str(name),
        }
    }
}

impl HostName {
    /// This machine, by name or address.
    pub(crate) fn is_loopback(&self) -> bool {
        match self {
            Self::V4(address) => address.is_loopback(),
            Self::V6(address) => {
                address.is_loopback()
                    || address.to_ipv4_mapped().is_some_and(|address| address.is_loopback())
            }
            Self::Name(name) => name.trim_end_matches('.') == "localhost",
        }
    }

    /// A host that is not on the public internet, as far as that shows without looking names up.
    pub(crate) fn is_internal(&self) -> bool {
        match self {
            Self::V4(address) => address::is_special_v4(*address),
            Self::V6(address) => address::is_special_v6(*address),
            Self::Name(name) => address::is_internal_name(name),
        }
    }
}

fn default_port(scheme: &str) -> u16 {
    if matches!(scheme, "https" | "wss") { 443 } else { 80 }
}

fn parse_scheme(written: &str) -> Result<&'static str, UrlError> {
    let scheme = written.to_ascii_lowercase();
    if let Some(known) = ["http", "https", "ws", "wss"].into_iter().find(|known| *known == scheme) {
        return Ok(known);
    }
    let begins_well = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_scheme =
        begins_well && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    Err(if is_scheme { UrlError::Scheme(scheme) } else { UrlError::Invalid })
}

fn split_where(text: &str, ends: impl Fn(char) -> bool) -> (&str, &str) {
    text.find(ends).and_then(|end| text.split_at_checked(end)).unwrap_or((text, ""))
}

fn parse_place(place: &str) -> Result<(HostName, Option<u16>), UrlError> {
    if let Some(bracketed) = place.strip_prefix('[') {
        let (address, after) = bracketed.split_once(']').ok_or(UrlError::Invalid)?;
        let address = address.parse().map_err(|_| UrlError::Invalid)?;
        return Ok((HostName::V6(address), parse_port(after)?));
    }
    let (host, after) = split_where(place, |c| c == ':');
    Ok((parse_host(host)?, parse_port(after)?))
}

/// What follows the host: nothing, or a colon and perhaps a number.
fn parse_port(after: &str) -> Result<Option<u16>, UrlError> {
    if after.is_empty() || after == ":" {
        return Ok(None);
    }
    let digits =
        after.strip_prefix(':').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    match digits.map(str::parse) {
        Some(Ok(0)) => Err(UrlError::Port),
        Some(Ok(port)) => Ok(Some(port)),
        _ => Err(UrlError::Invalid),
    }
}

fn parse_host(host: &str) -> Result<HostName, UrlError> {
    let name = host.to_lowercase();
    if name.is_empty() || name.contains(is_forbidden) {
        return Err(UrlError::Invalid);
    }
    if ends_in_number(&name) {
        return parse_v4(&name).map(HostName::V4).ok_or(UrlError::Invalid);
    }
    Ok(HostName::Name(name))
}

/// An escaped host name is refused as well: only obfuscation uses one.
fn is_forbidden(c: char) -> bool {
    c <= ' ' || c == '\u{7f}' || "#/:<>?@[\\]^|%".contains(c)
}

/// A host whose last label is a number is an address, or wrong; it is never a name.
fn ends_in_number(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_decimal = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    is_decimal || (last.starts_with("0x") && parse_number(last).is_some())
}

/// One to four numbers, each decimal, octal or hexadecimal; the last one fills the rest of the address.
fn parse_v4(host: &str) -> Option<Ipv4Addr> {
    let host = host.strip_suffix('.').unwrap_or(host);
    let numbers: Vec<u64> = host.split('.').map(parse_number).collect::<Option<_>>()?;
    let (last, leading) = numbers.split_last()?;
    if leading.len() > 3 || leading.iter().any(|number| *number > 255) {
        return None;
    }
    let free_bytes = u32::try_from(4 - leading.len()).ok()?;
    if *last >= 256_u64.pow(free_bytes) {
        return None;
    }
    let shifted = leading.iter().zip([24_u32, 16, 8]).map(|(number, shift)| number << shift);
    u32::try_from(shifted.sum::<u64>() + last).ok().map(Ipv4Addr::from_bits)
}

fn parse_number(text: &str) -> Option<u64> {
    let (digits, radix) = match text.strip_prefix("0x") {
        Some(hex) => (hex, 16),
        None => match text.strip_prefix('0') {
            Some(octal) if !octal.is_empty() => (octal, 8),
            _ => (text, 10),
        },
    };
    if text.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    if digits.is_empty() {
        return Some(0);
    }
    // A number too large for the type is too large for an address.
    Some(u64::from_str_radix(digits, radix).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(text: &str) -> String {
        Url::parse(text).map_or_else(|error| error.to_string(), |url| url.host().to_string())
    }

    #[test]
    fn reads_what_the_standard_reads() {
        for (text, expected) in [
            ("http://Example.COM:9222/json", "example.com"),
            (" https:example.com", "example.com"),
            ("ws:\\\\example.com\\x", "example.com"),
            ("http://[sealed]@10.0.0.5", "10.0.0.5"),
            ("http://a:b@c@10.0.0.5", "10.0.0.5"),
            ("http://127.1:9222", "127.0.0.1"),
            ("http://0x7f.0.0.1", "127.0.0.1"),
            ("http://2130706433", "127.0.0.1"),
            ("http://017700000001.", "127.0.0.1"),
            ("http://[::1]:9222", "[::1]"),
            ("http://exa\tmple.com", "example.com"),
        ] {
            assert_eq!(host(text), expected, "{text}");
        }
    }

    #[test]
    fn refuses_what_the_standard_refuses() {
        for text in [
            "not a url",
            "",
            "http://",
            "http:///",
            "http://a b",
            "http://[::1",
            "http://[x]",
            "http://256.0.0.1",
            "http://1.2.3.4.5",
            "http://h:70000",
            "http://h:x",
            "http://h:1:2",
            "http://[::1]x",
            "1http://h",
            "http://a%20b",
            "http://1..2",
            "http://4294967296",
            "http://99999999999999999999999",
        ] {
            assert_eq!(Url::parse(text), Err(UrlError::Invalid), "{text}");
        }
        assert_eq!(Url::parse("ftp://x"), Err(UrlError::Scheme("ftp".to_owned())));
        assert_eq!(Url::parse("localhost:9222"), Err(UrlError::Scheme("localhost".to_owned())));
        assert_eq!(Url::parse("http://h:0"), Err(UrlError::Port));
        assert_eq!(Url::parse("http://[sealed].example.com"), Err(UrlError::Hidden));
    }

    #[test]
    fn shows_no_user_information_and_no_default_port() {
        let shown = |text: &str| Url::parse(text).unwrap().to_string();
        assert_eq!(shown("http://user:pass@h:80/"), "http://h");
        assert_eq!(shown("wss://h:443/devtools?token=[sealed]"), "wss://h/devtools?token=[sealed]");
        assert_eq!(shown("http://h:443/a/"), "http://h:443/a");
    }

    #[test]
    fn knows_this_machine() {
        for host in
            ["localhost", "LOCALHOST.", "127.0.0.1", "127.255.0.9", "[::1]", "[::ffff:127.0.0.1]"]
        {
            assert!(Url::parse(&format!("http://{host}")).unwrap().host().is_loopback(), "{host}");
        }
        for host in ["0.0.0.0", "[::]", "localhost.example.com", "128.0.0.1", "[::ffff:10.0.0.1]"] {
            assert!(!Url::parse(&format!("http://{host}")).unwrap().host().is_loopback(), "{host}");
        }
    }
}

//! URLs that do not show who is behind them: shortened links and bare IP addresses.

use crate::bytes::find_all_ignore_case;

const SHORTENERS: &[&str] = &["bit.ly", "tinyurl.com", "t.co", "goo.gl", "is.gd"];

/// The first link to a shortener.
pub(crate) fn shortened(text: &str) -> Option<usize> {
    hosts(text)
        .find(|(_, host, rest)| {
            rest.starts_with('/')
                && SHORTENERS.iter().any(|shortener| host.eq_ignore_ascii_case(shortener))
        })
        .map(|(at, ..)| at)
}

/// The first link to a host that starts with four groups of one to three digits.
pub(crate) fn bare_ip(text: &str) -> Option<usize> {
    hosts(text).find(|(_, host, _)| starts_with_ip(host)).map(|(at, ..)| at)
}

/// Whether a link leads to the machine itself or to a private network.
pub(crate) fn is_private(link: &str) -> bool {
    let host = hosts(link).next().map_or("", |(_, host, _)| host);
    let second = host.split('.').nth(1).and_then(|part| part.parse::<u8>().ok()).unwrap_or(0);
    host.starts_with("127.")
        || host.starts_with("10.")
        || host.starts_with("192.168.")
        || host.starts_with("0.")
        || host.starts_with("169.254.")
        || (host.starts_with("172.") && (16..32).contains(&second))
}

/// Each `http` or `https` URL: its offset, its host, and what follows the host.
fn hosts(text: &str) -> impl Iterator<Item = (usize, &str, &str)> {
    find_all_ignore_case(text.as_bytes(), "http").filter_map(|at| {
        let scheme = text.get(at + 4..)?;
        let scheme = scheme.strip_prefix(['s', 'S']).unwrap_or(scheme);
        let rest = scheme.strip_prefix("://")?;
        let length = rest
            .bytes()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
            .take(256)
            .count();
        Some((at, rest.get(..length)?, rest.get(length..)?))
    })
}

fn starts_with_ip(host: &str) -> bool {
    let mut rest = host;
    for group in 0..4 {
        if group > 0 {
            let Some(next) = rest.strip_prefix('.') else { return false };
            rest = next;
        }
        let digits = rest.bytes().take_while(u8::is_ascii_digit).take(3).count();
        if digits == 0 {
            return false;
        }
        rest = &rest[digits..];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links() {
        assert!(shortened("see https://bit.ly/x").is_some());
        assert!(shortened("HTTP://TinyURL.com/x").is_some());
        assert!(shortened("https://bit.ly").is_none());
        assert!(shortened("https://not.co/x https://t.com/x").is_none());
        assert!(bare_ip("url: http://10.1.2.3/x").is_some());
        assert!(bare_ip("https://127.0.0.1:80").is_some());
        assert!(bare_ip("https://1.2.3/x http://v1.2.3.4/x").is_none());
        assert!(
            is_private("http://127.0.0.1/x")
                && is_private("http://172.20.0.1")
                && !is_private("http://172.40.0.1")
        );
    }
}

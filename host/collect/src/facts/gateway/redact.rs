//! Removes from texts the secrets that the gateway was probed with, and those that are in URLs. What the other side says
//! becomes one short line.

use chitin_secret_vocabulary::names::is_secret_url_parameter;
use tokio_tungstenite::tungstenite::http::Uri;

/// What takes the place of a secret.
const REDACTED: &str = "[sealed]";

/// Characters of one text of the other side: before URLs in it are looked at, and in the end.
const MAX_RAW_CHARS: usize = 4096;
const MAX_CHARS: usize = 500;

/// How often escapes within escapes are resolved.
const MAX_DECODING: usize = 8;

/// Knows the secrets of one probe, and all others that must not come back.
#[derive(Default)]
pub(super) struct Redactor {
    /// Longest first.
    secrets: Vec<String>,
}

impl Redactor {
    pub(super) fn add_secrets<'s>(&mut self, secrets: impl IntoIterator<Item = &'s String>) {
        self.secrets.extend(secrets.into_iter().filter(|secret| !secret.is_empty()).cloned());
        self.secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    }

    /// A text of the other side, or of a library, as one short line without secrets.
    pub(super) fn redact_line(&self, text: &str) -> String {
        let line = without_url_secrets(&self.redact_secrets(text));
        let words = line.split(|c: char| c.is_control() || c.is_whitespace());
        let line = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        match line.char_indices().nth(MAX_CHARS) {
            Some((end, _)) => format!("{}…", &line[..end]),
            None => line,
        }
    }

    /// The URL of the gateway, as it may be shown.
    pub(super) fn redact_url(url: &str) -> String {
        let is_whole = url.parse::<Uri>().is_ok_and(|uri| uri.scheme().is_some());
        if url.contains('@') && !is_whole {
            // Where a login in it begins and ends cannot be known.
            return REDACTED.to_owned();
        }
        // Secrets that happen to be ordinary words must not hide the host.
        without_url_secrets(url)
    }

    /// The beginning of a text. In one pass, so no secret is cut in two, and what takes the place of one is not looked at
    /// again.
    fn redact_secrets(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        for _ in 0..MAX_RAW_CHARS {
            let secret = self.secrets.iter().find(|secret| rest.starts_with(secret.as_str()));
            let length = match (secret, rest.chars().next()) {
                (Some(secret), _) => {
                    out.push_str(REDACTED);
                    secret.len()
                }
                (None, Some(c)) => {
                    out.push(c);
                    c.len_utf8()
                }
                (None, None) => return out,
            };
            rest = &rest[length..];
        }
        // The last word may be cut.
        let end = out.rfind(char::is_whitespace).unwrap_or(out.len());
        out.truncate(end);
        out
    }
}

/// The text without the logins and the secret parameters of every URL in it.
fn without_url_secrets(text: &str) -> String {
    let mut ranges: Vec<(usize, usize)> = logins(text);
    ranges.extend(parameters(text).filter(|(name, _)| is_secret(name)).map(|(_, value)| value));
    ranges.sort_unstable();
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (start, end) in ranges {
        if start >= done {
            out.push_str(&text[done..start]);
            out.push_str(REDACTED);
            done = end;
        }
    }
    out.push_str(&text[done..]);
    out
}

/// From `://` to the last `@` before the query.
fn logins(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (at, mark) in text.match_indices("://") {
        let start = at + mark.len();
        let rest = &text[start..];
        let end = rest.find(|c: char| c.is_whitespace() || "?#\"'<>`".contains(c));
        if let Some(length) = rest[..end.unwrap_or(rest.len())].rfind('@') {
            found.push((start, start + length));
        }
    }
    found
}

/// The names of parameters in queries and fragments, and where their values are.
fn parameters(text: &str) -> impl Iterator<Item = (&str, (usize, usize))> {
    text.match_indices(['?', '&', '#', ';']).filter_map(|(at, mark)| {
        let name_start = at + mark.len();
        let rest = &text[name_start..];
        let length = rest.find(|c: char| c.is_whitespace() || "=?&#\"'<>".contains(c))?;
        let value_start = name_start + length + 1;
        if !rest[length..].starts_with('=') {
            return None;
        }
        let value = &text[value_start..];
        let end = value.find(|c: char| c.is_whitespace() || "&#\"'<>".contains(c));
        let value_end = value_start + end.unwrap_or(value.len());
        (value_end > value_start).then_some((&rest[..length], (value_start, value_end)))
    })
}

/// The values of secret parameters, as they are and with their escapes resolved.
pub(super) fn secret_parameters(text: &str) -> Vec<String> {
    let secret = parameters(text).filter(|(name, _)| is_secret(name));
    secret
        .flat_map(|(_, (start, end))| {
            let value = &text[start..end];
            let decoded = decoded(value);
            [value.to_owned()].into_iter().chain((decoded != value).then_some(decoded))
        })
        .collect()
}

fn is_secret(name: &str) -> bool {
    let mut name = name.to_owned();
    for _ in 0..MAX_DECODING {
        let next = decoded(&name);
        if next == name {
            break;
        }
        name = next;
    }
    let visible = name.chars().filter(|c| c.is_ascii_graphic() && *c != '+');
    let name: String = visible.collect();
    // `%` means that the name is hidden by more escapes than anyone writes.
    name.contains('%') || is_secret_url_parameter(&name)
}

/// A part of a URL with its escapes resolved. What is not an escape stays.
pub(super) fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let escape = (*byte == b'%').then(|| bytes.get(at + 1..at + 3).and_then(hex)).flatten();
        out.push(escape.unwrap_or(*byte));
        at += if escape.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn hex(digits: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
    u8::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redactor(secrets: &[&str]) -> Redactor {
        let mut redactor = Redactor::default();
        redactor
            .add_secrets(&secrets.iter().map(|secret| (*secret).to_owned()).collect::<Vec<_>>());
        redactor
    }

    #[test]
    fn the_secrets_of_the_probe_do_not_come_back() {
        let redactor = redactor(&["abc", "abcdef", ""]);
        assert_eq!(
            redactor.redact_line("you said abcdef and abc!"),
            "you said [sealed] and [sealed]!"
        );
        // Not even when the text is cut within one.
        for cut in [MAX_CHARS, MAX_RAW_CHARS] {
            let text = format!("{}abcdef", "x".repeat(cut - 3));
            assert!(!redactor.redact_line(&text).contains("abc"));
        }
        assert_eq!(redactor.redact_line(&"abcdef".repeat(1_000_000)).matches("abc").count(), 0);
    }

    #[test]
    fn what_the_other_side_says_is_one_short_line() {
        let line = redactor(&[]).redact_line("a\x1b[31m\r\nCRITICAL\u{85}\t b\u{0}");
        assert_eq!(line, "a [31m CRITICAL b");
        let line = redactor(&[]).redact_line(&"ü".repeat(100_000));
        assert_eq!(line.chars().count(), MAX_CHARS + 1);
    }

    #[test]
    fn urls_are_shown_without_their_secrets() {
        for (url, shown) in [
            ("ws://127.0.0.1:18789", "ws://127.0.0.1:18789"),
            ("wss://user:pw@h:1/x", "wss://[sealed]@h:1/x"),
            ("wss://h/x?a=1&token=abc&b=2#key=z", "wss://h/x?a=1&token=[sealed]&b=2#key=[sealed]"),
            (
                "wss://h?x-auth-token=abc&jwt=1&session=2&code=",
                "wss://h?x-auth-token=[sealed]&jwt=[sealed]&session=[sealed]&code=",
            ),
            ("wss://h?%74oken=abc&%2574oken=abc", "wss://h?%74oken=[sealed]&%2574oken=[sealed]"),
            ("wss://h?%25252525252525252574oken=abc", "wss://h?%25252525252525252574oken=[sealed]"),
            ("wss://h?author=x&keyboard=y&monkey=z", "wss://h?author=x&keyboard=y&monkey=z"),
            ("user:pw@h", "[sealed]"),
            ("ws://user:p/w@h", "ws://[sealed]@h"),
            ("ws://a b/?token=abc", "ws://a b/?token=[sealed]"),
        ] {
            assert_eq!(Redactor::redact_url(url), shown, "{url}");
        }
    }

    #[test]
    fn urls_within_texts_too() {
        let text = "see https://u:p@h/x?token=abc and wss://h?sig=1, not a@b";
        let line = redactor(&[]).redact_line(text);
        assert_eq!(
            line,
            "see https://[sealed]@h/x?token=[sealed] and wss://h?sig=[sealed] not a@b"
        );
        assert_eq!(
            redactor(&[]).redact_line("proxy http://a/http://u:p@h"),
            "proxy http://[sealed]@h"
        );
    }

    #[test]
    fn escapes_are_resolved() {
        assert_eq!(decoded("a%20b%zz%4"), "a b%zz%4");
        assert_eq!(decoded("%+1%ff"), "%+1\u{fffd}");
        assert_eq!(secret_parameters("/?token=a%20b&x=1"), ["a%20b", "a b"]);
    }
}

//! Recognises credentials by their shape. Exact shapes only: a placeholder such as `sk-...` is no credential.

use crate::text::{boundary, is_word, run};

/// A shape: what the credential begins with, what follows, and how much of that there must be.
struct Shape {
    prefix: &'static str,
    /// Optional words between prefix and body.
    infixes: &'static [&'static str],
    body: fn(u8) -> bool,
    least: usize,
    most: usize,
}

fn letters(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

fn letters_and_dash(byte: u8) -> bool {
    letters(byte) || byte == b'-'
}

fn any(byte: u8) -> bool {
    is_word(byte) || byte == b'-'
}

const fn github(prefix: &'static str) -> Shape {
    Shape { prefix, infixes: &[], body: letters, least: 20, most: usize::MAX }
}

const fn slack(prefix: &'static str) -> Shape {
    Shape { prefix, infixes: &[], body: letters_and_dash, least: 20, most: usize::MAX }
}

const SHAPES: &[Shape] = &[
    Shape {
        prefix: "sk-",
        infixes: &["proj-", "svcacct-"],
        body: any,
        least: 32,
        most: usize::MAX,
    },
    github("ghp_"),
    github("gho_"),
    github("ghu_"),
    github("ghs_"),
    github("ghr_"),
    Shape { prefix: "github_pat_", infixes: &[], body: is_word, least: 20, most: usize::MAX },
    slack("xoxb-"),
    slack("xoxa-"),
    slack("xoxp-"),
    slack("xoxr-"),
    slack("xoxs-"),
    Shape { prefix: "AIza", infixes: &[], body: any, least: 35, most: 35 },
];

const BEGIN: &str = "-----BEGIN ";
const PRIVATE_KEY: &str = "PRIVATE KEY";
/// A private key holds at least this many characters of base64.
const KEY_LENGTH: usize = 48;
/// A label of a PEM block is short.
const LABEL_LENGTH: usize = 64;

pub(crate) fn contains(text: &str) -> bool {
    find(text).is_some()
}

/// The offset of the first credential.
pub(crate) fn find(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let candidate = matches!(bytes[at], b's' | b'g' | b'x' | b'A') && boundary(bytes, at);
        if candidate && SHAPES.iter().any(|shape| shape.matches(bytes, at)) {
            return Some(at);
        }
        if bytes[at] == b'-' && is_private_key(text, at) {
            return Some(at);
        }
        at += 1;
    }
    None
}

impl Shape {
    fn matches(&self, text: &[u8], at: usize) -> bool {
        let Some(rest) = text.get(at..) else { return false };
        if !rest.starts_with(self.prefix.as_bytes()) {
            return false;
        }
        let body = at + self.prefix.len();
        let infix = self
            .infixes
            .iter()
            .find(|infix| text.get(body..).is_some_and(|rest| rest.starts_with(infix.as_bytes())));
        let after_infix = infix.map(|infix| body + infix.len());
        self.body_fits(text, body) || after_infix.is_some_and(|body| self.body_fits(text, body))
    }

    /// Nothing that could belong to the credential may follow its body.
    fn body_fits(&self, text: &[u8], body: usize) -> bool {
        let length = run(text, body, self.body);
        let next = text.get(body + length).copied();
        (self.least..=self.most).contains(&length) && !next.is_some_and(any)
    }
}

/// A complete PEM block of a private key.
fn is_private_key(text: &str, at: usize) -> bool {
    let Some(rest) = text.get(at..).and_then(|rest| rest.strip_prefix(BEGIN)) else { return false };
    let Some((label, rest)) = rest.split_once("-----") else { return false };
    if label.len() > LABEL_LENGTH || !label.ends_with(PRIVATE_KEY) {
        return false;
    }
    // A block ends before the next one begins, so this search is never repeated over the same text.
    let Some((body, end)) = rest.split_once("-----") else { return false };
    let closed = end.strip_prefix("END ").and_then(|end| end.strip_prefix(label));
    let length = body.bytes().filter(|byte| crate::text::is_base64(*byte)).count();
    closed.is_some_and(|end| end.starts_with("-----")) && length >= KEY_LENGTH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials() {
        for text in [
            format!("sk-{}", "a".repeat(32)),
            format!("sk-proj-{}", "a".repeat(32)),
            format!("sk-svcacct-{}", "a_-".repeat(11)),
            format!("x ghp_{};", "A1".repeat(10)),
            format!("github_pat_{}", "a".repeat(20)),
            format!("xoxb-{}", "1-a".repeat(7)),
            format!("\"AIza{}\"", "Z".repeat(35)),
            format!(
                "-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----",
                "A".repeat(48)
            ),
        ] {
            assert!(contains(&text), "{text}");
        }
    }

    #[test]
    fn no_credentials() {
        for text in [
            "sk-...".to_owned(),
            format!("sk-{}", "a".repeat(31)),
            "github_pat_EXAMPLE".to_owned(),
            "xoxb-your-token".to_owned(),
            format!("xghp_{}", "A".repeat(20)),
            format!("ghp_{}-", "A".repeat(20)),
            format!("AIza{}", "Z".repeat(36)),
            "-----BEGIN PRIVATE KEY-----".to_owned(),
            format!("-----BEGIN PRIVATE KEY-----{}-----END RSA PRIVATE KEY-----", "A".repeat(48)),
            format!("-----BEGIN PRIVATE KEY-----{}-----END PRIVATE KEY-----", "A".repeat(47)),
            format!("-----BEGIN PUBLIC KEY-----{}-----END PUBLIC KEY-----", "A".repeat(48)),
        ] {
            assert!(!contains(&text), "{text}");
        }
    }
}

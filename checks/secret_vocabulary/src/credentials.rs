//! Credentials that are known by their shape: what they start with, and how much follows.
//!
//! Each shape is written once, with two measures. [`find`] is for reports: it takes exact shapes only, so a placeholder
//! such as `sk-...` is not a credential. [`starts_like_credential`] is for sealing: it takes anything that may be one.

/// The start of a credential and what must follow it.
struct Shape {
    prefix: &'static str,
    /// The fewest characters behind the prefix that count when in doubt.
    sealed_from: usize,
    /// What a report requires, where the issuer's format is known well enough.
    exact: Option<Exact>,
}

/// The body of a credential, in the issuer's format.
struct Exact {
    /// Optional words between prefix and body.
    infixes: &'static [&'static str],
    body: fn(u8) -> bool,
    min: usize,
    max: usize,
}

const fn shape(prefix: &'static str, sealed_from: usize) -> Shape {
    Shape { prefix, sealed_from, exact: None }
}

const fn exact(
    prefix: &'static str,
    sealed_from: usize,
    body: fn(u8) -> bool,
    min: usize,
    max: usize,
) -> Shape {
    Shape { prefix, sealed_from, exact: Some(Exact { infixes: &[], body, min, max }) }
}

const ANY_LENGTH: usize = usize::MAX;

const SHAPES: &[Shape] = &[
    Shape {
        prefix: "sk-",
        sealed_from: 16,
        exact: Some(Exact {
            infixes: &["proj-", "svcacct-"],
            body: is_credential_byte,
            min: 32,
            max: ANY_LENGTH,
        }),
    },
    shape("sk_live_", 8),
    shape("sk_test_", 8),
    shape("rk_live_", 8),
    shape("rk_test_", 8),
    shape("pk_live_", 8),
    exact("ghp_", 20, is_alphanumeric, 20, ANY_LENGTH),
    exact("gho_", 20, is_alphanumeric, 20, ANY_LENGTH),
    exact("ghu_", 20, is_alphanumeric, 20, ANY_LENGTH),
    exact("ghs_", 20, is_alphanumeric, 20, ANY_LENGTH),
    exact("ghr_", 20, is_alphanumeric, 20, ANY_LENGTH),
    exact("github_pat_", 20, is_word_byte, 20, ANY_LENGTH),
    shape("glpat-", 16),
    exact("xoxb-", 10, is_alphanumeric_or_dash, 20, ANY_LENGTH),
    exact("xoxa-", 10, is_alphanumeric_or_dash, 20, ANY_LENGTH),
    exact("xoxp-", 10, is_alphanumeric_or_dash, 20, ANY_LENGTH),
    exact("xoxr-", 10, is_alphanumeric_or_dash, 20, ANY_LENGTH),
    exact("xoxs-", 10, is_alphanumeric_or_dash, 20, ANY_LENGTH),
    shape("xapp-", 10),
    exact("AIza", 30, is_credential_byte, 35, 35),
    shape("AKIA", 16),
    shape("ASIA", 16),
    shape("ya29.", 16),
    shape("npm_", 30),
    shape("hf_", 20),
    shape("gsk_", 20),
    shape("pplx-", 20),
    shape("tvly-", 16),
    shape("SG.", 20),
    shape("r8_", 20),
    shape("eyJ", 24),
    shape("dop_v1_", 20),
    shape("shpat_", 20),
    shape("nsec1", 40),
    shape("whsec_", 20),
    shape("AGE-SECRET-KEY-", 20),
];

/// The first bytes of the exact shapes.
const FIRST_BYTES: [bool; 256] = {
    let mut first = [false; 256];
    let mut at = 0;
    while at < SHAPES.len() {
        if SHAPES[at].exact.is_some() {
            first[SHAPES[at].prefix.as_bytes()[0] as usize] = true;
        }
        at += 1;
    }
    first
};

/// The start and the end of the label of a PEM block, and what its label ends in.
pub const PEM_BEGIN: &str = "-----BEGIN ";
pub const PEM_DASHES: &str = "-----";
pub const PEM_PRIVATE_KEY: &str = "PRIVATE KEY";
/// A private key holds at least this many characters of base64.
const MIN_KEY_LENGTH: usize = 48;
/// The longest label of a PEM block, in bytes.
const MAX_LABEL_LENGTH: usize = 64;

/// The length of the shortest text for which [`starts_like_credential`] can hold.
pub const SHORTEST: usize = {
    let mut shortest = usize::MAX;
    let mut at = 0;
    while at < SHAPES.len() {
        let length = SHAPES[at].prefix.len() + SHAPES[at].sealed_from;
        if length < shortest {
            shortest = length;
        }
        at += 1;
    }
    shortest
};

/// Whether a text starts like a credential and is long enough to be one. For sealing: broad.
pub fn starts_like_credential(text: &str) -> bool {
    SHAPES.iter().any(|shape| {
        text.len() >= shape.prefix.len() + shape.sealed_from && text.starts_with(shape.prefix)
    })
}

/// Whether a text contains a credential. For reports: exact.
pub fn contains(text: &str) -> bool {
    find(text).is_some()
}

/// The byte offset of the first credential or private key. For reports: exact. Linear in the text's length.
pub fn find(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    // Where the bodies end that did not fit: no shorter body with the same end does, so none is measured twice.
    let mut rejected_until = [0; SHAPES.len()];
    bytes.iter().enumerate().find_map(|(at, byte)| {
        let is_candidate = FIRST_BYTES[usize::from(*byte)] && starts_word(bytes, at);
        let mut shapes = SHAPES.iter().zip(&mut rejected_until);
        let found = is_candidate && shapes.any(|(shape, until)| shape.matches(bytes, at, until))
            || *byte == b'-' && is_private_key(text, at);
        found.then_some(at)
    })
}

impl Shape {
    fn matches(&self, text: &[u8], at: usize, rejected_until: &mut usize) -> bool {
        let rest = text.get(at..).unwrap_or_default();
        let (Some(exact), Some(rest)) = (&self.exact, rest.strip_prefix(self.prefix.as_bytes()))
        else {
            return false;
        };
        if at < *rejected_until {
            return false;
        }
        let length = exact.body_length(rest);
        let fits = exact.fits(rest, length);
        if !fits && exact.max == ANY_LENGTH {
            *rejected_until = at + self.prefix.len() + length;
        }
        fits || exact
            .infixes
            .iter()
            .find_map(|infix| rest.strip_prefix(infix.as_bytes()))
            .is_some_and(|rest| exact.fits(rest, exact.body_length(rest)))
    }
}

impl Exact {
    /// How long the body is, or that it is longer than allowed.
    fn body_length(&self, text: &[u8]) -> usize {
        let body = text.iter().take(self.max.saturating_add(1));
        body.take_while(|byte| (self.body)(**byte)).count()
    }

    /// Whether a body has the right length, with nothing behind it that could belong to it.
    fn fits(&self, text: &[u8], length: usize) -> bool {
        let next = text.get(length).copied();
        (self.min..=self.max).contains(&length) && !next.is_some_and(is_credential_byte)
    }
}

/// Whether a complete PEM block of a private key starts here.
fn is_private_key(text: &str, at: usize) -> bool {
    let Some(rest) = text.get(at..).and_then(|rest| rest.strip_prefix(PEM_BEGIN)) else {
        return false;
    };
    let Some((label, rest)) = rest.split_once(PEM_DASHES) else { return false };
    if label.len() > MAX_LABEL_LENGTH || !label.ends_with(PEM_PRIVATE_KEY) {
        return false;
    }
    // A block ends before the next one starts, so no text is searched twice.
    let Some((body, end)) = rest.split_once(PEM_DASHES) else { return false };
    let closed = end.strip_prefix("END ").and_then(|end| end.strip_prefix(label));
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    closed.is_some_and(|end| end.starts_with(PEM_DASHES))
        && body.bytes().filter(is_base64).count() >= MIN_KEY_LENGTH
}

/// Whether the byte at an offset starts a word.
fn starts_word(text: &[u8], at: usize) -> bool {
    !at.checked_sub(1).and_then(|before| text.get(before)).copied().is_some_and(is_word_byte)
}

fn is_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

fn is_alphanumeric_or_dash(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_credential_byte(byte: u8) -> bool {
    is_word_byte(byte) || byte == b'-'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_found() {
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
    fn placeholders_and_other_texts_are_not() {
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

    #[test]
    fn hostile_texts_take_linear_time() {
        for part in ["xoxb-", "AIza-", "-----BEGIN ", "ghp_", "github_pat_-", "sk-\n"] {
            assert!(!contains(&format!("{}_", part.repeat(400_000))), "{part}");
        }
    }

    #[test]
    fn sealing_is_broader_than_reporting() {
        for text in [format!("sk-{}", "a".repeat(16)), format!("glpat-{}", "a".repeat(16))] {
            assert!(starts_like_credential(&text) && !contains(&text), "{text}");
        }
        for shape in SHAPES {
            if let Some(exact) = &shape.exact {
                assert!(shape.sealed_from <= exact.min, "{}", shape.prefix);
            }
        }
        assert!(!starts_like_credential("sk-short"));
        assert_eq!(SHORTEST, 15);
    }
}

//! The SHA-256 of a component, by which signatures, the lock and revocations name it.

use std::fmt;

use chitin_fs::hash::{from_hex, hex, sha256};

const PREFIX: &str = "sha256:";

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    pub fn of(bytes: &[u8]) -> Self {
        Self(sha256(bytes))
    }

    /// Sixty-four lower-case digits.
    pub fn hex(&self) -> String {
        hex(&self.0)
    }

    /// Reads `sha256:` and sixty-four lower-case digits.
    pub fn parse(text: &str) -> Option<Self> {
        Self::of_hex(text.strip_prefix(PREFIX)?)
    }

    /// Reads sixty-four lower-case digits.
    pub fn of_hex(text: &str) -> Option<Self> {
        from_hex(text).map(Self)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{PREFIX}{}", self.hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_has_exactly_one_text() {
        let digest = Digest::of(b"abc");
        let text = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest.to_string(), text);
        assert_eq!(Digest::parse(text), Some(digest));
        for refused in [&text[7..], &text.to_uppercase(), &text[..70], "sha512:00", "sha256:é"] {
            assert_eq!(Digest::parse(refused), None, "{refused}");
        }
    }
}

//! Made-up secrets that can be told apart, and found wherever they come out.

use std::cell::Cell;

/// In every canary. The spy looks for the same text.
pub(super) const CANARY: &str = "c4n4ry";

/// In ordinary values, which may be seen.
pub(super) const MARKER: &str = "m4rk3r";

/// Makes canaries, each with a number of its own.
#[derive(Debug, Default)]
pub(super) struct Canaries(Cell<u32>);

impl Canaries {
    fn number(&self) -> u32 {
        self.0.set(self.0.get() + 1);
        self.0.get()
    }

    /// Only its place tells that this is a secret.
    pub(super) fn plain(&self) -> String {
        format!("{CANARY}-{:03}-in-plain-words", self.number())
    }

    /// Also known as a secret by its shape, as generators make them.
    pub(super) fn shaped(&self) -> String {
        format!("{CANARY}-{:03}-Zq8Lw2Xv5Tn9Rb4Ky7Mp1", self.number())
    }

    /// With the beginning of a well-known sort of key.
    pub(super) fn prefixed(&self, prefix: &str) -> String {
        format!("{prefix}{CANARY}{:03}Zq8Lw2Xv5Tn9Rb4Ky7Mp1Cd6Fg3Hj", self.number())
    }
}

/// The first canary in a text, with what is around it.
pub(super) fn found_in(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let at = lower.find(CANARY)?;
    let before: String = lower[..at].chars().rev().take(80).collect();
    let after: String = lower[at..].chars().take(80).collect();
    Some(before.chars().rev().chain(after.chars()).collect())
}

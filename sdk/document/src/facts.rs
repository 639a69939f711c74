//! What can be asked about the gateway that is audited, and how the answer can be refused.

use crate::{Metadata, Seal, Tree};

/// Why the host gave no answer. Returned with `?` from a check, it ends the rules of that check as "not run".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The module's manifest does not ask for this.
    NotGranted(String),
    /// Granted, but it cannot be had here.
    Unavailable(String),
    /// The check gave up at a limit of its own. The host never says this.
    OverLimit(String),
    /// What would be asked is not on this machine, so there is nothing to see.
    NotHere(String),
}

impl Refusal {
    /// The reason in words, for the ledger.
    pub fn reason(&self) -> &str {
        match self {
            Self::NotGranted(text)
            | Self::Unavailable(text)
            | Self::OverLimit(text)
            | Self::NotHere(text) => text,
        }
    }
}

/// `--auth`, `--token` and `--password` of this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthOverride {
    pub mode: String,
    pub token: Option<Seal>,
    pub password: Option<Seal>,
}

/// What the knowledge of OpenClaw asks about a gateway. The documentation of each is in `wit/`.
pub trait GatewayFacts {
    /// The sub-tree at a JSON pointer as OpenClaw sees it. An absent one is a tree with an absent root.
    fn effective(&self, pointer: &str) -> Result<Tree, Refusal>;
    /// An environment variable of the gateway; none when it is unset or blank.
    fn environment(&self, name: &str) -> Result<Option<Seal>, Refusal>;
    fn auth_override(&self) -> Result<Option<AuthOverride>, Refusal>;
    /// The metadata of a path below a root; none when nothing is there.
    fn stat(&self, root: &str, path: &str) -> Result<Option<Metadata>, Refusal>;
}

//! What is wrong with a command line beyond its syntax.

use thiserror::Error;

/// A wrong command line, and what to type instead.
#[derive(Debug, Error)]
#[error("{what}")]
pub(super) struct UsageError {
    what: String,
    help: String,
}

impl UsageError {
    pub(super) fn new(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { what: what.into(), help: help.into() }
    }

    /// A profile was given to a subcommand that audits nothing.
    pub(super) fn profile_without_gateway() -> Self {
        Self::new(
            "this subcommand looks at no gateway, so a profile has no meaning for it",
            "leave out --profile (or --dev)",
        )
    }

    pub(super) fn help(&self) -> &str {
        &self.help
    }
}

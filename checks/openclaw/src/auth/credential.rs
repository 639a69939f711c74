//! One of the gateway's two shared secrets and the places it can come from.

use chitin_document::{Seal, SecretSource};

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialKind {
    Token,
    Password,
}

impl CredentialKind {
    /// The word that OpenClaw's keys and options use for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Password => "password",
        }
    }

    /// The environment variable that sets it.
    pub fn variable(self) -> &'static str {
        match self {
            Self::Token => "OPENCLAW_GATEWAY_TOKEN",
            Self::Password => "OPENCLAW_GATEWAY_PASSWORD",
        }
    }
}

/// Everything that was said about one credential, each part where it was found.
#[derive(Debug, Clone)]
pub struct Credential {
    /// `gateway.auth.<word>`.
    pub config: Option<Seal>,
    /// The environment variable; never blank.
    pub environment: Option<Seal>,
    /// `gateway.remote.<word>`.
    pub remote: Option<Seal>,
    /// The option of this run; it replaces the config's.
    pub overridden: Option<Seal>,
}

impl Credential {
    /// The value that the gateway would use: the config's (or this run's), else the environment's, else the one for
    /// a remote gateway. What does not resolve is passed over.
    pub fn value(&self) -> Option<Seal> {
        let sources = [self.configured(), self.environment.as_ref(), self.remote.as_ref()];
        sources.into_iter().flatten().find(|seal| seal.has_value()).cloned()
    }

    /// The same, or else the reference that the value is kept under.
    pub(super) fn value_or_reference(&self) -> Option<Seal> {
        let sources = [self.configured(), self.remote.as_ref()];
        let reference =
            || sources.into_iter().flatten().find(|seal| seal.is_unresolved_reference());
        self.value().or_else(|| reference().cloned())
    }

    /// The variable that the config refers to and that is not set.
    pub fn unset_variable(&self) -> Option<&str> {
        let seal = self.configured()?;
        (seal.source == SecretSource::Env && !seal.resolved).then_some(seal.variable.as_deref())?
    }

    /// The value to be judged for its quality. Unlike [`Credential::value`] it may be blank, and there is none while
    /// the config points at something that was not resolved here: a fallback would be judged in its place.
    pub fn judged(&self) -> Option<Seal> {
        let configured = self.configured();
        match configured {
            Some(seal) if !seal.resolved => None,
            _ => self.value().or_else(|| configured.cloned()),
        }
    }

    /// The value would come from a `SecretRef`, and it was not resolved in this run. The gateway may
    /// well have the value.
    pub fn awaits_reference(&self) -> bool {
        self.value().is_none()
            && [self.configured(), self.remote.as_ref()]
                .into_iter()
                .flatten()
                .any(Seal::is_unresolved_reference)
    }

    /// Some place gives a value or has a `SecretRef`, resolved here or not. A `${NAME}` without a value gives none.
    pub fn is_provided(&self) -> bool {
        let sources = [self.configured(), self.environment.as_ref(), self.remote.as_ref()];
        sources.into_iter().flatten().any(|seal| seal.has_value() || seal.is_unresolved_reference())
    }

    fn configured(&self) -> Option<&Seal> {
        self.overridden.as_ref().or(self.config.as_ref())
    }
}

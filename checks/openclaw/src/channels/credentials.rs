//! Whether an account has what it needs to log in, as far as the config, the environment and file metadata tell.
//!
//! A secret's value is never needed: that one is configured is enough. What cannot be decided counts as configured, so
//! an account that may well be running is audited. What each provider needs is in its own file.

use chitin_document::{GatewayFacts, Kind, Node, Refusal};

use super::{Account, DEFAULT_ACCOUNT};

/// What is known of an account's credentials.
#[derive(Debug, Clone, Default)]
pub struct Credentials<'t> {
    pub configured: bool,
    /// Secrets that refer to something which has no value here.
    pub unresolved: Vec<Node<'t>>,
}

/// Computes whether an account can log in.
pub(super) type FindCredentials =
    for<'t> fn(&Account<'t>, &dyn GatewayFacts) -> Result<Credentials<'t>, Refusal>;

/// How to tell that an account can log in.
#[derive(Debug)]
pub enum Login {
    /// That is not known, so every account counts as configured.
    Unknown,
    /// It has all of these.
    Needs(&'static [Credential]),
    /// Any of these settings has a value: the login itself is outside the config.
    InUse(&'static [&'static str]),
    Computed {
        find: FindCredentials,
        variables: &'static [&'static str],
    },
}

impl Login {
    /// The variables that can stand in for settings.
    pub(super) fn variables(&self) -> Vec<&'static str> {
        match self {
            Self::Unknown | Self::InUse(_) => Vec::new(),
            Self::Needs(needed) => needed.iter().flat_map(|one| one.variables).copied().collect(),
            Self::Computed { variables, .. } => variables.to_vec(),
        }
    }
}

/// One thing that an account needs: any of the settings, or for the default account any of the variables.
#[derive(Debug)]
pub struct Credential {
    /// Keys, with dots where a setting is inside another.
    keys: &'static [&'static str],
    variables: &'static [&'static str],
}

pub(super) const fn setting(keys: &'static [&'static str]) -> Credential {
    Credential { keys, variables: &[] }
}

pub(super) const fn or_variable(
    keys: &'static [&'static str],
    variables: &'static [&'static str],
) -> Credential {
    Credential { keys, variables }
}

/// Whether an account can log in.
///
/// Needs the facts `environment:NAME` for the variables of the account's provider, and for WhatsApp and Matrix the
/// metadata of their files below `credentials`.
pub fn credentials<'t>(
    account: &Account<'t>,
    facts: &dyn GatewayFacts,
) -> Result<Credentials<'t>, Refusal> {
    match &account.provider().login {
        Login::Unknown => Ok(Credentials::without_secret()),
        Login::Needs(needed) => all(account, needed, facts),
        Login::InUse(keys) => Ok(in_use(account, keys)),
        Login::Computed { find, .. } => find(account, facts),
    }
}

impl<'t> Credentials<'t> {
    pub(super) fn missing() -> Self {
        Self::default()
    }

    pub(super) fn without_secret() -> Self {
        Self { configured: true, unresolved: Vec::new() }
    }

    pub(super) fn at(place: Node<'t>) -> Self {
        let is_open = place.seal().is_some_and(|seal| !seal.resolved);
        Self { configured: true, unresolved: if is_open { vec![place] } else { Vec::new() } }
    }
}

/// A credential is here: text or a secret, a switch that is on, or a whole document.
fn is_present(place: &Node<'_>) -> bool {
    place.is_configured() || place.is_true() || place.has_members()
}

/// Everything that is needed, or nothing.
pub(super) fn all<'t>(
    account: &Account<'t>,
    needed: &[Credential],
    facts: &dyn GatewayFacts,
) -> Result<Credentials<'t>, Refusal> {
    let mut together = Credentials::without_secret();
    for credential in needed {
        let one = credential.of(account, facts)?;
        together.configured &= one.configured;
        together.unresolved.extend(one.unresolved);
    }
    if !together.configured {
        return Ok(Credentials::missing());
    }
    Ok(together)
}

impl Credential {
    pub(super) fn of<'t>(
        &self,
        account: &Account<'t>,
        facts: &dyn GatewayFacts,
    ) -> Result<Credentials<'t>, Refusal> {
        if let Some(place) = self.setting_of(|key| account.get(key)) {
            return Ok(Credentials::at(place));
        }
        if account.id() == DEFAULT_ACCOUNT && any_variable(self.variables, facts)? {
            return Ok(Credentials::without_secret());
        }
        Ok(Credentials::missing())
    }

    /// The first of the settings that is present, as `get` finds the outermost key.
    pub(super) fn setting_of<'t>(&self, get: impl Fn(&str) -> Node<'t>) -> Option<Node<'t>> {
        let place = |key: &&str| match key.split_once('.') {
            Some((outer, inner)) => get(outer).at(inner.split('.')),
            None => get(key),
        };
        self.keys.iter().map(place).find(is_present)
    }
}

pub(super) fn any_variable(names: &[&str], facts: &dyn GatewayFacts) -> Result<bool, Refusal> {
    for name in names {
        if unless_unknown(facts.environment(name))?.is_none_or(|value| value.is_some()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// None when the answer cannot be had here, which is not a reason to leave an account out.
fn unless_unknown<T>(answer: Result<T, Refusal>) -> Result<Option<T>, Refusal> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(refusal @ Refusal::NotGranted(_)) => Err(refusal),
        Err(_) => Ok(None),
    }
}

/// Any of the settings, also a number, a switch in either position, or a list that is not empty.
fn in_use<'t>(account: &Account<'t>, keys: &[&str]) -> Credentials<'t> {
    let shows = |place: &Node<'_>| {
        is_present(place)
            || place.is_false()
            || place.value().is_number()
            || !place.items().is_empty()
    };
    match keys.iter().map(|key| account.get(key)).find(shows) {
        Some(place) => Credentials::at(place),
        None => Credentials::missing(),
    }
}

/// A file below the credentials directory that holds more than a single byte, also behind a symlink.
pub(super) fn is_filled_file(path: &str, facts: &dyn GatewayFacts) -> Result<bool, Refusal> {
    let Some(found) = unless_unknown(facts.stat("credentials", path))? else { return Ok(true) };
    Ok(found.is_some_and(|found| match found.kind {
        Kind::File => found.size > 1,
        Kind::Symlink => found.link.is_some_and(|link| link.target_kind == Some(Kind::File)),
        Kind::Directory | Kind::Special => false,
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::PROVIDERS;
    use super::super::testing::configured;
    use super::*;

    #[test]
    fn a_bare_section_lacks_what_is_needed() {
        for provider in PROVIDERS {
            let is_bare = matches!(provider.login, Login::Needs(_) | Login::InUse(_));
            assert!(!is_bare || !configured(provider.id, &json!({})), "{}", provider.id);
        }
    }

    #[test]
    fn what_is_not_known_counts_as_configured() {
        for channel in ["synology-chat", "zalouser", "unknown"] {
            assert!(configured(channel, &json!({})), "{channel}");
        }
    }
}

//! Who may write to an account directly: its policy and its list, in whichever spelling and place the config has them.

use chitin_openclaw::channels::{Account, AllowList, DmDefault, DmKeys, path};
use chitin_sdk::{Node, Refusal, text};

use crate::sender_ids;

/// What happens to a sender who is not on the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Policy {
    /// Anyone is let in.
    Open,
    /// No one is let in at all.
    Disabled,
    /// Only the configured list counts.
    Allowlist,
    /// Strangers get a pairing code. Also for any unknown word.
    Pairing,
}

/// The direct messages of one account.
#[derive(Debug)]
pub(crate) struct Dm<'t> {
    pub(crate) policy: Policy,
    /// The policy as written, or the default.
    pub(crate) word: String,
    pub(crate) policy_place: Node<'t>,
    pub(crate) policy_path: String,
    pub(crate) list_place: Node<'t>,
    pub(crate) list_path: String,
    /// The list's entries as text, wildcards included.
    pub(crate) entries: Vec<String>,
    /// The distinct people on the list.
    pub(crate) listed: Vec<String>,
}

impl<'t> Dm<'t> {
    /// None when the channel is not known to have direct messages, and the config has no setting for them.
    pub(crate) fn of(account: &Account<'t>) -> Option<Self> {
        let messages = account.provider().direct_messages;
        let policy_place = account.first_of(messages.keys.policy());
        let list = list_of(account);
        let is_silent = policy_place.is_nullish() && list.place.is_nullish();
        if is_silent && messages.default == DmDefault::Unknown {
            return None;
        }
        let entries = texts_of(account, &list);
        let listed = sender_ids::normalised(&account.provider().senders, &entries);
        let default = match messages.default {
            DmDefault::Unknown | DmDefault::Pairing => "pairing",
            DmDefault::OpenUnlessListed if listed.is_empty() => "open",
            DmDefault::OpenUnlessListed | DmDefault::Allowlist => "allowlist",
        };
        let word = policy_place.as_str().unwrap_or(default).to_owned();
        let paths = Paths::of(account, &policy_place, &list.place);
        Some(Self {
            policy: match word.as_str() {
                "open" => Policy::Open,
                "disabled" => Policy::Disabled,
                "allowlist" => Policy::Allowlist,
                _ => Policy::Pairing,
            },
            word,
            policy_place,
            policy_path: paths.policy,
            list_place: list.place,
            list_path: paths.list,
            listed,
            entries,
        })
    }

    /// The list has a wildcard.
    pub(crate) fn has_wildcard(&self) -> bool {
        self.entries.iter().any(|entry| entry == "*")
    }

    /// Who the account lets in: the list and, if the policy uses it, the pairing store.
    pub(crate) fn admitted<'p>(
        &self,
        paired: impl FnOnce() -> Result<&'p [String], Refusal>,
    ) -> Result<Vec<String>, Refusal> {
        match self.policy {
            Policy::Open | Policy::Allowlist => Ok(self.listed.clone()),
            Policy::Pairing | Policy::Disabled => Ok(self.together(paired()?)),
        }
    }

    /// The list and the pairing store, whatever the policy is.
    pub(crate) fn together(&self, paired: &[String]) -> Vec<String> {
        sender_ids::distinct(self.listed.iter().chain(paired).cloned().collect())
    }
}

fn list_of<'t>(account: &Account<'t>) -> AllowList<'t> {
    if account.provider().direct_messages.keys != DmKeys::UserIds {
        return account.allow_from();
    }
    let place = account.get("allowedUserIds");
    AllowList { entries: place.items(), place }
}

/// A list of user ids may also be a text with commas.
fn texts_of(account: &Account<'_>, list: &AllowList<'_>) -> Vec<String> {
    match list.place.as_str() {
        Some(written) if account.provider().direct_messages.keys == DmKeys::UserIds => {
            let parts = written.split(',').map(|part| text::trim(part).to_owned());
            parts.filter(|part| !part.is_empty()).collect()
        }
        _ => list.texts(),
    }
}

/// The paths of policy and list as people write them. One that is absent is shown beside the one that exists.
struct Paths {
    policy: String,
    list: String,
}

impl Paths {
    fn of(account: &Account<'_>, policy: &Node<'_>, list: &Node<'_>) -> Self {
        let keys = account.provider().direct_messages.keys;
        let known = [policy, list].into_iter().find(|place| !place.is_nullish()).map(path);
        let is_nested = known.as_ref().map_or(keys == DmKeys::Nested, |known| {
            known.ends_with(".dm.policy") || known.ends_with(".dm.allowFrom")
        });
        let own = account.own().map(path);
        let level = own
            .filter(|own| known.as_ref().is_none_or(|known| known.starts_with(&format!("{own}."))))
            .unwrap_or_else(|| path(account.section()));
        let (policy_key, list_key) = match keys {
            DmKeys::UserIds => ("dmPolicy", "allowedUserIds"),
            _ if is_nested => ("dm.policy", "dm.allowFrom"),
            _ => ("dmPolicy", "allowFrom"),
        };
        let written = |place: &Node<'_>, key: &str| {
            if place.is_nullish() { format!("{level}.{key}") } else { path(place) }
        };
        Self { policy: written(policy, policy_key), list: written(list, list_key) }
    }
}

//! The context of a rule: one account that is in use, and the settings that all accounts share.

use chitin_openclaw::channels::{Account, label};
use chitin_sdk::{Host, Node, Refusal};

use crate::dm::Dm;
use crate::findings::id_part;
use crate::routing::Routing;
use crate::sender_ids;

/// The switch of an account that makes names count.
pub(crate) const NAME_SWITCH: &str = "dangerouslyAllowNameMatching";

/// What all accounts share.
pub(crate) struct SharedContext<'t> {
    pub(crate) host: &'t dyn Host,
    /// `/commands`.
    pub(crate) commands: Node<'t>,
    /// `/session`.
    pub(crate) session: Node<'t>,
    /// `/channels/defaults/groupPolicy`.
    pub(crate) default_group_policy: Node<'t>,
    pub(crate) routing: Routing<'t>,
}

/// An account that is enabled and configured.
#[derive(Debug)]
pub(crate) struct AccountContext<'t> {
    pub(crate) account: Account<'t>,
    /// None for a channel without direct messages.
    pub(crate) dm: Option<Dm<'t>>,
    /// Who was admitted by pairing.
    paired: Result<Vec<String>, Refusal>,
}

impl<'t> AccountContext<'t> {
    /// `paired` is the content of the pairing store, as it is written there.
    pub(crate) fn new(account: Account<'t>, paired: Result<Vec<String>, Refusal>) -> Self {
        let dm = Dm::of(&account);
        let paired =
            paired.map(|entries| sender_ids::normalised(&account.provider().senders, entries));
        Self { account, dm, paired }
    }

    /// Who was admitted by pairing; without wildcards, which the store cannot hold.
    pub(crate) fn paired(&self) -> Result<&[String], Refusal> {
        self.paired.as_deref().map_err(Clone::clone)
    }

    pub(crate) fn channel(&self) -> &'t str {
        self.account.channel()
    }

    /// The channel as a part of a rule id.
    pub(crate) fn id_part(&self) -> String {
        id_part(self.channel())
    }

    /// The channel's name, and the account's where it has to be named.
    pub(crate) fn label(&self) -> String {
        format!("{}{}", label(self.channel()), self.account.note())
    }

    /// `groupPolicy` of the account or channel, else that of all channels, else `allowlist`.
    pub(crate) fn group_policy(&self, shared: &SharedContext<'t>) -> &'t str {
        let own = self.account.get("groupPolicy");
        own.as_str().or_else(|| shared.default_group_policy.as_str()).unwrap_or("allowlist")
    }
}

//! What there is to know of a channel provider. One file beside this one has it for each provider.
//!
//! A fact that differs from provider to provider gets a field here, so no list of channel ids is needed anywhere else.

use super::accounts::AccountIds;
use super::credentials::Login;
use super::native::NativeCommands;
use super::senders::Senders;

/// A channel provider.
#[derive(Debug)]
pub struct Provider {
    /// The key below `channels`.
    pub id: &'static str,
    /// The name that people know it by.
    pub label: &'static str,
    /// Other ids that OpenClaw takes for this one where a channel is meant.
    pub aliases: &'static [&'static str],
    pub origin: Origin,
    pub accounts: AccountRules,
    pub login: Login,
    /// Environment variables that are read besides those of the login.
    pub more_variables: &'static [&'static str],
    pub secret_refs: &'static [SecretRef],
    pub direct_messages: DirectMessages,
    /// None where OpenClaw has no rule about groups that are open.
    pub groups: Option<Groups>,
    pub senders: Senders,
    /// Whether an entry of an allowlist can only match a name that its bearer can change. None where that cannot be
    /// told. Blanks and wildcards are not asked about.
    pub is_mutable_name: Option<fn(&str) -> bool>,
    /// Has no setting that makes names count.
    pub matches_ids_only: bool,
    /// None where commands are never part of the provider's own menus.
    pub native_commands: Option<NativeCommands>,
}

/// How OpenClaw comes by a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Part of OpenClaw itself.
    Bundled,
    /// A plugin of OpenClaw's own. 2026.3.8 shipped it as part of itself, so allowlists carry its id.
    FormerlyBundled,
    /// A plugin of OpenClaw's own.
    Plugin,
    /// A plugin of another publisher that OpenClaw's catalog lists, or one that is not known at all.
    ThirdParty,
    /// Shipped by 2026.3.8 and gone since.
    Removed,
}

impl Origin {
    /// OpenClaw 2026.9.6 counts it among its own channels.
    pub fn is_own(self) -> bool {
        matches!(self, Self::Bundled | Self::FormerlyBundled | Self::Plugin)
    }

    /// OpenClaw ships it, or did.
    pub fn is_shipped(self) -> bool {
        matches!(self, Self::Bundled | Self::FormerlyBundled | Self::Removed)
    }
}

/// Which accounts there are, and what they have from their channel.
#[derive(Debug)]
pub struct AccountRules {
    pub ids: AccountIds,
    /// Settings that an only account has from the channel when its own are an empty object.
    pub inherits_empty: &'static [&'static str],
    /// No account can admit everyone where the channel's own list names people.
    pub keeps_channel_list: bool,
    /// `/web/enabled` turns it off as well.
    pub follows_web_switch: bool,
    /// Direct messages of each sender have a session of their own in every account but the default one, unless a
    /// binding says otherwise.
    pub isolates_senders: bool,
}

impl AccountRules {
    pub(super) const PLAIN: Self = Self {
        ids: AccountIds::Written,
        inherits_empty: &[],
        keeps_channel_list: false,
        follows_web_switch: false,
        isolates_senders: false,
    };
}

/// A credential that OpenClaw 2026.9.6 lets be a `SecretRef`.
#[derive(Debug, Clone, Copy)]
pub struct SecretRef {
    /// The path to it below a channel or account; `*` stands for any key.
    pub path: &'static str,
    pub used: Use,
}

impl SecretRef {
    pub(super) const fn always(path: &'static str) -> Self {
        Self { path, used: Use::Always }
    }

    pub(super) const fn used(path: &'static str, used: Use) -> Self {
        Self { path, used }
    }
}

/// When a channel or account uses a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    Always,
    /// When a setting has a value; the last is the setting's default.
    When(&'static str, &'static str, &'static str),
    /// When a setting is filled in.
    With(&'static str),
    /// When the account, or the channel for itself, fills a setting in. The variable stands in for the channel's.
    WithOwn {
        setting: &'static str,
        variable: &'static str,
    },
    /// Unless a setting is filled in.
    Without(&'static str),
}

/// Who may write to an account directly.
#[derive(Debug, Clone, Copy)]
pub struct DirectMessages {
    pub default: DmDefault,
    pub keys: DmKeys,
    /// OpenClaw refuses the policy `open` unless the list contains `*`.
    pub open_needs_wildcard: bool,
}

impl DirectMessages {
    pub(super) const UNKNOWN: Self =
        Self { default: DmDefault::Unknown, keys: DmKeys::Flat, open_needs_wildcard: true };
    pub(super) const PAIRING: Self = Self { default: DmDefault::Pairing, ..Self::UNKNOWN };
}

/// The policy for direct messages where the config sets none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DmDefault {
    /// OpenClaw's audit knows of no policy. One that is written counts all the same; a word that is not known is
    /// pairing.
    Unknown,
    Pairing,
    Allowlist,
    /// `allowlist` when `allowFrom` names anyone, else `open`.
    OpenUnlessListed,
}

/// Where policy and list of direct messages are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DmKeys {
    /// `dmPolicy` and `allowFrom`; formerly below `dm`.
    Flat,
    /// `dm.policy` and `dm.allowFrom`.
    Nested,
    /// `dmPolicy` and `allowedUserIds`, which may be a text with commas.
    UserIds,
}

impl DmKeys {
    /// Where the policy may be; the first is the canonical place.
    pub fn policy(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Flat | Self::UserIds => &[&["dmPolicy"], &["dm", "policy"]],
            Self::Nested => &[&["dm", "policy"], &["dmPolicy"]],
        }
    }
}

/// Groups, rooms or servers.
#[derive(Debug, Clone, Copy)]
pub struct Groups {
    pub surface: Surface,
    pub default: GroupDefault,
    pub open: OpenGroups,
    /// The key of the list to narrow the groups with, besides the policy.
    pub list: &'static str,
}

impl Groups {
    /// Of a provider that is not known.
    pub(super) const UNKNOWN: Self = Self {
        surface: GROUPS,
        default: GroupDefault::Shared,
        open: OpenGroups::Unknown,
        list: "groupAllowFrom",
    };
}

/// What a provider calls the place where many people write.
#[derive(Debug, Clone, Copy)]
pub struct Surface {
    pub one: &'static str,
    pub many: &'static str,
}

pub(super) const GROUPS: Surface = Surface { one: "group", many: "groups" };
pub(super) const ROOMS: Surface = Surface { one: "room", many: "rooms" };
pub(super) const CHANNELS: Surface = Surface { one: "channel", many: "channels" };

/// The group policy where the config sets none for the channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupDefault {
    /// `channels.defaults.groupPolicy`, else `allowlist`.
    Shared,
    /// `channels.defaults.groupPolicy`, else `open`.
    SharedOrOpen,
    /// `allowlist`, whatever the shared default is.
    Allowlist,
    /// `allowlist` when one of the lists of senders names anyone, else `open`; whatever the shared default is.
    OpenUnlessListed,
}

/// Whom an open group policy lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenGroups {
    Unknown,
    /// Members, without a mention.
    Members,
    /// Members who mention the bot.
    MentioningMembers,
    /// Anyone in any such place who mentions the bot.
    Everywhere,
    /// The same, said of the places and the senders.
    EverywhereAndEveryone,
    /// Members of the groups under this key; without any, anyone who adds the bot to a group.
    Listed(&'static str),
    /// Anyone wherever the list under this key does not forbid it.
    UnlessDenied(&'static str),
    /// Members who mention the bot, also without a list of senders.
    MembersWithoutSenders,
}

impl Provider {
    /// A provider of which only the name is known.
    pub(super) const fn named(id: &'static str, label: &'static str, origin: Origin) -> Self {
        Self {
            id,
            label,
            aliases: &[],
            origin,
            accounts: AccountRules::PLAIN,
            login: Login::Unknown,
            more_variables: &[],
            secret_refs: &[],
            direct_messages: DirectMessages::UNKNOWN,
            groups: Some(Groups::UNKNOWN),
            senders: Senders::VERBATIM,
            is_mutable_name: None,
            matches_ids_only: false,
            native_commands: None,
        }
    }

    /// Every environment variable that says something about the provider's accounts.
    pub fn variables(&self) -> Vec<&'static str> {
        let mut variables = self.login.variables();
        variables.extend(self.more_variables);
        variables
    }
}

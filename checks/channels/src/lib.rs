//! Who may talk to the agents over the chat channels, and what they may do there.
//!
//! Every channel that the config has a section for is judged from the config itself, whether or not its plugin is
//! installed. What an agent may do for those who reach it is the business of the exposure check.

mod collisions;
mod discord;
mod dm;
mod dm_rules;
mod feishu;
mod findings;
mod groups;
mod names;
mod pass;
mod people;
mod resolution;
mod routing;
mod slack;
mod subject;
mod synology;
mod telegram;
mod warnings;
mod zalouser;

#[cfg(test)]
mod tests;

use chitin_sdk::Group;

/// The rules of this module.
pub const GROUPS: &[Group] = &[
    Group { rules: &[feishu::DOC_OWNER], check: feishu::doc_owner },
    Group {
        rules: &[
            "channels.*.account.read_only_resolution",
            "channels.*.allowFrom.dangerous_name_matching_enabled",
            "channels.*.allowFrom.mutable_entries_inert",
            "channels.*.dm.open",
            "channels.*.dm.open_invalid",
            "channels.*.dm.disabled",
            "channels.*.dm.scope_main_multiuser",
            "channels.*.dm.locked",
            "channels.*.routing.owner_missing.*",
            "channels.*.dm.wildcard_routing_unverified.*",
            "channels.*.groups.open",
            "channels.*.warning.*",
            "channels.discord.allowFrom.name_based_entries",
            "channels.discord.commands.native.unrestricted",
            "channels.discord.commands.native.no_allowlists",
            "channels.discord.allowlisted_groups.broad_members",
            "channels.slack.commands.slash.useAccessGroups_off",
            "channels.slack.commands.slash.no_allowlists",
            "channels.synology-chat.dm.policy",
            "channels.synology-chat.reply.dangerous_name_matching_enabled",
            "channels.telegram.allowFrom.invalid_entries",
            "channels.telegram.groups.allowFrom.wildcard",
            "channels.telegram.groups.allowFrom.missing",
            "channels.zalouser.groups.mutable_entries",
            "channels.dm.session_collision.*",
        ],
        check: pass::channels,
    },
];

chitin_sdk::export!(GROUPS);

//! Who may talk to the agents over the chat channels, and what they may do there.
//!
//! Every channel that the config has a section for is checked by the config itself, whether or not its plugin is
//! installed. What an agent may do for the people who reach it belongs to the exposure check.

mod account_context;
mod collisions;
mod discord;
mod dm;
mod dm_rules;
mod feishu;
mod findings;
mod groups;
mod mutable_names;
mod routing;
mod routing_rules;
mod run;
mod sender_ids;
mod slack;
mod synology;
mod telegram;
mod unresolved_credentials;
mod warnings;
mod zalouser;

#[cfg(test)]
mod tests;

use chitin_sdk::Group;

/// The rules of this module.
pub const GROUPS: &[Group] = &[
    Group { rules: &[rule::FEISHU_DOC_OWNER_OPEN_ID.id], check: feishu::doc_owner },
    Group {
        rules: &[
            rule::ACCOUNT_READ_ONLY_RESOLUTION.pattern,
            rule::ALLOW_FROM_DANGEROUS_NAME_MATCHING_ENABLED.pattern,
            rule::ALLOW_FROM_MUTABLE_ENTRIES_INERT.pattern,
            rule::DM_OPEN.pattern,
            rule::DM_OPEN_INVALID.pattern,
            rule::DM_DISABLED.pattern,
            rule::DM_SCOPE_MAIN_MULTIUSER.pattern,
            rule::DM_LOCKED.pattern,
            rule::ROUTING_OWNER_MISSING.pattern,
            rule::DM_WILDCARD_ROUTING_UNVERIFIED.pattern,
            rule::GROUPS_OPEN.pattern,
            rule::WARNING.pattern,
            rule::DISCORD_ALLOW_FROM_NAME_BASED_ENTRIES.id,
            rule::DISCORD_COMMANDS_NATIVE_UNRESTRICTED.id,
            rule::DISCORD_COMMANDS_NATIVE_NO_ALLOWLISTS.id,
            rule::DISCORD_ALLOWLISTED_GROUPS_BROAD_MEMBERS.id,
            rule::SLACK_COMMANDS_SLASH_USE_ACCESS_GROUPS_OFF.id,
            rule::SLACK_COMMANDS_SLASH_NO_ALLOWLISTS.id,
            rule::SYNOLOGY_CHAT_DM_POLICY.id,
            rule::SYNOLOGY_CHAT_REPLY_DANGEROUS_NAME_MATCHING_ENABLED.id,
            rule::TELEGRAM_ALLOW_FROM_INVALID_ENTRIES.id,
            rule::TELEGRAM_GROUPS_ALLOW_FROM_WILDCARD.id,
            rule::TELEGRAM_GROUPS_ALLOW_FROM_MISSING.id,
            rule::ZALOUSER_GROUPS_MUTABLE_ENTRIES.id,
            rule::DM_SESSION_COLLISION.pattern,
        ],
        check: run::channels,
    },
];

chitin_sdk::export!(GROUPS);
chitin_sdk::rules!(mod rule);

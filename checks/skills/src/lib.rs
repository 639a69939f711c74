//! Whether the skills of the agents' workspaces are really inside them, and what the code of all skills does by a scan. How
//! code is scanned belongs to the host.

use chitin_sdk::Group;

mod code;
mod discover;
mod front_matter;
mod load;
mod report;
mod search;
mod sources;
#[cfg(test)]
mod tests;

/// The rules of this module.
pub const GROUPS: &[Group] = &[
    Group {
        rules: &[rule::WORKSPACE_SCAN_TRUNCATED.id, rule::WORKSPACE_SYMLINK_ESCAPE.id],
        check: report::workspaces,
    },
    Group {
        rules: &[
            rule::CODE_SAFETY.id,
            rule::CODE_SAFETY_INCOMPLETE.id,
            rule::CODE_SAFETY_SCAN_FAILED.id,
        ],
        check: code::skills,
    },
];

chitin_sdk::export!(GROUPS);
chitin_sdk::rules!(mod rule);

//! Where the skills of the agents' workspaces really lie, and what the code of all skills does as far as a scan tells. How
//! code is scanned is the host's business.

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
        rules: &["skills.workspace.scan_truncated", "skills.workspace.symlink_escape"],
        check: report::workspaces,
    },
    Group {
        rules: &[
            "skills.code_safety",
            "skills.code_safety.incomplete",
            "skills.code_safety.scan_failed",
        ],
        check: code::skills,
    },
];

chitin_sdk::export!(GROUPS);

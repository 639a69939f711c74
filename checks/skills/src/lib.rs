//! Where the skills of the agents' workspaces really lie. What a skill says or does is not looked at here.

use chitin_sdk::Group;

mod report;
mod search;
#[cfg(test)]
mod tests;

/// The rules of this module.
pub const GROUPS: &[Group] = &[Group {
    rules: &["skills.workspace.scan_truncated", "skills.workspace.symlink_escape"],
    check: report::workspaces,
}];

chitin_sdk::export!(GROUPS);

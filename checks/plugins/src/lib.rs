//! Which plugins are installed, which of them may load, who can reach their tools, how plugins and hook packs were
//! installed, and what the code of plugins does according to a scan. How code is scanned belongs to the host.

use chitin_sdk::Group;

mod allowlist;
mod code;
mod entries;
mod installed;
mod installs;
mod manifest;
mod places;
mod reach;
#[cfg(test)]
mod tests;

/// The rules of this module.
pub const GROUPS: &[Group] = &[
    Group { rules: &[rule::EXTENSIONS_NO_ALLOWLIST.id], check: allowlist::missing },
    Group { rules: &[rule::ALLOW_PHANTOM_ENTRIES.id], check: allowlist::phantoms },
    Group { rules: &[rule::TOOLS_REACHABLE_PERMISSIVE_POLICY.id], check: reach::plugin_tools },
    Group {
        rules: &[
            rule::INSTALLS_UNPINNED_NPM_SPECS.id,
            rule::INSTALLS_MISSING_INTEGRITY.id,
            rule::INSTALLS_VERSION_DRIFT.id,
        ],
        check: installs::plugins,
    },
    Group {
        rules: &[
            rule::HOOKS_INSTALLS_UNPINNED_NPM_SPECS.id,
            rule::HOOKS_INSTALLS_MISSING_INTEGRITY.id,
            rule::HOOKS_INSTALLS_VERSION_DRIFT.id,
        ],
        check: installs::hooks,
    },
    Group {
        rules: &[
            rule::CODE_SAFETY.id,
            rule::CODE_SAFETY_ENTRY_ESCAPE.id,
            rule::CODE_SAFETY_ENTRY_PATH.id,
            rule::CODE_SAFETY_INCOMPLETE.id,
            rule::CODE_SAFETY_MANIFEST_PARSE_ERROR.id,
            rule::CODE_SAFETY_SCAN_FAILED.id,
        ],
        check: code::plugins,
    },
];

chitin_sdk::export!(GROUPS);
chitin_sdk::rules!(mod rule);

//! Which plugins are installed, which of them may load, who can reach their tools, how plugins and hook packs were
//! installed, and what the code of plugins does as far as a scan tells. How code is scanned is the host's business.

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
    Group { rules: &["plugins.extensions_no_allowlist"], check: allowlist::missing },
    Group { rules: &["plugins.allow_phantom_entries"], check: allowlist::phantoms },
    Group { rules: &["plugins.tools_reachable_permissive_policy"], check: reach::plugin_tools },
    Group {
        rules: &[
            "plugins.installs_unpinned_npm_specs",
            "plugins.installs_missing_integrity",
            "plugins.installs_version_drift",
        ],
        check: installs::plugins,
    },
    Group {
        rules: &[
            "hooks.installs_unpinned_npm_specs",
            "hooks.installs_missing_integrity",
            "hooks.installs_version_drift",
        ],
        check: installs::hooks,
    },
    Group {
        rules: &[
            "plugins.code_safety",
            "plugins.code_safety.entry_escape",
            "plugins.code_safety.entry_path",
            "plugins.code_safety.incomplete",
            "plugins.code_safety.manifest_parse_error",
            "plugins.code_safety.scan_failed",
        ],
        check: code::plugins,
    },
];

chitin_sdk::export!(GROUPS);

//! Which plugins are installed, which of them may load, who can reach their tools, and how plugins and hook packs
//! were installed. What the code of a plugin does is not looked at here.

use chitin_sdk::Group;

mod allowlist;
mod installed;
mod installs;
mod manifest;
mod reach;

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
];

chitin_sdk::export!(GROUPS);

//! Who can reach what: open channels beside powerful tools, signs that several people share a gateway, agents that see
//! each other's sessions, and the summary of the attack surface.
//!
//! Whether one channel or one tool is configured well is the business of the modules for channels and tools. This one
//! looks at what their settings add up to.

mod attack_surface;
mod bindings;
mod cross_agent;
mod group_scope;
mod listing;
mod multi_user;
mod open_exec;
mod open_policies;
mod signals;

use chitin_sdk::Group;

/// The rules of this module.
pub const GROUPS: &[Group] = &[
    Group { rules: &["summary.attack_surface"], check: attack_surface::summary },
    Group {
        rules: &["security.exposure.open_groups_with_elevated"],
        check: open_policies::with_elevated_tools,
    },
    Group {
        rules: &[
            "security.exposure.open_groups_with_runtime_or_fs",
            "security.exposure.open_groups_with_control_plane_tools",
        ],
        check: open_policies::with_agent_tools,
    },
    Group { rules: &["security.exposure.open_channels_with_exec"], check: open_exec::reachable },
    Group { rules: &["security.trust_model.group_scope_main"], check: group_scope::main_session },
    Group { rules: &["security.trust_model.multi_user_heuristic"], check: multi_user::likely },
    Group {
        rules: &["security.trust_model.cross_agent_session_access_default"],
        check: cross_agent::session_access,
    },
];

chitin_sdk::export!(GROUPS);

//! Who can reach what: open channels beside powerful tools, signs that several people share a gateway, agents that see
//! each other's sessions, and the summary of the attack surface.
//!
//! Whether a single channel or tool is configured well belongs to the checks for channels and tools. This one looks at
//! the combination of their settings.

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
    Group { rules: &[rule::SUMMARY_ATTACK_SURFACE.id], check: attack_surface::summary },
    Group {
        rules: &[rule::SECURITY_EXPOSURE_OPEN_GROUPS_WITH_ELEVATED.id],
        check: open_policies::with_elevated_tools,
    },
    Group {
        rules: &[
            rule::SECURITY_EXPOSURE_OPEN_GROUPS_WITH_RUNTIME_OR_FS.id,
            rule::SECURITY_EXPOSURE_OPEN_GROUPS_WITH_CONTROL_PLANE_TOOLS.id,
        ],
        check: open_policies::with_agent_tools,
    },
    Group {
        rules: &[rule::SECURITY_EXPOSURE_OPEN_CHANNELS_WITH_EXEC.id],
        check: open_exec::reachable,
    },
    Group {
        rules: &[rule::SECURITY_TRUST_MODEL_GROUP_SCOPE_MAIN.id],
        check: group_scope::main_session,
    },
    Group {
        rules: &[rule::SECURITY_TRUST_MODEL_MULTI_USER_HEURISTIC.id],
        check: multi_user::likely,
    },
    Group {
        rules: &[rule::SECURITY_TRUST_MODEL_CROSS_AGENT_SESSION_ACCESS_DEFAULT.id],
        check: cross_agent::session_access,
    },
];

chitin_sdk::export!(GROUPS);
chitin_sdk::rules!(mod rule);

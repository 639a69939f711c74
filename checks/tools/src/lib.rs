//! What agents may run on the host: exec and its approvals, safe binaries, elevated mode, tool profiles.
//! Who can talk to these agents belongs to the exposure check; here it only raises a severity.

mod allowlist;
mod approvals;
mod boundary;
mod elevated;
mod exec;
mod fs_drift;
mod list_format;
mod profile;
mod safe_bins;
mod sandbox_host;
mod security_full;
mod trusted_dirs;

use chitin_sdk::Group;

/// The rules of this module.
pub const GROUPS: &[Group] = &[
    Group {
        rules: &[
            rule::ELEVATED_ALLOW_FROM_WILDCARD.pattern,
            rule::ELEVATED_ALLOW_FROM_LARGE.pattern,
        ],
        check: elevated::allow_from,
    },
    Group {
        rules: &[rule::EXEC_HOST_SANDBOX_NO_SANDBOX_DEFAULTS.id],
        check: sandbox_host::of_defaults,
    },
    Group {
        rules: &[rule::EXEC_HOST_SANDBOX_NO_SANDBOX_AGENTS.id],
        check: sandbox_host::of_agents,
    },
    Group {
        rules: &[rule::EXEC_SAFE_BINS_INTERPRETER_UNPROFILED.id],
        check: safe_bins::interpreter_unprofiled,
    },
    Group { rules: &[rule::EXEC_SAFE_BINS_BROAD_BEHAVIOR.id], check: safe_bins::broad_behavior },
    Group { rules: &[rule::EXEC_SAFE_BIN_TRUSTED_DIRS_RISKY.id], check: trusted_dirs::risky },
    Group { rules: &[rule::EXEC_SECURITY_FULL_CONFIGURED.id], check: security_full::configured },
    Group { rules: &[rule::EXEC_FS_TOOLS_DISABLED_BUT_EXEC_ENABLED.id], check: fs_drift::check },
    Group {
        rules: &[rule::EXEC_AUTO_ALLOW_SKILLS_ENABLED.id],
        check: approvals::auto_allow_skills,
    },
    Group {
        rules: &[rule::EXEC_ALLOWLIST_INTERPRETER_WITHOUT_STRICT_INLINE_EVAL.id],
        check: allowlist::interpreter_without_strict_inline_eval,
    },
    Group {
        rules: &[rule::EXEC_MCPORTER_REGISTRY_INSPECTION_INCOMPLETE.id],
        check: boundary::inspection_incomplete,
    },
    Group { rules: &[rule::EXEC_AGENT_SKILL_MCP_BOUNDARY_DRIFT.id], check: boundary::drift },
    Group { rules: &[rule::PROFILE_MINIMAL_OVERRIDDEN.id], check: profile::minimal_overridden },
];

chitin_sdk::export!(GROUPS);
chitin_sdk::rules!(mod rule);

//! What agents may run on the host: exec and its approvals, safe binaries, elevated mode, tool profiles.
//! Who can talk to these agents is the exposure check's business; here it only raises a severity.

mod allowlist;
mod approvals;
mod boundary;
mod elevated;
mod exec;
mod fs_drift;
mod full;
mod hosts;
mod preview;
mod profile;
mod safe_bins;
mod trusted_dirs;

use chitin_sdk::Group;

/// The rules of this module.
pub const GROUPS: &[Group] = &[
    Group {
        rules: &["tools.elevated.allowFrom.*.wildcard", "tools.elevated.allowFrom.*.large"],
        check: elevated::allow_from,
    },
    Group { rules: &["tools.exec.host_sandbox_no_sandbox_defaults"], check: hosts::of_defaults },
    Group { rules: &["tools.exec.host_sandbox_no_sandbox_agents"], check: hosts::of_agents },
    Group {
        rules: &["tools.exec.safe_bins_interpreter_unprofiled"],
        check: safe_bins::interpreter_unprofiled,
    },
    Group { rules: &["tools.exec.safe_bins_broad_behavior"], check: safe_bins::broad_behavior },
    Group { rules: &["tools.exec.safe_bin_trusted_dirs_risky"], check: trusted_dirs::risky },
    Group { rules: &["tools.exec.security_full_configured"], check: full::configured },
    Group { rules: &["tools.exec.fs_tools_disabled_but_exec_enabled"], check: fs_drift::check },
    Group { rules: &["tools.exec.auto_allow_skills_enabled"], check: approvals::auto_allow_skills },
    Group {
        rules: &["tools.exec.allowlist_interpreter_without_strict_inline_eval"],
        check: allowlist::interpreter_without_strict_inline_eval,
    },
    Group {
        rules: &["tools.exec.mcporter_registry_inspection_incomplete"],
        check: boundary::inspection_incomplete,
    },
    Group { rules: &["tools.exec.agent_skill_mcp_boundary_drift"], check: boundary::drift },
    Group { rules: &["tools.profile_minimal_overridden"], check: profile::minimal_overridden },
];

chitin_sdk::export!(GROUPS);

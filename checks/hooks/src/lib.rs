//! The webhooks that start agent runs: who may call them, and what a caller may choose. Installed hook packs
//! belong to the plugin check.

mod callers;
#[cfg(test)]
mod tests;
mod token;

use chitin_sdk::{Group, Host, Refusal, Tree};

/// The rules of this module.
pub const GROUPS: &[Group] = &[
    Group { rules: &[rule::TOKEN_TOO_SHORT.id], check: token::length },
    Group { rules: &[rule::TOKEN_REUSE_GATEWAY_TOKEN.id], check: token::reuse },
    Group { rules: &[rule::PATH_ROOT.id], check: callers::path },
    Group { rules: &[rule::DEFAULT_SESSION_KEY_UNSET.id], check: callers::default_session },
    Group { rules: &[rule::ALLOWED_AGENT_IDS_UNRESTRICTED.id], check: callers::agents },
    Group { rules: &[rule::REQUEST_SESSION_KEY_ENABLED.id], check: callers::session_choice },
    Group {
        rules: &[rule::REQUEST_SESSION_KEY_PREFIXES_MISSING.id],
        check: callers::session_prefixes,
    },
];

chitin_sdk::export!(GROUPS);
chitin_sdk::rules!(mod rule);

/// The `hooks` section while webhooks are on; with them off no rule applies.
fn enabled_hooks(host: &dyn Host, rule: &str) -> Result<Option<Tree>, Refusal> {
    let hooks = host.effective("/hooks")?;
    let enabled = hooks.at(["enabled"]).is_true();
    if !enabled {
        host.not_applicable(rule, "Webhooks are off: hooks.enabled is not true.");
    }
    Ok(enabled.then_some(hooks))
}

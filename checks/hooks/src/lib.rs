//! The webhooks that start agent runs: who may call them, and what a caller may choose. Hook packs that were installed
//! are the plugin check's business.

mod callers;
#[cfg(test)]
mod tests;
mod token;

use chitin_sdk::{Group, Host, Refusal, Tree};

/// The rules of this module.
pub const GROUPS: &[Group] = &[
    Group { rules: &["hooks.token_too_short"], check: token::length },
    Group { rules: &["hooks.token_reuse_gateway_token"], check: token::reuse },
    Group { rules: &["hooks.path_root"], check: callers::path },
    Group { rules: &["hooks.default_session_key_unset"], check: callers::default_session },
    Group { rules: &["hooks.allowed_agent_ids_unrestricted"], check: callers::agents },
    Group { rules: &["hooks.request_session_key_enabled"], check: callers::session_choice },
    Group {
        rules: &["hooks.request_session_key_prefixes_missing"],
        check: callers::session_prefixes,
    },
];

chitin_sdk::export!(GROUPS);

/// The `hooks` section while webhooks are on; with them off no rule has anything to look at.
fn enabled_hooks(host: &dyn Host, rule: &str) -> Result<Option<Tree>, Refusal> {
    let hooks = host.effective("/hooks")?;
    let enabled = hooks.at(["enabled"]).is_true();
    if !enabled {
        host.not_applicable(rule, "Webhooks are off: hooks.enabled is not true.");
    }
    Ok(enabled.then_some(hooks))
}

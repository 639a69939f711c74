use chitin_document::{Tree, Value};
use serde_json::json;

use super::*;

fn configured_allows(tools: Value, tool: &str) -> bool {
    let tree = Tree::new("/tools", Some(tools));
    configured(&tree.root()).is_none_or(|policy| policy.allows(tool))
}

fn profile_allows(name: &str, also: Value, tool: &str) -> Option<bool> {
    let tree = Tree::new("/tools/alsoAllow", Some(also));
    profile(name, &tree.root()).map(|policy| policy.allows(tool))
}

fn sandbox_allows(global: &Value, agent: Option<&Value>, tool: &str) -> bool {
    let global = Tree::new("/tools", Some(json!({"sandbox": {"tools": global}})));
    let agent = agent.map(|tools| Tree::new("/own", Some(json!({"sandbox": {"tools": tools}}))));
    sandbox(&global.root(), agent.as_ref().map(Tree::root).as_ref()).allows(tool)
}

fn provider_allows(by_provider: Value, id: (&str, &str), tool: &str) -> bool {
    let tree = Tree::new("/tools/byProvider", Some(by_provider));
    provider(&tree.root(), id.0, id.1).is_none_or(|policy| policy.allows(tool))
}

#[test]
fn one_policy_against_one_name() {
    for (tools, tool, expected) in [
        (json!({}), "exec", true),
        (json!({"deny": ["group:runtime"]}), "exec", false),
        (json!({"deny": ["group:runtime"]}), "process", false),
        (json!({"deny": ["group:runtime"]}), "read", true),
        (json!({"allow": ["write"]}), "apply_patch", true),
        (json!({"allow": ["w*"]}), "apply_patch", true),
        (json!({"allow": ["write"], "deny": ["apply-patch"]}), "apply_patch", false),
        (json!({"allow": ["exec"]}), "apply_patch", false),
        (json!({"allow": []}), "exec", true),
        (json!({"allow": ["", " "]}), "exec", true),
        (json!({"allow": ["*"], "deny": ["exec"]}), "exec", false),
        (json!({"deny": ["Bash "]}), "exec", false),
        (json!({"deny": ["bash*"]}), "exec", true),
        (json!({"deny": ["cron"]}), "automations", false),
        (json!({"deny": ["automations"]}), "CRON", false),
        (json!({"deny": ["sessions_*"]}), "sessions_send", false),
        (json!({"deny": ["group:foo"]}), "exec", true),
        (json!({"allow": ["group:foo"]}), "exec", false),
        (json!({"allow": ["group:plugins"]}), "exec", false),
        (json!({"deny": "exec"}), "exec", true),
        (json!({"deny": [5, "exec"]}), "exec", false),
        (json!("exec"), "exec", true),
    ] {
        assert_eq!(configured_allows(tools.clone(), tool), expected, "{tools} on {tool}");
    }
}

#[test]
fn also_allow_alone_restricts_nothing() {
    assert!(configured_allows(json!({"alsoAllow": ["read"]}), "exec"));
    assert!(configured_allows(json!({"allow": [], "alsoAllow": ["read"]}), "exec"));
    assert!(configured_allows(json!({"allow": ["read"], "alsoAllow": ["exec"]}), "exec"));
    assert!(!configured_allows(json!({"allow": ["read"], "alsoAllow": ["exec"]}), "write"));
    assert!(!configured_allows(json!({"allow": [""], "alsoAllow": ["exec"]}), "write"));
    assert!(!configured_allows(json!({"alsoAllow": ["exec"], "deny": ["exec"]}), "exec"));
}

#[test]
fn a_profile_is_a_list_that_also_allow_widens() {
    assert_eq!(profile_allows("messaging", json!(null), "exec"), Some(false));
    assert_eq!(profile_allows("messaging", json!(["exec"]), "exec"), Some(true));
    assert_eq!(profile_allows("messaging", json!([]), "exec"), Some(false));
    assert_eq!(profile_allows("messaging", json!("exec"), "exec"), Some(false));
    assert_eq!(profile_allows("messaging", json!(null), "gateway"), Some(true));
    assert_eq!(profile_allows("minimal", json!(null), "gateway"), Some(true));
    assert_eq!(profile_allows("coding", json!(null), "web_fetch"), Some(true));
    assert_eq!(profile_allows("coding", json!(null), "browser"), Some(false));
    assert_eq!(profile_allows("full", json!(null), "anything"), Some(true));
    assert_eq!(profile_allows("Coding", json!(["exec"]), "exec"), None);
    assert_eq!(profile_allows("", json!(null), "exec"), None);
}

#[test]
fn the_shipped_sandbox_lists_leave_no_web_and_no_browser() {
    for tool in ["exec", "read", "ls", "apply_patch", "view_image", "session_status"] {
        assert!(sandbox_allows(&json!({}), None, tool), "{tool}");
    }
    for tool in
        ["web_search", "web_fetch", "browser", "gateway", "automations", "plugins", "telegram"]
    {
        assert!(!sandbox_allows(&json!({}), None, tool), "{tool}");
    }
}

#[test]
fn what_a_sandbox_asks_for_leaves_the_shipped_deny_list() {
    assert!(sandbox_allows(&json!({"alsoAllow": ["browser"]}), None, "browser"));
    assert!(sandbox_allows(&json!({"alsoAllow": ["browser"]}), None, "exec"));
    assert!(sandbox_allows(&json!({"allow": ["group:ui"]}), None, "canvas"));
    assert!(!sandbox_allows(&json!({"allow": ["group:ui"]}), None, "exec"));
    assert!(sandbox_allows(&json!({"allow": ["*"]}), None, "gateway"));
    assert!(!sandbox_allows(
        &json!({"alsoAllow": ["browser"], "deny": ["browser"]}),
        None,
        "browser"
    ));
    assert!(sandbox_allows(&json!({"deny": []}), None, "exec"));
    assert!(!sandbox_allows(&json!({"deny": []}), None, "browser"));
}

#[test]
fn empty_sandbox_lists_allow_everything() {
    let lists = json!({"allow": [], "deny": []});
    for tool in ["exec", "browser", "web_fetch", "gateway"] {
        assert!(sandbox_allows(&lists, None, tool), "{tool}");
    }
    assert!(!sandbox_allows(&json!({"allow": []}), None, "browser"));
    assert!(sandbox_allows(&json!({"allow": [], "alsoAllow": ["browser"]}), None, "browser"));
}

#[test]
fn an_agent_replaces_each_sandbox_list_on_its_own() {
    let global = json!({"allow": ["exec"], "deny": ["read"]});
    assert!(sandbox_allows(&global, Some(&json!({"allow": ["browser"]})), "browser"));
    assert!(!sandbox_allows(&global, Some(&json!({"allow": ["read"]})), "read"));
    assert!(!sandbox_allows(&global, Some(&json!({"deny": []})), "read"));
    assert!(sandbox_allows(&global, Some(&json!({"deny": "x"})), "exec"));
}

#[test]
fn a_sandbox_keeps_the_image_tool_unless_it_is_denied() {
    assert!(sandbox_allows(&json!({"allow": ["exec"]}), None, "view_image"));
    assert!(!sandbox_allows(&json!({"allow": ["exec"], "deny": ["image"]}), None, "view_image"));
    assert!(!sandbox_allows(
        &json!({"allow": ["exec"], "deny": ["view_image"]}),
        None,
        "view_image"
    ));
    assert!(!sandbox_allows(&json!({"allow": [], "deny": ["image"]}), None, "view_image"));
}

#[test]
fn a_provider_entry_is_found_by_model_then_by_provider() {
    let by_provider = json!({"ollama/Llama3": {"deny": ["exec"]}, "ollama": {"deny": ["browser"]}});
    assert!(!provider_allows(by_provider.clone(), ("ollama", "llama3"), "exec"));
    // The first hit is used alone.
    assert!(provider_allows(by_provider.clone(), ("ollama", "llama3"), "browser"));
    assert!(!provider_allows(by_provider.clone(), ("Ollama ", "other"), "browser"));
    assert!(!provider_allows(by_provider.clone(), ("ollama", ""), "browser"));
    assert!(provider_allows(by_provider.clone(), ("openai", "llama3"), "browser"));
    assert!(provider_allows(by_provider, ("", "llama3"), "exec"));
}

#[test]
fn only_the_lists_of_a_provider_entry_count() {
    assert!(provider_allows(json!({"a": {"profile": "minimal"}}), ("a", ""), "exec"));
    assert!(!provider_allows(
        json!({"a": {"allow": ["read"], "alsoAllow": ["exec"]}}),
        ("a", ""),
        "exec"
    ));
    assert!(provider_allows(json!({"a": "deny"}), ("a", ""), "exec"));
    assert!(provider_allows(json!(["a"]), ("a", ""), "exec"));
}

#[test]
fn of_two_spellings_of_a_provider_the_canonical_one_wins() {
    let deny = json!({"deny": ["exec"]});
    assert!(!provider_allows(json!({" A /m": {}, "a/m": deny}), ("a", "m"), "exec"));
    assert!(!provider_allows(json!({"A": deny, " a ": {}, "a": deny}), ("a", "m"), "exec"));
    assert!(!provider_allows(json!({"a /m": deny, "a  /m": {}}), ("a", "m"), "exec"));
    assert!(!provider_allows(json!({"a/": deny}), ("a", "m"), "exec"));
}

//! Whether the tools that bring in text from strangers are turned on at all: web search, web fetch, the browser.
//! Whether a tool policy denies them is not decided here.

use chitin_openclaw::plugins::browser_enabled;
use chitin_sdk::{Host, Node, Refusal, Tree, Value};

/// Variables that give a web search plugin of OpenClaw 2026.9.6 its credential. Each needs its own grant.
const SEARCH_VARIABLES: &[&str] = &[
    "GOOGLE_CLOUD_API_KEY",
    "GEMINI_API_KEY",
    "GOOGLE_API_KEY",
    "MINIMAX_CODE_PLAN_KEY",
    "MINIMAX_CODING_API_KEY",
    "MINIMAX_API_KEY",
    "MINIMAX_OAUTH_TOKEN",
    "OLLAMA_API_KEY",
    "XAI_API_KEY",
];

/// The tools that are turned on, in the order in which they are reported.
pub(crate) fn enabled_tools(
    host: &dyn Host,
    tools: &Node<'_>,
) -> Result<Vec<&'static str>, Refusal> {
    let plugins = part_of(host, "/plugins", &["enabled", "allow", "deny", "entries"])?;
    let browser = part_of(host, "/browser", &["enabled"])?;
    let mut enabled = Vec::new();
    if search_is_on(host, &tools.at(["web", "search"]), &plugins.at(["entries"]))? {
        enabled.push("web_search");
    }
    if !tools.at(["web", "fetch", "enabled"]).is_false() {
        enabled.push("web_fetch");
    }
    if browser_enabled(&browser.root(), &plugins.root()) {
        enabled.push("browser");
    }
    Ok(enabled)
}

/// An object with some of its keys, so nothing else of it has to be granted.
fn part_of(host: &dyn Host, pointer: &str, keys: &[&str]) -> Result<Tree, Refusal> {
    let mut members: Vec<(String, Value)> = Vec::new();
    for key in keys {
        let member = host.effective(&format!("{pointer}/{key}"))?;
        if !member.root().is_absent() {
            members.push(((*key).to_owned(), member.root().value().clone()));
        }
    }
    Ok(Tree::new(pointer, Some(members.into_iter().collect())))
}

/// The value of `enabled`; without one, whether a search has something to run with.
fn search_is_on(host: &dyn Host, search: &Node<'_>, plugins: &Node<'_>) -> Result<bool, Refusal> {
    let enabled = search.get("enabled");
    if enabled.is_true() || enabled.is_false() {
        return Ok(enabled.is_true());
    }
    let by_plugin = plugins.members().into_iter();
    let by_plugin = by_plugin.map(|(_, entry)| entry.at(["config", "webSearch"]));
    if std::iter::once(search.clone()).chain(by_plugin).any(|section| has_settings(&section)) {
        return Ok(true);
    }
    for variable in SEARCH_VARIABLES {
        if host.environment(variable)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// OpenClaw treats any setting but `enabled` as a credential, even `provider` or `maxResults`.
fn has_settings(search: &Node<'_>) -> bool {
    search.members().iter().any(|(key, value)| *key != "enabled" && is_set(value))
}

/// Not null and not a blank text. What a seal hides is a text.
fn is_set(value: &Node<'_>) -> bool {
    let is_text = value.seal().is_some() || value.as_str().is_some();
    if is_text { value.is_configured() } else { !value.is_nullish() }
}

#[cfg(test)]
mod tests {
    use chitin_sdk::GatewayFacts as _;
    use chitin_sdk::fake::{FakeHost, secret, secret_from_unset_env};
    use serde_json::json;

    use super::*;

    fn enabled(config: Value) -> Vec<&'static str> {
        enabled_by(&FakeHost::with_config(config))
    }

    fn enabled_by(host: &FakeHost) -> Vec<&'static str> {
        let tools = host.effective("/tools").unwrap();
        enabled_tools(host, &tools.root()).unwrap()
    }

    #[test]
    fn fetch_and_browser_are_on_by_default() {
        assert_eq!(enabled(json!({})), ["web_fetch", "browser"]);
        assert_eq!(
            enabled(json!({"tools": {"web": {"fetch": {"enabled": null}}}}))[0],
            "web_fetch"
        );
        let off =
            json!({"tools": {"web": {"fetch": {"enabled": false}}}, "browser": {"enabled": false}});
        assert!(enabled(off).is_empty());
        assert_eq!(enabled(json!({"plugins": {"deny": ["browser"]}})), ["web_fetch"]);
        assert_eq!(enabled(json!({"plugins": {"enabled": false}})), ["web_fetch"]);
    }

    #[test]
    fn any_setting_turns_search_on() {
        for search in [
            json!({"enabled": true}),
            json!({"apiKey": secret("k")}),
            json!({"apiKey": secret_from_unset_env("KEY")}),
            json!({"provider": "brave"}),
            json!({"maxResults": 0}),
            json!({"perplexity": {}}),
            json!({"enabled": null, "provider": "brave"}),
        ] {
            let config = json!({"tools": {"web": {"search": search}}});
            assert_eq!(enabled(config), ["web_search", "web_fetch", "browser"], "{search}");
        }
        for search in [
            json!({}),
            json!({"enabled": false, "provider": "brave"}),
            json!({"provider": " ", "apiKey": secret(""), "x": null}),
            json!("on"),
        ] {
            let config = json!({"tools": {"web": {"search": search}}});
            assert_eq!(enabled(config), ["web_fetch", "browser"], "{search}");
        }
    }

    #[test]
    fn a_plugin_or_a_variable_turns_search_on() {
        let plugin = json!({"plugins": {"entries": {"p": {"config": {"webSearch": {"apiKey": secret("k")}}}}}});
        assert_eq!(enabled(plugin)[0], "web_search");
        for variable in SEARCH_VARIABLES {
            let host = FakeHost::with_config(json!({})).env(variable, "k");
            assert_eq!(enabled_by(&host)[0], "web_search", "{variable}");
        }
        let host =
            FakeHost::with_config(json!({})).env("BRAVE_API_KEY", "k").env("XAI_API_KEY", " ");
        assert_eq!(enabled_by(&host)[0], "web_fetch");
        let off = json!({"tools": {"web": {"search": {"enabled": false}}}});
        assert_eq!(enabled_by(&FakeHost::with_config(off).env("XAI_API_KEY", "k"))[0], "web_fetch");
    }
}

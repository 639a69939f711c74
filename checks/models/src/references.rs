//! Which models a config names, where, and what each name means. What a name shows about a model is not read here.

mod names;

use chitin_openclaw::roster::{DEFAULTS_LABEL, Roster};
use chitin_sdk::Node;

use names::Names;
pub(crate) use names::provider_and_model;

/// A model that the config names.
#[derive(Debug, Clone)]
pub(crate) struct ModelRef<'t> {
    /// `provider/model` with aliases resolved; the text as written where it cannot be read so.
    pub(crate) id: String,
    /// As an operator writes it: `agents.defaults.model.fallbacks`.
    pub(crate) source: String,
    pub(crate) node: Node<'t>,
    /// The id of the agent that uses it; empty for the defaults.
    pub(crate) agent: &'t str,
}

impl ModelRef<'_> {
    /// Whether OpenClaw treats it as a model that only looks at images. The source's text decides.
    pub(crate) fn is_for_images(&self) -> bool {
        self.source.contains("imageModel")
    }
}

/// The models of the defaults and of every agent: primaries before fallbacks, as often as they are named.
pub(crate) fn collect<'t>(agents: &Node<'t>) -> Vec<ModelRef<'t>> {
    let roster = Roster::of(agents);
    let names = Names::read(&roster.defaults().get("models"));
    let mut found = Vec::new();
    for key in ["model", "imageModel"] {
        let model = roster.defaults().get(key);
        let source = format!("{DEFAULTS_LABEL}.{key}");
        // Here a plain string and `primary` are one setting, with the longer name.
        let written = (model.clone(), format!("{source}.primary"));
        found.extend(named(written, &model, &source, "", &names));
    }
    for agent in roster.entries() {
        let model = agent.node().get("model");
        let source = format!("{}.model", agent.label());
        let written = (model.clone(), source.clone());
        found.extend(named(written, &model, &source, agent.id(), &names));
    }
    found
}

/// What one model setting names: itself when it is a string, else its `primary` and its `fallbacks`.
fn named<'t>(
    written: (Node<'t>, String),
    model: &Node<'t>,
    source: &str,
    agent: &'t str,
    names: &Names,
) -> Vec<ModelRef<'t>> {
    let primary = (model.get("primary"), format!("{source}.primary"));
    let fallbacks = model.get("fallbacks").items();
    let fallbacks = fallbacks.into_iter().map(|node| (node, format!("{source}.fallbacks")));
    [written, primary]
        .into_iter()
        .chain(fallbacks)
        .filter_map(|(node, source)| {
            let id = names.resolve(node.trimmed()?);
            Some(ModelRef { id, source, node, agent })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use chitin_sdk::{Tree, Value};
    use serde_json::json;

    use super::*;

    fn collected(agents: Value) -> Vec<(String, String)> {
        let tree = Tree::new("/agents", Some(agents));
        let found = collect(&tree.root());
        found.into_iter().map(|model| (model.source, model.id)).collect()
    }

    fn pair(source: &str, id: &str) -> (String, String) {
        (source.to_owned(), id.to_owned())
    }

    #[test]
    fn every_place_in_order() {
        let agents = json!({
            "defaults": {
                "model": {"primary": "a/1", "fallbacks": [" a/2 ", "a/2", "", 7]},
                "imageModel": "a/3",
            },
            "entries": {
                "x": {"model": {"primary": "b/1", "fallbacks": ["b/2"]}, "imageModel": "not/read"},
                "y": {"model": "c/1"},
                "z": {"model": ["d/1"]},
            },
        });
        let expected = [
            pair("agents.defaults.model.primary", "a/1"),
            pair("agents.defaults.model.fallbacks", "a/2"),
            pair("agents.defaults.model.fallbacks", "a/2"),
            pair("agents.defaults.imageModel.primary", "a/3"),
            pair("agents.entries.x.model.primary", "b/1"),
            pair("agents.entries.x.model.fallbacks", "b/2"),
            pair("agents.entries.y.model", "c/1"),
        ];
        assert_eq!(collected(agents), expected);
    }

    #[test]
    fn a_list_entry_needs_no_id() {
        let agents = json!({"list": [{"model": "a/1"}, {"id": "x", "model": "a/2"}, "y"]});
        let expected = [pair("agents.list..model", "a/1"), pair("agents.list.x.model", "a/2")];
        assert_eq!(collected(agents), expected);
    }

    #[test]
    fn a_string_has_no_parts_and_wrong_types_name_nothing() {
        let agents = json!({"defaults": {"model": "a/1"}});
        assert_eq!(collected(agents), [pair("agents.defaults.model.primary", "a/1")]);
        for model in [json!(null), json!(7), json!([]), json!({"primary": {}, "fallbacks": "x"})] {
            assert!(collected(json!({"defaults": {"model": model}})).is_empty());
        }
        assert!(collected(json!("agents")).is_empty());
    }

    #[test]
    fn aliases_of_the_defaults_hold_for_agents_too() {
        let agents = json!({
            "defaults": {"models": {"ollama/llama3.1:8b": {"alias": "Small"}}},
            "entries": {"x": {"model": "small"}},
        });
        assert_eq!(collected(agents), [pair("agents.entries.x.model", "ollama/llama3.1:8b")]);
    }
}

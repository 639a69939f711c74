//! The names of installed plugins, from their manifests in `openclaw.plugin.json`.

use chitin_openclaw::plugins::canonical;
use chitin_sdk::{Content, Format, Host, Node, Refusal, Tree, Value};

use crate::installed::EXTENSIONS;

const FILE: &str = "openclaw.plugin.json";
const MAX_BYTES: u32 = 1024 * 1024;

/// The id and the aliases of one installed plugin; nothing when it has no manifest that can be read.
pub(crate) fn names(host: &dyn Host, plugin: &str) -> Result<Vec<String>, Refusal> {
    let path = format!("{plugin}/{FILE}");
    let Content::Text(text) = host.read(EXTENSIONS, &path, Format::Json, MAX_BYTES)? else {
        return Ok(Vec::new());
    };
    let manifest: Value = chitin_sdk::serde_json::from_str(&text).unwrap_or_default();
    Ok(names_in(&Tree::new("", Some(manifest)).root()))
}

/// The names by which OpenClaw 2026.9.6 finds the plugin in a config: besides its id its providers, channels, command line
/// back-ends, model providers and former ids.
fn names_in(manifest: &Node<'_>) -> Vec<String> {
    let setup = manifest.get("setup");
    let setup_providers = setup.get("providers").items();
    let catalog = manifest.get("modelCatalog");

    let single = std::iter::once(manifest.get("id"))
        .chain(setup_providers.iter().map(|provider| provider.get("id")))
        .filter_map(|id| id.trimmed());
    let lists = ["providers", "channels", "cliBackends", "legacyPluginIds"]
        .into_iter()
        .map(|key| manifest.get(key))
        .chain([setup.get("cliBackends")])
        .flat_map(|list| list.strings());
    let keys =
        [catalog.get("providers"), catalog.get("aliases"), manifest.get("providerAuthAliases")]
            .into_iter()
            .flat_map(|map| map.members())
            .map(|(key, _)| key);

    single.chain(lists).chain(keys).map(canonical).collect()
}

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::FakeHost;
    use serde_json::json;

    use super::*;

    fn read(content: Content) -> Vec<String> {
        let host = FakeHost::default().content(EXTENSIONS, "p/openclaw.plugin.json", content);
        names(&host, "p").unwrap()
    }

    #[test]
    fn a_plugin_is_named_by_its_id_and_its_aliases() {
        let manifest = json!({
            "id": " Voice ",
            "providers": ["prov", 7],
            "channels": ["chan"],
            "cliBackends": ["cli"],
            "legacyPluginIds": ["former"],
            "setup": {"providers": [{"id": "set"}, "x"], "cliBackends": ["set-cli"]},
            "modelCatalog": {"providers": {"model": {}}, "aliases": {"other": "model"}},
            "providerAuthAliases": {"auth": "prov"},
        });
        assert_eq!(
            read(Content::Text(manifest.to_string())),
            ["voice", "set", "prov", "chan", "cli", "former", "set-cli", "model", "other", "auth"]
        );
    }

    #[test]
    fn a_manifest_that_cannot_be_read_names_nothing() {
        for content in [
            Content::Missing,
            Content::TooLarge,
            Content::Malformed,
            Content::NotAFile,
            Content::Unreadable("denied".to_owned()),
            Content::Text("[]".to_owned()),
            Content::Text("{".to_owned()),
            Content::Text(json!({"id": 7, "providers": "x", "setup": []}).to_string()),
        ] {
            assert!(read(content.clone()).is_empty(), "{content:?}");
        }
    }
}

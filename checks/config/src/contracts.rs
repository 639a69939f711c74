//! Plugin contracts: which values of a plugin's own config its publisher calls dangerous, and where a config has them.
//!
//! A manifest is third-party text. It can make this check look for a value, and nothing else.

use chitin_sdk::{Content, Format, Host, Node, Outcome, Refusal, Tree, Value};

use crate::known_contracts::{KNOWN, Literal};

const EXTENSIONS: &str = "extensions";
const MANIFEST: &str = "openclaw.plugin.json";
const MAX_MANIFEST: u32 = 1 << 20;

/// Far more than any published plugin declares; the cost of a manifest has to be limited.
const MAX_CONTRACTS: usize = 256;

/// "This value at this place in the plugin's config is dangerous."
#[derive(Debug, PartialEq)]
pub(crate) struct Contract {
    pub(crate) plugin: String,
    /// Keys separated by dots, `*` for any.
    pub(crate) path: String,
    pub(crate) equals: Value,
}

/// The contracts that could be read, and whether these are all.
pub(crate) struct Declared {
    pub(crate) contracts: Vec<Contract>,
    pub(crate) complete: Outcome,
}

/// The contracts of all plugins, known and installed, in order of plugin ids.
pub(crate) fn declared(host: &dyn Host) -> Declared {
    let mut declared = Declared { contracts: known(), complete: Ok(()) };
    match host.list(EXTENSIONS, "") {
        Ok(None) => {}
        Ok(Some(listing)) => {
            for entry in &listing.entries {
                match of_installed(host, &entry.name) {
                    Ok(contracts) => declared.contracts.extend(contracts),
                    Err(refusal) => declared.complete = declared.complete.and(Err(refusal)),
                }
            }
            if !listing.complete {
                declared.complete =
                    Err(Refusal::OverLimit("more installed plugins than can be listed".to_owned()));
            }
        }
        Err(refusal) => declared.complete = Err(refusal),
    }
    declared.contracts.sort_by(|one, other| one.plugin.cmp(&other.plugin));
    declared
}

fn known() -> Vec<Contract> {
    KNOWN
        .iter()
        .map(|(plugin, path, equals)| Contract {
            plugin: (*plugin).to_owned(),
            path: (*path).to_owned(),
            equals: match equals {
                Literal::True => Value::Bool(true),
                Literal::Text(text) => Value::from(*text),
            },
        })
        .collect()
}

fn of_installed(host: &dyn Host, directory: &str) -> Result<Vec<Contract>, Refusal> {
    let path = format!("{directory}/{MANIFEST}");
    match host.read(EXTENSIONS, &path, Format::Json, MAX_MANIFEST)? {
        Content::Text(text) => of_manifest(&path, &text),
        Content::TooLarge => {
            Err(Refusal::OverLimit(format!("{path} is larger than {MAX_MANIFEST} bytes")))
        }
        Content::Unreadable(reason) => Err(Refusal::Unavailable(format!("{path}: {reason}"))),
        // OpenClaw reads JSON5 here, so it may well understand what strict JSON does not allow.
        Content::Malformed => Err(Refusal::Unavailable(format!("{path} is not strict JSON"))),
        Content::Missing | Content::NotAFile => Ok(Vec::new()),
    }
}

fn of_manifest(path: &str, text: &str) -> Result<Vec<Contract>, Refusal> {
    let manifest = Tree::new("", text.parse().ok());
    let Some(plugin) = manifest.at(["id"]).trimmed() else {
        return Ok(Vec::new());
    };
    let flags = manifest.at(["configContracts", "dangerousFlags"]).items();
    if flags.len() > MAX_CONTRACTS {
        return Err(Refusal::OverLimit(format!(
            "{path} declares more than {MAX_CONTRACTS} dangerous flags"
        )));
    }
    Ok(flags.iter().filter_map(|flag| of_flag(plugin, flag)).collect())
}

fn of_flag(plugin: &str, flag: &Node<'_>) -> Option<Contract> {
    let equals = flag.get("equals");
    let is_composite = equals.value().is_array() || equals.value().is_object();
    let is_scalar = !equals.is_absent() && (!is_composite || equals.is_redacted());
    Some(Contract {
        plugin: plugin.to_owned(),
        path: flag.get("path").trimmed()?.to_owned(),
        equals: is_scalar.then(|| equals.value().clone())?,
    })
}

impl Contract {
    /// The JSON pointer of the config that the contract is about.
    pub(crate) fn pointer(&self) -> String {
        Tree::new("/plugins/entries", None)
            .at([self.plugin.as_str(), "config"])
            .pointer()
            .to_owned()
    }

    /// The places in the plugin's config that have the dangerous value.
    pub(crate) fn matches<'t>(&self, config: &Node<'t>) -> Vec<Match<'t>> {
        let start = Match { path: String::new(), node: config.clone() };
        let mut segments =
            self.path.split('.').map(str::trim).filter(|part| !part.is_empty()).peekable();
        if !config.is_object() || segments.peek().is_none() {
            return Vec::new();
        }
        segments
            .fold(vec![start], |places, segment| {
                places.iter().flat_map(|place| place.below(segment)).collect()
            })
            .into_iter()
            .filter(|place| same(place.node.value(), &self.equals))
            .collect()
    }

    /// The dangerous value as it is written in a finding.
    pub(crate) fn printed_value(&self) -> String {
        Tree::new("", Some(self.equals.clone())).root().printed()
    }
}

/// A concrete place that matches a path pattern.
pub(crate) struct Match<'t> {
    /// As OpenClaw writes it: `accounts.work.list[0]["odd key"]`.
    pub(crate) path: String,
    pub(crate) node: Node<'t>,
}

impl<'t> Match<'t> {
    fn below(&self, segment: &str) -> Vec<Self> {
        let all = segment == "*";
        if self.node.is_array() {
            return self
                .node
                .items()
                .into_iter()
                .enumerate()
                .filter(|(index, _)| all || segment == index.to_string())
                .map(|(index, node)| Self { path: format!("{}[{index}]", self.path), node })
                .collect();
        }
        if all {
            return self
                .node
                .members()
                .into_iter()
                .map(|(key, node)| self.under(key, node))
                .collect();
        }
        let node = self.node.get(segment);
        if node.is_absent() { Vec::new() } else { vec![self.under(segment, node)] }
    }

    fn under(&self, key: &str, node: Node<'t>) -> Self {
        let path = match (is_plain(key), self.path.is_empty()) {
            (true, true) => key.to_owned(),
            (true, false) => format!("{}.{key}", self.path),
            (false, _) => format!("{}[{}]", self.path, Value::from(key)),
        };
        Self { path, node }
    }
}

/// Whether a key needs no quotes in a dotted path.
fn is_plain(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '$'))
        && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | ':' | '-'))
}

/// Equal as in ECMAScript, which has one type of number.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::FakeHost;
    use serde_json::json;

    use super::*;

    fn paths(path: &str, equals: Value, config: Value) -> Vec<String> {
        let contract = Contract { plugin: "p".to_owned(), path: path.to_owned(), equals };
        let tree = Tree::new(&contract.pointer(), Some(config));
        contract.matches(&tree.root()).into_iter().map(|place| place.path).collect()
    }

    #[test]
    fn a_star_matches_every_key_and_index() {
        let config = json!({"a": {"x": {"on": true}, "odd key": {"on": true}, "y": {"on": false}}});
        assert_eq!(paths("a.*.on", json!(true), config), ["a.x.on", "a[\"odd key\"].on"]);
        let config = json!({"a": [{"on": 1}, {"on": 1.0}, {"on": "1"}]});
        assert_eq!(paths("a.*.on", json!(1), config), ["a[0].on", "a[1].on"]);
    }

    #[test]
    fn a_number_is_an_index_in_a_list_and_a_key_in_an_object() {
        assert_eq!(paths("a.1", json!("x"), json!({"a": ["y", "x"]})), ["a[1]"]);
        assert_eq!(paths("a.1", json!("x"), json!({"a": {"1": "x"}})), ["a[\"1\"]"]);
        assert!(paths("a.01", json!("x"), json!({"a": ["y", "x"]})).is_empty());
        assert!(paths("a.9", json!("x"), json!({"a": ["x"]})).is_empty());
    }

    #[test]
    fn only_the_same_type_and_value_match() {
        assert!(paths("on", json!(true), json!({"on": "true"})).is_empty());
        assert!(paths("on", json!(null), json!({})).is_empty());
        assert_eq!(paths("on", json!(null), json!({"on": null})), ["on"]);
        assert!(paths("on", json!(true), json!([true])).is_empty());
        assert!(paths(" . ", json!(true), json!({"on": true})).is_empty());
    }

    #[test]
    fn an_id_with_special_characters_makes_a_valid_pointer() {
        let contract =
            Contract { plugin: "@a/b~".to_owned(), path: "x".to_owned(), equals: json!(1) };
        assert_eq!(contract.pointer(), "/plugins/entries/@a~1b~0/config");
    }

    fn with_manifest(manifest: &Value) -> Vec<Contract> {
        let host = FakeHost::default().content(
            EXTENSIONS,
            "folder/openclaw.plugin.json",
            Content::Text(manifest.to_string()),
        );
        declared(&host).contracts.into_iter().filter(|of| !known().contains(of)).collect()
    }

    #[test]
    fn a_manifest_declares_under_its_own_id() {
        let found = with_manifest(&json!({
            "id": " mine ",
            "configContracts": {"dangerousFlags": [
                {"path": " a.b ", "equals": null},
                {"path": "", "equals": true},
                {"path": "no-value"},
                {"path": "object", "equals": {}},
                "text"
            ]}
        }));
        let expected =
            Contract { plugin: "mine".to_owned(), path: "a.b".to_owned(), equals: json!(null) };
        assert_eq!(found, [expected]);
    }

    #[test]
    fn a_manifest_without_an_id_or_of_another_shape_declares_nothing() {
        let flags = json!({"dangerousFlags": [{"path": "a", "equals": true}]});
        for manifest in [
            json!({"configContracts": flags}),
            json!({"id": 7, "configContracts": flags}),
            json!({"id": "x", "configContracts": {"dangerousFlags": {}}}),
            json!([]),
            json!(null),
        ] {
            assert!(with_manifest(&manifest).is_empty(), "{manifest}");
        }
    }

    #[test]
    fn what_cannot_be_read_leaves_the_answer_incomplete() {
        let many: Vec<Value> = (0..=MAX_CONTRACTS)
            .map(|at| json!({"path": format!("a{at}"), "equals": true}))
            .collect();
        let many = json!({"id": "x", "configContracts": {"dangerousFlags": many}});
        for (content, complete) in [
            (Content::TooLarge, false),
            (Content::Unreadable("denied".to_owned()), false),
            (Content::Text(many.to_string()), false),
            (Content::Malformed, false),
            (Content::NotAFile, true),
            (Content::Missing, true),
        ] {
            let shown = format!("{content:?}");
            let host = FakeHost::default().content(EXTENSIONS, "x/openclaw.plugin.json", content);
            assert_eq!(declared(&host).complete.is_ok(), complete, "{shown:.40}");
        }
    }

    #[test]
    fn contracts_are_in_order_of_plugin_ids() {
        let host = FakeHost::default().content(
            EXTENSIONS,
            "x/openclaw.plugin.json",
            Content::Text(
                json!({"id": "abc", "configContracts": {"dangerousFlags": [
                    {"path": "a", "equals": true}
                ]}})
                .to_string(),
            ),
        );
        let order: Vec<String> =
            declared(&host).contracts.into_iter().map(|contract| contract.plugin).collect();
        assert_eq!(order, ["abc", "acpx", "imap", "imap", "imap"]);
    }
}

//! One finding for each switch in the config that turns a protection off, so one can be accepted without the
//! others.

use std::collections::BTreeSet;

use chitin_openclaw::roster::{Agent, Roster};
use chitin_sdk::{Finding, Host, Location, Node, Outcome, Refusal};

use crate::contracts::{self, Contract};
use crate::rule;
use crate::switches::{
    AFTER_SUPPRESSIONS, BEFORE_MAPPINGS, BEFORE_SUPPRESSIONS, EXTERNAL_CONTENT, SANDBOX, Switch,
};

pub(crate) fn check(host: &dyn Host) -> Outcome {
    for flag in own_flags(host)? {
        flag.finding().report(host);
    }
    let declared = contracts::declared(host);
    let mut seen = BTreeSet::new();
    for of_plugin in declared.contracts.chunk_by(|one, other| one.plugin == other.plugin) {
        for flag in plugin_flags(host, of_plugin)? {
            if seen.insert(flag.label.clone()) {
                flag.finding().report(host);
            }
        }
    }
    declared.complete
}

/// Something that is set to a dangerous value.
struct Flag {
    /// OpenClaw's name for it; suppressions match this text.
    label: String,
    pointer: String,
    effect: &'static str,
}

impl Flag {
    fn set(path: &str, node: &Node<'_>, effect: &'static str) -> Self {
        Self {
            label: format!("{path}={}", node.printed()),
            pointer: node.pointer().to_owned(),
            effect,
        }
    }

    fn finding(self) -> Finding {
        rule::INSECURE_OR_DANGEROUS_FLAGS.finding()
            .detail(format!("{}: {}.", self.label, self.effect))
            .remediation(
                "Remove the setting unless you are debugging; until then keep the gateway local and let only \
                 people you trust reach it.",
            )
            .at_location(Location::Config(self.pointer))
    }
}

/// The flags of OpenClaw itself, in its order.
fn own_flags(host: &dyn Host) -> Result<Vec<Flag>, Refusal> {
    let mut flags = fixed(host, BEFORE_MAPPINGS)?;
    flags.extend(mappings(host)?);
    flags.extend(fixed(host, BEFORE_SUPPRESSIONS)?);
    flags.extend(suppressions(host)?);
    flags.extend(fixed(host, AFTER_SUPPRESSIONS)?);
    flags.extend(sandboxes(host)?);
    Ok(flags)
}

/// The values in a plugin's config that its contracts call dangerous. All contracts belong to one plugin.
fn plugin_flags(host: &dyn Host, contracts: &[Contract]) -> Result<Vec<Flag>, Refusal> {
    let Some(pointer) = contracts.first().map(Contract::pointer) else {
        return Ok(Vec::new());
    };
    let config = host.effective(&pointer)?;
    let config = config.root();
    Ok(contracts
        .iter()
        .flat_map(|contract| {
            contract.matches(&config).into_iter().map(|found| Flag {
                label: format!(
                    "plugins.entries.{}.config.{}={}",
                    contract.plugin,
                    found.path,
                    contract.printed_value()
                ),
                pointer: found.node.pointer().to_owned(),
                effect: "the plugin's own manifest calls this value dangerous",
            })
        })
        .collect())
}

fn fixed(host: &dyn Host, switches: &[Switch]) -> Result<Vec<Flag>, Refusal> {
    let mut flags = Vec::new();
    for switch in switches {
        let tree = host.effective(switch.pointer)?;
        let node = tree.root();
        if node.value().as_bool() == Some(switch.dangerous) {
            flags.push(Flag::set(&dotted(&node), &node, switch.effect));
        }
    }
    Ok(flags)
}

/// A pointer without escaped characters as a config path.
fn dotted(node: &Node<'_>) -> String {
    node.pointer().trim_start_matches('/').replace('/', ".")
}

fn mappings(host: &dyn Host) -> Result<Vec<Flag>, Refusal> {
    let mappings = host.effective("/hooks/mappings")?;
    Ok(mappings
        .root()
        .items()
        .iter()
        .map(|mapping| mapping.get("allowUnsafeExternalContent"))
        .enumerate()
        .filter(|(_, unsafe_content)| unsafe_content.is_true())
        .map(|(index, unsafe_content)| {
            let path = format!("hooks.mappings[{index}].allowUnsafeExternalContent");
            Flag::set(&path, &unsafe_content, EXTERNAL_CONTENT)
        })
        .collect())
}

fn suppressions(host: &dyn Host) -> Result<Option<Flag>, Refusal> {
    let suppressions = host.effective("/security/audit/suppressions")?;
    let suppressions = suppressions.root();
    let number = suppressions.items().len();
    Ok((number > 0).then(|| Flag {
        label: format!("security.audit.suppressions configured ({number})"),
        pointer: suppressions.pointer().to_owned(),
        effect: "findings that match are removed from audit reports",
    }))
}

fn sandboxes(host: &dyn Host) -> Result<Vec<Flag>, Refusal> {
    let agents = host.effective("/agents")?;
    let roster = Roster::of(&agents.root());
    let mut flags = sandbox("agents.defaults", roster.defaults());
    for agent in roster.entries() {
        flags.extend(sandbox(&path_of(agent), agent.node()));
    }
    Ok(flags)
}

/// An agent is named by its id in both forms of the roster, or by its index without one.
fn path_of(agent: &Agent<'_>) -> String {
    if agent.id().is_empty() {
        dotted(agent.node())
    } else {
        format!("agents.entries.{}", agent.id())
    }
}

fn sandbox(path: &str, settings: &Node<'_>) -> Vec<Flag> {
    let docker = settings.at(["sandbox", "docker"]);
    SANDBOX
        .iter()
        .map(|(key, effect)| (key, docker.get(key), *effect))
        .filter(|(_, value, _)| value.is_true())
        .map(|(key, value, effect)| {
            Flag::set(&format!("{path}.sandbox.docker.{key}"), &value, effect)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::{FakeHost, Said};
    use chitin_sdk::{Content, Severity, Value};
    use serde_json::json;

    use super::*;

    fn run(host: FakeHost) -> Said {
        host.run(&[chitin_sdk::Group { rules: &[rule::INSECURE_OR_DANGEROUS_FLAGS.id], check }])
    }

    fn audit(config: Value) -> Said {
        run(FakeHost::with_config(config))
    }

    fn labels(config: Value) -> Vec<String> {
        let said = audit(config);
        assert!(said.findings.iter().all(|finding| finding.severity == Severity::Warn));
        said.findings
            .iter()
            .map(|finding| finding.detail.rsplit_once(": ").expect("label: effect").0.to_owned())
            .collect()
    }

    #[test]
    fn an_empty_config_has_no_flags() {
        assert!(labels(json!({})).is_empty());
        assert!(labels(json!({"mcp": {"apps": {"enabled": true}}})).is_empty());
    }

    #[test]
    fn every_flag_is_a_separate_finding_in_order() {
        let docker = json!({"sandbox": {"docker": {
            "dangerouslyAllowContainerNamespaceJoin": true,
            "dangerouslyAllowExternalBindSources": true,
            "dangerouslyAllowReservedContainerTargets": true
        }}});
        let found = labels(json!({
            "plugins": {"entries": {"acpx": {"enabled": false, "config": {"permissionMode": "approve-all"}}}},
            "agents": {"entries": {"ops": docker}, "defaults": docker},
            "tools": {"fs": {"workspaceOnly": false}, "exec": {"applyPatch": {"workspaceOnly": false}}},
            "browser": {"ssrfPolicy": {"dangerouslyAllowPrivateNetwork": true}},
            "security": {"audit": {"suppressions": [{}, {}]}},
            "hooks": {
                "allowRequestSessionKey": true,
                "mappings": [{}, {"allowUnsafeExternalContent": true}],
                "gmail": {"allowUnsafeExternalContent": true}
            },
            "gateway": {"controlUi": {
                "allowInsecureAuth": true,
                "dangerouslyAllowHostHeaderOriginFallback": true,
                "dangerouslyDisableDeviceAuth": true
            }}
        }));
        assert_eq!(
            found,
            [
                "gateway.controlUi.allowInsecureAuth=true",
                "gateway.controlUi.dangerouslyAllowHostHeaderOriginFallback=true",
                "gateway.controlUi.dangerouslyDisableDeviceAuth=true",
                "hooks.gmail.allowUnsafeExternalContent=true",
                "hooks.mappings[1].allowUnsafeExternalContent=true",
                "tools.exec.applyPatch.workspaceOnly=false",
                "security.audit.suppressions configured (2)",
                "hooks.allowRequestSessionKey=true",
                "browser.ssrfPolicy.dangerouslyAllowPrivateNetwork=true",
                "tools.fs.workspaceOnly=false",
                "agents.defaults.sandbox.docker.dangerouslyAllowReservedContainerTargets=true",
                "agents.defaults.sandbox.docker.dangerouslyAllowExternalBindSources=true",
                "agents.defaults.sandbox.docker.dangerouslyAllowContainerNamespaceJoin=true",
                "agents.entries.ops.sandbox.docker.dangerouslyAllowReservedContainerTargets=true",
                "agents.entries.ops.sandbox.docker.dangerouslyAllowExternalBindSources=true",
                "agents.entries.ops.sandbox.docker.dangerouslyAllowContainerNamespaceJoin=true",
                "plugins.entries.acpx.config.permissionMode=approve-all",
            ]
        );
    }

    #[test]
    fn only_the_exact_boolean_counts() {
        for config in [
            json!({"gateway": {"controlUi": {"allowInsecureAuth": "true"}}}),
            json!({"gateway": {"controlUi": {"allowInsecureAuth": 1}}}),
            json!({"tools": {"exec": {"applyPatch": {"workspaceOnly": 0}}}}),
            json!({"tools": {"exec": {"applyPatch": {"workspaceOnly": true}}}}),
            json!({"tools": {"fs": {"workspaceOnly": null}}}),
            json!({"hooks": {"mappings": {"0": {"allowUnsafeExternalContent": true}}}}),
            json!({"hooks": {"mappings": [null, "x", {"allowUnsafeExternalContent": "true"}]}}),
            json!({"security": {"audit": {"suppressions": []}}}),
            json!({"security": {"audit": {"suppressions": "abc"}}}),
            json!({"agents": {"defaults": {"sandbox": {"docker": [true]}}}}),
            json!({"gateway": true, "hooks": 1, "tools": [], "agents": null, "plugins": "x"}),
        ] {
            assert!(labels(config.clone()).is_empty(), "{config}");
        }
    }

    #[test]
    fn hooks_need_not_be_enabled() {
        let config = json!({"hooks": {"enabled": false, "allowRequestSessionKey": true}});
        assert_eq!(labels(config), ["hooks.allowRequestSessionKey=true"]);
    }

    #[test]
    fn a_listed_agent_is_named_by_its_id_or_its_index() {
        let docker = json!({"docker": {"dangerouslyAllowExternalBindSources": true}});
        let found = labels(json!({"agents": {"list": [
            "x", {"id": "ops", "sandbox": docker}, {"sandbox": docker}
        ]}}));
        let key = "sandbox.docker.dangerouslyAllowExternalBindSources=true";
        assert_eq!(found, [format!("agents.entries.ops.{key}"), format!("agents.list.2.{key}")]);
    }

    #[test]
    fn a_finding_is_at_its_value() {
        let said = audit(json!({
            "hooks": {"mappings": [{}, {"allowUnsafeExternalContent": true}]},
            "plugins": {"entries": {"imap": {"config": {"accounts": {
                "a": {"senderAuth": {"min": "mutable"}}
            }}}}}
        }));
        let places: Vec<&Location> =
            said.findings.iter().flat_map(|finding| &finding.locations).collect();
        assert_eq!(
            places,
            [
                &Location::Config("/hooks/mappings/1/allowUnsafeExternalContent".to_owned()),
                &Location::Config(
                    "/plugins/entries/imap/config/accounts/a/senderAuth/min".to_owned()
                ),
            ]
        );
    }

    #[test]
    fn known_plugins_need_not_be_installed() {
        let found = labels(json!({"plugins": {"entries": {
            "imap": {"config": {"accounts": {
                "a": {"senderAuth": {"acceptTrustedAuthservId": true, "min": "unverified"}},
                "b": {"senderAuth": {"acceptTrustedAuthservId": "true", "min": "mutable"}},
                "c": {"senderAuth": {"min": "verified"}}
            }}},
            "acpx": {"config": {"permissionMode": "approve-reads"}}
        }}}));
        assert_eq!(
            found,
            [
                "plugins.entries.imap.config.accounts.a.senderAuth.acceptTrustedAuthservId=true",
                "plugins.entries.imap.config.accounts.a.senderAuth.min=unverified",
                "plugins.entries.imap.config.accounts.b.senderAuth.min=mutable",
            ]
        );
    }

    fn manifest(path: &str) -> Content {
        Content::Text(
            json!({"id": "mine", "configContracts": {"dangerousFlags": [
                {"path": path, "equals": true}, {"path": path, "equals": true}
            ]}})
            .to_string(),
        )
    }

    #[test]
    fn an_installed_plugin_adds_its_own_flags_once() {
        let said = run(FakeHost::with_config(json!({"plugins": {"entries": {
            "mine": {"config": {"rooms": [{"open": true}]}}
        }}}))
        .content("extensions", "mine/openclaw.plugin.json", manifest("rooms.*.open")));
        assert_eq!(said.findings.len(), 1);
        assert!(
            said.detail(rule::INSECURE_OR_DANGEROUS_FLAGS.id)
                .starts_with("plugins.entries.mine.config.rooms[0].open=true: ")
        );
    }

    #[test]
    fn a_plugin_that_cannot_be_read_affects_no_other_flag() {
        let said = run(FakeHost::with_config(json!({"tools": {"fs": {"workspaceOnly": false}}}))
            .content("extensions", "huge/openclaw.plugin.json", Content::TooLarge));
        assert_eq!(said.ids(), [rule::INSECURE_OR_DANGEROUS_FLAGS.id]);
        assert_eq!(said.not_run.len(), 1);
        assert!(said.not_run[0].1.contains("huge/openclaw.plugin.json"));
    }
}

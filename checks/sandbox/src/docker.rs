//! Docker settings that weaken the sandbox, and those without effect because the sandbox is off.

use chitin_openclaw::roster::Roster;
use chitin_openclaw::sandbox::Sandbox;
use chitin_sdk::{Host, Outcome, Rule, text};

use crate::blocks::{Block, docker};
use crate::rule;

/// How many blocks a finding names.
const SHOWN: usize = 20;

pub(crate) fn mode_off(host: &dyn Host) -> Outcome {
    let agents = host.effective("/agents")?;
    let roster = Roster::of(&agents.root());
    let no_sandbox_anywhere = Sandbox::of_defaults(&roster).is_off()
        && roster.agents().all(|agent| Sandbox::of_agent(&roster, agent.id()).is_off());
    let without_effect = |block: &Block<'_>| match block.agent {
        None => no_sandbox_anywhere,
        Some(id) => Sandbox::of_agent(&roster, id).is_off(),
    };
    let idle: Vec<Block<'_>> = docker(&roster)
        .into_iter()
        .filter(|block| block.is_configured() && without_effect(block))
        .collect();
    if idle.is_empty() {
        return Ok(());
    }
    let paths: Vec<&str> = idle.iter().map(|block| block.label.as_str()).collect();
    idle.iter()
        .take(SHOWN)
        .fold(rule::DOCKER_CONFIG_MODE_OFF.finding(), |finding, block| {
            finding.at(&block.node)
        })
        .detail(format!(
            "These docker settings do nothing until a sandbox mode is set:\n{}",
            text::bullets(&paths, SHOWN)
        ))
        .remediation(
            "Set agents.defaults.sandbox.mode (or the agent's own sandbox.mode) to \"non-main\" or \"all\", \
             or remove the settings.",
        )
        .report(host);
    Ok(())
}

pub(crate) fn network(host: &dyn Host) -> Outcome {
    let agents = host.effective("/agents")?;
    for block in docker(&Roster::of(&agents.root())) {
        let node = block.node.get("network");
        let Some(written) = node.as_str() else { continue };
        let path = format!("{}.network", block.label);
        let mode = text::trim(written).to_lowercase();
        let meaning = if mode == "host" {
            format!(
                "{path}=\"host\" puts the container into the host's network: nothing is isolated."
            )
        } else if mode.starts_with("container:") {
            format!(
                "{path}=\"{written}\" joins the network namespace of another container and with it everything \
                 that this container can reach."
            )
        } else {
            continue;
        };
        rule::DANGEROUS_NETWORK_MODE
            .finding()
            .detail(meaning)
            .remediation(format!(
                "Set {path} to \"bridge\", \"none\" or the name of a separate bridge network. \
                 dangerouslyAllowContainerNamespaceJoin=true beside it is a break-glass switch, not a fix."
            ))
            .at(&node)
            .report(host);
    }
    Ok(())
}

/// A kernel protection that docker applies by default.
struct Protection {
    rule: Rule,
    key: &'static str,
    loss: &'static str,
    instead: &'static str,
}

pub(crate) fn seccomp(host: &dyn Host) -> Outcome {
    unconfined(
        host,
        &Protection {
            rule: rule::DANGEROUS_SECCOMP_PROFILE,
            key: "seccompProfile",
            loss: "lets the container make every system call",
            instead: "the path of a seccomp profile",
        },
    )
}

pub(crate) fn apparmor(host: &dyn Host) -> Outcome {
    unconfined(
        host,
        &Protection {
            rule: rule::DANGEROUS_APPARMOR_PROFILE,
            key: "apparmorProfile",
            loss: "removes AppArmor's restrictions from the container",
            instead: "the name of an AppArmor profile",
        },
    )
}

fn unconfined(host: &dyn Host, protection: &Protection) -> Outcome {
    let agents = host.effective("/agents")?;
    for block in docker(&Roster::of(&agents.root())) {
        let node = block.node.get(protection.key);
        if node.as_str().is_none_or(|text| text::trim(text).to_lowercase() != "unconfined") {
            continue;
        }
        let path = format!("{}.{}", block.label, protection.key);
        protection
            .rule
            .finding()
            .detail(format!("{path}=\"unconfined\" {}.", protection.loss))
            .remediation(format!("Remove {path}, or set it to {}.", protection.instead))
            .at(&node)
            .report(host);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chitin_sdk::Location;
    use chitin_sdk::fake::{FakeHost, Said};
    use serde_json::{Value, json};

    use crate::GROUPS;

    const MODE_OFF: &str = "sandbox.docker_config_mode_off";
    const NETWORK: &str = "sandbox.dangerous_network_mode";

    fn said(agents: &Value) -> Said {
        FakeHost::with_config(json!({"agents": agents})).run(GROUPS)
    }

    fn with_docker(docker: &Value) -> Said {
        said(&json!({"defaults": {"sandbox": {"docker": docker}}}))
    }

    #[test]
    fn docker_settings_without_a_sandbox_have_no_effect() {
        let idle = with_docker(&json!({"image": "x"}));
        assert_eq!(idle.ids(), [MODE_OFF]);
        assert!(idle.detail(MODE_OFF).ends_with("\n- agents.defaults.sandbox.docker"));
        assert_eq!(
            idle.findings[0].locations,
            [Location::Config("/agents/defaults/sandbox/docker".to_owned())]
        );
        for docker in [json!({"network": null}), json!(["x"])] {
            assert_eq!(with_docker(&docker).ids(), [MODE_OFF]);
        }
        for docker in [json!({}), json!([]), json!("image"), json!(null)] {
            assert!(with_docker(&docker).findings.is_empty());
        }
    }

    #[test]
    fn the_defaults_have_an_effect_with_any_sandbox() {
        let docker = json!({"image": "x"});
        let on = json!({"defaults": {"sandbox": {"mode": "all", "docker": docker}}});
        assert!(said(&on).findings.is_empty());
        let one_agent = json!({
            "defaults": {"sandbox": {"mode": "off", "docker": docker}},
            "list": [{"id": "ops", "sandbox": {"mode": "all"}}],
        });
        assert!(said(&one_agent).findings.is_empty());
    }

    #[test]
    fn an_agent_s_own_mode_decides_whether_its_settings_have_an_effect() {
        let docker = json!({"image": "x"});
        let own_off = json!({
            "defaults": {"sandbox": {"mode": "all"}},
            "entries": {"a": {"sandbox": {"mode": "off", "docker": docker}}, "b": {"sandbox": {"docker": docker}}},
        });
        let found = said(&own_off);
        assert!(found.detail(MODE_OFF).ends_with(":\n- agents.entries.a.sandbox.docker"));
        let both = said(&json!({
            "defaults": {"sandbox": {"docker": docker}},
            "entries": {"a": {"sandbox": {"docker": docker}}},
        }));
        assert_eq!(both.ids(), [MODE_OFF]);
        assert!(
            both.detail(MODE_OFF)
                .ends_with("\n- agents.defaults.sandbox.docker\n- agents.entries.a.sandbox.docker")
        );
    }

    #[test]
    fn shared_networks() {
        for network in ["host", " HOST ", "container:abc", "Container:x"] {
            let found = with_docker(&json!({"network": network}));
            assert_eq!(found.of(NETWORK).len(), 1, "{network}");
        }
        let joined = with_docker(&json!({
            "network": " container:Abc ",
            "dangerouslyAllowContainerNamespaceJoin": true,
        }));
        assert!(joined.detail(NETWORK).contains("network=\" container:Abc \""));
        for network in
            [json!("bridge"), json!("none"), json!("mynet"), json!("host-net"), json!(["host"])]
        {
            assert!(with_docker(&json!({"network": network})).of(NETWORK).is_empty(), "{network}");
        }
        let browser = json!({"defaults": {"sandbox": {"browser": {"network": "host"}}}});
        assert!(said(&browser).of(NETWORK).is_empty());
    }

    #[test]
    fn every_block_is_reported_where_it_is() {
        let found = said(&json!({
            "defaults": {"sandbox": {"mode": "all", "docker": {"network": "host"}}},
            "entries": {"a": {"sandbox": {"docker": {"network": "host"}}}, "b": "c"},
        }));
        let details: Vec<&str> = found.of(NETWORK).iter().map(|one| one.detail.as_str()).collect();
        assert_eq!(details.len(), 2);
        assert!(details[0].starts_with("agents.defaults.sandbox.docker.network="));
        assert!(details[1].starts_with("agents.entries.a.sandbox.docker.network="));
    }

    #[test]
    fn unconfined_profiles() {
        for (key, rule) in [
            ("seccompProfile", "sandbox.dangerous_seccomp_profile"),
            ("apparmorProfile", "sandbox.dangerous_apparmor_profile"),
        ] {
            for value in [json!("unconfined"), json!("Unconfined ")] {
                assert_eq!(with_docker(&json!({key: value})).of(rule).len(), 1, "{value}");
            }
            for value in [json!("/path/p.json"), json!(true), json!(null), json!("")] {
                assert!(with_docker(&json!({key: value})).of(rule).is_empty(), "{value}");
            }
        }
        let options = with_docker(&json!({"securityOpt": ["seccomp=unconfined"]}));
        assert_eq!(options.ids(), [MODE_OFF]);
    }

    #[test]
    fn without_a_config_no_rule_is_passed() {
        let said = FakeHost::with_config(json!({})).without_config("no").run(GROUPS);
        assert_eq!(said.not_run.len(), 8);
    }
}

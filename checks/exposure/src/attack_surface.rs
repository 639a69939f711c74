//! `summary.attack_surface`: what is turned on, in six lines that scripts read. Nothing here is a problem by itself.

use chitin_openclaw::plugins;
use chitin_sdk::{Host, InstallKind, Node, Outcome, Refusal};

use crate::rule;

const TRUST_MODEL: &str = "trust model: personal assistant (one trusted operator boundary), not hostile multi-tenant on \
     one shared gateway. For several users or organizations, run one isolated gateway per tenant: \
     https://docs.openclaw.ai/gateway/multi-tenant-hosting";

pub(crate) fn summary(host: &dyn Host) -> Outcome {
    let channels = host.effective("/channels")?;
    let elevated = host.effective("/tools/elevated/enabled")?;
    let webhooks = host.effective("/hooks/enabled")?;
    let internal_hooks = internal_hooks_enabled(host)?;
    let (browser, plugins) = (host.effective("/browser")?, host.effective("/plugins")?);
    let lines = [
        groups(&channels.root()),
        format!("tools.elevated: {}", switch(!elevated.root().is_false())),
        format!("hooks.webhooks: {}", switch(webhooks.root().is_true())),
        format!("hooks.internal: {}", switch(internal_hooks)),
        format!(
            "browser control: {}",
            switch(plugins::browser_enabled(&browser.root(), &plugins.root()))
        ),
        TRUST_MODEL.to_owned(),
    ];
    rule::SUMMARY_ATTACK_SURFACE.finding().detail(lines.join("\n")).report(host);
    Ok(())
}

fn groups(channels: &Node<'_>) -> String {
    let sections = channels.members();
    let having = |policy: &str| {
        sections.iter().filter(|(_, section)| section.get("groupPolicy").is(policy)).count()
    };
    format!("groups: open={}, allowlist={}", having("open"), having("allowlist"))
}

fn switch(on: bool) -> &'static str {
    if on { "enabled" } else { "disabled" }
}

/// Internal hooks run when they are turned on. Unless they are turned off, they also run when the config or an
/// installation provides one.
fn internal_hooks_enabled(host: &dyn Host) -> Result<bool, Refusal> {
    let internal = host.effective("/hooks/internal")?;
    let switch = internal.at(["enabled"]);
    if switch.is_true() || switch.is_false() {
        return Ok(switch.is_true());
    }
    let has_entry = internal
        .at(["entries"])
        .members()
        .iter()
        .any(|(_, entry)| !entry.get("enabled").is_false());
    let has_directory = !internal.at(["load", "extraDirs"]).strings().is_empty();
    Ok(has_entry || has_directory || has_installed_hook(host))
}

/// Without an answer the summary is based on the config alone: five lines of six are better than none.
fn has_installed_hook(host: &dyn Host) -> bool {
    host.install_records(InstallKind::Hook).is_ok_and(|found| !found.records.is_empty())
}

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::{FakeHost, Said};
    use chitin_sdk::{InstallIndex, InstallRecord, Severity, Value};
    use serde_json::json;

    use super::*;
    use crate::GROUPS;

    const RULE: &str = "summary.attack_surface";

    fn lines(host: FakeHost) -> Vec<String> {
        let said = host.run(GROUPS);
        assert_eq!(said.severity(RULE), Some(Severity::Info));
        said.detail(RULE).lines().map(str::to_owned).collect()
    }

    fn line(config: Value, number: usize) -> String {
        lines(FakeHost::with_config(config)).swap_remove(number - 1)
    }

    fn one_hook() -> InstallIndex {
        let record = InstallRecord { id: "pack".into(), ..InstallRecord::default() };
        InstallIndex { records: vec![record], unreadable: Vec::new() }
    }

    #[test]
    fn an_empty_config_has_six_lines() {
        let lines = lines(FakeHost::with_config(json!({})));
        assert_eq!(
            lines[..5],
            [
                "groups: open=0, allowlist=0",
                "tools.elevated: enabled",
                "hooks.webhooks: disabled",
                "hooks.internal: disabled",
                "browser control: enabled",
            ]
        );
        assert!(lines[5].starts_with("trust model: personal assistant"));
        assert_eq!(lines.len(), 6);
    }

    #[test]
    fn it_is_reported_once_without_remediation() {
        let said = FakeHost::with_config(json!({})).run(GROUPS);
        assert_eq!(said.ids(), [RULE]);
        assert_eq!(said.findings[0].remediation, None);
    }

    #[test]
    fn groups_are_counted_by_section() {
        let channels = json!({"telegram": {"groupPolicy": "open"}, "slack": {"groupPolicy": "allowlist"}, "x": {}});
        assert_eq!(line(json!({"channels": channels}), 1), "groups: open=1, allowlist=1");
        let accounts = json!({"telegram": {"accounts": {"a": {"groupPolicy": "open"}}}});
        assert_eq!(line(json!({"channels": accounts}), 1), "groups: open=0, allowlist=0");
        let others = json!({
            "defaults": {"groupPolicy": "open"},
            "irc": {"enabled": false, "groupPolicy": "open"},
            "line": {"groupPolicy": "Open"},
            "sms": "open",
        });
        assert_eq!(line(json!({"channels": others}), 1), "groups: open=2, allowlist=0");
    }

    #[test]
    fn only_false_disables_elevated_tools_and_only_true_enables_webhooks() {
        for (value, elevated, webhooks) in [
            (json!(true), "enabled", "enabled"),
            (json!(false), "disabled", "disabled"),
            (json!("true"), "enabled", "disabled"),
            (json!(null), "enabled", "disabled"),
        ] {
            let config =
                json!({"tools": {"elevated": {"enabled": value}}, "hooks": {"enabled": value}});
            assert_eq!(line(config.clone(), 2), format!("tools.elevated: {elevated}"), "{value}");
            assert_eq!(line(config, 3), format!("hooks.webhooks: {webhooks}"), "{value}");
        }
    }

    #[test]
    fn internal_hooks_are_on_when_something_provides_one() {
        for (internal, expected) in [
            (json!({"enabled": true}), "enabled"),
            (json!({"enabled": false, "entries": {"x": {}}}), "disabled"),
            (json!({"entries": {"x": {}}}), "enabled"),
            (json!({"entries": {"x": {"enabled": "false"}}}), "enabled"),
            (json!({"entries": {"x": {"enabled": false}}}), "disabled"),
            (json!({"entries": {"x": {"enabled": false}, "y": null}}), "enabled"),
            (json!({"load": {"extraDirs": ["", " "]}}), "disabled"),
            (json!({"load": {"extraDirs": ["/hooks"]}}), "enabled"),
            (json!({"load": {"extraDirs": "/hooks"}}), "disabled"),
            (json!({}), "disabled"),
        ] {
            let config = json!({"hooks": {"internal": internal}});
            assert_eq!(line(config, 4), format!("hooks.internal: {expected}"), "{internal}");
        }
    }

    #[test]
    fn an_installed_hook_turns_internal_hooks_on() {
        let host =
            |config: Value| FakeHost::with_config(config).installs(InstallKind::Hook, one_hook());
        assert_eq!(lines(host(json!({})))[3], "hooks.internal: enabled");
        let off = json!({"hooks": {"internal": {"enabled": false}}});
        assert_eq!(lines(host(off))[3], "hooks.internal: disabled");
        assert_eq!(
            lines(host(json!({})).without_fact("install-records"))[3],
            "hooks.internal: disabled"
        );
    }

    #[test]
    fn the_browser_can_be_turned_off_in_several_places() {
        for (config, expected) in [
            (json!({"browser": {"enabled": false}}), "disabled"),
            (json!({"browser": {"enabled": true}, "plugins": {"allow": ["openai"]}}), "disabled"),
            (json!({"plugins": {"allow": ["Browser"]}}), "enabled"),
            (json!({"plugins": {"allow": ["browser"], "deny": ["BROWSER"]}}), "disabled"),
            (json!({"plugins": {"enabled": false}}), "disabled"),
            (json!({"plugins": {"entries": {"browser": {"enabled": false}}}}), "disabled"),
        ] {
            assert_eq!(line(config.clone(), 5), format!("browser control: {expected}"), "{config}");
        }
    }

    #[test]
    fn without_a_config_it_is_not_run() {
        let said: Said = FakeHost::with_config(json!({})).without_config("broken").run(GROUPS);
        assert!(said.findings.is_empty());
        assert!(said.not_run.iter().any(|(rule, reason)| rule == RULE && reason == "broken"));
    }
}

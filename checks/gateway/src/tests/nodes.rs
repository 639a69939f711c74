use chitin_sdk::Severity;

use super::*;

const ALLOW: &str = "gateway.nodes.allow_commands_dangerous";
const DENY: &str = "gateway.nodes.deny_commands_ineffective";

fn nodes(nodes: Value) -> Said {
    audit(json!({"gateway": {"nodes": nodes}}))
}

#[test]
fn a_dangerous_command_that_is_not_denied_again_is_reported() {
    assert_eq!(
        nodes(json!({"allowCommands": ["camera.snap"]})).severity(ALLOW),
        Some(Severity::Warn)
    );
    assert_eq!(
        nodes(json!({"commands": {"allow": [" sms.send "]}})).severity(ALLOW),
        Some(Severity::Warn)
    );
    for quiet in [
        json!({"allowCommands": ["camera.snap"], "denyCommands": [" camera.snap "]}),
        json!({"allowCommands": ["camera.snap"], "commands": {"deny": ["camera.snap"]}}),
        json!({"allowCommands": ["camera.*", "Camera.Snap", "system.run", 1]}),
        json!({"allowCommands": "camera.snap"}),
    ] {
        assert!(nodes(quiet).of(ALLOW).is_empty());
    }
}

#[test]
fn exposure_makes_dangerous_commands_critical() {
    for gateway in [
        json!({"bind": "lan", "nodes": {"allowCommands": ["camera.snap"]}}),
        json!({"tailscale": {"mode": "serve"}, "nodes": {"allowCommands": ["camera.snap"]}}),
    ] {
        assert_eq!(audit(json!({"gateway": gateway})).severity(ALLOW), Some(Severity::Critical));
    }
}

#[test]
fn hits_come_in_list_order_and_name_the_spelling_found() {
    let old = nodes(json!({"allowCommands": ["screen.record", "camera.snap"]}));
    assert!(
        old.detail(ALLOW)
            .starts_with("gateway.nodes.allowCommands includes camera.snap, screen.record.")
    );
    let both = nodes(
        json!({"allowCommands": ["sms.send"], "commands": {"allow": ["sms.send", "camera.clip"]}}),
    );
    let expected = "gateway.nodes.allowCommands and gateway.nodes.commands.allow includes camera.clip, sms.send.";
    assert!(both.detail(ALLOW).starts_with(expected), "{}", both.detail(ALLOW));
    assert_eq!(both.of(ALLOW)[0].locations.len(), 2);
}

#[test]
fn a_denial_that_names_no_command_is_reported() {
    for (entry, expected) in [
        ("system.*", "matches nothing: system.*"),
        ("rm -rf", "matches nothing: rm -rf"),
        ("group:runtime", "matches nothing: group:runtime"),
        ("/bin/sh", "matches nothing: /bin/sh"),
        ("^system", "matches nothing: ^system"),
        ("system.run$", "matches nothing: system.run$"),
        ("system.runn", "system.runn (did you mean: system.run)"),
        ("system.run.prep", "system.run.prep (did you mean: system.run.prepare, system.run)"),
        ("foo", "No command of that name: foo"),
        ("canvas.eval", "No command of that name: canvas.eval"),
        ("Camera.Snap", "No command of that name: Camera.Snap (did you mean: camera.snap"),
    ] {
        let said = nodes(json!({"denyCommands": [entry]}));
        assert_eq!(said.severity(DENY), Some(Severity::Warn), "{entry}");
        assert!(said.detail(DENY).contains(expected), "{}", said.detail(DENY));
    }
}

#[test]
fn a_denial_of_a_known_command_is_fine() {
    for quiet in [
        json!({"denyCommands": ["system.run"]}),
        json!({"commands": {"deny": ["camera.snap", " health.summary "]}}),
        json!({"denyCommands": [""]}),
        json!({"denyCommands": []}),
        json!({"denyCommands": [1, null]}),
        json!({"denyCommands": ["my.own"], "allowCommands": ["my.own"]}),
    ] {
        assert!(nodes(quiet.clone()).of(DENY).is_empty(), "{quiet}");
    }
}

#[test]
fn patterns_and_unknown_names_have_a_line_each() {
    let said = nodes(json!({"denyCommands": ["a*", "foo", "b*"]}));
    let lines: Vec<&str> = said.detail(DENY).lines().skip(1).collect();
    assert_eq!(
        lines,
        ["- Looks like a pattern and matches nothing: a*, b*", "- No command of that name: foo"]
    );
}

#[test]
fn app_listing_is_not_a_command_without_app_recommendations() {
    let config = |wizard: Value| json!({"gateway": {"nodes": {"denyCommands": ["device.apps"]}}, "wizard": wizard});
    assert!(audit(config(json!({}))).of(DENY).is_empty());
    assert!(!audit(config(json!({"appRecommendations": false}))).of(DENY).is_empty());
}

#[test]
fn a_huge_list_makes_a_small_finding() {
    let entries: Vec<String> =
        (0..10_000).map(|number| format!("unknown-command-{number}")).collect();
    let said = nodes(json!({"denyCommands": entries}));
    assert!(said.detail(DENY).ends_with("…9980 more"));
    assert!(said.detail(DENY).len() < 2000);
}

#[test]
fn the_remediation_gives_the_first_known_names() {
    let said = nodes(json!({"denyCommands": ["foo"]}));
    let remediation = said.of(DENY)[0].remediation.clone().unwrap_or_default();
    let expected = "camera.list, location.get, device.info, device.status, contacts.search, calendar.events, \
                    reminders.list, photos.latest.";
    assert!(remediation.contains(expected), "{remediation}");
}

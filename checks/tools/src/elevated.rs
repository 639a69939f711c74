//! `tools.elevated.allowFrom`: who may run commands outside the sandbox and without approvals, by channel.

use chitin_sdk::{Finding, Host, Node, Outcome};

use crate::rule;

/// More entries than this are reported.
const LARGE: usize = 25;

/// The longest part of a rule id for a channel's key.
const LONGEST_KEY: usize = 64;

pub(crate) fn allow_from(host: &dyn Host) -> Outcome {
    let elevated = host.effective("/tools/elevated")?;
    if elevated.at(["enabled"]).is_false() {
        return Ok(());
    }
    for (channel, list) in elevated.at(["allowFrom"]).members() {
        let people = list.printed_items();
        if people.iter().any(|person| person == "*") {
            wildcard(channel, &list).report(host);
        } else if people.len() > LARGE {
            large(channel, &list, people.len()).report(host);
        }
    }
    Ok(())
}

fn wildcard(channel: &str, list: &Node<'_>) -> Finding {
    rule::ELEVATED_ALLOW_FROM_WILDCARD
        .finding([&in_rule_id(channel)])
        .detail(format!(
            "tools.elevated.allowFrom.{channel} contains \"*\", which approves everyone on that channel for elevated exec."
        ))
        .remediation(format!(
            "Remove \"*\" from tools.elevated.allowFrom.{channel} and list the ids of the people you trust."
        ))
        .at(list)
}

fn large(channel: &str, list: &Node<'_>, count: usize) -> Finding {
    rule::ELEVATED_ALLOW_FROM_LARGE
        .finding([&in_rule_id(channel)])
        .detail(format!(
            "tools.elevated.allowFrom.{channel} has {count} entries. Each of them can have commands run on the host."
        ))
        .remediation(format!(
            "Reduce tools.elevated.allowFrom.{channel} to the few people who need it."
        ))
        .at(list)
}

/// A key as a part of a rule id: unchanged, unless it is empty or has characters that channel names do not have.
fn in_rule_id(key: &str) -> String {
    let is_plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '@' | '+');
    let plain: String =
        key.chars().take(LONGEST_KEY).map(|c| if is_plain(c) { c } else { '_' }).collect();
    if plain.is_empty() { "_".to_owned() } else { plain }
}

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::{FakeHost, Said};
    use chitin_sdk::{Severity, Value};
    use serde_json::json;

    use super::*;
    use crate::GROUPS;

    fn said(elevated: &Value) -> Said {
        FakeHost::with_config(json!({"tools": {"elevated": elevated}})).run(GROUPS)
    }

    fn with_list(list: &Value) -> Said {
        said(&json!({"allowFrom": {"discord": list}}))
    }

    #[test]
    fn a_star_approves_anyone() {
        for list in [json!(["*"]), json!(["1", " * "])] {
            let said = with_list(&list);
            assert_eq!(said.ids(), ["tools.elevated.allowFrom.discord.wildcard"], "{list}");
            assert_eq!(said.findings[0].severity, Severity::Critical);
            assert!(
                said.findings[0].detail.starts_with("tools.elevated.allowFrom.discord contains")
            );
        }
        for list in [json!("*"), json!(["a*"]), json!({"0": "*"}), json!(null)] {
            assert!(with_list(&list).findings.is_empty(), "{list}");
        }
    }

    #[test]
    fn elevated_mode_is_on_unless_it_is_turned_off() {
        assert!(said(&json!({"enabled": false, "allowFrom": {"a": ["*"]}})).findings.is_empty());
        for enabled in [json!(true), json!("false"), json!(null)] {
            assert_eq!(
                said(&json!({"enabled": enabled, "allowFrom": {"a": ["*"]}})).ids().len(),
                1
            );
        }
        let agent = json!({"agents": {"entries": {"x": {"tools": {"elevated": {"allowFrom": {"a": ["*"]}}}}}}});
        assert!(FakeHost::with_config(agent).run(GROUPS).findings.is_empty());
    }

    #[test]
    fn each_channel_has_its_own_finding() {
        let said = said(&json!({"allowFrom": {"a": ["*"], "b": ["*"]}}));
        assert_eq!(
            said.ids(),
            ["tools.elevated.allowFrom.a.wildcard", "tools.elevated.allowFrom.b.wildcard"]
        );
    }

    #[test]
    fn more_than_25_entries_are_reported() {
        let people = |count: usize| json!(vec!["same"; count]);
        assert!(with_list(&people(25)).findings.is_empty());
        let crowd = with_list(&people(26));
        assert_eq!(crowd.ids(), ["tools.elevated.allowFrom.discord.large"]);
        assert!(crowd.findings[0].detail.contains("has 26 entries"));
        let numbers: Vec<u32> = (0..26).collect();
        assert_eq!(with_list(&json!(numbers)).ids(), ["tools.elevated.allowFrom.discord.large"]);
        assert!(with_list(&json!(vec![" "; 26])).findings.is_empty());
        let mut with_star = vec!["x"; 29];
        with_star.push("*");
        let ids = ["tools.elevated.allowFrom.discord.wildcard"];
        assert_eq!(with_list(&json!(with_star)).ids(), ids);
    }

    #[test]
    fn a_strange_key_makes_a_plain_rule_id() {
        let said = said(&json!({"allowFrom": {"a\nb c/é": ["*"]}}));
        assert_eq!(said.ids(), ["tools.elevated.allowFrom.a_b_c__.wildcard"]);
        assert_eq!(in_rule_id(&"x".repeat(1000)).len(), 64);
        assert_eq!(in_rule_id(""), "_");
    }
}

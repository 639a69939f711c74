//! `security.trust_model.group_scope_main`: rooms whose conversation goes into the agent's main session.

use chitin_sdk::{Host, Node, Outcome};

use crate::bindings::{self, Binding};
use crate::listing::{at_all, lines};
use crate::rule;

pub(crate) fn main_session(host: &dyn Host) -> Outcome {
    let (scope, bindings) = (host.effective("/session/groupScope")?, host.effective("/bindings")?);
    let all = bindings::of_routes(&bindings.root());
    let overriding: Vec<&Binding<'_>> = all
        .iter()
        .filter(|binding| own_scope(binding).is("main") && binding.is_effective(&all))
        .collect();

    let global = Some(scope.root()).filter(|scope| scope.is("main"));
    let described: Vec<String> = global
        .iter()
        .map(|_| {
            "session.groupScope=\"main\" (global: all group and channel rooms that no binding overrides)"
                .to_owned()
        })
        .chain(overriding.iter().map(|binding| line(binding)))
        .collect();
    if described.is_empty() {
        return Ok(());
    }

    let places: Vec<Node<'_>> =
        global.into_iter().chain(overriding.iter().map(|binding| own_scope(binding))).collect();
    let finding = rule::SECURITY_TRUST_MODEL_GROUP_SCOPE_MAIN
        .finding()
        .detail(format!(
            "These settings put the conversation of rooms into the main session of an agent:\n{}\nEvery member of such a room \
             works in the context of the main session, and their messages become part of it.",
            lines(&described)
        ))
        .remediation(
            "Set session.groupScope=\"per-group\" and remove the overrides of bindings. Keep \"main\" for rooms where you \
             trust every member: https://docs.openclaw.ai/channels/groups#session-keys",
        );
    at_all(finding, &places).report(host);
    Ok(())
}

fn own_scope<'t>(binding: &Binding<'t>) -> Node<'t> {
    binding.node().at(["session", "groupScope"])
}

fn line(binding: &Binding<'_>) -> String {
    format!(
        "bindings[].session.groupScope=\"main\": {} (agent={})",
        binding.described(),
        binding.node().get("agentId").trimmed().unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::{FakeHost, Said};
    use chitin_sdk::{Severity, Value};
    use serde_json::json;

    use crate::GROUPS;

    const RULE: &str = "security.trust_model.group_scope_main";

    fn said(config: Value) -> Said {
        FakeHost::with_config(config).run(GROUPS)
    }

    fn shared_lines(config: Value) -> usize {
        said(config).detail(RULE).lines().filter(|line| line.starts_with("- ")).count()
    }

    fn main_binding(rules: &Value) -> Value {
        json!({"agentId": "a", "match": rules, "session": {"groupScope": "main"}})
    }

    #[test]
    fn the_global_scope_is_compared_exactly() {
        let global = said(json!({"session": {"groupScope": "main"}}));
        assert_eq!(global.severity(RULE), Some(Severity::Warn));
        for scope in [json!("per-group"), json!("Main"), json!(true), json!(null)] {
            assert!(said(json!({"session": {"groupScope": scope}})).of(RULE).is_empty(), "{scope}");
        }
    }

    #[test]
    fn a_binding_that_is_selected_has_a_line() {
        let binding = main_binding(&json!({"channel": "telegram"}));
        assert_eq!(shared_lines(json!({"bindings": [binding]})), 1);
        assert_eq!(shared_lines(json!({"bindings": [binding, binding]})), 1);
        let said = said(json!({"bindings": [binding]}));
        assert!(said.detail(RULE).contains("groupScope=\"main\": telegram (agent=a)"));
    }

    #[test]
    fn a_binding_that_is_never_selected_has_none() {
        let direct =
            main_binding(&json!({"channel": "telegram", "peer": {"kind": "direct", "id": "1"}}));
        assert_eq!(shared_lines(json!({"bindings": [direct]})), 0);
        let shadow = json!({"agentId": "b", "match": {"channel": "telegram"}});
        let shadowed = main_binding(&json!({"channel": "telegram"}));
        assert_eq!(shared_lines(json!({"bindings": [shadow, shadowed]})), 0);
    }

    #[test]
    fn the_global_line_comes_first() {
        let config = json!({
            "session": {"groupScope": "main"},
            "bindings": [main_binding(&json!({"channel": "slack"})), {"agentId": "b", "match": {"channel": "irc"}}],
        });
        let said = said(config);
        let lines: Vec<&str> =
            said.detail(RULE).lines().filter(|line| line.starts_with("- ")).collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[0].starts_with("- session.groupScope=\"main\""));
        assert_eq!(said.of(RULE)[0].locations.len(), 2);
    }
}

//! Where the gateway listens, and how long its token is.

use chitin_sdk::{Group, Host, Outcome, Severity};

// Constants for the rules that module.toml declares: `rule::REACHABLE`, `rule::SHORT_TOKEN`.
chitin_sdk::rules!(mod rule);

/// The fewest characters that a token should have.
const LENGTH: u32 = 32;

/// Rules that are decided together. When the host refuses a question, only the rules of that group are not run.
pub const GROUPS: &[Group] = &[
    Group {
        rules: &[rule::REACHABLE.id],
        check: reachable,
    },
    Group {
        rules: &[rule::SHORT_TOKEN.id],
        check: short_token,
    },
];

chitin_sdk::export!(GROUPS);

fn reachable(host: &dyn Host) -> Outcome {
    let tree = host.effective("/gateway/bind")?;
    let bind = tree.root();
    // Without a value, OpenClaw listens on loopback.
    let Some(address) = bind.trimmed().filter(|address| *address != "loopback") else {
        return Ok(());
    };
    rule::REACHABLE
        .finding()
        .detail(format!("gateway.bind=\"{address}\""))
        .remediation("Set gateway.bind=\"loopback\".")
        .at(&bind)
        .report(host);
    Ok(())
}

fn short_token(host: &dyn Host) -> Outcome {
    let auth = host.effective("/gateway/auth")?;
    let token = auth.at(["token"]);
    // A check never sees a secret, only where it comes from and how long it is.
    let Some(seal) = token
        .seal()
        .filter(|seal| seal.has_value() && seal.length < LENGTH)
    else {
        return Ok(());
    };
    let severity = if seal.length < 8 {
        Severity::Critical
    } else {
        Severity::Warn
    };
    rule::SHORT_TOKEN
        .finding_at(severity)
        .detail(format!(
            "gateway.auth.token has {} characters, not {LENGTH}",
            seal.length
        ))
        .at(&token)
        .report(host);
    Ok(())
}

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::{FakeHost, secret};
    use serde_json::json;

    use super::*;

    #[test]
    fn loopback_is_not_reachable() {
        for config in [json!({}), json!({"gateway": {"bind": "loopback"}})] {
            assert!(
                FakeHost::with_config(config)
                    .run(GROUPS)
                    .findings
                    .is_empty()
            );
        }
    }

    #[test]
    fn anything_else_is() {
        let said = FakeHost::with_config(json!({"gateway": {"bind": "lan"}})).run(GROUPS);
        assert_eq!(said.ids(), [rule::REACHABLE.id]);
    }

    #[test]
    fn a_shorter_token_is_worse() {
        let severity = |token: &str| {
            let config = json!({"gateway": {"auth": {"token": secret(token)}}});
            FakeHost::with_config(config)
                .run(GROUPS)
                .severity(rule::SHORT_TOKEN.id)
        };
        assert_eq!(severity("only-7c"), Some(Severity::Critical));
        assert_eq!(severity("a-made-up-token"), Some(Severity::Warn));
        assert_eq!(severity(&"x".repeat(32)), None);
    }

    #[test]
    fn without_a_config_no_rule_is_decided() {
        let said = FakeHost::default()
            .without_config("it cannot be read")
            .run(GROUPS);
        assert_eq!(said.not_run.len(), 2);
    }
}

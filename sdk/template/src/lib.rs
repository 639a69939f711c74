//! Where the gateway listens, and how long its token is.

use chitin_sdk::{Finding, Group, Host, Outcome, Severity};

const REACHABLE: &str = "my-team.my-check.reachable";
const SHORT_TOKEN: &str = "my-team.my-check.short_token";

/// Characters that a token has at least.
const LENGTH: u32 = 32;

/// Rules that are decided together. A refused question costs the rules of its group, and no others.
pub const GROUPS: &[Group] = &[
    Group {
        rules: &[REACHABLE],
        check: reachable,
    },
    Group {
        rules: &[SHORT_TOKEN],
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
    Finding::new(
        REACHABLE,
        Severity::Warn,
        "The gateway can be reached from the network",
    )
    .detail(format!("gateway.bind=\"{address}\""))
    .remediation("Set gateway.bind=\"loopback\".")
    .at(&bind)
    .report(host);
    Ok(())
}

fn short_token(host: &dyn Host) -> Outcome {
    let auth = host.effective("/gateway/auth")?;
    let token = auth.at(["token"]);
    // A check never sees a secret: it sees where it comes from and how long it is.
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
    Finding::new(SHORT_TOKEN, severity, "The gateway's token is short")
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
        assert_eq!(said.ids(), [REACHABLE]);
    }

    #[test]
    fn the_shorter_the_worse() {
        let severity = |token: &str| {
            let config = json!({"gateway": {"auth": {"token": secret(token)}}});
            FakeHost::with_config(config)
                .run(GROUPS)
                .severity(SHORT_TOKEN)
        };
        assert_eq!(severity("only-7c"), Some(Severity::Critical));
        assert_eq!(severity("a-made-up-token"), Some(Severity::Warn));
        assert_eq!(severity(&"x".repeat(32)), None);
    }

    #[test]
    fn without_a_config_nothing_is_decided() {
        let said = FakeHost::default()
            .without_config("it cannot be read")
            .run(GROUPS);
        assert_eq!(said.not_run.len(), 2);
    }
}

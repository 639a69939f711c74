//! What the gateway writes into its logs. The permissions of the log file belong to the filesystem check.

use chitin_sdk::{FixLevel, Group, Host, Outcome, Value};

/// The rules of this module.
pub const GROUPS: &[Group] = &[Group { rules: &[rule::REDACT_OFF.id], check: redaction }];

chitin_sdk::export!(GROUPS);
chitin_sdk::rules!(mod rule);

fn redaction(host: &dyn Host) -> Outcome {
    let logging = host.effective("/logging")?;
    let redact = logging.at(["redactSensitive"]);
    if redact.is("off") {
        rule::REDACT_OFF.finding()
            .detail(
                "logging.redactSensitive=\"off\" lets secrets in tool calls reach logs and status output. \
                 Recent OpenClaw versions ignore the key and always redact.",
            )
            .remediation("Set logging.redactSensitive=\"tools\".")
            .at(&redact)
            .fix_value(&redact, Value::from("tools"), FixLevel::Safe)
            .report(host);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::FakeHost;
    use serde_json::json;

    use super::*;

    #[test]
    fn only_the_exact_word_turns_redaction_off() {
        let off = FakeHost::with_config(json!({"logging": {"redactSensitive": "off"}})).run(GROUPS);
        assert_eq!(off.ids(), ["logging.redact_off"]);
        for value in [json!("OFF"), json!("tools"), json!(false), json!(null)] {
            let said =
                FakeHost::with_config(json!({"logging": {"redactSensitive": value}})).run(GROUPS);
            assert!(said.findings.is_empty(), "{value}");
        }
        assert!(FakeHost::with_config(json!({})).run(GROUPS).findings.is_empty());
    }

    #[test]
    fn asks_for_the_value_to_be_replaced() {
        let said =
            FakeHost::with_config(json!({"logging": {"redactSensitive": "off"}})).run(GROUPS);
        assert_eq!(said.findings[0].fixes.len(), 1);
    }
}

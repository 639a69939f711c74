//! Plaintext secrets in the config. A value that refers to a secret elsewhere is not stored there.

use chitin_sdk::{Host, Node, Outcome, SecretSource};

use crate::rule;

pub(crate) fn gateway_password(host: &dyn Host) -> Outcome {
    let password = host.authored("/gateway/auth/password")?;
    let password = password.root();
    if is_plaintext(&password) {
        rule::SECRETS_GATEWAY_PASSWORD_IN_CONFIG.finding()
            .detail(
                "gateway.auth.password is plain text in the config file, so anyone who can read the file, \
                 a backup or a commit of it can log in to the gateway.",
            )
            .remediation(
                "Remove gateway.auth.password from the file and set OPENCLAW_GATEWAY_PASSWORD in the \
                 gateway's environment, or refer to it with \"${OPENCLAW_GATEWAY_PASSWORD}\".",
            )
            .at(&password)
            .report(host);
    }
    Ok(())
}

pub(crate) fn hooks_token(host: &dyn Host) -> Outcome {
    let enabled = host.effective("/hooks/enabled")?;
    if !enabled.root().is_true() {
        host.not_applicable(rule::SECRETS_HOOKS_TOKEN_IN_CONFIG.id, "hooks are not enabled");
        return Ok(());
    }
    let token = host.authored("/hooks/token")?;
    let token = token.root();
    if is_plaintext(&token) {
        rule::SECRETS_HOOKS_TOKEN_IN_CONFIG.finding()
            .detail(
                "hooks.token is plain text in the config file. Keep the file readable for its owner only and \
                 treat the token like any API secret.",
            )
            .at(&token)
            .report(host);
    }
    Ok(())
}

fn is_plaintext(node: &Node<'_>) -> bool {
    node.seal().is_some_and(|seal| seal.source == SecretSource::Literal && seal.has_value())
}

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::{
        FakeHost, Said, secret, secret_from_env, secret_from_unset_env, secret_ref,
    };
    use chitin_sdk::{Severity, Value};
    use serde_json::json;

    use super::*;
    use crate::GROUPS;

    fn password(value: &Value) -> Said {
        FakeHost::with_config(json!({"gateway": {"auth": {"password": value}}})).run(GROUPS)
    }

    fn hooks(hooks: &Value) -> Said {
        FakeHost::with_config(json!({"hooks": hooks})).run(GROUPS)
    }

    #[test]
    fn a_plaintext_password_fires_in_every_auth_mode() {
        assert_eq!(
            password(&secret("hunter2")).severity(rule::SECRETS_GATEWAY_PASSWORD_IN_CONFIG.id),
            Some(Severity::Warn)
        );
        let said = FakeHost::with_config(json!({
            "gateway": {"auth": {"mode": "token", "password": secret("p")}}
        }))
        .run(GROUPS);
        assert_eq!(said.ids(), [rule::SECRETS_GATEWAY_PASSWORD_IN_CONFIG.id]);
        assert!(said.findings[0].remediation.is_some());
    }

    #[test]
    fn a_password_from_elsewhere_is_not_stored_in_the_config() {
        for value in [
            secret_from_env("PW", "hunter2"),
            secret_from_unset_env("PW"),
            secret_ref(),
            secret("  "),
            json!(null),
            json!(7),
            json!({}),
        ] {
            assert!(password(&value).findings.is_empty(), "{value}");
        }
        assert!(FakeHost::with_config(json!({})).run(GROUPS).findings.is_empty());
    }

    #[test]
    fn a_plaintext_hooks_token_is_a_note_without_remediation() {
        let said = hooks(&json!({"enabled": true, "token": secret("plaintext-hooks-token")}));
        assert_eq!(said.severity(rule::SECRETS_HOOKS_TOKEN_IN_CONFIG.id), Some(Severity::Info));
        assert_eq!(said.findings[0].remediation, None);
    }

    #[test]
    fn the_hooks_token_counts_only_while_hooks_are_enabled() {
        for enabled in [json!(false), json!("true"), json!(1), json!(null)] {
            let said = hooks(&json!({"enabled": enabled, "token": secret("t")}));
            assert!(said.findings.is_empty(), "{enabled}");
            assert_eq!(said.not_applicable[0].0, rule::SECRETS_HOOKS_TOKEN_IN_CONFIG.id);
        }
        for token in [secret_from_env("T", "t"), secret_from_unset_env("T"), secret_ref()] {
            assert!(hooks(&json!({"enabled": true, "token": token})).findings.is_empty());
        }
    }
}

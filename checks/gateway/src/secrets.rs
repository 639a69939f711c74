//! How good the gateway's token and password are, and whether two of them contradict each other. Whether there is one
//! at all belongs to `authentication`.

use chitin_openclaw::auth::{CredentialKind, Mode, SHORTEST_SECRET, Sources};
use chitin_sdk::{Host, Outcome, Placeholder, Rule, Seal, SecretSource};

use crate::rule;

/// The service reads the config first, so there the two cannot disagree.
pub(crate) fn two_tokens(host: &dyn Host) -> Outcome {
    let variable = CredentialKind::Token.variable();
    let Some(environment) = host.environment(variable)? else {
        return Ok(());
    };
    let remote = host.effective("/gateway/mode")?.root().is("remote");
    if remote || host.gateway_service()? {
        return Ok(());
    }
    let auth = host.effective("/gateway/auth")?;
    let token = auth.at(["token"]);
    let by_token = matches!(Mode::explicit(&auth.root()), None | Some(Mode::Token | Mode::Unknown));
    if !by_token || !token.seal().is_some_and(|config| contradicts(&config, &environment)) {
        return Ok(());
    }
    rule::ENV_TOKEN_OVERRIDES_CONFIG
        .finding()
        .detail(format!(
            "{variable} is set, and gateway.auth.token is configured from a different source. Local clients and the \
             managed service prefer the config; clients that are pointed elsewhere by the environment use the variable, \
             so a stale value may authenticate where it should not."
        ))
        .remediation(format!(
            "Remove {variable} from the shell, from ~/.openclaw/.env and from the service's environment, or make the \
             config refer to it with gateway.auth.token=\"${{{variable}}}\"."
        ))
        .at(&token)
        .report(host);
    Ok(())
}

fn contradicts(config: &Seal, environment: &Seal) -> bool {
    if config.variable.as_deref() == Some(CredentialKind::Token.variable()) {
        return false;
    }
    // The value behind a reference may change at any time; OpenClaw does not compare it either.
    let is_reference = config.source == SecretSource::Reference || !config.resolved;
    is_reference || (config.has_value() && !config.same_value(environment))
}

pub(crate) fn token(host: &dyn Host) -> Outcome {
    check(host, CredentialKind::Token)
}

pub(crate) fn password(host: &dyn Host) -> Outcome {
    check(host, CredentialKind::Password)
}

fn check(host: &dyn Host, kind: CredentialKind) -> Outcome {
    let auth = Sources::read(host)?.in_effect();
    let mode = match kind {
        CredentialKind::Token => Mode::Token,
        CredentialKind::Password => Mode::Password,
    };
    if auth.mode() != mode {
        not_applicable(host, kind, "is not what the gateway's authentication mode asks for");
        return Ok(());
    }
    let Some(seal) = auth.credential(kind).judged() else {
        not_applicable(host, kind, "is not known in this run");
        return Ok(());
    };
    if let Some(placeholder) = seal.placeholder {
        report_placeholder(host, kind, placeholder)?;
    }
    if seal.placeholder.is_none() && seal.has_value() && seal.length < SHORTEST_SECRET {
        report_short(host, kind, seal.length)?;
    }
    Ok(())
}

fn not_applicable(host: &dyn Host, kind: CredentialKind, why: &str) {
    let word = kind.word();
    for rule in [placeholder_rule(kind), short_rule(kind)] {
        host.not_applicable(rule.id, &format!("A gateway {word} {why}."));
    }
}

fn placeholder_rule(kind: CredentialKind) -> Rule {
    match kind {
        CredentialKind::Token => rule::TOKEN_PLACEHOLDER_VALUE,
        CredentialKind::Password => rule::PASSWORD_PLACEHOLDER_VALUE,
    }
}

fn short_rule(kind: CredentialKind) -> Rule {
    match kind {
        CredentialKind::Token => rule::TOKEN_TOO_SHORT,
        CredentialKind::Password => rule::PASSWORD_TOO_SHORT,
    }
}

fn report_placeholder(host: &dyn Host, kind: CredentialKind, placeholder: Placeholder) -> Outcome {
    let auth = host.effective("/gateway/auth")?;
    let word = kind.word();
    let what = match placeholder {
        Placeholder::Blank => "is blank. The gateway refuses to start with such a value",
        Placeholder::Undefined => {
            "is the word \"undefined\". The gateway refuses to start with such a value"
        }
        Placeholder::NullWord => {
            "is the word \"null\". The gateway refuses to start with such a value"
        }
        Placeholder::Published => {
            "is a placeholder: an example from documentation, or what a template or a redaction left there. Anyone can guess it"
        }
    };
    let remediation = match kind {
        CredentialKind::Token => {
            "Run `openclaw doctor --fix --generate-gateway-token` for a token in the config, or rotate it at its \
             external source. Then restart the gateway."
                .to_owned()
        }
        CredentialKind::Password => format!(
            "Generate a real secret, for example with `openssl rand -hex 32`, and set it in gateway.auth.password, \
             {} or their external source. Then restart the gateway.",
            kind.variable()
        ),
    };
    placeholder_rule(kind)
        .finding()
        .detail(format!("The {word} that the gateway would use {what}."))
        .remediation(remediation)
        .at(&auth.at([word]))
        .report(host);
    Ok(())
}

fn report_short(host: &dyn Host, kind: CredentialKind, length: u32) -> Outcome {
    let auth = host.effective("/gateway/auth")?;
    let word = kind.word();
    short_rule(kind)
        .finding()
        .detail(format!("The gateway {word} is {length} chars; prefer a long random one."))
        .at(&auth.at([word]))
        .report(host);
    Ok(())
}

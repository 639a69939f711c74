use chitin_sdk::{GatewayClose, Location, ProbeResult};

use super::*;

const FAILED: &str = "gateway.probe_failed";
const UNAVAILABLE: &str = "gateway.probe_auth_secretref_unavailable";

fn probe(error: Option<&str>, warning: Option<&str>) -> ProbeResult {
    ProbeResult {
        url: "ws://127.0.0.1:18789".to_owned(),
        ok: error.is_none(),
        error: error.map(str::to_owned),
        close: error.map(|_| GatewayClose { code: 1008, reason: "unauthorized".to_owned() }),
        credential_warning: warning.map(str::to_owned),
    }
}

fn asked(probe: ProbeResult) -> Said {
    FakeHost::with_config(json!({"gateway": {"auth": {"token": secret(LONG)}}}))
        .probe(probe)
        .run(GROUPS)
}

#[test]
fn a_gateway_that_answers_is_not_reported() {
    let said = asked(probe(None, None));
    assert!(said.of(FAILED).is_empty() && said.of(UNAVAILABLE).is_empty());
}

#[test]
fn one_that_does_not_is_reported_with_the_reason() {
    let said = asked(probe(Some("gateway closed (1008): unauthorized"), None));
    assert_eq!(said.detail(FAILED), "gateway closed (1008): unauthorized");
    assert!(said.of(UNAVAILABLE).is_empty());
    let silent = ProbeResult { error: None, ok: false, ..probe(None, None) };
    assert_eq!(asked(silent).detail(FAILED), "gateway unreachable");
}

#[test]
fn an_unavailable_credential_is_reported_in_both_cases() {
    let warning = "gateway.auth.token SecretRef is unresolved";
    let said = asked(probe(None, Some(warning)));
    assert!(said.of(FAILED).is_empty());
    assert_eq!(said.detail(UNAVAILABLE), warning);
    let places = &said.of(UNAVAILABLE)[0].locations;
    assert_eq!(*places, [Location::Config("/gateway/auth/token".to_owned())]);
    let said = asked(probe(Some("timeout"), Some(warning)));
    assert_eq!((said.of(FAILED).len(), said.of(UNAVAILABLE).len()), (1, 1));
}

#[test]
fn without_deep_nothing_is_probed() {
    let said = audit(json!({}));
    assert!(said.of(FAILED).is_empty() && said.of(UNAVAILABLE).is_empty());
    let skipped: Vec<_> = said.skipped.iter().map(|(rule, _)| rule.as_str()).collect();
    assert_eq!(skipped, [FAILED, UNAVAILABLE]);
}

//! A gateway that is as it should be: what it is asked, with what, and what the report says.

use serde_json::{Value, json};

use super::gateway::Gateway;
use super::{Asked, FAILED, TOKEN, UNAVAILABLE, deep, machine};
use crate::place::Place;
use crate::runner::Run;

#[test]
fn answers_and_is_well() {
    let gateway = Gateway::honest(TOKEN);
    let asked = Asked::by(deep(&machine(gateway.port)));
    asked.assert_well();
    let url = format!("ws://127.0.0.1:{}", gateway.port);
    let expected = json!({"attempted": true, "url": url, "ok": true, "error": null, "close": null});
    assert_eq!(*asked.gateway(), expected);
    assert!(!asked.report.has(UNAVAILABLE));
    assert_eq!(asked.answer.stderr, "");
    asked.assert_silent_about(TOKEN);
    assert_eq!(gateway.connections(), 1);
}

#[test]
fn is_asked_as_openclaws_own_probe_asks() {
    let gateway = Gateway::honest(TOKEN);
    Asked::by(deep(&machine(gateway.port))).assert_well();
    let mut connect = gateway.connect();
    let instance = connect["client"]["instanceId"].take();
    assert_eq!(instance.as_str().unwrap().len(), 36, "{instance}");
    let expected = json!({
        "minProtocol": 3, "maxProtocol": 4,
        "client": {"id": "cli", "version": "dev", "platform": "linux", "mode": "probe", "instanceId": null},
        "caps": [], "role": "operator", "scopes": ["operator.read"], "auth": {"token": TOKEN},
    });
    assert_eq!(connect, expected);
    let messages = gateway.messages();
    let asked: Vec<(&str, Option<&Value>)> = messages[1..]
        .iter()
        .map(|message| (message["method"].as_str().unwrap(), message.get("params")))
        .collect();
    let none = json!({});
    assert_eq!(
        asked,
        [
            ("health", None),
            ("status", None),
            ("system-presence", None),
            ("config.get", Some(&none))
        ]
    );
    let ids: std::collections::BTreeSet<_> =
        messages.iter().map(|message| message["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 5);
    assert!(messages.iter().all(|message| message["type"] == "req"));
}

#[test]
fn is_left_alone_without_deep() {
    let gateway = Gateway::honest(TOKEN);
    let place = machine(gateway.port);
    let report = Run::audit_json(&place).go().json();
    assert_eq!(report.0.get("deep"), None);
    for rule in [FAILED, UNAVAILABLE] {
        assert_eq!(report.ledger(rule), ("skipped", "needs --deep"));
    }
    assert_eq!(gateway.connections(), 0);
}

#[test]
fn of_somebody_else_is_left_alone() {
    let gateway = Gateway::honest(TOKEN);
    let place = machine(gateway.port);
    let run = Run::new(&place, &["audit", "--json", "--deep", "--limit", "time=60000"])
        .arg(place.state())
        .env("OPENCLAW_GATEWAY_URL", format!("ws://127.0.0.1:{}", gateway.port));
    let answer = run.go();
    let report = answer.json();
    let reason = "the directory is not this machine's own gateway";
    let expected =
        json!({"attempted": false, "url": null, "ok": false, "error": reason, "close": null});
    assert_eq!(report.0["deep"]["gateway"], expected);
    assert!(!report.has(FAILED));
    assert_eq!(report.ledger(FAILED), ("skipped", reason));
    assert_eq!(gateway.connections(), 0);
}

#[test]
fn of_a_config_that_cannot_be_read_is_left_alone() {
    let gateway = Gateway::honest(TOKEN);
    let place = Place::with_config_text(format!("{{gateway: {{port: {}}}", gateway.port));
    let answer = deep(&place).go();
    assert_eq!(answer.exit, 3);
    let report = answer.json();
    assert_eq!(report.0["deep"]["gateway"]["attempted"], false);
    assert_eq!(report.ledger(FAILED).0, "not-run");
    assert_eq!(gateway.connections(), 0);
}

#[test]
fn does_not_know_the_token() {
    let gateway = Gateway::honest("another-token");
    let place = machine(gateway.port);
    let asked = Asked::by(deep(&place));
    assert_eq!(asked.error(), "unauthorized: gateway token mismatch");
    assert_eq!(asked.close(), (1008, "unauthorized: gateway token mismatch"));
    // A finding, and no gap in the audit.
    assert_eq!(asked.answer.exit, 0, "{:?}", asked.report.not_run());
    let text = Run::audit(&place).arg("--deep").env("PATH", "/nonexistent").go();
    assert_eq!(text.exit, 0);
    assert!(text.stdout.contains("gateway.probe_failed "), "{}", text.stdout);
    assert!(text.stdout.contains("\n  unauthorized: gateway token mismatch\n"), "{}", text.stdout);
    assert!(!text.stdout.contains("Run deeper"), "{}", text.stdout);
}

#[test]
fn is_not_there() {
    let gateway = Gateway::honest(TOKEN);
    let port = gateway.port;
    drop(gateway);
    let asked = Asked::by(deep(&machine(port)));
    // The port may have been given to another test's gateway meanwhile; then it is refused there.
    if asked.close().0 == 1006 {
        assert_eq!(asked.error(), format!("connect ECONNREFUSED 127.0.0.1:{port}"));
    }
    assert_eq!(asked.answer.exit, 0);
}

#[test]
fn findings_about_it_come_last() {
    let reference = json!({"source": "exec", "provider": "p", "id": "x"});
    let place = Place::with_config(&json!({
        "gateway": {"port": 1, "auth": {"mode": "token", "token": reference}},
        "channels": {"telegram": {"dmPolicy": "open"}},
        "security": {"audit": {"suppressions": [{"checkId": "logging.redact_off"}]}},
    }));
    let asked = Asked::by(deep(&place));
    let ids = asked.report.ids();
    let last = ids.split_at(ids.len() - 3).1;
    assert_eq!(last, [FAILED, UNAVAILABLE, "security.audit.suppressions.active"]);
}

#[test]
fn is_asked_with_the_credentials_of_the_command_line_alone() {
    for (option, name) in [("--token", "token"), ("--password", "password")] {
        let gateway = Gateway::honest("given-on-the-command-line");
        let place = machine(gateway.port);
        let asked = Asked::by(deep(&place).arg(option).arg(" given-on-the-command-line "));
        let expected = json!({name: "given-on-the-command-line"});
        assert_eq!(gateway.connect()["auth"], expected);
        assert_eq!(asked.gateway()["ok"], name == "token");
        asked.assert_silent_about("given-on-the-command-line");
        // What the config says about authentication is judged as before.
        let before = Run::audit_json(&place).env("PATH", "/nonexistent").go().json();
        let ids = asked.report.ids().into_iter().filter(|id| id != FAILED);
        assert_eq!(ids.collect::<Vec<_>>(), before.ids());
    }
}

#[test]
fn elsewhere_is_asked_at_the_url_of_the_environment() {
    let gateway = Gateway::honest(TOKEN);
    let url =
        format!(" ws://us%20er:pass-in-url@127.0.0.1:{}/a/b?x=1&api_key=key-in-url ", gateway.port);
    let asked = Asked::by(deep(&machine(1)).env("OPENCLAW_GATEWAY_URL", url));
    asked.assert_well();
    // `us er:pass-in-url` in base 64.
    let login = Some("Basic dXMgZXI6cGFzcy1pbi11cmw=".to_owned());
    assert_eq!(gateway.upgrades(), [("/a/b?x=1&api_key=key-in-url".to_owned(), login)]);
    let shown = format!("ws://[sealed]@127.0.0.1:{}/a/b?x=1&api_key=[sealed]", gateway.port);
    assert_eq!(asked.gateway()["url"], shown);
    for secret in ["pass-in-url", "us%20er", "us er", "key-in-url"] {
        asked.assert_silent_about(secret);
    }
}

#[test]
fn elsewhere_is_asked_with_what_is_meant_for_there() {
    let gateway = Gateway::honest("for-there");
    let place = Place::with_config(&json!({"gateway": {
        "mode": "remote",
        "remote": {"url": format!("ws://localhost:{}", gateway.port), "token": "for-there"},
        "auth": {"token": TOKEN, "password": "only-for-here"},
    }}));
    Asked::by(deep(&place)).assert_well();
    assert_eq!(gateway.connect()["auth"], json!({"token": "for-there"}));
}

#[test]
fn is_asked_without_credentials_where_a_reference_is_unresolved() {
    let reference = json!({"source": "exec", "provider": "p", "id": "x"});
    for token in [reference, json!("${NOT_SET_HERE}"), json!("$NOT_SET_HERE")] {
        let gateway = Gateway::honest(TOKEN);
        let place = Place::with_config(&json!({"gateway": {
            "port": gateway.port, "auth": {"mode": "token", "token": token, "password": "p"},
        }}));
        let asked = Asked::by(deep(&place));
        assert_eq!(gateway.connect().get("auth"), None);
        let warning = asked.report.texts(UNAVAILABLE, "detail");
        assert!(warning.starts_with("gateway.auth.token SecretRef is unresolved"), "{warning}");
        assert_eq!(asked.error(), format!("unauthorized: gateway token mismatch; {warning}"));
        let place_of = &asked.report.locations(UNAVAILABLE)[0];
        assert_eq!(place_of["pointer"], "/gateway/auth/token");
        // With a token of the command line there is nothing to warn of.
        let asked = Asked::by(deep(&place).arg("--token").arg(TOKEN));
        asked.assert_well();
        assert!(!asked.report.has(UNAVAILABLE));
    }
}

/// The first key of RFC 8032.
const KEY: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";
const DEVICE: &str = "21fe31dfa154a261626bf854046fd2271b7bed4b6abe45aa58877ef47f9721b9";

fn with_device(place: &Place) {
    let statements = [
        "CREATE TABLE device_identities (identity_key TEXT, device_id TEXT, private_key_pem TEXT) STRICT".to_owned(),
        "CREATE TABLE device_auth_tokens (device_id TEXT, role TEXT, token TEXT) STRICT".to_owned(),
        format!("INSERT INTO device_identities VALUES ('primary', '{DEVICE}', '{KEY}')"),
        format!("INSERT INTO device_auth_tokens VALUES ('{DEVICE}', 'operator', 'the-device-token')"),
    ];
    place.database("state/state/openclaw.sqlite", 0o600, &statements);
}

/// Every file below the place, with its content.
fn files(place: &Place) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    fn walk(directory: &std::path::Path, found: &mut Vec<(std::path::PathBuf, Vec<u8>)>) {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else {
                found.push((path.clone(), std::fs::read(path).unwrap()));
            }
        }
    }
    let mut found = Vec::new();
    walk(place.root(), &mut found);
    found.sort();
    found
}

#[test]
fn knows_the_device_that_is_there_already() {
    let gateway = Gateway::that(|mut talk| async move {
        talk.welcomed().await;
        talk.answer_all().await;
    });
    let place = Place::with_config(&json!({"gateway": {"port": gateway.port}}));
    with_device(&place);
    let before = files(&place);
    let asked = Asked::by(deep(&place));
    asked.assert_well();
    let connect = gateway.connect();
    assert_eq!(connect["auth"], json!({"deviceToken": "the-device-token"}));
    assert_eq!(connect["device"]["id"], DEVICE);
    assert_eq!(connect["device"]["nonce"], "a-nonce");
    assert_eq!(connect["device"]["signedAt"], 1_700_000_000_000_u64);
    assert_eq!(connect["device"]["signature"].as_str().unwrap().len(), 86);
    assert_eq!(files(&place), before, "nothing may be written");
    for secret in ["the-device-token", "MC4CAQ", "a-token-that-nobody-may-keep"] {
        asked.assert_silent_about(secret);
    }
}

#[test]
fn gets_no_device_made_for_it() {
    let gateway = Gateway::that(|mut talk| async move {
        let connect = talk.challenged().await;
        talk.refuse(&connect, "device identity required").await;
        talk.close(1008, "device identity required").await;
    });
    let place = machine(gateway.port);
    let before = files(&place);
    let asked = Asked::by(deep(&place));
    assert_eq!(asked.error(), "device identity required");
    assert_eq!(gateway.connect().get("device"), None);
    assert_eq!(files(&place), before, "nothing may be written");
}

//! A gateway that is as it should be: what it is asked, with what, and what the report says.

use serde_json::{Value, json};

use super::gateway::Gateway;
use super::{FAILED, ProbeRun, TOKEN, UNAVAILABLE, deep, machine};
use crate::support::runner::Run;
use crate::support::workspace::Workspace;

#[test]
fn a_healthy_gateway_passes() {
    let gateway = Gateway::healthy(TOKEN);
    let asked = ProbeRun::by(deep(&machine(gateway.port)));
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
fn the_probe_is_the_same_as_openclaws() {
    let gateway = Gateway::healthy(TOKEN);
    ProbeRun::by(deep(&machine(gateway.port))).assert_well();
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
fn nothing_is_asked_without_deep() {
    let gateway = Gateway::healthy(TOKEN);
    let workspace = machine(gateway.port);
    let report = Run::audit_json(&workspace).go().json();
    assert_eq!(report.0.get("deep"), None);
    for rule in [FAILED, UNAVAILABLE] {
        assert_eq!(report.ledger(rule), ("skipped", "needs --deep"));
    }
    assert_eq!(gateway.connections(), 0);
}

#[test]
fn the_gateway_of_another_directory_is_not_asked() {
    let gateway = Gateway::healthy(TOKEN);
    let workspace = machine(gateway.port);
    let run = Run::new(&workspace, &["audit", "--json", "--deep", "--limit", "time=60000"])
        .arg(workspace.state())
        .env("OPENCLAW_GATEWAY_URL", format!("ws://127.0.0.1:{}", gateway.port));
    let answer = run.go();
    let report = answer.json();
    let reason = "this is not the gateway of this machine";
    let expected =
        json!({"attempted": false, "url": null, "ok": false, "error": reason, "close": null});
    assert_eq!(report.0["deep"]["gateway"], expected);
    assert!(!report.has(FAILED));
    assert_eq!(report.ledger(FAILED), ("skipped", reason));
    assert_eq!(gateway.connections(), 0);
}

#[test]
fn nothing_is_asked_when_the_config_cannot_be_read() {
    let gateway = Gateway::healthy(TOKEN);
    let workspace = Workspace::with_config_text(format!("{{gateway: {{port: {}}}", gateway.port));
    let answer = deep(&workspace).go();
    assert_eq!(answer.exit, 3);
    let report = answer.json();
    assert_eq!(report.0["deep"]["gateway"]["attempted"], false);
    assert_eq!(report.ledger(FAILED).0, "not-run");
    assert_eq!(gateway.connections(), 0);
}

#[test]
fn a_wrong_token_is_a_finding() {
    let gateway = Gateway::healthy("another-token");
    let workspace = machine(gateway.port);
    let asked = ProbeRun::by(deep(&workspace));
    assert_eq!(asked.error(), "unauthorized: gateway token mismatch");
    assert_eq!(asked.close(), (1008, "unauthorized: gateway token mismatch"));
    // A finding, and no gap in the audit.
    assert_eq!(asked.answer.exit, 0, "{:?}", asked.report.not_run());
    let text = Run::audit(&workspace).arg("--deep").env("PATH", "/nonexistent").go();
    assert_eq!(text.exit, 0);
    assert!(text.stdout.contains("gateway.probe_failed "), "{}", text.stdout);
    assert!(text.stdout.contains("\n  unauthorized: gateway token mismatch\n"), "{}", text.stdout);
    assert!(!text.stdout.contains("Run deeper"), "{}", text.stdout);
}

#[test]
fn a_closed_port_is_a_finding() {
    let gateway = Gateway::healthy(TOKEN);
    let port = gateway.port;
    drop(gateway);
    let asked = ProbeRun::by(deep(&machine(port)));
    // The port may have been given to another test's gateway meanwhile; then it is refused there.
    if asked.close().0 == 1006 {
        assert_eq!(asked.error(), format!("connect ECONNREFUSED 127.0.0.1:{port}"));
    }
    assert_eq!(asked.answer.exit, 0);
}

#[test]
fn findings_about_the_gateway_come_last() {
    let reference = json!({"source": "exec", "provider": "p", "id": "x"});
    let workspace = Workspace::with_config(&json!({
        "gateway": {"port": 1, "auth": {"mode": "token", "token": reference}},
        "channels": {"telegram": {"dmPolicy": "open"}},
        "security": {"audit": {"suppressions": [{"checkId": "logging.redact_off"}]}},
    }));
    let asked = ProbeRun::by(deep(&workspace));
    let ids = asked.report.ids();
    let last = ids.split_at(ids.len() - 3).1;
    assert_eq!(last, [FAILED, UNAVAILABLE, "security.audit.suppressions.active"]);
}

#[test]
fn only_the_credentials_of_the_command_line_are_sent() {
    for (option, name) in [("--token", "token"), ("--password", "password")] {
        let gateway = Gateway::healthy("given-on-the-command-line");
        let workspace = machine(gateway.port);
        let asked = ProbeRun::by(deep(&workspace).arg(option).arg(" given-on-the-command-line "));
        let expected = json!({name: "given-on-the-command-line"});
        assert_eq!(gateway.connect()["auth"], expected);
        assert_eq!(asked.gateway()["ok"], name == "token");
        asked.assert_silent_about("given-on-the-command-line");
        // What the config says about authentication is judged as before.
        let before = Run::audit_json(&workspace).env("PATH", "/nonexistent").go().json();
        let ids = asked.report.ids().into_iter().filter(|id| id != FAILED);
        assert_eq!(ids.collect::<Vec<_>>(), before.ids());
    }
}

#[test]
fn the_url_of_the_environment_is_asked() {
    let gateway = Gateway::healthy(TOKEN);
    let url =
        format!(" ws://us%20er:pass-in-url@127.0.0.1:{}/a/b?x=1&api_key=key-in-url ", gateway.port);
    let asked = ProbeRun::by(deep(&machine(1)).env("OPENCLAW_GATEWAY_URL", url));
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
fn a_remote_gateway_gets_the_remote_credentials() {
    let gateway = Gateway::healthy("for-there");
    let workspace = Workspace::with_config(&json!({"gateway": {
        "mode": "remote",
        "remote": {"url": format!("ws://localhost:{}", gateway.port), "token": "for-there"},
        "auth": {"token": TOKEN, "password": "only-for-here"},
    }}));
    ProbeRun::by(deep(&workspace)).assert_well();
    assert_eq!(gateway.connect()["auth"], json!({"token": "for-there"}));
}

#[test]
fn an_unresolved_reference_sends_no_credentials() {
    let reference = json!({"source": "exec", "provider": "p", "id": "x"});
    for token in [reference, json!("${NOT_SET_HERE}"), json!("$NOT_SET_HERE")] {
        let gateway = Gateway::healthy(TOKEN);
        let workspace = Workspace::with_config(&json!({"gateway": {
            "port": gateway.port, "auth": {"mode": "token", "token": token, "password": "p"},
        }}));
        let asked = ProbeRun::by(deep(&workspace));
        assert_eq!(gateway.connect().get("auth"), None);
        let warning = asked.report.texts(UNAVAILABLE, "detail");
        assert!(warning.starts_with("gateway.auth.token SecretRef is unresolved"), "{warning}");
        assert_eq!(asked.error(), format!("unauthorized: gateway token mismatch; {warning}"));
        let place_of = &asked.report.locations(UNAVAILABLE)[0];
        assert_eq!(place_of["pointer"], "/gateway/auth/token");
        // With a token of the command line there is nothing to warn of.
        let asked = ProbeRun::by(deep(&workspace).arg("--token").arg(TOKEN));
        asked.assert_well();
        assert!(!asked.report.has(UNAVAILABLE));
    }
}

/// The first key of RFC 8032.
const KEY: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";
const DEVICE: &str = "21fe31dfa154a261626bf854046fd2271b7bed4b6abe45aa58877ef47f9721b9";

fn with_device(workspace: &Workspace) {
    let statements = [
        "CREATE TABLE device_identities (identity_key TEXT, device_id TEXT, private_key_pem TEXT) STRICT".to_owned(),
        "CREATE TABLE device_auth_tokens (device_id TEXT, role TEXT, token TEXT) STRICT".to_owned(),
        format!("INSERT INTO device_identities VALUES ('primary', '{DEVICE}', '{KEY}')"),
        format!("INSERT INTO device_auth_tokens VALUES ('{DEVICE}', 'operator', 'the-device-token')"),
    ];
    workspace.database("state/state/openclaw.sqlite", 0o600, &statements);
}

/// Every file below the workspace, with its content.
fn files(workspace: &Workspace) -> Vec<(std::path::PathBuf, Vec<u8>)> {
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
    walk(workspace.root(), &mut found);
    found.sort();
    found
}

#[test]
fn an_existing_device_identity_is_used() {
    let gateway = Gateway::behaving(|mut connection| async move {
        connection.welcomed().await;
        connection.answer_all().await;
    });
    let workspace = Workspace::with_config(&json!({"gateway": {"port": gateway.port}}));
    with_device(&workspace);
    let before = files(&workspace);
    let asked = ProbeRun::by(deep(&workspace));
    asked.assert_well();
    let connect = gateway.connect();
    assert_eq!(connect["auth"], json!({"deviceToken": "the-device-token"}));
    assert_eq!(connect["device"]["id"], DEVICE);
    assert_eq!(connect["device"]["nonce"], "a-nonce");
    assert_eq!(connect["device"]["signedAt"], 1_700_000_000_000_u64);
    assert_eq!(connect["device"]["signature"].as_str().unwrap().len(), 86);
    assert_eq!(files(&workspace), before, "nothing may be written");
    for secret in ["the-device-token", "MC4CAQ", "a-token-that-nobody-may-keep"] {
        asked.assert_silent_about(secret);
    }
}

#[test]
fn no_device_identity_is_created() {
    let gateway = Gateway::behaving(|mut connection| async move {
        let connect = connection.challenged().await;
        connection.refuse(&connect, "device identity required").await;
        connection.close(1008, "device identity required").await;
    });
    let workspace = machine(gateway.port);
    let before = files(&workspace);
    let asked = ProbeRun::by(deep(&workspace));
    assert_eq!(asked.error(), "device identity required");
    assert_eq!(gateway.connect().get("device"), None);
    assert_eq!(files(&workspace), before, "nothing may be written");
}

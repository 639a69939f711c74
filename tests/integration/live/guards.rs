//! Whom the program does not speak to, and what it does not send: nothing reaches a gateway that is not asked.

use serde_json::json;

use super::gateway::Gateway;
use super::{ProbeRun, TOKEN, deep, machine};
use crate::support::workspace::Workspace;

const PLAIN_TEXT: &str = "the gateway's URL uses plain-text ws://";
const MALFORMED: &str = "the gateway's URL cannot be understood";

/// A gateway that listens on loopback, asked under another name of the same machine.
fn assert_refused(url: &str, reason: &str, variables: &[(&str, &str)]) {
    let gateway = Gateway::healthy(TOKEN);
    let url = url.replace("PORT", &gateway.port.to_string());
    let workspace = machine(gateway.port);
    for by_config in [false, true] {
        let remote = Workspace::with_config(&json!({"gateway": {
            "mode": "remote", "remote": {"url": url, "token": TOKEN},
        }}));
        let run = if by_config {
            deep(&remote)
        } else {
            deep(&workspace).env("OPENCLAW_GATEWAY_URL", &url)
        };
        let asked = ProbeRun::by(run.envs(variables.iter().copied()));
        assert!(asked.error().starts_with(reason), "{url}: {}", asked.error());
        assert!(asked.error().contains("nothing was sent"), "{url}: {}", asked.error());
        assert!(asked.gateway()["close"].is_null());
        assert_eq!(asked.answer.exit, 0);
        asked.assert_silent_about(TOKEN);
    }
    assert_eq!(gateway.connections(), 0, "{url}");
}

#[test]
fn plaintext_never_leaves_this_machine() {
    // On Linux this leads to loopback, so an attempt would be seen.
    assert_refused("ws://0.0.0.0:PORT", PLAIN_TEXT, &[]);
    assert_refused("http://[::ffff:0.0.0.0]:PORT", PLAIN_TEXT, &[]);
    assert_refused("ws://10.0.0.5:18789", PLAIN_TEXT, &[]);
    assert_refused("ws://gateway.local:PORT", PLAIN_TEXT, &[]);
    assert_refused("ws://127.0.0.1:PORT@evil.example:PORT", PLAIN_TEXT, &[]);
}

#[test]
fn ambiguous_addresses_are_not_asked() {
    for host in ["127.1", "2130706433", "0x7f000001", "0177.0.0.1.", "0"] {
        assert_refused(&format!("ws://{host}:PORT"), MALFORMED, &[]);
        let trusts = [("OPENCLAW_ALLOW_INSECURE_PRIVATE_WS", "1")];
        assert_refused(&format!("ws://{host}:PORT"), MALFORMED, &trusts);
    }
}

#[test]
fn trust_in_the_network_does_not_reach_the_internet() {
    let trusts = [("OPENCLAW_ALLOW_INSECURE_PRIVATE_WS", "1")];
    assert_refused("ws://192.0.2.1:PORT", PLAIN_TEXT, &trusts);
    assert_refused("ws://0.0.0.0:PORT", PLAIN_TEXT, &trusts);
    let in_words = [("OPENCLAW_ALLOW_INSECURE_PRIVATE_WS", "true")];
    assert_refused("ws://10.0.0.5:PORT", PLAIN_TEXT, &in_words);
}

#[test]
fn other_schemes_are_not_asked() {
    for url in ["ftp://127.0.0.1:PORT", "file:///etc/passwd", "127.0.0.1:PORT", "ws:127.0.0.1:PORT"]
    {
        assert_refused(url, "the gateway's URL", &[]);
    }
}

#[test]
fn an_invalid_port_is_not_asked() {
    let workspace = Workspace::with_config(&json!({"gateway": {"port": 70000}}));
    let asked = ProbeRun::by(deep(&workspace));
    assert!(asked.error().starts_with(MALFORMED), "{}", asked.error());
    assert_eq!(asked.gateway()["url"], "ws://127.0.0.1:70000");
}

#[test]
fn a_malformed_url_is_shown_without_its_login() {
    let workspace = machine(1);
    for url in
        ["ws://user:c4n4ry/x@h", "user:c4n4ry@h", "ws://a b:c4n4ry@h", "ws://h:1:2/?token=c4n4ry"]
    {
        let asked = ProbeRun::by(deep(&workspace).env("OPENCLAW_GATEWAY_URL", url));
        asked.assert_silent_about("c4n4ry");
    }
}

#[test]
fn a_projects_dotenv_cannot_redirect_the_probe() {
    let (own, other) = (Gateway::healthy(TOKEN), Gateway::healthy(TOKEN));
    let workspace = machine(own.port);
    let dotenv = format!(
        "OPENCLAW_GATEWAY_URL=ws://127.0.0.1:{}\nOPENCLAW_GATEWAY_PORT={}",
        other.port, other.port
    );
    workspace.file(".env", 0o600, dotenv);
    ProbeRun::by(deep(&workspace)).assert_well();
    assert_eq!((own.connections(), other.connections()), (1, 0));
}

#[test]
fn proxies_of_the_environment_are_not_used() {
    let (gateway, proxy) = (Gateway::healthy(TOKEN), Gateway::healthy(TOKEN));
    let proxy_url = format!("http://127.0.0.1:{}", proxy.port);
    let names =
        ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];
    let variables = names.map(|name| (name, proxy_url.as_str()));
    ProbeRun::by(deep(&machine(gateway.port)).envs(variables)).assert_well();
    assert_eq!((gateway.connections(), proxy.connections()), (1, 0));
}

#[test]
fn remote_credentials_are_not_sent_to_the_local_gateway() {
    let gateway = Gateway::healthy(TOKEN);
    let workspace = Workspace::with_config(&json!({"gateway": {
        "port": gateway.port, "auth": {"token": TOKEN},
        "remote": {"url": "wss://elsewhere.example", "token": "for-elsewhere", "password": "for-elsewhere"},
    }}));
    ProbeRun::by(deep(&workspace)).assert_well();
    assert_eq!(gateway.connect()["auth"], json!({"token": TOKEN}));
    assert!(!format!("{:?}", gateway.messages()).contains("for-elsewhere"));
}

//! Whom the program does not speak to, and what it does not send: nothing reaches a gateway that is not asked.

use serde_json::json;

use super::gateway::Gateway;
use super::{Asked, TOKEN, deep, machine};
use crate::place::Place;

const PLAIN_TEXT: &str = "the gateway's URL uses plain-text ws://";
const MALFORMED: &str = "the gateway's URL cannot be understood";

/// A gateway that listens on loopback, asked under another name of the same machine.
fn assert_refused(url: &str, reason: &str, variables: &[(&str, &str)]) {
    let gateway = Gateway::honest(TOKEN);
    let url = url.replace("PORT", &gateway.port.to_string());
    let place = machine(gateway.port);
    for by_config in [false, true] {
        let remote = Place::with_config(&json!({"gateway": {
            "mode": "remote", "remote": {"url": url, "token": TOKEN},
        }}));
        let run =
            if by_config { deep(&remote) } else { deep(&place).env("OPENCLAW_GATEWAY_URL", &url) };
        let asked = Asked::by(run.envs(variables.iter().copied()));
        assert!(asked.error().starts_with(reason), "{url}: {}", asked.error());
        assert!(asked.error().contains("nothing was sent"), "{url}: {}", asked.error());
        assert!(asked.gateway()["close"].is_null());
        assert_eq!(asked.answer.exit, 0);
        asked.assert_silent_about(TOKEN);
    }
    assert_eq!(gateway.connections(), 0, "{url}");
}

#[test]
fn plain_text_leaves_this_machine_for_nobody() {
    // On Linux this leads to loopback, so whoever tried it would be seen.
    assert_refused("ws://0.0.0.0:PORT", PLAIN_TEXT, &[]);
    assert_refused("http://[::ffff:0.0.0.0]:PORT", PLAIN_TEXT, &[]);
    assert_refused("ws://10.0.0.5:18789", PLAIN_TEXT, &[]);
    assert_refused("ws://gateway.local:PORT", PLAIN_TEXT, &[]);
    assert_refused("ws://127.0.0.1:PORT@evil.example:PORT", PLAIN_TEXT, &[]);
}

#[test]
fn what_a_resolver_takes_for_an_address_is_not_asked() {
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
fn a_port_that_is_none_is_not_asked() {
    let place = Place::with_config(&json!({"gateway": {"port": 70000}}));
    let asked = Asked::by(deep(&place));
    assert!(asked.error().starts_with(MALFORMED), "{}", asked.error());
    assert_eq!(asked.gateway()["url"], "ws://127.0.0.1:70000");
}

#[test]
fn a_url_that_cannot_be_understood_is_not_shown_with_its_login() {
    let place = machine(1);
    for url in
        ["ws://user:c4n4ry/x@h", "user:c4n4ry@h", "ws://a b:c4n4ry@h", "ws://h:1:2/?token=c4n4ry"]
    {
        let asked = Asked::by(deep(&place).env("OPENCLAW_GATEWAY_URL", url));
        asked.assert_silent_about("c4n4ry");
    }
}

#[test]
fn a_project_cannot_redirect_the_question() {
    let (own, other) = (Gateway::honest(TOKEN), Gateway::honest(TOKEN));
    let place = machine(own.port);
    let dotenv = format!(
        "OPENCLAW_GATEWAY_URL=ws://127.0.0.1:{}\nOPENCLAW_GATEWAY_PORT={}",
        other.port, other.port
    );
    place.file(".env", 0o600, dotenv);
    Asked::by(deep(&place)).assert_well();
    assert_eq!((own.connections(), other.connections()), (1, 0));
}

#[test]
fn proxies_of_the_environment_see_nothing() {
    let (gateway, proxy) = (Gateway::honest(TOKEN), Gateway::honest(TOKEN));
    let proxy_url = format!("http://127.0.0.1:{}", proxy.port);
    let names =
        ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];
    let variables = names.map(|name| (name, proxy_url.as_str()));
    Asked::by(deep(&machine(gateway.port)).envs(variables)).assert_well();
    assert_eq!((gateway.connections(), proxy.connections()), (1, 0));
}

#[test]
fn credentials_for_elsewhere_stay_away_from_here() {
    let gateway = Gateway::honest(TOKEN);
    let place = Place::with_config(&json!({"gateway": {
        "port": gateway.port, "auth": {"token": TOKEN},
        "remote": {"url": "wss://elsewhere.example", "token": "for-elsewhere", "password": "for-elsewhere"},
    }}));
    Asked::by(deep(&place)).assert_well();
    assert_eq!(gateway.connect()["auth"], json!({"token": TOKEN}));
    assert!(!format!("{:?}", gateway.messages()).contains("for-elsewhere"));
}

//! Gateways that follow the protocol of web sockets and attack with what they say: the terminal, the reader of the
//! report, secrets.

use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::gateway::{Connection, Gateway};
use super::{FAILED, ProbeRun, TOKEN, deep, machine};
use crate::support::runner::{Answer, Run};
use crate::support::workspace::Workspace;

/// Terminal escapes, lines of a report, direction overrides, and what is invisible.
const HOSTILE: &str =
    "x\x1b[31m\x1b]0;owned\x07\r\n\nCRITICAL\nfake.rule Fake\u{202e}\u{200b}\u{0085}\u{2028}y";

fn asked(gateway: &Gateway) -> ProbeRun {
    let workspace = machine(gateway.port);
    let asked = ProbeRun::by(deep(&workspace));
    asked.assert_silent_about(TOKEN);
    asked
}

fn as_text(workspace: &Workspace) -> Answer {
    Run::audit(workspace).arg("--deep").env("PATH", "/nonexistent").go()
}

#[test]
fn reasons_cannot_steer_a_terminal_or_fake_a_report() {
    let gateway = Gateway::behaving(|connection| connection.close(4008, HOSTILE));
    let asked = asked(&gateway);
    let (code, reason) = asked.close();
    assert_eq!(code, 4008);
    assert!(!reason.chars().any(char::is_control), "{reason:?}");
    assert!(asked.error().starts_with("gateway closed (4008): x"), "{}", asked.error());
    let text = as_text(&machine(gateway.port));
    for unsafe_part in
        ["\x1b", "\x07", "\u{202e}", "\u{200b}", "\u{2028}", "\nfake.rule", "\n  fake.rule"]
    {
        assert!(!text.stdout.contains(unsafe_part), "{:?}", text.stdout);
        assert!(!asked.answer.stdout.contains(unsafe_part), "{:?}", asked.answer.stdout);
    }
    assert!(text.stdout.contains(FAILED));
}

#[test]
fn refusals_cannot_steer_a_terminal_either() {
    for step in 0..2 {
        let gateway = Gateway::behaving(move |mut connection| async move {
            if step == 0 {
                let connect = connection.challenged().await;
                connection.refuse(&connect, HOSTILE).await;
            } else {
                connection.welcomed().await;
                let request = connection.hear().await.unwrap();
                connection.refuse(&request, HOSTILE).await;
            }
            connection.stay_silent().await;
        });
        let asked = asked(&gateway);
        assert!(!asked.error().chars().any(char::is_control), "{:?}", asked.error());
        assert!(!as_text(&machine(gateway.port)).stdout.contains('\x1b'));
    }
}

#[test]
fn credentials_are_redacted_from_the_gateways_answers() {
    for (token, password) in [
        ("c4n4ry-of-the-token-Zq8Lw2", "c4n4ry-of-the-password"),
        ("Qz7", "zQ8"),
        ("plain words as a token", "loopback"),
    ] {
        let gateway = Gateway::echoing("you said");
        let workspace = Workspace::with_config(&json!({"gateway": {
            "port": gateway.port, "auth": {"mode": "token", "token": token, "password": password},
        }}));
        let asked = ProbeRun::by(deep(&workspace));
        assert_eq!(gateway.connect()["auth"], json!({"token": token, "password": password}));
        let deep = asked.gateway().to_string();
        assert!(deep.contains("[sealed]"), "{deep}");
        for secret in [token, password] {
            assert!(!deep.contains(secret), "{secret}: {deep}");
            assert!(!asked.report.texts(FAILED, "detail").contains(secret), "{secret}");
        }
    }
}

#[test]
fn secrets_of_the_config_are_redacted_from_the_gateways_answers() {
    let secret = "c4n4ry-of-a-channel-Zq8Lw2Xv5T";
    // At every place where a text could be cut.
    let gateway = Gateway::behaving(move |mut connection| async move {
        let connect = connection.challenged().await;
        connection
            .refuse(&connect, &format!("{} {secret} {}", "x".repeat(485), secret.repeat(1000)))
            .await;
        connection.close(1008, &format!("{} {secret}", "y".repeat(80))).await;
    });
    let workspace = Workspace::with_config(&json!({
        "gateway": {"port": gateway.port},
        "channels": {"telegram": {"botToken": secret}},
    }));
    let asked = ProbeRun::by(deep(&workspace));
    for part in ["c4n4ry", "-of-a-channel"] {
        asked.assert_silent_about(part);
    }
}

#[test]
fn urls_lose_their_secrets() {
    let gateway = Gateway::behaving(|mut connection| async move {
        let connect = connection.challenged().await;
        let reason =
            "see wss://u:c4n4ry-1@h/x?token=c4n4ry-2&x_amz_signature=c4n4ry-3 Bearer c4n4ry-4";
        connection
            .refuse(&connect, &format!("{reason} ghp_c4n4ryaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"))
            .await;
        connection.close(1008, "http://c4n4ry:pw@h").await;
    });
    let asked = asked(&gateway);
    assert!(
        asked.error().starts_with("see wss://[sealed]@h/x?token=[sealed]"),
        "{}",
        asked.error()
    );
    assert_eq!(asked.close(), (1008, "http://[sealed]@h"));
    asked.assert_silent_about("c4n4ry");
}

#[test]
fn long_reasons_are_cut() {
    let gateway = Gateway::behaving(|mut connection| async move {
        let connect = connection.challenged().await;
        connection.refuse(&connect, &"ä".repeat(1 << 20)).await;
        connection.stay_silent().await;
    });
    assert_eq!(asked(&gateway).error().chars().count(), 501);
}

/// A gateway that does something instead of its first answer, and is honest then.
fn after(
    first: impl Fn(&mut Connection) -> BoxFuture<'_, ()> + Send + Sync + Copy + 'static,
) -> Gateway {
    Gateway::behaving(move |mut connection| async move {
        first(&mut connection).await;
        connection.serve_healthily(TOKEN).await;
    })
}

#[test]
fn unintelligible_messages_are_ignored() {
    let gateway = after(|connection| {
        Box::pin(async move {
            let deep_json = "[".repeat(100_000);
            for text in [
                "",
                "{",
                "null",
                "[]",
                "\"x\"",
                "1e999",
                deep_json.as_str(),
                "{\"type\":5}",
                "{\"type\":\"event\"}",
                "{\"type\":\"res\",\"id\":null,\"ok\":true}",
                "{\"type\":\"event\",\"event\":\"connect.other\"}",
                "{\"type\":\"res\",\"id\":\"x\",\"ok\":false,\"error\":{\"message\":\"not yours\"}}",
            ] {
                connection.send(Message::text(text.to_owned())).await;
            }
        })
    });
    asked(&gateway).assert_well();
}

#[test]
fn a_challenge_without_a_nonce() {
    for payload in [
        json!(null),
        json!({}),
        json!({"nonce": " \u{a0}"}),
        json!({"nonce": 5}),
        json!({"nonce": "n".repeat(5000)}),
    ] {
        let gateway = Gateway::behaving(move |mut connection| {
            let challenge =
                json!({"type": "event", "event": "connect.challenge", "payload": payload});
            async move {
                connection.say(challenge).await;
                connection.stay_silent().await;
            }
        });
        let asked = asked(&gateway);
        assert_eq!(asked.error(), "gateway connect challenge missing nonce");
        assert_eq!(asked.close(), (1008, "connect challenge missing nonce"));
        assert_eq!(gateway.messages(), [Value::Null; 0], "nothing may be said");
    }
}

#[test]
fn answers_to_other_questions() {
    let gateway = Gateway::behaving(|mut connection| async move {
        let connect = connection.challenged().await;
        for id in [
            json!("another"),
            json!(""),
            json!(1),
            connect["params"]["client"]["instanceId"].clone(),
        ] {
            connection
                .say(json!({"type": "res", "id": id, "ok": true, "payload": {"type": "hello-ok"}}))
                .await;
        }
        connection.stay_silent().await;
    });
    assert_eq!(asked(&gateway).error(), "timeout");
    assert_eq!(gateway.messages().len(), 1);
}

#[test]
fn one_answer_four_times() {
    let gateway = Gateway::behaving(|mut connection| async move {
        connection.welcomed().await;
        let request = connection.hear().await.unwrap();
        for _ in 0..4 {
            connection.answer(&request, json!({})).await;
        }
        connection.stay_silent().await;
    });
    assert_eq!(asked(&gateway).error(), "timeout");
}

#[test]
fn every_question_needs_its_answer() {
    for refused in ["health", "status", "system-presence", "config.get"] {
        let gateway = Gateway::behaving(move |mut connection| async move {
            connection.welcomed().await;
            while let Some(request) = connection.hear().await {
                if request["method"] == refused {
                    connection.refuse(&request, &format!("missing scope for {refused}")).await;
                } else {
                    connection.answer(&request, json!({})).await;
                }
            }
        });
        let asked = asked(&gateway);
        assert_eq!(asked.error(), format!("missing scope for {refused}"));
        assert!(asked.gateway()["close"].is_null());
    }
}

#[test]
fn refusals_without_a_reason() {
    for error in [json!(null), json!({}), json!({"message": "  "})] {
        let gateway = Gateway::behaving(move |mut connection| {
            let error = error.clone();
            async move {
                let connect = connection.challenged().await;
                connection
                    .say(json!({"type": "res", "id": connect["id"], "ok": false, "error": error}))
                    .await;
                connection.stay_silent().await;
            }
        });
        assert_eq!(asked(&gateway).error(), "gateway refused without a reason");
    }
}

#[test]
fn closes_of_every_kind() {
    for (code, reason, error) in [
        (1000, "", "gateway closed (1000)"),
        (1001, "going away", "gateway closed (1001): going away"),
        (1008, "pairing required", "gateway closed (1008): pairing required"),
        (1013, "starting", "gateway closed (1013): starting"),
        (4999, "x", "gateway closed (4999): x"),
    ] {
        let gateway = Gateway::behaving(move |connection| connection.close(code, reason));
        let asked = asked(&gateway);
        assert_eq!((asked.error(), asked.close()), (error, (u64::from(code), reason)));
    }
    let after_welcome = Gateway::behaving(|mut connection| async move {
        connection.welcomed().await;
        connection.close(1012, "restarting").await;
    });
    assert_eq!(asked(&after_welcome).error(), "gateway closed (1012): restarting");
}

//! Gateways that keep to the rules of web sockets and mean harm by what they say: to a terminal, to whoever reads the
//! report, to secrets.

use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::gateway::{Gateway, Talk};
use super::{Asked, FAILED, TOKEN, deep, machine};
use crate::place::Place;
use crate::runner::{Answer, Run};

/// Terminal escapes, lines of a report, direction overrides, and what is invisible.
const HOSTILE: &str =
    "x\x1b[31m\x1b]0;owned\x07\r\n\nCRITICAL\nfake.rule Fake\u{202e}\u{200b}\u{0085}\u{2028}y";

fn asked(gateway: &Gateway) -> Asked {
    let place = machine(gateway.port);
    let asked = Asked::by(deep(&place));
    asked.assert_silent_about(TOKEN);
    asked
}

fn as_text(place: &Place) -> Answer {
    Run::audit(place).arg("--deep").env("PATH", "/nonexistent").go()
}

#[test]
fn reasons_cannot_steer_a_terminal_or_fake_a_report() {
    let gateway = Gateway::that(|talk| talk.close(4008, HOSTILE));
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
fn refusals_cannot_either() {
    for step in 0..2 {
        let gateway = Gateway::that(move |mut talk| async move {
            if step == 0 {
                let connect = talk.challenged().await;
                talk.refuse(&connect, HOSTILE).await;
            } else {
                talk.welcomed().await;
                let request = talk.hear().await.unwrap();
                talk.refuse(&request, HOSTILE).await;
            }
            talk.stay_silent().await;
        });
        let asked = asked(&gateway);
        assert!(!asked.error().chars().any(char::is_control), "{:?}", asked.error());
        assert!(!as_text(&machine(gateway.port)).stdout.contains('\x1b'));
    }
}

#[test]
fn what_the_gateway_was_told_does_not_come_back() {
    for (token, password) in [
        ("c4n4ry-of-the-token-Zq8Lw2", "c4n4ry-of-the-password"),
        ("Qz7", "zQ8"),
        ("plain words as a token", "loopback"),
    ] {
        let gateway = Gateway::echoing("you said");
        let place = Place::with_config(&json!({"gateway": {
            "port": gateway.port, "auth": {"mode": "token", "token": token, "password": password},
        }}));
        let asked = Asked::by(deep(&place));
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
fn other_secrets_of_the_config_do_not_come_out_that_way() {
    let secret = "c4n4ry-of-a-channel-Zq8Lw2Xv5T";
    // At every place where a text could be cut.
    let gateway = Gateway::that(move |mut talk| async move {
        let connect = talk.challenged().await;
        talk.refuse(&connect, &format!("{} {secret} {}", "x".repeat(485), secret.repeat(1000)))
            .await;
        talk.close(1008, &format!("{} {secret}", "y".repeat(80))).await;
    });
    let place = Place::with_config(&json!({
        "gateway": {"port": gateway.port},
        "channels": {"telegram": {"botToken": secret}},
    }));
    let asked = Asked::by(deep(&place));
    for part in ["c4n4ry", "-of-a-channel"] {
        asked.assert_silent_about(part);
    }
}

#[test]
fn urls_lose_their_secrets() {
    let gateway = Gateway::that(|mut talk| async move {
        let connect = talk.challenged().await;
        let reason =
            "see wss://u:c4n4ry-1@h/x?token=c4n4ry-2&x_amz_signature=c4n4ry-3 Bearer c4n4ry-4";
        talk.refuse(&connect, &format!("{reason} ghp_c4n4ryaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")).await;
        talk.close(1008, "http://c4n4ry:pw@h").await;
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
    let gateway = Gateway::that(|mut talk| async move {
        let connect = talk.challenged().await;
        talk.refuse(&connect, &"ä".repeat(1 << 20)).await;
        talk.stay_silent().await;
    });
    assert_eq!(asked(&gateway).error().chars().count(), 501);
}

/// A gateway that does something instead of its first answer, and is honest then.
fn after(first: impl Fn(&mut Talk) -> BoxFuture<'_, ()> + Send + Sync + Copy + 'static) -> Gateway {
    Gateway::that(move |mut talk| async move {
        first(&mut talk).await;
        talk.be_honest(TOKEN).await;
    })
}

#[test]
fn what_cannot_be_understood_is_passed_over() {
    let gateway = after(|talk| {
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
                talk.send(Message::text(text.to_owned())).await;
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
        let gateway = Gateway::that(move |mut talk| {
            let challenge =
                json!({"type": "event", "event": "connect.challenge", "payload": payload});
            async move {
                talk.say(challenge).await;
                talk.stay_silent().await;
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
    let gateway = Gateway::that(|mut talk| async move {
        let connect = talk.challenged().await;
        for id in [
            json!("another"),
            json!(""),
            json!(1),
            connect["params"]["client"]["instanceId"].clone(),
        ] {
            talk.say(json!({"type": "res", "id": id, "ok": true, "payload": {"type": "hello-ok"}}))
                .await;
        }
        talk.stay_silent().await;
    });
    assert_eq!(asked(&gateway).error(), "timeout");
    assert_eq!(gateway.messages().len(), 1);
}

#[test]
fn one_answer_four_times() {
    let gateway = Gateway::that(|mut talk| async move {
        talk.welcomed().await;
        let request = talk.hear().await.unwrap();
        for _ in 0..4 {
            talk.answer(&request, json!({})).await;
        }
        talk.stay_silent().await;
    });
    assert_eq!(asked(&gateway).error(), "timeout");
}

#[test]
fn every_question_needs_its_answer() {
    for refused in ["health", "status", "system-presence", "config.get"] {
        let gateway = Gateway::that(move |mut talk| async move {
            talk.welcomed().await;
            while let Some(request) = talk.hear().await {
                if request["method"] == refused {
                    talk.refuse(&request, &format!("missing scope for {refused}")).await;
                } else {
                    talk.answer(&request, json!({})).await;
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
        let gateway = Gateway::that(move |mut talk| {
            let error = error.clone();
            async move {
                let connect = talk.challenged().await;
                talk.say(json!({"type": "res", "id": connect["id"], "ok": false, "error": error}))
                    .await;
                talk.stay_silent().await;
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
        let gateway = Gateway::that(move |talk| talk.close(code, reason));
        let asked = asked(&gateway);
        assert_eq!((asked.error(), asked.close()), (error, (u64::from(code), reason)));
    }
    let after_welcome = Gateway::that(|mut talk| async move {
        talk.welcomed().await;
        talk.close(1012, "restarting").await;
    });
    assert_eq!(asked(&after_welcome).error(), "gateway closed (1012): restarting");
}

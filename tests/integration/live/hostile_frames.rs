//! Gateways that break the rules of the network, of HTTP and of web sockets: too much, too slow, too little, something
//! else. Each costs its time and its bytes, and gives a finding.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::sleep;
use tokio_tungstenite::tungstenite::Message;

use super::gateway::{Connection, Gateway};
use super::{ProbeRun, TOKEN, deep, machine};
use crate::support::runner::Run;

/// Twice five seconds for the two halves of a conversation, one for good-bye, and the rest for a busy machine.
const MOST: Duration = Duration::from_secs(30);

fn asked(gateway: &Gateway) -> ProbeRun {
    let workspace = machine(gateway.port);
    asked_by(deep(&workspace))
}

fn asked_by(run: Run<'_>) -> ProbeRun {
    let started = Instant::now();
    let asked = ProbeRun::by(run);
    assert!(started.elapsed() < MOST, "{:?}", started.elapsed());
    assert_eq!(asked.answer.exit, 0, "a finding, and no gap in the audit");
    asked.assert_silent_about(TOKEN);
    asked
}

/// Asks one that does not come to its challenge.
fn asked_in_a_hurry(gateway: &Gateway) -> ProbeRun {
    let workspace = machine(gateway.port);
    asked_by(deep(&workspace).env("OPENCLAW_CONNECT_CHALLENGE_TIMEOUT_MS", "250"))
}

/// Asks one that does not come to an end with HTTP.
fn asked_soon(gateway: &Gateway) -> ProbeRun {
    let workspace = machine(gateway.port);
    asked_by(deep(&workspace).env("OPENCLAW_HANDSHAKE_TIMEOUT_MS", "300"))
}

const NO_CHALLENGE: &str = "gateway connect challenge timeout (limit 250ms)";

/// The bytes of a frame as a server sends it.
fn frame(first: u8, length: u64, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    if let Ok(short @ 0..=125) = u8::try_from(length) {
        bytes.push(short);
    } else {
        bytes.push(127);
        bytes.extend(length.to_be_bytes());
    }
    bytes.extend(payload);
    bytes
}

/// Writes the same bytes again and again, until nobody reads them any more.
async fn flood(mut connection: Connection, bytes: Vec<u8>) {
    let many = bytes.repeat(1 + 65536 / bytes.len());
    while connection.bytes().write_all(&many).await.is_ok() {}
}

#[test]
fn messages_without_end() {
    let gateway = Gateway::behaving(|mut connection| async move {
        while connection.say(json!({"type": "event", "event": "tick"})).await {}
    });
    assert_eq!(asked(&gateway).error(), "the gateway sent more than 10000 messages");
}

#[test]
fn messages_without_end_after_the_welcome() {
    let gateway = Gateway::behaving(|mut connection| async move {
        connection.welcomed().await;
        while connection.say(json!({"type": "event", "event": "tick"})).await {}
    });
    assert_eq!(asked(&gateway).error(), "the gateway sent more than 10000 messages");
}

#[test]
fn control_messages_without_end() {
    let gateway = Gateway::behaving(|connection| flood(connection, frame(0x89, 4, b"ping")));
    assert_eq!(asked(&gateway).error(), "the gateway sent more than 10000 messages");
}

#[test]
fn large_messages_without_end() {
    let gateway = Gateway::behaving(|mut connection| async move {
        let text = format!("{{\"x\": \"{}\"}}", "x".repeat(20 << 20));
        while connection.send(Message::text(text.clone())).await {}
    });
    let workspace = machine(gateway.port);
    let error = ProbeRun::by(deep(&workspace)).error().to_owned();
    // A busy machine may not get that far in five seconds.
    assert!(["the gateway sent more than 64 MiB", "timeout"].contains(&error.as_str()), "{error}");
}

#[test]
fn a_message_that_never_ends() {
    // Empty continuations: no message is ever complete, and none is ever too long.
    let gateway = Gateway::behaving(|mut connection| async move {
        connection.bytes().write_all(&frame(0x01, 1, b"x")).await.unwrap();
        flood(connection, frame(0x00, 0, b"")).await;
    });
    assert!(!asked(&gateway).error().is_empty());
}

#[test]
fn a_message_that_is_too_long() {
    let gateway = Gateway::behaving(|mut connection| async move {
        connection.bytes().write_all(&frame(0x81, 26 << 20, b"")).await.unwrap();
        connection.stay_silent().await;
    });
    assert_eq!(asked(&gateway).error(), "the gateway sent a message of more than 25 MiB");
    let gateway = Gateway::behaving(|mut connection| async move {
        connection.bytes().write_all(&frame(0x81, u64::MAX >> 1, b"")).await.unwrap();
        connection.stay_silent().await;
    });
    assert_eq!(asked(&gateway).error(), "the gateway sent a message of more than 25 MiB");
}

#[test]
fn invalid_frames() {
    for bytes in [
        frame(0xf1, 1, b"x"),
        frame(0x83, 1, b"x"),
        frame(0x80, 1, b"x"),
        frame(0x81, 2, b"\xff\xfe"),
        vec![0x81, 0x81, 0, 0, 0, 0, b'x'],
        vec![0x09, 0x00],
        vec![0x88, 0x01, 0x03],
    ] {
        let gateway = Gateway::behaving(move |mut connection| {
            let bytes = bytes.clone();
            async move {
                connection.bytes().write_all(&bytes).await.unwrap();
                connection.stay_silent().await;
            }
        });
        let asked = asked(&gateway);
        assert!(
            asked.error().starts_with("the gateway broke the WebSocket protocol"),
            "{}",
            asked.error()
        );
    }
}

#[test]
fn binary_messages_only() {
    let gateway = Gateway::behaving(|mut connection| async move {
        let challenge =
            json!({"type": "event", "event": "connect.challenge", "payload": {"nonce": "n"}});
        connection.send(Message::binary(challenge.to_string())).await;
        connection.stay_silent().await;
    });
    assert_eq!(asked_in_a_hurry(&gateway).error(), NO_CHALLENGE);
    assert_eq!(gateway.messages(), [json!(null); 0]);
}

#[test]
fn silence_after_the_upgrade() {
    let gateway = Gateway::behaving(Connection::stay_silent);
    let asked = asked_in_a_hurry(&gateway);
    assert_eq!(asked.error(), NO_CHALLENGE);
    // It answers our good-bye.
    assert_eq!(asked.close(), (1008, "connect challenge timeout"));
}

#[test]
fn silence_instead_of_a_close() {
    let gateway = Gateway::behaving(|connection| async move {
        sleep(MOST).await;
        drop(connection);
    });
    let asked = asked_in_a_hurry(&gateway);
    assert_eq!(asked.error(), NO_CHALLENGE);
    assert!(asked.gateway()["close"].is_null());
}

#[test]
fn silence_before_the_upgrade() {
    let gateway = Gateway::raw(|stream, _| async move {
        sleep(MOST).await;
        drop(stream);
    });
    assert_eq!(asked_soon(&gateway).error(), "Opening handshake has timed out");
}

#[test]
fn silence_until_the_longest_timeout() {
    let gateway = Gateway::raw(|stream, _| async move {
        sleep(MOST).await;
        drop(stream);
    });
    let workspace = machine(gateway.port);
    let started = Instant::now();
    let asked = ProbeRun::by(deep(&workspace));
    assert_eq!(asked.error(), "timeout");
    assert!((Duration::from_secs(5)..Duration::from_secs(15)).contains(&started.elapsed()));
}

#[test]
fn silence_after_the_request_to_connect() {
    let gateway = Gateway::behaving(|mut connection| async move {
        connection.challenged().await;
        connection.stay_silent().await;
    });
    assert_eq!(asked(&gateway).error(), "timeout");
}

#[test]
fn silence_after_the_welcome() {
    let gateway = Gateway::behaving(|mut connection| async move {
        connection.welcomed().await;
        connection.stay_silent().await;
    });
    assert_eq!(asked(&gateway).error(), "timeout");
    assert_eq!(gateway.messages().len(), 5);
}

#[test]
fn one_byte_after_the_other() {
    let gateway = Gateway::behaving(|mut connection| async move {
        let text =
            json!({"type": "event", "event": "connect.challenge", "payload": {"nonce": "n"}});
        let text = text.to_string();
        for byte in frame(0x81, text.len() as u64, text.as_bytes()) {
            if connection.bytes().write_all(&[byte]).await.is_err() {
                return;
            }
            sleep(Duration::from_millis(20)).await;
        }
    });
    assert_eq!(asked_in_a_hurry(&gateway).error(), NO_CHALLENGE);
}

/// Reads the request for a WebSocket, and says something else.
async fn instead_of_an_upgrade(mut stream: TcpStream, answer: String, pause: Duration) {
    let mut request = [0; 4096];
    let _ = stream.read(&mut request).await;
    if pause.is_zero() {
        let _ = stream.write_all(answer.as_bytes()).await;
    } else {
        for byte in answer.bytes() {
            if stream.write_all(&[byte]).await.is_err() {
                return;
            }
            sleep(pause).await;
        }
    }
    let _ = stream.shutdown().await;
    let _ = stream.read(&mut request).await;
}

fn that_answers(answer: impl Into<String>, pause: Duration) -> Gateway {
    let answer = answer.into();
    Gateway::raw(move |stream, _| instead_of_an_upgrade(stream, answer.clone(), pause))
}

#[test]
fn one_byte_of_http_after_the_other() {
    let endless = format!("HTTP/1.1 101 Switching Protocols\r\nx-long: {}", "x".repeat(4000));
    let gateway = that_answers(endless, Duration::from_millis(2));
    assert!(!asked_soon(&gateway).error().is_empty());
}

#[test]
fn headers_without_end() {
    let endless = format!("HTTP/1.1 101 Switching Protocols\r\n{}", "x: y\r\n".repeat(1_000_000));
    assert!(
        asked(&that_answers(endless, Duration::ZERO))
            .error()
            .starts_with("gateway does not speak WebSocket")
    );
    let endless = format!("HTTP/1.1 101 Switching Protocols\r\nx: {}", "y".repeat(10_000_000));
    assert!(
        asked(&that_answers(endless, Duration::ZERO))
            .error()
            .starts_with("gateway does not speak WebSocket")
    );
}

#[test]
fn something_else_than_http() {
    for answer in [
        "",
        "SSH-2.0-OpenSSH_9.9\r\n",
        "\r\n\r\n",
        "HTTP/1.1",
        "\0\0\0\0",
        "HTTP/1.1 200 OK\r\n\r\n",
    ] {
        let asked = asked(&that_answers(answer, Duration::ZERO));
        assert!(asked.error().starts_with("gateway "), "{answer}: {}", asked.error());
        assert_eq!(asked.close(), (1006, ""));
    }
}

#[test]
fn an_upgrade_that_is_not_ours() {
    let answer = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                  Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n";
    assert!(
        asked(&that_answers(answer, Duration::ZERO))
            .error()
            .starts_with("gateway does not speak WebSocket")
    );
}

#[test]
fn redirects_are_not_followed() {
    let other = Gateway::healthy(TOKEN);
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        for scheme in ["http", "ws"] {
            let location = format!("{scheme}://user:secret-in-location@127.0.0.1:{}/", other.port);
            let answer =
                format!("HTTP/1.1 {status}\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");
            let asked = asked(&that_answers(answer, Duration::ZERO));
            let code = &status[..3];
            assert_eq!(asked.error(), format!("gateway rejected websocket upgrade (HTTP {code})"));
            asked.assert_silent_about("secret-in-location");
        }
    }
    assert_eq!(other.connections(), 0);
}

#[test]
fn refusals_of_http() {
    for status in [
        "401 Unauthorized",
        "403 Forbidden",
        "404 Not Found",
        "426 Upgrade Required",
        "500 x",
        "999 x",
    ] {
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 16\r\n\r\nsecret-body-text");
        let asked = asked(&that_answers(answer, Duration::ZERO));
        let code = &status[..3];
        assert_eq!(asked.error(), format!("gateway rejected websocket upgrade (HTTP {code})"));
        asked.assert_silent_about("secret-body-text");
    }
}

#[test]
fn a_connection_that_drops_without_a_close() {
    let before = Gateway::raw(|stream, _| async move { drop(stream) });
    assert!(asked(&before).error().starts_with("gateway does not speak WebSocket"));
    let at_once = Gateway::behaving(|connection| async move { drop(connection) });
    let after_connect = Gateway::behaving(|mut connection| async move {
        connection.challenged().await;
    });
    let after_welcome = Gateway::behaving(|mut connection| async move {
        connection.welcomed().await;
        connection.hear().await;
    });
    for gateway in [at_once, after_connect, after_welcome] {
        let asked = asked(&gateway);
        assert_eq!((asked.error(), asked.close()), ("gateway closed (1006)", (1006, "")));
    }
}

#[test]
fn a_close_that_is_never_finished() {
    let gateway = Gateway::behaving(|mut connection| async move {
        connection.bytes().write_all(&frame(0x88, 2, &1013_u16.to_be_bytes())).await.unwrap();
        sleep(MOST).await;
        drop(connection);
    });
    let asked = asked(&gateway);
    assert_eq!((asked.error(), asked.close()), ("gateway closed (1013)", (1013, "")));
}

#[test]
fn a_flood_during_the_close() {
    let gateway = Gateway::behaving(|mut connection| async move {
        let connect = connection.challenged().await;
        connection.refuse(&connect, "no").await;
        flood(connection, frame(0x81, 2, b"{}")).await;
    });
    assert_eq!(asked(&gateway).error(), "no");
}

//! The messages of the gateway's protocol, as far as they are read. The rest of a message is skipped without being kept,
//! so a large one costs no more memory than its own bytes.

use serde::Deserialize;
use serde_json::{Value, json};

/// Bytes of a nonce; a longer one is not accepted.
const MAX_NONCE: usize = 4096;

/// The messages of a gateway that matter here.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ServerMessage {
    Challenge(Option<Challenge>),
    Response {
        id: String,
        result: Result<(), Option<String>>,
    },
    /// Another event, or something that could not be understood.
    Other,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Challenge {
    pub(super) nonce: String,
    /// The gateway's clock, in milliseconds since 1970.
    pub(super) time: Option<u64>,
}

#[derive(Deserialize)]
struct Frame {
    #[serde(rename = "type")]
    kind: String,
    event: Option<String>,
    id: Option<String>,
    ok: Option<bool>,
    error: Option<ErrorBody>,
}

#[derive(Deserialize)]
struct ErrorBody {
    message: Option<String>,
}

#[derive(Deserialize)]
struct WithPayload<P> {
    payload: P,
}

#[derive(Deserialize)]
struct Nonce {
    nonce: String,
}

#[derive(Deserialize)]
struct Time {
    ts: u64,
}

impl ServerMessage {
    pub(super) fn read(text: &str) -> Self {
        let Ok(frame) = serde_json::from_str::<Frame>(text) else { return Self::Other };
        match (frame.kind.as_str(), frame.event.as_deref(), frame.id, frame.ok) {
            ("event", Some("connect.challenge"), ..) => Self::Challenge(Challenge::read(text)),
            ("res", _, Some(id), Some(true)) => Self::Response { id, result: Ok(()) },
            ("res", _, Some(id), Some(false)) => {
                let message = frame.error.and_then(|error| error.message);
                let message = message.filter(|message| !message.trim().is_empty());
                Self::Response { id, result: Err(message) }
            }
            _ => Self::Other,
        }
    }
}

impl Challenge {
    fn read(text: &str) -> Option<Self> {
        let nonce = serde_json::from_str::<WithPayload<Nonce>>(text).ok()?.payload.nonce;
        let nonce = nonce.trim().to_owned();
        if nonce.is_empty() || nonce.len() > MAX_NONCE {
            return None;
        }
        let time =
            serde_json::from_str::<WithPayload<Time>>(text).ok().map(|frame| frame.payload.ts);
        Some(Self { nonce, time })
    }
}

/// The text of a request.
pub(super) fn request(id: &str, method: &str, parameters: Option<Value>) -> String {
    let mut frame = json!({"type": "req", "id": id, "method": method});
    if let Some(parameters) = parameters {
        frame["params"] = parameters;
    }
    frame.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn challenge(payload: &str) -> ServerMessage {
        ServerMessage::read(&format!(
            r#"{{"type":"event","event":"connect.challenge","payload":{payload}}}"#
        ))
    }

    #[test]
    fn a_challenge_needs_a_nonce() {
        let read = |nonce: &str, time| {
            ServerMessage::Challenge(Some(Challenge { nonce: nonce.to_owned(), time }))
        };
        assert_eq!(challenge(r#"{"nonce": " n ", "ts": 5, "x": [1]}"#), read("n", Some(5)));
        assert_eq!(challenge(r#"{"nonce": "n"}"#), read("n", None));
        for time in ["\"5\"", "-1", "1.5", "1e400", "null", "[]"] {
            let payload = format!(r#"{{"nonce": "n", "ts": {time}}}"#);
            assert_eq!(challenge(&payload), read("n", None), "{time}");
        }
        for payload in ["{}", "null", "[]", r#"{"nonce": 5}"#, r#"{"nonce": " "}"#] {
            assert_eq!(challenge(payload), ServerMessage::Challenge(None), "{payload}");
        }
        let long = format!(r#"{{"nonce": "{}"}}"#, "n".repeat(MAX_NONCE + 1));
        assert_eq!(challenge(&long), ServerMessage::Challenge(None));
        assert_eq!(
            ServerMessage::read(r#"{"type":"event","event":"connect.challenge"}"#),
            ServerMessage::Challenge(None)
        );
    }

    #[test]
    fn responses_succeed_or_say_why_not() {
        let response = |result| ServerMessage::Response { id: "i".to_owned(), result };
        assert_eq!(
            ServerMessage::read(r#"{"type":"res","id":"i","ok":true,"payload":{"a":[]}}"#),
            response(Ok(()))
        );
        let refused = r#"{"type":"res","id":"i","ok":false,"error":{"code":"X","message":"no"}}"#;
        assert_eq!(ServerMessage::read(refused), response(Err(Some("no".to_owned()))));
        for error in ["", r#","error":null"#, r#","error":{}"#, r#","error":{"message":" "}"#] {
            let refused = format!(r#"{{"type":"res","id":"i","ok":false{error}}}"#);
            assert_eq!(ServerMessage::read(&refused), response(Err(None)), "{error}");
        }
    }

    #[test]
    fn anything_else_is_passed_over() {
        for text in [
            "",
            "{",
            "[]",
            "null",
            "\"x\"",
            r#"{"type":"event","event":"tick"}"#,
            r#"{"type":"res","id":"i"}"#,
            r#"{"type":"res","ok":true}"#,
            r#"{"type":"res","id":1,"ok":true}"#,
            r#"{"id":"i","ok":true}"#,
            r#"{"type":"res","id":"i","ok":"true"}"#,
            r#"{"type":"req","id":"i","ok":true}"#,
        ] {
            assert_eq!(ServerMessage::read(text), ServerMessage::Other, "{text}");
        }
        assert_eq!(ServerMessage::read(&"[".repeat(1_000_000)), ServerMessage::Other);
    }

    #[test]
    fn requests_have_parameters_or_not() {
        assert_eq!(request("i", "health", None), r#"{"type":"req","id":"i","method":"health"}"#);
        let with = request("i", "config.get", Some(json!({})));
        assert_eq!(with, r#"{"type":"req","id":"i","method":"config.get","params":{}}"#);
    }
}

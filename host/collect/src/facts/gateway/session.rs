//! What is said on the connection: the gateway's challenge, the request to connect, four questions, good-bye. Events and
//! answers that nobody waits for are passed over, and there is an end to them.

use std::collections::HashSet;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::error::{
    CapacityError, Error as WebSocketError, ProtocolError,
};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::Utf8Bytes;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::device::{Device, Vouching};
use super::protocol::{Challenge, Said, request};
use super::transport::{TooMuch, Wire};
use super::{Failure, GatewayClose};
use chitin_config::discover::Credentials;

/// Of one conversation, control messages included.
const MAX_MESSAGES: u32 = 10_000;

/// How long the other side's good-bye is waited for: where it says why, and where it does not matter.
const REASON: Duration = Duration::from_secs(1);
const COURTESY: Duration = Duration::from_millis(250);

/// What is asked, all at once. Every one must be answered.
const QUESTIONS: [&str; 4] = ["health", "status", "system-presence", "config.get"];

/// As what this side introduces itself, so that the gateway takes it for OpenClaw's own probe.
pub(super) struct Client {
    pub(super) id: &'static str,
    pub(super) mode: &'static str,
    pub(super) role: &'static str,
    pub(super) scope: &'static str,
}

pub(super) const CLIENT: Client =
    Client { id: "cli", mode: "probe", role: "operator", scope: "operator.read" };

pub(super) struct Greeting<'g> {
    pub(super) credentials: &'g Credentials,
    pub(super) device: Option<&'g Device>,
    pub(super) challenge_limit: Duration,
}

/// Why a conversation does not go on.
pub(super) enum Stop {
    /// The gateway ended it.
    Closed(GatewayClose),
    /// This side does. The gateway is told the reason.
    GaveUp { error: String, reason: &'static str },
}

impl Stop {
    fn giving_up(error: impl Into<String>, reason: &'static str) -> Self {
        Self::GaveUp { error: error.into(), reason }
    }
}

pub(super) struct Conversation {
    wire: Wire,
    heard: u32,
}

impl Conversation {
    pub(super) fn over(wire: Wire) -> Self {
        Self { wire, heard: 0 }
    }

    /// From the gateway's challenge to its welcome.
    pub(super) async fn greet(&mut self, greeting: &Greeting<'_>) -> Result<(), Stop> {
        let limit = greeting.challenge_limit;
        let challenge = tokio::time::timeout(limit, self.challenge()).await.map_err(|_| {
            let error =
                format!("gateway connect challenge timeout (limit {}ms)", limit.as_millis());
            Stop::giving_up(error, "connect challenge timeout")
        })??;
        let id = uuid()?;
        let parameters = greeting.parameters(&challenge, &uuid()?);
        self.say(request(&id, "connect", Some(parameters))).await?;
        self.answers(HashSet::from([id])).await
    }

    /// Nothing is said before it.
    async fn challenge(&mut self) -> Result<Challenge, Stop> {
        loop {
            if let Said::Challenge(challenge) = self.hear().await? {
                return challenge.ok_or_else(|| {
                    Stop::giving_up(
                        "gateway connect challenge missing nonce",
                        "connect challenge missing nonce",
                    )
                });
            }
        }
    }

    /// All questions at once.
    pub(super) async fn ask_everything(&mut self) -> Result<(), Stop> {
        let mut waiting = HashSet::new();
        for method in QUESTIONS {
            let id = uuid()?;
            let parameters = (method == "config.get").then(|| json!({}));
            self.say(request(&id, method, parameters)).await?;
            waiting.insert(id);
        }
        self.answers(waiting).await
    }

    /// Until every request has its answer, or one was refused.
    async fn answers(&mut self, mut waiting: HashSet<String>) -> Result<(), Stop> {
        while !waiting.is_empty() {
            if let Said::Response { id, result } = self.hear().await?
                && waiting.remove(&id)
            {
                result.map_err(|message| {
                    let message =
                        message.unwrap_or_else(|| "gateway refused without a reason".to_owned());
                    Stop::giving_up(message, "connect failed")
                })?;
            }
        }
        Ok(())
    }

    async fn say(&mut self, text: String) -> Result<(), Stop> {
        self.wire.send(Message::text(text)).await.map_err(broken)
    }

    /// The next message in text.
    async fn hear(&mut self) -> Result<Said, Stop> {
        loop {
            let Some(message) = self.wire.next().await else {
                return Err(Stop::Closed(GatewayClose::abrupt()));
            };
            self.heard += 1;
            if self.heard > MAX_MESSAGES {
                let error = format!("the gateway sent more than {MAX_MESSAGES} messages");
                return Err(Stop::giving_up(error, "too many messages"));
            }
            match message.map_err(broken)? {
                Message::Text(text) => return Ok(Said::read(&text)),
                Message::Close(frame) => return Err(Stop::Closed(closed(frame))),
                Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
            }
        }
    }

    /// Says good-bye, whatever the gateway has to say to that.
    pub(super) async fn part(mut self) {
        let _ = tokio::time::timeout(COURTESY, self.close(CloseCode::Normal, "")).await;
    }

    /// Ends a conversation that did not come to a welcome. The gateway may still say why.
    pub(super) async fn end(mut self, stop: Stop) -> Failure {
        if let Stop::GaveUp { error, reason } = &stop {
            let closing = self.close(CloseCode::Policy, reason);
            let close = tokio::time::timeout(REASON, closing).await.ok().flatten();
            return Failure { error: error.clone(), close };
        }
        stop.into()
    }

    /// Closes, and waits for the gateway to do so.
    async fn close(&mut self, code: CloseCode, reason: &'static str) -> Option<GatewayClose> {
        let frame = CloseFrame { code, reason: Utf8Bytes::from_static(reason) };
        self.wire.close(Some(frame)).await.ok()?;
        loop {
            match self.hear().await {
                Ok(_) => {}
                Err(Stop::Closed(close)) => return Some(close),
                Err(Stop::GaveUp { .. }) => return None,
            }
        }
    }
}

impl Greeting<'_> {
    /// The parameters of `connect`.
    fn parameters(&self, challenge: &Challenge, instance: &str) -> Value {
        let platform = match std::env::consts::OS {
            "macos" => "darwin",
            "windows" => "win32",
            other => other,
        };
        let mut parameters = json!({
            "minProtocol": 3,
            "maxProtocol": 4,
            "client": {
                "id": CLIENT.id,
                "version": "dev",
                "platform": platform,
                "mode": CLIENT.mode,
                "instanceId": instance,
            },
            "caps": [],
            "role": CLIENT.role,
            "scopes": [CLIENT.scope],
        });
        let Credentials { token, password } = self.credentials;
        let device_token = match (token, password) {
            (None, None) => self.device.map(Device::token),
            _ => None,
        };
        for (name, secret) in [
            ("token", token.as_ref()),
            ("deviceToken", device_token),
            ("password", password.as_ref()),
        ] {
            if let Some(secret) = secret {
                parameters["auth"][name] = secret.as_str().into();
            }
        }
        if let Some(device) = self.device {
            parameters["device"] = device.vouch(&Vouching {
                nonce: &challenge.nonce,
                signed_at: challenge.time.unwrap_or_else(now),
                token: token.as_ref().or(device_token).map(String::as_str),
                platform,
            });
        }
        parameters
    }
}

fn closed(frame: Option<CloseFrame>) -> GatewayClose {
    match frame {
        Some(frame) => GatewayClose { code: frame.code.into(), reason: frame.reason.to_string() },
        // A good-bye without a code.
        None => GatewayClose { code: 1005, reason: String::new() },
    }
}

/// A connection on which nothing more can be said.
fn broken(error: WebSocketError) -> Stop {
    match error {
        WebSocketError::Io(error) if matches!(error.get_ref(), Some(inner) if inner.is::<TooMuch>()) => {
            Stop::giving_up(error.to_string(), "too much")
        }
        WebSocketError::Capacity(CapacityError::MessageTooLong { max_size, .. }) => {
            let error = format!("the gateway sent a message of more than {} MiB", max_size >> 20);
            Stop::giving_up(error, "message too long")
        }
        WebSocketError::Protocol(ProtocolError::ResetWithoutClosingHandshake) => {
            Stop::Closed(GatewayClose::abrupt())
        }
        WebSocketError::Protocol(_) | WebSocketError::Utf8(_) | WebSocketError::Capacity(_) => {
            Stop::giving_up(
                format!("the gateway broke the WebSocket protocol: {error}"),
                "protocol error",
            )
        }
        _ => Stop::Closed(GatewayClose::abrupt()),
    }
}

/// Milliseconds since 1970.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// A random one.
fn uuid() -> Result<String, Stop> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)
        .map_err(|_| Stop::giving_up("no random numbers", "connect failed"))?;
    let number = u128::from_be_bytes(bytes) & !(0xf000 << 64) & !(0xc000 << 48)
        | 0x4000 << 64
        | 0x8000 << 48;
    let digits = format!("{number:032x}");
    let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    Ok(parts.join("-"))
}

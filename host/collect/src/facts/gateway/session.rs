//! The messages on one connection: the gateway's challenge, the request to connect, four requests, close. Events and
//! responses that were not asked for are passed over, up to a limit.

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

use super::client::CLIENT;
use super::device::{Device, DeviceProof};
use super::outcome::{GatewayClose, ProbeError};
use super::protocol::{Challenge, ServerMessage, request};
use super::transport::{ReceiveLimitError, WebSocket};
use chitin_config::discover::Credentials;

/// Of one session, control messages included.
const MAX_MESSAGES: u32 = 10_000;

/// How long to wait for the other side's close message: where it may say why, and where it does not matter.
const CLOSE_REASON_TIMEOUT: Duration = Duration::from_secs(1);
const CLOSE_TIMEOUT: Duration = Duration::from_millis(250);

/// The methods that are called, all at once. Every one must be answered.
const METHODS: [&str; 4] = ["health", "status", "system-presence", "config.get"];

/// What is needed to be welcomed.
pub(super) struct Handshake<'g> {
    pub(super) credentials: &'g Credentials,
    pub(super) device: Option<&'g Device>,
    pub(super) challenge_limit: Duration,
}

/// Why a session does not go on.
pub(super) enum SessionError {
    /// The gateway ended it.
    Closed(GatewayClose),
    /// This side ended it. The reason is sent to the gateway.
    GaveUp { message: String, reason: &'static str },
}

impl SessionError {
    fn giving_up(message: impl Into<String>, reason: &'static str) -> Self {
        Self::GaveUp { message: message.into(), reason }
    }
}

/// An open connection to a gateway.
pub(super) struct Session {
    socket: WebSocket,
    received: u32,
}

impl Session {
    pub(super) fn over(socket: WebSocket) -> Self {
        Self { socket, received: 0 }
    }

    /// From the gateway's challenge to its welcome.
    pub(super) async fn connect(&mut self, handshake: &Handshake<'_>) -> Result<(), SessionError> {
        let limit = handshake.challenge_limit;
        let challenge = tokio::time::timeout(limit, self.challenge()).await.map_err(|_| {
            let error =
                format!("gateway connect challenge timeout (limit {}ms)", limit.as_millis());
            SessionError::giving_up(error, "connect challenge timeout")
        })??;
        let id = uuid()?;
        let parameters = handshake.parameters(&challenge, &uuid()?);
        self.send(request(&id, "connect", Some(parameters))).await?;
        self.await_responses(HashSet::from([id])).await
    }

    /// The first message of a gateway. Nothing is sent before it.
    async fn challenge(&mut self) -> Result<Challenge, SessionError> {
        loop {
            if let ServerMessage::Challenge(challenge) = self.receive().await? {
                return challenge.ok_or_else(|| {
                    SessionError::giving_up(
                        "gateway connect challenge missing nonce",
                        "connect challenge missing nonce",
                    )
                });
            }
        }
    }

    /// Sends all requests at once, and waits for the responses.
    pub(super) async fn probe(&mut self) -> Result<(), SessionError> {
        let mut waiting = HashSet::new();
        for method in METHODS {
            let id = uuid()?;
            let parameters = (method == "config.get").then(|| json!({}));
            self.send(request(&id, method, parameters)).await?;
            waiting.insert(id);
        }
        self.await_responses(waiting).await
    }

    /// Waits until every request has its response, or one was refused.
    async fn await_responses(&mut self, mut waiting: HashSet<String>) -> Result<(), SessionError> {
        while !waiting.is_empty() {
            if let ServerMessage::Response { id, result } = self.receive().await?
                && waiting.remove(&id)
            {
                result.map_err(|message| {
                    let message =
                        message.unwrap_or_else(|| "gateway refused without a reason".to_owned());
                    SessionError::giving_up(message, "connect failed")
                })?;
            }
        }
        Ok(())
    }

    async fn send(&mut self, text: String) -> Result<(), SessionError> {
        self.socket.send(Message::text(text)).await.map_err(broken)
    }

    /// The next message in text.
    async fn receive(&mut self) -> Result<ServerMessage, SessionError> {
        loop {
            let Some(message) = self.socket.next().await else {
                return Err(SessionError::Closed(GatewayClose::abrupt()));
            };
            self.received += 1;
            if self.received > MAX_MESSAGES {
                let error = format!("the gateway sent more than {MAX_MESSAGES} messages");
                return Err(SessionError::giving_up(error, "too many messages"));
            }
            match message.map_err(broken)? {
                Message::Text(text) => return Ok(ServerMessage::read(&text)),
                Message::Close(frame) => return Err(SessionError::Closed(closed(frame))),
                Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
            }
        }
    }

    /// Closes the session after a complete probe, whatever the gateway answers to that.
    pub(super) async fn finish(mut self) {
        let _ = tokio::time::timeout(CLOSE_TIMEOUT, self.close(CloseCode::Normal, "")).await;
    }

    /// Closes a session that was not welcomed. The gateway may still say why.
    pub(super) async fn abort(mut self, error: SessionError) -> ProbeError {
        if let SessionError::GaveUp { message, reason } = &error {
            let closing = self.close(CloseCode::Policy, reason);
            let close = tokio::time::timeout(CLOSE_REASON_TIMEOUT, closing).await.ok().flatten();
            return ProbeError { message: message.clone(), close };
        }
        error.into()
    }

    /// Closes, and waits for the gateway to do so.
    async fn close(&mut self, code: CloseCode, reason: &'static str) -> Option<GatewayClose> {
        let frame = CloseFrame { code, reason: Utf8Bytes::from_static(reason) };
        self.socket.close(Some(frame)).await.ok()?;
        loop {
            match self.receive().await {
                Ok(_) => {}
                Err(SessionError::Closed(close)) => return Some(close),
                Err(SessionError::GaveUp { .. }) => return None,
            }
        }
    }
}

impl From<SessionError> for ProbeError {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Closed(close) => Self { message: close.message(), close: Some(close) },
            SessionError::GaveUp { message, .. } => Self { message, close: None },
        }
    }
}

impl Handshake<'_> {
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
            parameters["device"] = device.sign(&DeviceProof {
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
        // A close message without a code.
        None => GatewayClose { code: 1005, reason: String::new() },
    }
}

/// A connection on which nothing more can be sent.
fn broken(error: WebSocketError) -> SessionError {
    match error {
        WebSocketError::Io(error) if matches!(error.get_ref(), Some(inner) if inner.is::<ReceiveLimitError>()) => {
            SessionError::giving_up(error.to_string(), "too much")
        }
        WebSocketError::Capacity(CapacityError::MessageTooLong { max_size, .. }) => {
            let error = format!("the gateway sent a message of more than {} MiB", max_size >> 20);
            SessionError::giving_up(error, "message too long")
        }
        WebSocketError::Protocol(ProtocolError::ResetWithoutClosingHandshake) => {
            SessionError::Closed(GatewayClose::abrupt())
        }
        WebSocketError::Protocol(_) | WebSocketError::Utf8(_) | WebSocketError::Capacity(_) => {
            SessionError::giving_up(
                format!("the gateway broke the WebSocket protocol: {error}"),
                "protocol error",
            )
        }
        _ => SessionError::Closed(GatewayClose::abrupt()),
    }
}

/// Milliseconds since 1970.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// A random UUID.
fn uuid() -> Result<String, SessionError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)
        .map_err(|_| SessionError::giving_up("no random numbers", "connect failed"))?;
    let number = u128::from_be_bytes(bytes) & !(0xf000 << 64) & !(0xc000 << 48)
        | 0x4000 << 64
        | 0x8000 << 48;
    let digits = format!("{number:032x}");
    let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    Ok(parts.join("-"))
}

//! A gateway for tests: it speaks the protocol as far as it is told to, and remembers what it heard.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

/// Bytes in both directions, encrypted or not.
pub(crate) trait Bytes: AsyncRead + AsyncWrite + Unpin + Send {}
impl<B: AsyncRead + AsyncWrite + Unpin + Send> Bytes for B {}

type Done = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What a gateway got to know.
#[derive(Debug, Default)]
pub(crate) struct Received {
    connections: AtomicUsize,
    /// Requests for a WebSocket: path, and the login in its header.
    upgrades: Mutex<Vec<(String, Option<String>)>>,
    messages: Mutex<Vec<Value>>,
}

/// On a free port of this machine, until it is dropped.
pub(crate) struct Gateway {
    pub(crate) port: u16,
    seen: Arc<Received>,
    runtime: Option<Runtime>,
}

impl Drop for Gateway {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Gateway {
    /// One that does this with every connection, whatever is said on it.
    pub(crate) fn raw<F>(
        manner: impl Fn(TcpStream, Arc<Received>) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Received::default());
        let known = Arc::clone(&seen);
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                known.connections.fetch_add(1, Ordering::SeqCst);
                let done: Done = Box::pin(manner(stream, Arc::clone(&known)));
                tokio::spawn(done);
            }
        });
        Self { port, seen, runtime: Some(runtime) }
    }

    /// One that does this once it speaks WebSocket.
    pub(crate) fn behaving<F>(manner: impl Fn(Connection) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let manner = Arc::new(manner);
        Self::raw(move |stream, seen| {
            let manner = Arc::clone(&manner);
            async move {
                if let Some(connection) = Connection::accept(Box::new(stream), seen).await {
                    manner(connection).await;
                }
            }
        })
    }

    /// As it should be: who knows the token is welcome, and gets answers.
    pub(crate) fn healthy(token: &'static str) -> Self {
        Self::behaving(move |connection| connection.serve_healthily(token))
    }

    /// One that refuses everyone, and repeats the credentials that it was given: before `text`, in messages and closes.
    pub(crate) fn echoing(text: &'static str) -> Self {
        Self::behaving(move |mut connection| async move {
            let connect = connection.challenged().await;
            let auth = connect["params"]["auth"].to_string();
            connection.refuse(&connect, &format!("{text} {}", auth.repeat(20))).await;
            let reason: String = format!("{text} {auth}").chars().take(120).collect();
            connection.close(1008, &reason).await;
        })
    }

    pub(crate) fn connections(&self) -> usize {
        self.seen.connections.load(Ordering::SeqCst)
    }

    pub(crate) fn upgrades(&self) -> Vec<(String, Option<String>)> {
        self.seen.upgrades.lock().unwrap().clone()
    }

    /// Everything that was said, in order.
    pub(crate) fn messages(&self) -> Vec<Value> {
        self.seen.messages.lock().unwrap().clone()
    }

    /// The parameters of the only request to connect.
    pub(crate) fn connect(&self) -> Value {
        let messages = self.messages();
        let connects: Vec<_> =
            messages.iter().filter(|message| message["method"] == "connect").collect();
        let [connect] = connects.as_slice() else { panic!("{messages:?}") };
        connect["params"].clone()
    }
}

/// One side of a conversation. What cannot be said because nobody is there any more is not said.
pub(crate) struct Connection {
    socket: WebSocketStream<Box<dyn Bytes>>,
    seen: Arc<Received>,
}

impl Connection {
    pub(crate) async fn accept(stream: Box<dyn Bytes>, seen: Arc<Received>) -> Option<Self> {
        let known = Arc::clone(&seen);
        #[expect(clippy::result_large_err, reason = "the signature is the library's")]
        let note = move |request: &Request, response: Response| {
            let login = request.headers().get("authorization");
            let login = login.and_then(|login| login.to_str().ok()).map(str::to_owned);
            known.upgrades.lock().unwrap().push((request.uri().to_string(), login));
            Ok(response)
        };
        let socket = tokio_tungstenite::accept_hdr_async(stream, note).await.ok()?;
        Some(Self { socket, seen })
    }

    pub(crate) async fn send(&mut self, message: Message) -> bool {
        self.socket.send(message).await.is_ok()
    }

    pub(crate) async fn say(&mut self, frame: Value) -> bool {
        self.send(Message::text(frame.to_string())).await
    }

    /// The next message; none when the other side has gone.
    pub(crate) async fn hear(&mut self) -> Option<Value> {
        while let Some(Ok(message)) = self.socket.next().await {
            if let Message::Text(text) = message {
                let value: Value = serde_json::from_str(&text).unwrap();
                self.seen.messages.lock().unwrap().push(value.clone());
                return Some(value);
            }
        }
        None
    }

    pub(crate) async fn challenge(&mut self) {
        let payload = json!({"nonce": "a-nonce", "ts": 1_700_000_000_000_u64});
        self.say(json!({"type": "event", "event": "connect.challenge", "payload": payload})).await;
    }

    /// Challenges, and gives the request to connect.
    pub(crate) async fn challenged(&mut self) -> Value {
        self.challenge().await;
        self.hear().await.unwrap_or_default()
    }

    pub(crate) async fn answer(&mut self, request: &Value, payload: Value) {
        self.say(json!({"type": "res", "id": request["id"], "ok": true, "payload": payload})).await;
    }

    pub(crate) async fn refuse(&mut self, request: &Value, message: &str) {
        let error = json!({"code": "INVALID_REQUEST", "message": message});
        self.say(json!({"type": "res", "id": request["id"], "ok": false, "error": error})).await;
    }

    /// Challenges and welcomes anyone.
    pub(crate) async fn welcomed(&mut self) {
        let connect = self.challenged().await;
        let hello = json!({
            "type": "hello-ok", "protocol": 4, "server": {"version": "2026.9.6", "connId": "c"},
            "auth": {"role": "operator", "deviceToken": "a-token-that-nobody-may-keep"},
        });
        self.answer(&connect, hello).await;
    }

    /// Answers all requests until the other side goes.
    pub(crate) async fn answer_all(&mut self) {
        while let Some(request) = self.hear().await {
            self.say(json!({"type": "event", "event": "tick", "payload": {}, "seq": 1})).await;
            self.answer(&request, json!({"ok": true})).await;
        }
    }

    pub(crate) async fn serve_healthily(mut self, token: &'static str) {
        let connect = self.challenged().await;
        if connect["params"]["auth"]["token"] == token {
            self.answer(&connect, json!({"type": "hello-ok", "protocol": 4})).await;
            self.answer_all().await;
        } else {
            self.refuse(&connect, "unauthorized: gateway token mismatch").await;
            self.close(1008, "unauthorized: gateway token mismatch").await;
        }
    }

    /// Closes, and waits until the other side has gone.
    pub(crate) async fn close(mut self, code: u16, reason: &str) {
        let frame = CloseFrame { code: code.into(), reason: reason.to_owned().into() };
        let _ = self.socket.close(Some(frame)).await;
        while let Some(Ok(_)) = self.socket.next().await {}
    }

    /// Says nothing more, until the other side goes.
    pub(crate) async fn stay_silent(mut self) {
        while self.hear().await.is_some() {}
    }

    /// What is under the WebSocket, for those who break its rules.
    pub(crate) fn bytes(&mut self) -> &mut Box<dyn Bytes> {
        self.socket.get_mut()
    }
}

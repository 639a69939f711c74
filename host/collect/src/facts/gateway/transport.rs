//! The connection to a gateway: TCP, TLS where it is asked for, the upgrade to a WebSocket. Redirects are answers like
//! any other refusal, and what comes in is counted byte by byte.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use data_encoding::BASE64;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::error::Error as WebSocketError;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::http::{HeaderValue, Uri, header};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use super::address::Host;
use super::endpoint::{Security, Target};
use super::timeouts::Patience;

/// OpenClaw's own clients accept messages up to this size.
const MAX_MESSAGE_BYTES: usize = 25 * 1024 * 1024;
/// Of everything that the other side sends, wrapping included.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// Bytes in both directions, encrypted or not.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

pub(super) type Wire = WebSocketStream<Box<dyn Stream>>;

/// Why there is no connection. The texts are those that Node.js has for the same, where it has one.
#[derive(Debug, Error)]
pub(super) enum Unconnected {
    #[error("getaddrinfo ENOTFOUND {0}")]
    NoAddress(String),
    #[error("localhost does not lead to this machine, so nothing was sent")]
    StrangeLocalhost,
    #[error("connect {code} {address}")]
    NoConnection { code: String, address: String },
    #[error("no TLS connection: {0}")]
    NoTls(String),
    #[error("gateway rejected websocket upgrade (HTTP {0})")]
    Rejected(u16),
    #[error("gateway does not speak WebSocket: {0}")]
    NoWebSocket(String),
    #[error("Opening handshake has timed out")]
    UpgradeTimedOut,
}

/// Connects, and asks for a WebSocket.
pub(super) async fn open(target: &Target, patience: &Patience) -> Result<Wire, Unconnected> {
    let opened = tokio::time::timeout(patience.upgrade, async {
        let stream = Counted { stream: connect(target).await?, left: MAX_BYTES };
        let stream: Box<dyn Stream> = match target.security {
            Security::Plain => Box::new(stream),
            Security::Tls => encrypt(stream, target).await?,
        };
        upgrade(stream, target).await
    });
    opened.await.map_err(|_| Unconnected::UpgradeTimedOut)?
}

async fn connect(target: &Target) -> Result<TcpStream, Unconnected> {
    let mut last = None;
    for address in addresses(target).await? {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = Some(no_connection(&error, address)),
        }
    }
    Err(last.unwrap_or_else(|| Unconnected::NoAddress(target.place())))
}

async fn addresses(target: &Target) -> Result<Vec<SocketAddr>, Unconnected> {
    let name = match &target.host {
        Host::Address(address) => return Ok(vec![SocketAddr::new(*address, target.port)]),
        Host::Localhost => "localhost",
        Host::Name(name) => name,
    };
    let found = tokio::net::lookup_host((name, target.port)).await;
    let found: Vec<_> = found.map_err(|_| Unconnected::NoAddress(name.to_owned()))?.collect();
    if target.host == Host::Localhost {
        // The name was believed without a look at the resolver.
        let here: Vec<_> = found.into_iter().filter(|address| is_loopback(address.ip())).collect();
        return if here.is_empty() { Err(Unconnected::StrangeLocalhost) } else { Ok(here) };
    }
    Ok(found)
}

fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

fn no_connection(error: &io::Error, address: SocketAddr) -> Unconnected {
    let code = match error.kind() {
        ErrorKind::ConnectionRefused => "ECONNREFUSED".to_owned(),
        ErrorKind::ConnectionReset => "ECONNRESET".to_owned(),
        ErrorKind::TimedOut => "ETIMEDOUT".to_owned(),
        ErrorKind::HostUnreachable => "EHOSTUNREACH".to_owned(),
        ErrorKind::NetworkUnreachable => "ENETUNREACH".to_owned(),
        ErrorKind::PermissionDenied => "EACCES".to_owned(),
        kind => format!("failed ({kind})"),
    };
    Unconnected::NoConnection { code, address: format!("{}:{}", address.ip(), address.port()) }
}

async fn encrypt(stream: Counted, target: &Target) -> Result<Box<dyn Stream>, Unconnected> {
    let no_tls = |reason: String| Unconnected::NoTls(reason);
    let name = match &target.host {
        Host::Address(address) => ServerName::from(*address),
        Host::Localhost => {
            ServerName::try_from("localhost").map_err(|error| no_tls(error.to_string()))?
        }
        Host::Name(name) => {
            ServerName::try_from(name.clone()).map_err(|error| no_tls(error.to_string()))?
        }
    };
    // Certificates that the machine trusts, and no exception for this machine's own gateway.
    let mut trusted = RootCertStore::empty();
    trusted.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| no_tls(error.to_string()))?
        .with_root_certificates(trusted)
        .with_no_client_auth();
    let encrypted = TlsConnector::from(Arc::new(config)).connect(name, stream).await;
    Ok(Box::new(encrypted.map_err(|error| no_tls(error.to_string()))?))
}

async fn upgrade(stream: Box<dyn Stream>, target: &Target) -> Result<Wire, Unconnected> {
    let no_websocket = |error: WebSocketError| match error {
        WebSocketError::Http(response) => Unconnected::Rejected(response.status().as_u16()),
        WebSocketError::Io(error) => Unconnected::NoWebSocket(error.to_string()),
        error => Unconnected::NoWebSocket(error.to_string()),
    };
    let config = WebSocketConfig::default()
        .max_message_size(Some(MAX_MESSAGE_BYTES))
        .max_frame_size(Some(MAX_MESSAGE_BYTES));
    let request = request(target).map_err(no_websocket)?;
    let opened = tokio_tungstenite::client_async_with_config(request, stream, Some(config));
    opened.await.map(|(wire, _)| wire).map_err(no_websocket)
}

fn request(target: &Target) -> Result<Request, WebSocketError> {
    let uri = Uri::builder()
        .scheme(target.security.scheme())
        .authority(target.place())
        .path_and_query(target.path.as_str())
        .build()?;
    let mut request = uri.into_client_request()?;
    if let Some(login) = &target.login {
        let mut value =
            HeaderValue::try_from(format!("Basic {}", BASE64.encode(login.as_bytes())))?;
        value.set_sensitive(true);
        request.headers_mut().insert(header::AUTHORIZATION, value);
    }
    Ok(request)
}

/// The other side sent more than is good for anybody.
#[derive(Debug, Error)]
#[error("the gateway sent more than {} MiB", MAX_BYTES >> 20)]
pub(super) struct TooMuch;

/// Lets a certain number of bytes in, and no more.
struct Counted {
    stream: TcpStream,
    left: usize,
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        let read = buffer.filled().len().saturating_sub(before);
        match self.left.checked_sub(read) {
            Some(left) => {
                self.left = left;
                Poll::Ready(Ok(()))
            }
            None => Poll::Ready(Err(io::Error::other(TooMuch))),
        }
    }
}

impl AsyncWrite for Counted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

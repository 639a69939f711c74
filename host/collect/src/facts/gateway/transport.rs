//! The connection to a gateway: TCP, TLS where the URL says so, the upgrade to a WebSocket. A redirect is a refusal like
//! any other, and what comes in is counted byte by byte.

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
use super::endpoint::{Endpoint, Security};
use super::outcome::{GatewayClose, ProbeError};
use super::timeouts::Timeouts;

/// OpenClaw's own clients accept messages up to this size.
const MAX_MESSAGE_BYTES: usize = 25 * 1024 * 1024;
/// Of everything that the other side sends, wrapping included.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// Bytes in both directions, encrypted or not.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

pub(super) type WebSocket = WebSocketStream<Box<dyn Stream>>;

/// Why there is no connection. The texts are those of Node.js for the same errors, where it has one.
#[derive(Debug, Error)]
pub(super) enum ConnectError {
    #[error("getaddrinfo ENOTFOUND {0}")]
    NoAddress(String),
    #[error("localhost does not resolve to this machine, so nothing was sent")]
    ForeignLocalhost,
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

impl From<ConnectError> for ProbeError {
    fn from(error: ConnectError) -> Self {
        Self { message: error.to_string(), close: Some(GatewayClose::abrupt()) }
    }
}

/// Connects and upgrades to a WebSocket.
pub(super) async fn open(
    endpoint: &Endpoint,
    timeouts: &Timeouts,
) -> Result<WebSocket, ConnectError> {
    let opened = tokio::time::timeout(timeouts.upgrade, async {
        let stream = BoundedStream { stream: connect(endpoint).await?, left: MAX_BYTES };
        let stream: Box<dyn Stream> = match endpoint.security {
            Security::Plain => Box::new(stream),
            Security::Tls => encrypt(stream, endpoint).await?,
        };
        upgrade(stream, endpoint).await
    });
    opened.await.map_err(|_| ConnectError::UpgradeTimedOut)?
}

async fn connect(endpoint: &Endpoint) -> Result<TcpStream, ConnectError> {
    let mut last = None;
    for address in addresses(endpoint).await? {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = Some(no_connection(&error, address)),
        }
    }
    Err(last.unwrap_or_else(|| ConnectError::NoAddress(endpoint.place())))
}

async fn addresses(endpoint: &Endpoint) -> Result<Vec<SocketAddr>, ConnectError> {
    let name = match &endpoint.host {
        Host::Address(address) => return Ok(vec![SocketAddr::new(*address, endpoint.port)]),
        Host::Localhost => "localhost",
        Host::Name(name) => name,
    };
    let found = tokio::net::lookup_host((name, endpoint.port)).await;
    let found: Vec<_> = found.map_err(|_| ConnectError::NoAddress(name.to_owned()))?.collect();
    if endpoint.host == Host::Localhost {
        // So far the name was trusted without asking the resolver.
        let here: Vec<_> = found.into_iter().filter(|address| is_loopback(address.ip())).collect();
        return if here.is_empty() { Err(ConnectError::ForeignLocalhost) } else { Ok(here) };
    }
    Ok(found)
}

fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

fn no_connection(error: &io::Error, address: SocketAddr) -> ConnectError {
    let code = match error.kind() {
        ErrorKind::ConnectionRefused => "ECONNREFUSED".to_owned(),
        ErrorKind::ConnectionReset => "ECONNRESET".to_owned(),
        ErrorKind::TimedOut => "ETIMEDOUT".to_owned(),
        ErrorKind::HostUnreachable => "EHOSTUNREACH".to_owned(),
        ErrorKind::NetworkUnreachable => "ENETUNREACH".to_owned(),
        ErrorKind::PermissionDenied => "EACCES".to_owned(),
        kind => format!("failed ({kind})"),
    };
    ConnectError::NoConnection { code, address: format!("{}:{}", address.ip(), address.port()) }
}

async fn encrypt(
    stream: BoundedStream,
    endpoint: &Endpoint,
) -> Result<Box<dyn Stream>, ConnectError> {
    let no_tls = |reason: String| ConnectError::NoTls(reason);
    let name = match &endpoint.host {
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

async fn upgrade(stream: Box<dyn Stream>, endpoint: &Endpoint) -> Result<WebSocket, ConnectError> {
    let no_websocket = |error: WebSocketError| match error {
        WebSocketError::Http(response) => ConnectError::Rejected(response.status().as_u16()),
        WebSocketError::Io(error) => ConnectError::NoWebSocket(error.to_string()),
        error => ConnectError::NoWebSocket(error.to_string()),
    };
    let config = WebSocketConfig::default()
        .max_message_size(Some(MAX_MESSAGE_BYTES))
        .max_frame_size(Some(MAX_MESSAGE_BYTES));
    let request = request(endpoint).map_err(no_websocket)?;
    let opened = tokio_tungstenite::client_async_with_config(request, stream, Some(config));
    opened.await.map(|(socket, _)| socket).map_err(no_websocket)
}

fn request(endpoint: &Endpoint) -> Result<Request, WebSocketError> {
    let uri = Uri::builder()
        .scheme(endpoint.security.scheme())
        .authority(endpoint.place())
        .path_and_query(endpoint.path.as_str())
        .build()?;
    let mut request = uri.into_client_request()?;
    if let Some(login) = &endpoint.login {
        let mut value =
            HeaderValue::try_from(format!("Basic {}", BASE64.encode(login.as_bytes())))?;
        value.set_sensitive(true);
        request.headers_mut().insert(header::AUTHORIZATION, value);
    }
    Ok(request)
}

/// The other side sent more than is accepted.
#[derive(Debug, Error)]
#[error("the gateway sent more than {} MiB", MAX_BYTES >> 20)]
pub(super) struct ReceiveLimitError;

/// Lets a certain number of bytes in, and no more.
struct BoundedStream {
    stream: TcpStream,
    left: usize,
}

impl AsyncRead for BoundedStream {
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
            None => Poll::Ready(Err(io::Error::other(ReceiveLimitError))),
        }
    }
}

impl AsyncWrite for BoundedStream {
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

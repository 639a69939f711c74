//! Encrypted connections: only to those whom the machine trusts, without exceptions.
//!
//! The certificate in `data/tls` is for `localhost` and 127.0.0.1, from an authority that no machine knows.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::json;
use tokio_rustls::TlsAcceptor;

use super::gateway::{Connection, Gateway};
use super::{ProbeRun, TOKEN, deep};
use crate::support::workspace::Workspace;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/tls").join(name)
}

/// An honest gateway behind TLS.
fn encrypted() -> Gateway {
    let certificate = CertificateDer::from_pem_file(fixture("certificate.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(fixture("key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    Gateway::raw(move |stream, seen| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(stream) = acceptor.accept(stream).await else { return };
            if let Some(connection) = Connection::accept(Box::new(stream), seen).await {
                connection.serve_healthily(TOKEN).await;
            }
        }
    })
}

fn workspace(port: u16) -> Workspace {
    Workspace::with_config(
        &json!({"gateway": {"port": port, "tls": {"enabled": true}, "auth": {"token": TOKEN}}}),
    )
}

#[test]
fn an_untrusted_certificate_gets_no_credentials() {
    let gateway = encrypted();
    let asked = ProbeRun::by(deep(&workspace(gateway.port)));
    assert_eq!(asked.error(), "no TLS connection: invalid peer certificate: UnknownIssuer");
    assert_eq!(asked.gateway()["url"], format!("wss://127.0.0.1:{}", gateway.port));
    assert_eq!((gateway.upgrades(), gateway.messages()), (vec![], vec![]));
    asked.assert_silent_about(TOKEN);
}

#[test]
fn a_trusted_certificate_is_accepted() {
    for host in ["127.0.0.1", "localhost"] {
        let gateway = encrypted();
        let url = format!("wss://{host}:{}", gateway.port);
        let workspace = workspace(gateway.port);
        let run = deep(&workspace).env("OPENCLAW_GATEWAY_URL", url);
        ProbeRun::by(run.env("SSL_CERT_FILE", fixture("authority.pem"))).assert_well();
    }
}

#[test]
fn a_certificate_for_another_host_is_refused() {
    let gateway = encrypted();
    let url = format!("wss://[::ffff:127.0.0.1]:{}", gateway.port);
    let workspace = workspace(gateway.port);
    let run = deep(&workspace).env("OPENCLAW_GATEWAY_URL", url);
    let asked = ProbeRun::by(run.env("SSL_CERT_FILE", fixture("authority.pem")));
    assert!(
        asked.error().starts_with("no TLS connection: invalid peer certificate"),
        "{}",
        asked.error()
    );
    assert_eq!(gateway.messages(), [json!(null); 0]);
}

#[test]
fn the_environment_cannot_turn_certificate_checks_off() {
    let gateway = encrypted();
    let run = ProbeRun::by(deep(&workspace(gateway.port)).env("NODE_TLS_REJECT_UNAUTHORIZED", "0"));
    assert!(run.error().contains("UnknownIssuer"), "{}", run.error());
}

#[test]
fn plain_text_is_no_answer() {
    let gateway = Gateway::healthy(TOKEN);
    let asked = ProbeRun::by(deep(&workspace(gateway.port)));
    assert!(asked.error().starts_with("no TLS connection"), "{}", asked.error());
    assert_eq!(gateway.messages(), [json!(null); 0]);
}

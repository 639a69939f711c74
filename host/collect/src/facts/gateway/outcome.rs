//! What comes of probing a gateway.

use serde::{Deserialize, Serialize};

/// How a gateway closed a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct GatewayClose {
    pub code: u16,
    pub reason: String,
}

impl GatewayClose {
    /// A connection that ended without a close message, as WebSocket libraries number it.
    pub(super) fn abrupt() -> Self {
        Self { code: 1006, reason: String::new() }
    }

    pub(super) fn message(&self) -> String {
        let Self { code, reason } = self;
        if reason.trim().is_empty() {
            format!("gateway closed ({code})")
        } else {
            format!("gateway closed ({code}): {reason}")
        }
    }
}

/// The result of probing the live gateway once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct GatewayProbe {
    pub url: String,
    pub ok: bool,
    /// None when ok.
    pub error: Option<String>,
    pub close: Option<GatewayClose>,
    /// A configured credential that could not be used.
    pub credential_warning: Option<String>,
}

/// Why the gateway did not answer.
pub(super) struct ProbeError {
    /// As the gateway, a library or this side words it; not redacted yet.
    pub(super) message: String,
    pub(super) close: Option<GatewayClose>,
}

impl ProbeError {
    pub(super) fn timeout() -> Self {
        Self { message: "timeout".to_owned(), close: None }
    }
}

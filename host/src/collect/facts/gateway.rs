//! The live gateway: what it answered, or why it did not.

use serde::{Deserialize, Serialize};

/// How a gateway closed a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct GatewayClose {
    pub code: u16,
    pub reason: String,
}

/// The result of asking the live gateway once.
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

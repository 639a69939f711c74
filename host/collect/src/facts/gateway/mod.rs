//! Probes the live gateway once: the only place where chitin uses the network.
//!
//! Where to connect and what to send is decided before the first byte goes out (`endpoint`, `credentials`, `device`).
//! Then there is one connection (`transport`) with one session on it. Nothing is written, no redirect is followed, and
//! what the other side sends is bounded and redacted: the secrets that this side used never come back in a report.
//!
//! What must not enter: the decision whether to probe at all.

mod address;
mod client;
mod credentials;
mod device;
mod endpoint;
mod outcome;
mod port;
mod protocol;
mod redact;
mod session;
#[cfg(test)]
#[cfg(unix)]
pub(super) mod tests;
mod timeouts;
mod transport;

use std::time::Duration;

use chitin_config::Config;
use chitin_config::discover::Credentials;
use chitin_config::environment::Environment;
use chitin_fs::files::Roots;

use credentials::{ChosenCredentials, Side};
use device::Device;
use endpoint::{Endpoint, EndpointError};
use outcome::ProbeError;
pub use outcome::{GatewayClose, GatewayProbe};
use redact::Redactor;
use session::{Handshake, Session};
use timeouts::Timeouts;

/// How long everything up to the gateway's welcome may take, and again everything after it.
const LIMIT: Duration = Duration::from_secs(5);

/// Everything that is decided before the first byte is sent.
pub struct ProbeRequest {
    endpoint: Result<Endpoint, EndpointError>,
    chosen: ChosenCredentials,
    device: Option<Device>,
    timeouts: Timeouts,
    redactor: Redactor,
    url: String,
}

impl ProbeRequest {
    /// How to probe the gateway of this config and environment. `given` are the credentials of the command line, and
    /// `secrets` what must not come back, besides those that are sent.
    pub fn of(
        config: &Config,
        environment: &Environment,
        roots: &Roots,
        given: &Credentials,
        secrets: &[String],
    ) -> Self {
        let written = endpoint::written(config, environment);
        let endpoint = Endpoint::parse(&written, environment);
        let chosen = credentials::choose(given, Side::of(config), config, environment);
        let device = endpoint.as_ref().ok().and_then(|endpoint| device::stored(roots, endpoint));
        let mut redactor = Redactor::default();
        redactor.add_secrets(secrets);
        let Credentials { token, password } = &chosen.credentials;
        redactor.add_secrets(token.iter().chain(password));
        redactor.add_secrets(device.iter().map(Device::token));
        redactor.add_secrets(&endpoint.as_ref().map(Endpoint::secrets).unwrap_or_default());
        Self {
            url: Redactor::redact_url(&written),
            timeouts: Timeouts::of(environment),
            endpoint,
            chosen,
            device,
            redactor,
        }
    }

    /// Probes. Needs a tokio runtime with time and input and output enabled.
    pub async fn send(self) -> GatewayProbe {
        let failed = match &self.endpoint {
            Ok(endpoint) => self.probe(endpoint).await.err(),
            Err(error) => Some(ProbeError { message: error.to_string(), close: None }),
        };
        let warning = self.chosen.warning;
        let error = failed.as_ref().map(|failed| {
            let error = self.redactor.redact_line(&failed.message);
            match &warning {
                Some(warning) => format!("{error}; {warning}"),
                None => error,
            }
        });
        let close = failed.and_then(|failed| failed.close).map(|close| GatewayClose {
            reason: self.redactor.redact_line(&close.reason),
            ..close
        });
        GatewayProbe {
            url: self.url,
            ok: error.is_none(),
            error,
            close,
            credential_warning: warning,
        }
    }

    async fn probe(&self, endpoint: &Endpoint) -> Result<(), ProbeError> {
        let connected = tokio::time::timeout(LIMIT, self.connect(endpoint)).await;
        let mut session = connected.map_err(|_| ProbeError::timeout())??;
        let answered = tokio::time::timeout(LIMIT, session.probe()).await;
        let answered = answered.map_err(|_| ProbeError::timeout()).and_then(|done| Ok(done?));
        session.finish().await;
        answered
    }

    /// Up to the gateway's welcome.
    async fn connect(&self, endpoint: &Endpoint) -> Result<Session, ProbeError> {
        let socket = transport::open(endpoint, &self.timeouts).await?;
        let mut session = Session::over(socket);
        let handshake = Handshake {
            credentials: &self.chosen.credentials,
            device: self.device.as_ref(),
            challenge_limit: self.timeouts.challenge,
        };
        match session.connect(&handshake).await {
            Ok(()) => Ok(session),
            Err(error) => Err(session.abort(error).await),
        }
    }
}

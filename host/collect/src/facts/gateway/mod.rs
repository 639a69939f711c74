//! The live gateway, asked once: the one place where chitin speaks to the network.
//!
//! What is asked, and whom, is decided before the first byte is sent (`target`, `credentials`, `device`); then there
//! is one connection (`wire`) and one conversation on it. Nothing is written, nothing is followed elsewhere, and what
//! the other side says is bounded, and cleaned of the secrets that this side used. Whether to ask at all is not
//! decided here.

mod address;
mod credentials;
mod device;
mod endpoint;
mod port;
mod protocol;
mod redact;
mod session;
#[cfg(test)]
#[cfg(unix)]
mod tests;
mod timeouts;
mod transport;

use std::time::Duration;

use chitin_config::discover::Credentials;
use credentials::{Chosen, Side};
use device::Device;
use endpoint::{Refused, Target};
use redact::Scrubber;
use serde::{Deserialize, Serialize};
use session::{Conversation, Greeting, Stop};
use timeouts::Patience;
use transport::Unconnected;

use chitin_config::Config;
use chitin_config::environment::Environment;
use chitin_fs::files::Roots;

/// How long everything up to the gateway's welcome may take, and again everything after it.
const LIMIT: Duration = Duration::from_secs(5);

/// How a gateway closed a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct GatewayClose {
    pub code: u16,
    pub reason: String,
}

impl GatewayClose {
    /// A connection that ended without a word, as WebSocket libraries number it.
    fn abrupt() -> Self {
        Self { code: 1006, reason: String::new() }
    }

    fn said(&self) -> String {
        let Self { code, reason } = self;
        if reason.trim().is_empty() {
            format!("gateway closed ({code})")
        } else {
            format!("gateway closed ({code}): {reason}")
        }
    }
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

/// Everything that is decided before the first byte is sent.
pub struct Question {
    target: Result<Target, Refused>,
    chosen: Chosen,
    device: Option<Device>,
    patience: Patience,
    scrubber: Scrubber,
    url: String,
}

/// Why the gateway did not answer.
struct Failure {
    error: String,
    close: Option<GatewayClose>,
}

impl Question {
    /// What to ask the gateway of this config and environment. `given` are the credentials of the command line, and
    /// `secrets` what must not come back, besides those that are sent.
    pub fn of(
        config: &Config,
        environment: &Environment,
        roots: &Roots,
        given: &Credentials,
        secrets: &[String],
    ) -> Self {
        let written = endpoint::written(config, environment);
        let target = Target::parse(&written, environment);
        let chosen = credentials::choose(given, Side::of(config), config, environment);
        let device = target.as_ref().ok().and_then(|target| device::stored(roots, target));
        let mut scrubber = Scrubber::default();
        scrubber.learn(secrets);
        let Credentials { token, password } = &chosen.credentials;
        scrubber.learn(token.iter().chain(password));
        scrubber.learn(device.iter().map(Device::token));
        scrubber.learn(&target.as_ref().map(Target::secrets).unwrap_or_default());
        Self {
            url: Scrubber::url(&written),
            patience: Patience::of(environment),
            target,
            chosen,
            device,
            scrubber,
        }
    }

    /// Asks. Needs a tokio runtime with time and input and output enabled.
    pub async fn ask(self) -> GatewayProbe {
        let outcome = match &self.target {
            Ok(target) => self.converse(target).await,
            Err(refused) => Err(Failure { error: refused.to_string(), close: None }),
        };
        let warning = self.chosen.warning;
        let failure = outcome.err();
        let error = failure.as_ref().map(|failure| {
            let error = self.scrubber.line(&failure.error);
            match &warning {
                Some(warning) => format!("{error}; {warning}"),
                None => error,
            }
        });
        let close = failure
            .and_then(|failure| failure.close)
            .map(|close| GatewayClose { reason: self.scrubber.line(&close.reason), ..close });
        GatewayProbe {
            url: self.url,
            ok: error.is_none(),
            error,
            close,
            credential_warning: warning,
        }
    }

    async fn converse(&self, target: &Target) -> Result<(), Failure> {
        let timeout = |_| Failure { error: "timeout".to_owned(), close: None };
        let greeted = tokio::time::timeout(LIMIT, self.greet(target));
        let mut conversation = greeted.await.map_err(timeout)??;
        let asked = tokio::time::timeout(LIMIT, conversation.ask_everything());
        let answered = asked.await.map_err(timeout).and_then(|answered| Ok(answered?));
        conversation.part().await;
        answered
    }

    /// Up to the gateway's welcome.
    async fn greet(&self, target: &Target) -> Result<Conversation, Failure> {
        let wire = transport::open(target, &self.patience).await?;
        let mut conversation = Conversation::over(wire);
        let greeting = Greeting {
            credentials: &self.chosen.credentials,
            device: self.device.as_ref(),
            challenge_limit: self.patience.challenge,
        };
        match conversation.greet(&greeting).await {
            Ok(()) => Ok(conversation),
            Err(stop) => Err(conversation.end(stop).await),
        }
    }
}

impl From<Unconnected> for Failure {
    fn from(unconnected: Unconnected) -> Self {
        Self { error: unconnected.to_string(), close: Some(GatewayClose::abrupt()) }
    }
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Closed(close) => Self { error: close.said(), close: Some(close) },
            Stop::GaveUp { error, .. } => Self { error, close: None },
        }
    }
}

//! Which of the gateway's own credentials are in use.

use crate::document::{Shape, Value};
use crate::ecma::trim;
use crate::environment::Environment;

/// The gateway's credentials, and why each of them is not in use if it is not.
pub(super) fn credentials(
    document: &Value,
    environment: &Environment,
) -> [(&'static str, Option<String>); 4] {
    let plan = Plan::of(document, environment);
    [
        ("/gateway/auth/token", plan.token_unused()),
        ("/gateway/auth/password", plan.password_unused()),
        ("/gateway/remote/token", plan.remote_token_unused()),
        ("/gateway/remote/password", plan.remote_password_unused()),
    ]
}

/// What decides which credential wins.
#[expect(clippy::struct_excessive_bools, reason = "each is a separate fact of the config")]
struct Plan<'a> {
    mode: Mode<'a>,
    token_variable: bool,
    password_variable: bool,
    token: bool,
    password: bool,
    remote_token: bool,
    /// This config is (also) that of a client of a gateway elsewhere, or is reached from elsewhere.
    remote_in_use: bool,
}

/// `gateway.auth.mode`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode<'a> {
    Absent,
    Text(&'a str),
    Invalid,
}

impl<'a> Plan<'a> {
    fn of(document: &'a Value, environment: &Environment) -> Self {
        let text_at = |pointer: &str| document.at(pointer).and_then(Value::text);
        Self {
            mode: match document.at("/gateway/auth/mode") {
                None => Mode::Absent,
                Some(value) => value.text().map_or(Mode::Invalid, Mode::Text),
            },
            token_variable: environment.get("OPENCLAW_GATEWAY_TOKEN").is_some(),
            password_variable: environment.get("OPENCLAW_GATEWAY_PASSWORD").is_some(),
            token: is_configured(document.at("/gateway/auth/token")),
            password: is_configured(document.at("/gateway/auth/password")),
            remote_token: is_configured(document.at("/gateway/remote/token")),
            remote_in_use: text_at("/gateway/mode") == Some("remote")
                || text_at("/gateway/remote/url").is_some_and(|url| !trim(url).is_empty())
                || matches!(text_at("/gateway/tailscale/mode"), Some("serve" | "funnel")),
        }
    }

    fn is(&self, mode: &str) -> bool {
        self.mode == Mode::Text(mode)
    }

    fn takes_tokens(&self) -> bool {
        !(self.is("password") || self.is("none") || self.is("trusted-proxy"))
    }

    fn takes_passwords(&self) -> bool {
        let has_token = self.token_variable || self.token || self.remote_token;
        self.is("password")
            || self.is("trusted-proxy")
            || !(self.is("token") || self.is("none") || has_token)
    }

    fn by_mode(&self) -> String {
        // Another text may be anything, even a secret in the wrong place.
        match self.mode {
            Mode::Text(mode @ ("token" | "password" | "none" | "trusted-proxy")) => {
                format!("gateway.auth.mode is {mode:?}")
            }
            _ => "gateway.auth.mode is not one that uses it".to_owned(),
        }
    }

    fn token_unused(&self) -> Option<String> {
        let has_password = self.password_variable || self.password;
        match self.mode {
            Mode::Text("token") => None,
            Mode::Absent if !has_password => None,
            Mode::Absent if self.password_variable => {
                Some("OPENCLAW_GATEWAY_PASSWORD is set".to_owned())
            }
            Mode::Absent => Some("gateway.auth.password is configured".to_owned()),
            Mode::Text(_) | Mode::Invalid => Some(self.by_mode()),
        }
    }

    fn password_unused(&self) -> Option<String> {
        if self.takes_passwords() {
            None
        } else if self.is("token") || self.is("none") {
            Some(self.by_mode())
        } else {
            Some(self.token_that_wins().to_owned())
        }
    }

    fn token_that_wins(&self) -> &'static str {
        if self.token_variable {
            "OPENCLAW_GATEWAY_TOKEN is set"
        } else if self.token {
            "gateway.auth.token is configured"
        } else {
            "gateway.remote.token is configured"
        }
    }

    fn remote_token_unused(&self) -> Option<String> {
        if self.remote_in_use {
            None
        } else if !self.takes_tokens() {
            Some(self.by_mode())
        } else if self.token_variable || self.token {
            Some(self.token_that_wins().to_owned())
        } else {
            None
        }
    }

    fn remote_password_unused(&self) -> Option<String> {
        if self.remote_in_use {
            return None;
        }
        if let Some(reason) = self.password_unused() {
            return Some(reason);
        }
        if self.is("trusted-proxy") {
            Some(self.by_mode())
        } else if self.password_variable {
            Some("OPENCLAW_GATEWAY_PASSWORD is set".to_owned())
        } else if self.password {
            Some("gateway.auth.password is configured".to_owned())
        } else {
            None
        }
    }
}

/// Whether a secret is configured, whether or not its value is known.
pub(super) fn is_configured(value: Option<&Value>) -> bool {
    value.is_some_and(|value| match &value.shape {
        Shape::Text(text) => !trim(&text.effective).is_empty(),
        Shape::Reference(_) => true,
        _ => false,
    })
}

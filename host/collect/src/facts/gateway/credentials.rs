//! Which credentials the gateway is probed with: those of the command line, or those that the gateway's own client would
//! take from config and environment.

use super::endpoint;
use chitin_config::discover::Credentials;
use chitin_config::ecma::trim;
use chitin_config::environment::Environment;
use chitin_config::{Config, Shape, Value};

/// Which half of the config is about the gateway that is probed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Local,
    Remote,
}

impl Side {
    pub(super) fn of(config: &Config) -> Self {
        if endpoint::remote_url(config).is_some() { Self::Remote } else { Self::Local }
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct ChosenCredentials {
    pub(super) credentials: Credentials,
    /// Names the reference that would have been used, and could not be resolved here.
    pub(super) warning: Option<String>,
}

/// A credential in the config.
#[derive(Clone)]
enum Configured {
    Absent,
    Known(String),
    /// A reference whose value cannot be read here.
    FactError,
}

impl Configured {
    fn at(config: &Config, pointer: &str) -> Self {
        let value = match config.value(pointer).map(|value| &value.shape) {
            Some(Shape::Text(text)) if !text.missing.is_empty() || text.is_pending() => {
                return Self::FactError;
            }
            Some(Shape::Text(text)) => trim(&text.effective),
            Some(Shape::Reference(reference)) => match &reference.resolved {
                Some(secret) => trim(secret),
                None => return Self::FactError,
            },
            _ => "",
        };
        if value.is_empty() { Self::Absent } else { Self::Known(value.to_owned()) }
    }

    fn known(&self) -> Option<String> {
        match self {
            Self::Known(value) => Some(value.clone()),
            Self::Absent | Self::FactError => None,
        }
    }

    fn is_unavailable(&self) -> bool {
        matches!(self, Self::FactError)
    }
}

/// The precedence of OpenClaw 2026.9.6.
pub(super) fn choose(
    given: &Credentials,
    side: Side,
    config: &Config,
    environment: &Environment,
) -> ChosenCredentials {
    if !given.is_empty() {
        return ChosenCredentials { credentials: given.clone(), warning: None };
    }
    let variable = |name: &str| environment.get(name).map(str::to_owned);
    let token_variable = variable("OPENCLAW_GATEWAY_TOKEN");
    let password_variable = variable("OPENCLAW_GATEWAY_PASSWORD");
    let at = |pointer: &str| Configured::at(config, pointer);
    let (credentials, unavailable) = match side {
        Side::Local => {
            let (token, password) = (at("/gateway/auth/token"), at("/gateway/auth/password"));
            let credentials = Credentials {
                token: token.known().or(token_variable),
                password: password.known().or(password_variable),
            };
            let mode = config.value("/gateway/auth/mode").and_then(Value::text);
            let unavailable = local_unavailable(mode, &token, &password, &credentials);
            (credentials, unavailable)
        }
        Side::Remote => {
            let (token, password) = (at("/gateway/remote/token"), at("/gateway/remote/password"));
            let credentials = Credentials {
                token: token.known(),
                password: password_variable.or_else(|| password.known()),
            };
            let unavailable = match credentials.is_empty() {
                true if token.is_unavailable() => Some("gateway.remote.token"),
                true if password.is_unavailable() => Some("gateway.remote.password"),
                _ => None,
            };
            (credentials, unavailable)
        }
    };
    match unavailable {
        Some(path) => {
            ChosenCredentials { credentials: Credentials::default(), warning: Some(warning(path)) }
        }
        None => ChosenCredentials { credentials, warning: None },
    }
}

/// The credential that the mode would have used, if it is a reference without a value. A variable does not take its
/// place: the gateway goes by its config.
fn local_unavailable(
    mode: Option<&str>,
    token: &Configured,
    password: &Configured,
    found: &Credentials,
) -> Option<&'static str> {
    let token_can_win = match mode {
        Some("token") => true,
        Some("password" | "none" | "trusted-proxy") => false,
        _ => found.password.is_none(),
    };
    let password_can_win = match mode {
        Some("password" | "trusted-proxy") => true,
        Some("token" | "none") => false,
        _ => found.token.is_none(),
    };
    if token.is_unavailable() && token_can_win {
        Some("gateway.auth.token")
    } else if password.is_unavailable() && password_can_win {
        Some("gateway.auth.password")
    } else {
        None
    }
}

fn warning(path: &str) -> String {
    format!(
        "{path} SecretRef is unresolved in this command path; the gateway was asked without configured credentials"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::gateway::tests::loaded;

    /// Token, password and the path that a warning names.
    fn chosen(
        config: &str,
        variables: &[(&str, &str)],
    ) -> (Option<String>, Option<String>, String) {
        let (config, environment) = loaded(config, variables);
        let given = Credentials::default();
        let chosen = choose(&given, Side::of(&config), &config, &environment);
        let warning = chosen.warning.unwrap_or_default();
        let path = warning.split(' ').next().unwrap_or_default().to_owned();
        (chosen.credentials.token, chosen.credentials.password, path)
    }

    fn expected(
        token: &str,
        password: &str,
        path: &str,
    ) -> (Option<String>, Option<String>, String) {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        (some(token), some(password), path.to_owned())
    }

    const BOTH: [(&str, &str); 2] =
        [("OPENCLAW_GATEWAY_TOKEN", " vt "), ("OPENCLAW_GATEWAY_PASSWORD", "vp")];

    #[test]
    fn at_home_the_config_comes_before_the_environment() {
        for (config, variables, result) in [
            ("{}", &[][..], expected("", "", "")),
            ("{}", &BOTH, expected("vt", "vp", "")),
            ("{gateway: {auth: {token: ' t ', password: 'p'}}}", &BOTH, expected("t", "p", "")),
            (
                "{gateway: {auth: {mode: 'password', token: 't', password: ' '}}}",
                &BOTH,
                expected("t", "vp", ""),
            ),
            ("{gateway: {remote: {token: 't', password: 'p'}}}", &[], expected("", "", "")),
            ("{gateway: {auth: {token: 5}}}", &[], expected("", "", "")),
            ("{gateway: {auth: {token: '$${X}'}}}", &[], expected("${X}", "", "")),
            ("{env: {vars: {OPENCLAW_GATEWAY_TOKEN: 'c'}}}", &[], expected("c", "", "")),
        ] {
            assert_eq!(chosen(config, variables), result, "{config}");
        }
    }

    #[test]
    fn elsewhere_only_what_is_meant_for_there_is_sent() {
        let remote = |rest: &str| {
            format!(
                "{{gateway: {{mode: 'remote', remote: {{url: 'wss://r', {rest}}}, auth: {{token: 'lt', password: 'lp'}}}}}}"
            )
        };
        assert_eq!(chosen(&remote(""), &[]), expected("", "", ""));
        assert_eq!(chosen(&remote("token: 't', password: 'p'"), &[]), expected("t", "p", ""));
        assert_eq!(chosen(&remote("token: 't', password: 'p'"), &BOTH), expected("t", "vp", ""));
        assert_eq!(chosen(&remote(""), &BOTH), expected("", "vp", ""));
    }

    #[test]
    fn a_reference_that_would_have_won_is_reported() {
        let auth = |auth: &str| format!("{{gateway: {{auth: {{{auth}}}}}}}");
        let token = expected("", "", "gateway.auth.token");
        let password = expected("", "", "gateway.auth.password");
        let object = "{source: 'exec', provider: 'p', id: 'x'}";
        for reference in [object, "'${NOT_SET}'", "'$NOT_SET'", "'a${NOT_SET}'"] {
            for rest in ["", "mode: 'token', ", "mode: 'token', password: 'p', ", "mode: 'basic', "]
            {
                let config = auth(&format!("{rest}token: {reference}"));
                assert_eq!(chosen(&config, &[]), token, "{config}");
                assert_eq!(chosen(&config, &BOTH[..1]), token, "{config}");
            }
            let config = auth(&format!("mode: 'password', token: {reference}"));
            assert_eq!(chosen(&config, &[]), expected("", "", ""), "{config}");
            let config = auth(&format!("password: 'p', token: {reference}"));
            assert_eq!(chosen(&config, &[]), expected("", "p", ""), "{config}");
            for mode in ["", "mode: 'password', ", "mode: 'trusted-proxy', "] {
                let config = auth(&format!("{mode}password: {reference}"));
                assert_eq!(chosen(&config, &[]), password, "{config}");
            }
            let config = auth(&format!("token: 't', password: {reference}"));
            assert_eq!(chosen(&config, &[]), expected("t", "", ""), "{config}");
            let config = auth(&format!("mode: 'none', token: {reference}, password: {reference}"));
            assert_eq!(chosen(&config, &[]), expected("", "", ""), "{config}");
        }
        let set = [("IS_SET", "s")];
        assert_eq!(chosen(&auth("token: '$IS_SET'"), &set), expected("s", "", ""));
        assert_eq!(chosen(&auth("token: '${IS_SET}'"), &set), expected("s", "", ""));
    }

    #[test]
    fn for_a_remote_gateway_a_reference_is_reported_when_nothing_else_is_left() {
        let reference = "{source: 'exec', provider: 'p', id: 'x'}";
        let remote = |rest: &str| {
            format!("{{gateway: {{mode: 'remote', remote: {{url: 'wss://r', {rest}}}}}}}")
        };
        let token = remote(&format!("token: {reference}"));
        assert_eq!(chosen(&token, &[]), expected("", "", "gateway.remote.token"));
        assert_eq!(chosen(&token, &BOTH), expected("", "vp", ""));
        let password = remote(&format!("password: {reference}"));
        assert_eq!(chosen(&password, &[]), expected("", "", "gateway.remote.password"));
        let both = remote(&format!("token: 't', password: {reference}"));
        assert_eq!(chosen(&both, &[]), expected("t", "", ""));
    }

    #[test]
    fn those_of_the_command_line_are_the_only_ones() {
        let (config, environment) =
            loaded("{gateway: {auth: {token: '${NOT_SET}', password: 'p'}}}", &BOTH);
        let given = Credentials { token: Some("given".to_owned()), password: None };
        let chosen = choose(&given, Side::Local, &config, &environment);
        assert_eq!(chosen, ChosenCredentials { credentials: given, warning: None });
    }

    #[test]
    fn credentials_do_not_show_themselves() {
        let credentials = Credentials { token: Some("hush".to_owned()), password: None };
        assert!(!format!("{credentials:?}").contains("hush"));
    }
}

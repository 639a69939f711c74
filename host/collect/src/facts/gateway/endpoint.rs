//! Where to connect: the URL, and whether credentials may be sent there.

use thiserror::Error;
use tokio_tungstenite::tungstenite::http::Uri;

use super::address::Host;
use super::{port, redact};
use chitin_config::ecma::trim;
use chitin_config::environment::Environment;
use chitin_config::{Config, Shape, Value};

/// A gateway that may be probed.
#[derive(Debug)]
pub(super) struct Endpoint {
    pub(super) host: Host,
    pub(super) port: u16,
    pub(super) security: Security,
    /// `/path?query`
    pub(super) path: String,
    /// `user:password` of the URL, with its escapes resolved.
    pub(super) login: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Security {
    Plain,
    Tls,
}

/// Why nothing is sent to a URL.
#[derive(Debug, PartialEq, Eq, Error)]
pub(super) enum EndpointError {
    #[error("the gateway's URL cannot be understood, so nothing was sent")]
    Malformed,
    #[error("the gateway's URL is not a WebSocket URL, so nothing was sent")]
    Scheme,
    #[error(
        "the gateway's URL uses plain-text ws:// to a host that is not this machine; credentials and messages could \
         be read on the way, so nothing was sent. Use wss://, or an SSH tunnel to loopback"
    )]
    PlainText,
}

/// The remote gateway's URL, if this config is that of a client of one.
pub(super) fn remote_url(config: &Config) -> Option<&str> {
    let text = |pointer: &str| config.value(pointer).and_then(Value::text);
    let url = text("/gateway/remote/url").map(trim).filter(|url| !url.is_empty())?;
    (text("/gateway/mode") == Some("remote")).then_some(url)
}

/// The URL as it is written, or as it follows from the config.
pub(super) fn written(config: &Config, environment: &Environment) -> String {
    if let Some(url) = environment.get("OPENCLAW_GATEWAY_URL").or_else(|| remote_url(config)) {
        return url.to_owned();
    }
    let tls = config.value("/gateway/tls/enabled").map(|value| &value.shape);
    let scheme = if matches!(tls, Some(Shape::Bool(true))) { "wss" } else { "ws" };
    // An invalid port makes an invalid URL.
    let port = port::of(config, environment);
    let port = port.map_or_else(|port| port.to_string(), |port| port.to_string());
    format!("{scheme}://127.0.0.1:{port}")
}

impl Endpoint {
    pub(super) fn parse(url: &str, environment: &Environment) -> Result<Self, EndpointError> {
        let uri: Uri = url.parse().map_err(|_| EndpointError::Malformed)?;
        let scheme = uri.scheme_str().ok_or(EndpointError::Malformed)?.to_ascii_lowercase();
        let security = match scheme.as_str() {
            "wss" | "https" => Security::Tls,
            "ws" | "http" => Security::Plain,
            _ => return Err(EndpointError::Scheme),
        };
        let authority = uri.authority().ok_or(EndpointError::Malformed)?;
        let (login, place) = match authority.as_str().rsplit_once('@') {
            Some((login, place)) => (Some(redact::decoded(login)), place),
            None => (None, authority.as_str()),
        };
        let host = Host::parse(authority.host()).ok_or(EndpointError::Malformed)?;
        // After the host there is a port or nothing, whatever the URL parser makes of it.
        let port = match place.strip_prefix(authority.host()).ok_or(EndpointError::Malformed)? {
            "" | ":" => security.default_port(),
            port => {
                let digits = port.strip_prefix(':').ok_or(EndpointError::Malformed)?;
                digits.parse().map_err(|_| EndpointError::Malformed)?
            }
        };
        let allowed = environment.get_of_operator("OPENCLAW_ALLOW_INSECURE_PRIVATE_WS");
        let trusts_network = allowed == Some("1");
        let may_be_plain = host.is_this_machine() || trusts_network && host.may_be_private();
        if security == Security::Plain && !may_be_plain {
            return Err(EndpointError::PlainText);
        }
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Ok(Self { host, port, security, path, login })
    }

    /// The secrets in the URL.
    pub(super) fn secrets(&self) -> Vec<String> {
        let login = self.login.iter().flat_map(|login| login.splitn(2, ':')).map(str::to_owned);
        login.chain(redact::secret_parameters(&self.path)).collect()
    }

    /// How stored device tokens name a gateway on another machine. None for one on this machine.
    pub(super) fn origin(&self) -> Option<String> {
        if self.host.is_this_machine() {
            return None;
        }
        let path = self.path.split('?').next().unwrap_or_default();
        Some(format!("{}://{}{}", self.security.scheme(), self.place(), path.trim_end_matches('/')))
    }

    /// `host` or `host:port`.
    pub(super) fn place(&self) -> String {
        let host = match &self.host {
            Host::Localhost => "localhost".to_owned(),
            Host::Name(name) => name.clone(),
            Host::Address(std::net::IpAddr::V6(address)) => format!("[{address}]"),
            Host::Address(address) => address.to_string(),
        };
        if self.port == self.security.default_port() {
            host
        } else {
            format!("{host}:{}", self.port)
        }
    }
}

impl Security {
    pub(super) fn scheme(self) -> &'static str {
        match self {
            Self::Plain => "ws",
            Self::Tls => "wss",
        }
    }

    fn default_port(self) -> u16 {
        match self {
            Self::Plain => 80,
            Self::Tls => 443,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::gateway::tests::{config, loaded};

    fn url(text: &str, variables: &[(&str, &str)]) -> String {
        written(&config(text), &Environment::from_pairs(variables.iter().copied()))
    }

    #[test]
    fn the_url_comes_from_variable_config_or_port() {
        let remote =
            "{gateway: {mode: 'remote', remote: {url: ' wss://r '}, tls: {enabled: true}}}";
        let variable = [("OPENCLAW_GATEWAY_URL", " wss://v ")];
        assert_eq!(url(remote, &variable), "wss://v");
        assert_eq!(url(remote, &[("OPENCLAW_GATEWAY_URL", " ")]), "wss://r");
        assert_eq!(url("{gateway: {remote: {url: 'wss://r'}}}", &[]), "ws://127.0.0.1:18789");
        assert_eq!(
            url("{gateway: {mode: 'remote', remote: {url: ' '}}}", &[]),
            "ws://127.0.0.1:18789"
        );
        assert_eq!(
            url("{gateway: {bind: 'lan', tls: {enabled: true}}}", &[]),
            "wss://127.0.0.1:18789"
        );
        assert_eq!(url("{gateway: {tls: {enabled: 'true'}, port: 7}}", &[]), "ws://127.0.0.1:7");
        assert_eq!(url("{}", &[("CLAWDBOT_GATEWAY_URL", "wss://v")]), "ws://127.0.0.1:18789");
    }

    fn parsed(url: &str, trusts: &str) -> Result<Endpoint, EndpointError> {
        Endpoint::parse(
            url,
            &Environment::from_pairs([("OPENCLAW_ALLOW_INSECURE_PRIVATE_WS", trusts)]),
        )
    }

    #[test]
    fn plain_text_stays_on_this_machine() {
        for url in ["ws://127.0.0.1:1", "http://localhost", "ws://[::1]:1", "WS://LOCALHOST:1/x"] {
            assert!(parsed(url, "").is_ok(), "{url}");
        }
        for url in [
            "ws://10.0.0.5:18789",
            "ws://gateway.lan",
            "ws://host.local",
            "ws://x.ts.net",
            "ws://8.8.8.8",
            "ws://0.0.0.0:1",
            "ws://localhost@evil.example",
            "http://[::]:1",
            "ws://127.0.0.1:1@evil.example:1",
        ] {
            assert_eq!(parsed(url, "").unwrap_err(), EndpointError::PlainText, "{url}");
            assert!(parsed(&url.replace("ws:", "wss:").replace("http:", "https:"), "").is_ok());
        }
    }

    #[test]
    fn an_operator_may_trust_the_network() {
        for url in
            ["ws://10.0.0.5:18789", "ws://gateway.lan", "http://[fd00::1]:1", "ws://public.example"]
        {
            assert!(parsed(url, "1").is_ok(), "{url}");
            for other in ["true", "0", "yes", "11"] {
                assert_eq!(parsed(url, other).unwrap_err(), EndpointError::PlainText, "{url}");
            }
        }
        for url in ["ws://8.8.8.8", "http://[2001:db8::1]:1", "ws://0.0.0.0"] {
            assert_eq!(parsed(url, "1").unwrap_err(), EndpointError::PlainText, "{url}");
        }
    }

    #[test]
    fn a_config_cannot_trust_the_network_for_its_operator() {
        let text = "{env: {vars: {OPENCLAW_ALLOW_INSECURE_PRIVATE_WS: '1'}}}";
        let refused = |variables| {
            let (_, environment) = loaded(text, variables);
            assert_eq!(environment.get("OPENCLAW_ALLOW_INSECURE_PRIVATE_WS"), Some("1"));
            Endpoint::parse("ws://10.0.0.5", &environment).is_err()
        };
        assert!(refused(&[]));
        assert!(!refused(&[("OPENCLAW_ALLOW_INSECURE_PRIVATE_WS", "1")]));
    }

    #[test]
    fn what_is_not_a_websocket_url_is_refused() {
        for url in [
            "127.0.0.1:1",
            "/x",
            "ws:127.0.0.1",
            "ws://",
            "ws://a b",
            "ws://127.0.0.1:x",
            "ws://127.0.0.1:70000",
            "ws://127.1",
            "ws://2130706433",
            "ws://h\\@evil",
            "ws://h:1:2",
            "",
        ] {
            assert_eq!(parsed(url, "1").unwrap_err(), EndpointError::Malformed, "{url}");
        }
        for url in ["ftp://localhost", "file://localhost/x"] {
            assert_eq!(parsed(url, "1").unwrap_err(), EndpointError::Scheme, "{url}");
        }
    }

    #[test]
    fn a_url_has_its_parts() {
        let endpoint = parsed("wss://us%65r:p%3Aw@Host.Example:8443/a?token=abc&x=1", "").unwrap();
        assert_eq!(endpoint.place(), "host.example:8443");
        assert_eq!(endpoint.path, "/a?token=abc&x=1");
        assert_eq!(endpoint.login.as_deref(), Some("user:p:w"));
        assert_eq!(endpoint.secrets(), ["user", "p:w", "abc"]);
        assert_eq!(endpoint.origin().as_deref(), Some("wss://host.example:8443/a"));
        assert_eq!(
            parsed("wss://h.example:443/", "").unwrap().origin().as_deref(),
            Some("wss://h.example")
        );
        assert_eq!(parsed("wss://127.0.0.1", "").unwrap().origin(), None);
        assert_eq!(parsed("ws://[::1]", "").unwrap().place(), "[::1]");
    }
}

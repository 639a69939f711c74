//! The authentication in effect, put together from config, environment and the options of this run.

use chitin_document::{AuthOverride, GatewayFacts, Node, Refusal, Seal};

use super::{Credential, CredentialKind, Reach};

/// How the gateway recognises its callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Token,
    Password,
    None,
    TrustedProxy,
    /// A word that OpenClaw does not know; it refuses to start with it.
    Unknown,
}

impl Mode {
    /// The mode that `gateway.auth` asks for, if it asks for one.
    pub fn explicit(auth: &Node<'_>) -> Option<Self> {
        auth.get("mode").as_str().filter(|word| !word.is_empty()).map(Self::from_word)
    }

    fn from_word(word: &str) -> Self {
        match word {
            "token" => Self::Token,
            "password" => Self::Password,
            "none" => Self::None,
            "trusted-proxy" => Self::TrustedProxy,
            _ => Self::Unknown,
        }
    }
}

/// Everything that decides about authentication, before it is decided.
#[derive(Debug, Clone)]
pub struct Sources {
    reach: Reach,
    mode: Option<Mode>,
    allow_tailscale: Option<bool>,
    token: Credential,
    password: Credential,
    overridden: Option<AuthOverride>,
}

impl Sources {
    /// Needs the config grants `/gateway/auth`, `/gateway/bind`, `/gateway/remote/token`, `/gateway/remote/password`
    /// and `/gateway/tailscale/mode` (or any above them), and the facts `environment:OPENCLAW_GATEWAY_TOKEN`,
    /// `environment:OPENCLAW_GATEWAY_PASSWORD` and `auth-override`.
    pub fn read(facts: &dyn GatewayFacts) -> Result<Self, Refusal> {
        let auth = facts.effective("/gateway/auth")?;
        Ok(Self {
            reach: Reach::read(facts)?,
            mode: Mode::explicit(&auth.root()),
            allow_tailscale: allow_tailscale(&auth.at(["allowTailscale"])),
            token: read_credential(facts, &auth.root(), CredentialKind::Token)?,
            password: read_credential(facts, &auth.root(), CredentialKind::Password)?,
            overridden: facts.auth_override()?,
        })
    }

    /// With the options of this run: what OpenClaw audits.
    pub fn in_effect(&self) -> Auth {
        self.overridden
            .as_ref()
            .map_or_else(|| self.persisted(), |overridden| self.overridden_by(overridden))
    }

    /// Without them: what config and environment say.
    pub fn persisted(&self) -> Auth {
        Auth::new(
            &self.reach,
            self.mode,
            self.allow_tailscale,
            self.token.clone(),
            self.password.clone(),
        )
    }

    fn overridden_by(&self, overridden: &AuthOverride) -> Auth {
        let token = Credential { overridden: overridden.token.clone(), ..self.token.clone() };
        let password =
            Credential { overridden: overridden.password.clone(), ..self.password.clone() };
        Auth::new(
            &self.reach,
            Some(Mode::from_word(&overridden.mode)),
            self.allow_tailscale,
            token,
            password,
        )
    }
}

fn allow_tailscale(node: &Node<'_>) -> Option<bool> {
    (!node.is_nullish()).then(|| node.is_true())
}

fn read_credential(
    facts: &dyn GatewayFacts,
    auth: &Node<'_>,
    kind: CredentialKind,
) -> Result<Credential, Refusal> {
    let remote = facts.effective(&format!("/gateway/remote/{}", kind.word()))?;
    Ok(Credential {
        config: auth.get(kind.word()).seal(),
        environment: facts.environment(kind.variable())?,
        remote: remote.root().seal(),
        overridden: None,
    })
}

/// Authentication as it is in effect.
#[derive(Debug, Clone)]
pub struct Auth {
    mode: Mode,
    explicit_mode: Option<Mode>,
    token: Credential,
    password: Credential,
    admits_tailnet: bool,
}

impl Auth {
    fn new(
        reach: &Reach,
        explicit_mode: Option<Mode>,
        allow_tailscale: Option<bool>,
        token: Credential,
        password: Credential,
    ) -> Self {
        // With a proxy that authenticates people, OpenClaw does not borrow the remote gateway's password.
        let remote = password.remote.clone().filter(|_| explicit_mode != Some(Mode::TrustedProxy));
        let password = Credential { remote, ..password };
        let derived = if password.value().is_some() { Mode::Password } else { Mode::Token };
        let mode = explicit_mode.unwrap_or(derived);
        let by_default = !matches!(mode, Mode::Password | Mode::TrustedProxy);
        let admits_tailnet = reach.served() && allow_tailscale.unwrap_or(by_default);
        Self { mode, explicit_mode, token, password, admits_tailnet }
    }

    /// The mode in effect; without an explicit one it follows from the credentials.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    pub fn credential(&self, kind: CredentialKind) -> &Credential {
        match kind {
            CredentialKind::Token => &self.token,
            CredentialKind::Password => &self.password,
        }
    }

    /// The shared secret that opens the gateway in this mode, with what kind it is. A proxy that authenticates people
    /// leaves the password as the way in for local clients.
    pub fn active_secret(&self) -> Option<(CredentialKind, Seal)> {
        let kind = self.active_kind()?;
        self.credential(kind).value().map(|seal| (kind, seal))
    }

    /// The same, also where only the place is known that the secret is kept in.
    pub fn active_secret_or_reference(&self) -> Option<(CredentialKind, Seal)> {
        let kind = self.active_kind()?;
        self.credential(kind).value_or_reference().map(|seal| (kind, seal))
    }

    fn active_kind(&self) -> Option<CredentialKind> {
        match self.mode {
            Mode::Token => Some(CredentialKind::Token),
            Mode::Password | Mode::TrustedProxy => Some(CredentialKind::Password),
            Mode::None | Mode::Unknown => None,
        }
    }

    /// A sentence for each credential that the config takes from a variable that is not set, each with a space before
    /// it; empty if there is none.
    pub fn unset_variables(&self) -> String {
        let credentials = [CredentialKind::Token, CredentialKind::Password];
        let unset = credentials.into_iter().filter_map(|kind| {
            let variable = self.credential(kind).unset_variable()?;
            let word = kind.word();
            Some(format!(
                " gateway.auth.{word} refers to the variable {variable}, which is not set."
            ))
        });
        unset.collect()
    }

    /// Whether callers from the tailnet are let in by their Tailscale identity.
    pub fn admits_tailnet(&self) -> bool {
        self.admits_tailnet
    }

    /// Whether a caller needs a secret, as far as the config tells. A `SecretRef` counts: it
    /// may resolve on the gateway.
    pub fn has_shared_secret(&self) -> bool {
        match self.explicit_mode {
            Some(Mode::Token) => self.token.is_provided(),
            Some(Mode::Password) => self.password_configured(),
            Some(Mode::None | Mode::TrustedProxy) => false,
            Some(Mode::Unknown) | None => self.token.is_provided() || self.password_configured(),
        }
    }

    /// Whether the secret of this mode hangs on a `SecretRef` that was not resolved in this run.
    pub fn awaits_reference(&self) -> bool {
        match self.explicit_mode {
            Some(Mode::Token) => self.token.awaits_reference(),
            Some(Mode::Password) => self.password.awaits_reference(),
            Some(_) => false,
            None => self.token.awaits_reference() || self.password.awaits_reference(),
        }
    }

    fn password_configured(&self) -> bool {
        self.password.value().is_some()
            || (self.password_can_win()
                && self.password.config.as_ref().is_some_and(Seal::is_unresolved_reference))
    }

    fn password_can_win(&self) -> bool {
        match self.explicit_mode {
            Some(Mode::Password) => true,
            Some(Mode::Token | Mode::None | Mode::TrustedProxy) => false,
            Some(Mode::Unknown) | None => !self.token.is_provided(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::needless_pass_by_value, reason = "a test writes its config where it uses it")]

    use chitin_document::Value;
    use chitin_sdk::fake::{FakeHost, secret, secret_from_env, secret_from_unset_env, secret_ref};
    use serde_json::json;

    use super::*;

    fn host(gateway: Value) -> FakeHost {
        FakeHost::with_config(json!({"gateway": gateway}))
    }

    fn auth(host: &FakeHost) -> Auth {
        Sources::read(host).unwrap().in_effect()
    }

    fn shared_secret(gateway: Value) -> bool {
        auth(&host(gateway)).has_shared_secret()
    }

    #[test]
    fn without_a_mode_a_password_decides() {
        let mode = |gateway| auth(&host(gateway)).mode();
        assert_eq!(mode(json!({})), Mode::Token);
        assert_eq!(mode(json!({"auth": {"token": secret("t")}})), Mode::Token);
        assert_eq!(
            mode(json!({"auth": {"token": secret("t"), "password": secret("p")}})),
            Mode::Password
        );
        assert_eq!(mode(json!({"auth": {"password": secret(" ")}})), Mode::Token);
        assert_eq!(mode(json!({"auth": {"password": secret_from_unset_env("NOPE")}})), Mode::Token);
        assert_eq!(mode(json!({"remote": {"password": secret("p")}})), Mode::Password);
        assert_eq!(mode(json!({"auth": {"mode": "", "password": secret("p")}})), Mode::Password);
        assert_eq!(mode(json!({"auth": {"mode": "Token"}})), Mode::Unknown);
        assert_eq!(
            auth(&host(json!({})).env("OPENCLAW_GATEWAY_PASSWORD", "p")).mode(),
            Mode::Password
        );
    }

    #[test]
    fn a_value_comes_from_config_then_environment_then_remote() {
        let length = |host: &FakeHost| {
            auth(host).credential(CredentialKind::Token).value().map_or(0, |seal| seal.length)
        };
        let all = json!({"auth": {"token": secret("1")}, "remote": {"token": secret("333")}});
        assert_eq!(length(&host(all).env("OPENCLAW_GATEWAY_TOKEN", "22")), 1);
        let remote = json!({"remote": {"token": secret("333")}});
        assert_eq!(length(&host(remote.clone()).env("OPENCLAW_GATEWAY_TOKEN", "22")), 2);
        assert_eq!(length(&host(remote)), 3);
        let unset = json!({"auth": {"token": secret_from_unset_env("NOPE")}});
        assert_eq!(length(&host(unset).env("OPENCLAW_GATEWAY_TOKEN", "22")), 2);
        let reference = json!({"auth": {"token": secret_ref()}});
        assert_eq!(length(&host(reference).env("OPENCLAW_GATEWAY_TOKEN", "22")), 2);
    }

    #[test]
    fn the_mode_decides_which_secret_counts() {
        assert!(shared_secret(json!({"auth": {"token": secret("t")}})));
        assert!(shared_secret(json!({"auth": {"password": secret("p")}})));
        assert!(shared_secret(json!({"remote": {"token": secret("t")}})));
        assert!(!shared_secret(json!({"auth": {"mode": "password", "token": secret("t")}})));
        assert!(!shared_secret(json!({"auth": {"mode": "token", "password": secret("p")}})));
        assert!(!shared_secret(json!({"auth": {"mode": "none", "token": secret("t")}})));
        assert!(!shared_secret(
            json!({"auth": {"mode": "trusted-proxy", "password": secret("p")}})
        ));
        assert!(shared_secret(json!({"auth": {"mode": "oidc", "token": secret("t")}})));
        assert!(!shared_secret(json!({"auth": {"token": 12345, "password": {"a": 1}}})));
    }

    #[test]
    fn a_reference_counts_and_an_unset_variable_does_not() {
        assert!(shared_secret(json!({"auth": {"token": secret_from_env("T", "t")}})));
        assert!(!shared_secret(json!({"auth": {"token": secret_from_unset_env("NOPE")}})));
        assert!(shared_secret(json!({"auth": {"token": secret_ref()}})));
        assert!(shared_secret(json!({"auth": {"password": secret_ref()}})));
        assert!(shared_secret(json!({"remote": {"token": secret_ref()}})));
        assert!(!shared_secret(json!({"remote": {"password": secret_ref()}})));
        assert!(!shared_secret(json!({"auth": {"mode": "token", "password": secret_ref()}})));
    }

    #[test]
    fn tells_when_only_a_reference_is_missing() {
        let awaits = |gateway| auth(&host(gateway)).awaits_reference();
        assert!(awaits(json!({"auth": {"token": secret_ref()}})));
        assert!(awaits(json!({"auth": {"mode": "password", "password": secret_ref()}})));
        assert!(!awaits(json!({"auth": {"mode": "password", "token": secret_ref()}})));
        assert!(!awaits(json!({"auth": {"mode": "none", "token": secret_ref()}})));
        assert!(!awaits(json!({"auth": {"token": secret_from_unset_env("NOPE")}})));
        let fallback =
            host(json!({"auth": {"token": secret_ref()}})).env("OPENCLAW_GATEWAY_TOKEN", "t");
        assert!(!auth(&fallback).awaits_reference());
    }

    #[test]
    fn a_fallback_is_never_judged_for_what_did_not_resolve() {
        let judged = |host: &FakeHost| {
            auth(host).credential(CredentialKind::Token).judged().map(|seal| seal.length)
        };
        let with_env = |gateway| host(gateway).env("OPENCLAW_GATEWAY_TOKEN", "22");
        assert_eq!(judged(&with_env(json!({"auth": {"token": secret_ref()}}))), None);
        assert_eq!(judged(&with_env(json!({"auth": {"token": secret_from_unset_env("N")}}))), None);
        assert_eq!(judged(&with_env(json!({"auth": {"token": secret("")}}))), Some(2));
        assert_eq!(judged(&host(json!({"auth": {"token": secret("")}}))), Some(0));
        assert_eq!(judged(&host(json!({}))), None);
    }

    #[test]
    fn tailscale_serve_admits_the_tailnet_unless_told_otherwise() {
        let admits = |auth_config: Value, mode: &str| {
            auth(&host(json!({"auth": auth_config, "tailscale": {"mode": mode}}))).admits_tailnet()
        };
        assert!(admits(json!({}), "serve"));
        assert!(admits(json!({"allowTailscale": null}), "serve"));
        assert!(!admits(json!({"allowTailscale": false}), "serve"));
        assert!(!admits(json!({"allowTailscale": true}), "funnel"));
        assert!(!admits(json!({"mode": "password"}), "serve"));
        assert!(!admits(json!({"mode": "trusted-proxy"}), "serve"));
        assert!(admits(json!({"mode": "password", "allowTailscale": true}), "serve"));
    }

    #[test]
    fn options_of_the_run_replace_the_config() {
        let host = host(json!({"auth": {"mode": "token", "token": secret("t")}}));
        let sources = Sources::read(&host.auth("password", None, Some("pass"))).unwrap();
        assert_eq!(sources.persisted().mode(), Mode::Token);
        let auth = sources.in_effect();
        assert_eq!(auth.mode(), Mode::Password);
        let (kind, secret) = auth.active_secret().unwrap();
        assert_eq!((kind, secret.length), (CredentialKind::Password, 4));
        assert!(auth.has_shared_secret());
    }

    #[test]
    fn a_trusting_gateway_does_not_borrow_the_remote_password() {
        let gateway =
            json!({"auth": {"mode": "trusted-proxy"}, "remote": {"password": secret("p")}});
        assert!(auth(&host(gateway)).active_secret().is_none());
        let gateway = json!({"auth": {"mode": "password"}, "remote": {"password": secret("p")}});
        assert!(auth(&host(gateway)).active_secret().is_some());
    }

    #[test]
    fn an_unreadable_config_is_a_refusal() {
        assert!(Sources::read(&FakeHost::default().without_config("does not parse")).is_err());
    }
}

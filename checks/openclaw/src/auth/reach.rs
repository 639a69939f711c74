//! From where the gateway can be reached, as far as the config says.

use chitin_document::{GatewayFacts, Node, Refusal};

/// The address the gateway listens on and what Tailscale adds to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    bind: String,
    tailscale: String,
}

impl Reach {
    /// Needs the config grants `/gateway/bind` and `/gateway/tailscale/mode`, or any above them.
    pub fn read(facts: &dyn GatewayFacts) -> Result<Self, Refusal> {
        let bind = facts.effective("/gateway/bind")?;
        let tailscale = facts.effective("/gateway/tailscale/mode")?;
        Ok(Self {
            bind: text_or(&bind.root(), "loopback"),
            tailscale: text_or(&tailscale.root(), "off"),
        })
    }

    /// `gateway.bind`, with its default.
    pub fn bind(&self) -> &str {
        &self.bind
    }

    /// Anything but exactly `loopback` counts, also `127.0.0.1`: OpenClaw compares the word.
    pub fn beyond_loopback(&self) -> bool {
        self.bind != "loopback"
    }

    /// Tailscale Serve: reachable from the tailnet.
    pub fn served(&self) -> bool {
        self.tailscale == "serve"
    }

    /// Tailscale Funnel: reachable from the internet.
    pub fn funneled(&self) -> bool {
        self.tailscale == "funnel"
    }

    /// Another machine can reach the gateway in some way.
    pub fn exposed(&self) -> bool {
        self.beyond_loopback() || self.served() || self.funneled()
    }
}

fn text_or(node: &Node<'_>, default: &str) -> String {
    node.as_str().unwrap_or(default).to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::needless_pass_by_value, reason = "a test writes its config where it uses it")]

    use chitin_document::Value;
    use chitin_sdk::fake::FakeHost;
    use serde_json::json;

    use super::*;

    fn reach(gateway: Value) -> Reach {
        Reach::read(&FakeHost::with_config(json!({"gateway": gateway}))).unwrap()
    }

    #[test]
    fn the_default_is_loopback_without_tailscale() {
        for gateway in
            [json!({}), json!({"bind": null, "tailscale": null}), json!({"bind": 1}), json!("lan")]
        {
            let reach = reach(gateway);
            assert_eq!(reach.bind(), "loopback");
            assert!(!reach.beyond_loopback() && !reach.exposed());
        }
    }

    #[test]
    fn only_the_exact_word_is_loopback() {
        for bind in ["127.0.0.1", "Loopback", " loopback", "", "auto", "lan", "tailnet", "custom"] {
            let reach = reach(json!({"bind": bind}));
            assert!(reach.beyond_loopback() && reach.exposed(), "{bind}");
        }
    }

    #[test]
    fn tailscale_exposes_only_by_its_exact_modes() {
        for mode in ["serve", "funnel"] {
            let reach = reach(json!({"tailscale": {"mode": mode}}));
            assert!(reach.exposed() && !reach.beyond_loopback(), "{mode}");
        }
        for mode in ["off", "Funnel", "SERVE", ""] {
            assert!(!reach(json!({"tailscale": {"mode": mode}})).exposed(), "{mode}");
        }
    }

    #[test]
    fn an_unreadable_config_is_a_refusal() {
        assert!(Reach::read(&FakeHost::default().without_config("does not parse")).is_err());
    }
}

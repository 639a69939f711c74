//! The settings of a `tools.exec` block for commands: how far they are trusted, and when approval is needed.

pub(crate) use chitin_openclaw::agent_scopes::exec::Security;
use chitin_sdk::Node;

/// When approval is needed, from the least to the most often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ask {
    Off,
    OnMiss,
    Always,
}

impl Ask {
    /// None for anything but the three words.
    pub(crate) fn of(node: &Node<'_>) -> Option<Self> {
        match node.as_str()? {
            "off" => Some(Self::Off),
            "on-miss" => Some(Self::OnMiss),
            "always" => Some(Self::Always),
            _ => None,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::OnMiss => "on-miss",
            Self::Always => "always",
        }
    }
}

/// What one block sets; the rest is inherited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Layer {
    pub(crate) security: Option<Security>,
    pub(crate) ask: Option<Ask>,
}

impl Layer {
    /// From a `tools.exec` block. `mode` sets both, and then `security` and `ask` beside it do not count.
    pub(crate) fn of(exec: &Node<'_>) -> Self {
        let both = |security, ask| Self { security: Some(security), ask: Some(ask) };
        match exec.get("mode").as_str() {
            Some("deny") => both(Security::Deny, Ask::Off),
            Some("allowlist") => both(Security::Allowlist, Ask::Off),
            Some("ask" | "auto") => both(Security::Allowlist, Ask::OnMiss),
            Some("full") => both(Security::Full, Ask::Off),
            _ => {
                let (security, ask) = (exec.get("security"), exec.get("ask"));
                Self { security: security.as_str().and_then(Security::named), ask: Ask::of(&ask) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chitin_sdk::{Tree, Value};
    use serde_json::json;

    use super::*;

    fn layer(exec: Value) -> (Option<Security>, Option<Ask>) {
        let layer = Layer::of(&Tree::new("", Some(exec)).root());
        (layer.security, layer.ask)
    }

    #[test]
    fn a_mode_sets_both() {
        for (mode, security, ask) in [
            ("deny", Security::Deny, Ask::Off),
            ("allowlist", Security::Allowlist, Ask::Off),
            ("ask", Security::Allowlist, Ask::OnMiss),
            ("auto", Security::Allowlist, Ask::OnMiss),
            ("full", Security::Full, Ask::Off),
        ] {
            let exec = json!({"mode": mode, "security": "deny", "ask": "always"});
            assert_eq!(layer(exec), (Some(security), Some(ask)), "{mode}");
        }
    }

    #[test]
    fn without_a_mode_each_counts_alone() {
        assert_eq!(layer(json!({"security": "full"})), (Some(Security::Full), None));
        assert_eq!(layer(json!({"mode": "", "ask": "always"})), (None, Some(Ask::Always)));
        assert_eq!(layer(json!({"mode": null, "security": "Full", "ask": true})), (None, None));
        assert_eq!(layer(json!("full")), (None, None));
    }
}

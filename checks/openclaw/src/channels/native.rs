//! Commands and skills that a channel offers in its own menus ("native" ones).

use chitin_document::{GatewayFacts, Node, Refusal};

use super::{Channel, PROVIDERS, provider_of, sections};

/// How a provider shows native commands.
#[derive(Debug)]
pub struct NativeCommands {
    /// Shows them when the config does not say.
    pub on_by_default: bool,
    /// Keys of secrets that set the provider up, in the section or in an account.
    pub tokens: &'static [&'static str],
    /// Keys of paths to files with such a secret.
    pub token_files: &'static [&'static str],
    /// Variables that stand in for such a secret.
    pub variables: &'static [&'static str],
}

/// What may be shown natively; the config key of its switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Native {
    Commands,
    Skills,
}

impl Native {
    fn key(self) -> &'static str {
        match self {
            Self::Commands => "native",
            Self::Skills => "nativeSkills",
        }
    }

    /// Whether a channel shows it: its own setting, else the global one; `auto` and anything unknown leave it to the
    /// channel's default.
    ///
    /// `own` is the `commands` object of the channel or account, `global` is `/commands`.
    pub fn is_on(self, channel: &str, own: &Node<'_>, global: &Node<'_>) -> bool {
        let settings = [own.get(self.key()), global.get(self.key())];
        match settings.iter().find(|setting| is_setting(setting)) {
            Some(setting) if setting.is_true() => true,
            Some(setting) if setting.is_false() => false,
            _ => provider_of(channel)
                .native_commands
                .as_ref()
                .is_some_and(|native| native.on_by_default),
        }
    }
}

fn is_setting(node: &Node<'_>) -> bool {
    node.is_true() || node.is_false() || node.is("auto")
}

/// Whether some chat surface is set up that shows native skill commands.
///
/// Not every provider has them. A token at the channel, at one of its accounts or in the environment
/// makes a surface; `enabled` is not looked at, since a switch in the config does not stop a plugin.
/// Needs the facts `environment:DISCORD_BOT_TOKEN`, `environment:TELEGRAM_BOT_TOKEN`, `environment:SLACK_BOT_TOKEN`
/// and `environment:SLACK_APP_TOKEN`.
pub fn native_skills_exposed(
    channels: &Node<'_>,
    commands: &Node<'_>,
    facts: &dyn GatewayFacts,
) -> Result<bool, Refusal> {
    let sections = sections(channels);
    for provider in PROVIDERS {
        let Some(native) = &provider.native_commands else { continue };
        let section = sections.iter().find(|channel| channel.id == provider.id);
        let own = channels.at([provider.id, "commands"]);
        if Native::Skills.is_on(provider.id, &own, commands) && native.is_set_up(section, facts)? {
            return Ok(true);
        }
    }
    Ok(false)
}

impl NativeCommands {
    fn is_set_up(
        &self,
        channel: Option<&Channel<'_>>,
        facts: &dyn GatewayFacts,
    ) -> Result<bool, Refusal> {
        if channel.is_some_and(|channel| self.has_token(&channel.section)) {
            return Ok(true);
        }
        for variable in self.variables {
            if facts.environment(variable)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn has_token(&self, section: &Node<'_>) -> bool {
        let accounts = section.get("accounts").members().into_iter().map(|(_, account)| account);
        accounts.chain([section.clone()]).any(|place| {
            self.tokens.iter().any(|key| place.get(key).is_configured())
                || self.token_files.iter().any(|key| place.get(key).trimmed().is_some())
        })
    }
}

#[cfg(test)]
mod tests {
    use chitin_document::{Tree, Value};
    use chitin_sdk::fake::{FakeHost, secret, secret_ref};
    use serde_json::json;

    use super::*;

    fn exposed(channels: Value, commands: Value, host: &FakeHost) -> bool {
        let channels = Tree::new("/channels", Some(channels));
        let commands = Tree::new("/commands", Some(commands));
        native_skills_exposed(&channels.root(), &commands.root(), host).unwrap()
    }

    #[test]
    fn the_own_setting_wins_and_auto_means_the_default() {
        let on = |channel, own: Value, global: Value| {
            let own = Tree::new("", Some(json!({"native": own})));
            let global = Tree::new("", Some(json!({"native": global})));
            Native::Commands.is_on(channel, &own.root(), &global.root())
        };
        assert!(on("discord", json!(null), json!(null)));
        assert!(!on("slack", json!("auto"), json!(true)));
        assert!(!on("discord", json!(false), json!(true)));
        assert!(on("slack", json!("yes"), json!(true)), "an unknown value is not a setting");
        assert!(!on("irc", json!(null), json!("auto")));
    }

    #[test]
    fn a_token_makes_a_surface() {
        let host = FakeHost::default();
        assert!(!exposed(json!({}), json!({}), &host));
        assert!(exposed(json!({"discord": {"token": secret("t")}}), json!({}), &host));
        assert!(!exposed(json!({"discord": {"token": secret(" ")}}), json!({}), &host));
        assert!(exposed(json!({"telegram": {"tokenFile": "/t"}}), json!({}), &host));
        let account =
            json!({"discord": {"enabled": false, "accounts": {"a": {"token": secret_ref()}}}});
        assert!(exposed(account, json!({}), &host), "enabled does not matter");
    }

    #[test]
    fn slack_is_off_until_it_is_turned_on() {
        let host = FakeHost::default();
        let slack = json!({"slack": {"botToken": secret("x")}});
        assert!(!exposed(slack.clone(), json!({}), &host));
        assert!(exposed(slack, json!({"nativeSkills": true}), &host));
        let off = json!({"discord": {"token": secret("t"), "commands": {"nativeSkills": false}}});
        assert!(!exposed(off, json!({"nativeSkills": true}), &host));
    }

    #[test]
    fn a_variable_makes_a_surface_without_a_section() {
        let host = FakeHost::default().env("TELEGRAM_BOT_TOKEN", "t");
        assert!(exposed(json!({}), json!({}), &host));
        assert!(!exposed(json!({}), json!({"nativeSkills": false}), &host));
    }
}

//! Grants as a person reads them, before anything is run.

use super::{Fact, FileGrant, Grants, Level, Pattern};

/// What a module may see, and what it may ask to have changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    pub sees: Vec<String>,
    pub may_ask_to_change: Vec<String>,
}

impl Grants {
    /// A sentence's end for each grant, in the order of the manifest.
    pub fn words(&self) -> Words {
        let config = self.config.iter().map(|grant| match grant.0.as_slice() {
            [] => "the whole config, its secrets sealed".to_owned(),
            _ => format!("the config at /{grant} and below, its secrets sealed"),
        });
        let files = self.files.iter().map(|grant| {
            let what = match grant.level {
                Level::Metadata => "names, sizes and permissions",
                Level::Content => "the content",
            };
            format!("{what} of {}", place(grant))
        });
        let values = self.fix_config.iter().map(|grant| format!("the config value /{grant}"));
        let modes =
            self.fix_mode.iter().map(|grant| format!("the permissions of {}", place(grant)));
        Words {
            sees: config.chain(files).chain(self.facts.iter().map(fact)).collect(),
            may_ask_to_change: values.chain(modes).collect(),
        }
    }
}

fn root(name: &str) -> &str {
    match name {
        "state" => "the state directory",
        "config" => "the config file",
        "credentials" => "the credentials directory",
        "log" => "the log file",
        "extensions" => "the directory of installed plugins",
        "include:*" => "each file that the config includes",
        "workspace:*" => "each agent's workspace",
        other => other,
    }
}

fn place(grant: &FileGrant) -> String {
    let root = root(&grant.root);
    let parts = &grant.pattern.0;
    match parts.split_last() {
        None => root.to_owned(),
        Some((last, [])) if last == "**" => format!("everything in {root}"),
        Some((last, above)) if last == "**" => {
            format!("everything in {} of {root}", Pattern(above.to_vec()))
        }
        Some(_) => format!("{} in {root}", grant.pattern),
    }
}

fn fact(fact: &Fact) -> String {
    match fact {
        Fact::Platform => "which operating system this is",
        Fact::Environment(name) => {
            return format!("whether {name} is set in the environment, never its value");
        }
        Fact::GatewayService => "whether the gateway runs as the managed service",
        Fact::AuthOverride => "the options --auth, --token and --password, their secrets sealed",
        Fact::Homes => "the user's home directories",
        Fact::BindSource => "where bind mounts of the config really lead",
        Fact::ExecApprovals => "the commands that were approved, their secrets sealed",
        Fact::PairingStore => "who was paired with which channel",
        Fact::InstallRecords => "what was installed from where",
        Fact::BrowserContainers => "the sandbox's browser containers, as docker tells",
        Fact::GatewayProbe => "what the live gateway answers, with --deep",
        Fact::ConfigProblems => "what keeps the config from being read",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_grant_has_words() {
        let own = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let grants = Grants::parse(
            &own(&["", "/gateway/auth"]),
            &own(&[
                "config: metadata",
                "state:** metadata",
                "workspace:*:skills/** content",
                "state:agents/*/x.json content",
            ]),
            &own(&["environment:HOME_TOKEN"]),
            &own(&["/logging/level"]),
            &own(&["state:**"]),
        )
        .unwrap();
        let words = grants.words();
        assert_eq!(
            words.sees,
            [
                "the whole config, its secrets sealed",
                "the config at /gateway/auth and below, its secrets sealed",
                "names, sizes and permissions of the config file",
                "names, sizes and permissions of everything in the state directory",
                "the content of everything in skills of each agent's workspace",
                "the content of agents/*/x.json in the state directory",
                "whether HOME_TOKEN is set in the environment, never its value",
            ]
        );
        assert_eq!(
            words.may_ask_to_change,
            [
                "the config value /logging/level",
                "the permissions of everything in the state directory",
            ]
        );
        assert_eq!(Grants::default().words(), Words::default());
    }
}

//! Grants as texts, in the syntax of `module.toml`: for the lock, for comparing, for showing.

use serde::{Deserialize, Serialize};

use super::{FileGrant, GrantError, Grants, Level, Pattern};

/// Each list sorted and without repetition, so equal grants have equal texts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct RawGrants {
    /// JSON pointers; everything below is granted too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub config: Vec<String>,
    /// `ROOT:PATTERN LEVEL`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// Names of facts, as in `module.toml`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<String>,
    /// JSON pointers of values that a fix may replace.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fix_config: Vec<String>,
    /// `ROOT:PATTERN` of files and directories whose permissions a fix may set.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fix_mode: Vec<String>,
}

impl RawGrants {
    /// The grants, if every text is well-formed.
    pub fn parse(&self) -> Result<Grants, GrantError> {
        Grants::parse(&self.config, &self.files, &self.facts, &self.fix_config, &self.fix_mode)
    }
}

impl Grants {
    /// The texts of these grants.
    pub fn to_raw(&self) -> RawGrants {
        RawGrants {
            config: sorted(self.config.iter().map(pointer)),
            files: sorted(self.files.iter().map(file)),
            facts: sorted(self.facts.iter().map(ToString::to_string)),
            fix_config: sorted(self.fix_config.iter().map(pointer)),
            fix_mode: sorted(self.fix_mode.iter().map(place)),
        }
    }
}

fn sorted(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut texts: Vec<String> = texts.collect();
    texts.sort();
    texts.dedup();
    texts
}

fn pointer(pattern: &Pattern) -> String {
    pattern.0.iter().fold(String::new(), |text, part| text + "/" + part)
}

fn place(grant: &FileGrant) -> String {
    format!("{}:{}", grant.root, grant.pattern)
}

fn file(grant: &FileGrant) -> String {
    let level = match grant.level {
        Level::Metadata => "metadata",
        Level::Content => "content",
    };
    format!("{} {level}", place(grant))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grants_come_back_from_their_texts() {
        let list = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let written = RawGrants {
            config: list(&["", "/a/*/b", "/gateway", "/with~1slash"]),
            files: list(&[
                "state: metadata",
                "state:a/** content",
                "workspace:*:skills/* metadata",
            ]),
            facts: list(&["environment:HOME_TOKEN", "platform"]),
            fix_config: list(&["/a/b"]),
            fix_mode: list(&["state:**"]),
        };
        assert_eq!(written.parse().unwrap().to_raw(), written);
        assert_eq!(RawGrants::default().parse().unwrap().to_raw(), RawGrants::default());
    }
}

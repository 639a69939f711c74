//! The module manifest: what a module is, which rules it has, what it asks for. Read from the component's custom
//! section before anything is compiled, and validated whole: a manifest with an error loads nothing.

use std::collections::BTreeSet;

use serde::Deserialize;
use thiserror::Error;

use super::file_names::FileNames;
use crate::finding::Severity;
use crate::grants::{GrantError, Grants};
use crate::rule_pattern::RulePattern;

/// The custom section that holds the manifest, as JSON.
const SECTION: &str = "chitin:manifest";

/// The version of the contract that this program supports.
pub const WIT_VERSION: &str = "0.1.0";

/// A manifest is small; a larger one is not read.
pub const MAX_SIZE: usize = 1 << 20;

const MAX_RULES: usize = 1000;

/// Why a component has no usable manifest. Such a component is never loaded.
#[derive(Debug, Error)]
pub enum ManifestError {
    /// The parser's reason.
    #[error("not a WebAssembly component: {0}")]
    NotAComponent(String),
    /// A core WebAssembly module.
    #[error("a core module, not a component; build it with `chitin module build`")]
    CoreModule,
    /// No manifest section.
    #[error("has no `{SECTION}` section; build it with `chitin module build`")]
    Missing,
    /// Several manifest sections.
    #[error("has more than one `{SECTION}` section")]
    Ambiguous,
    /// Larger than [`MAX_SIZE`].
    #[error("its manifest is larger than {MAX_SIZE} bytes")]
    TooLarge,
    /// What is wrong with it.
    #[error("its manifest is malformed: {0}")]
    Malformed(String),
    /// The version that it was made for.
    #[error("its manifest is for version {0} of the contract; this program supports {WIT_VERSION}")]
    WrongVersion(String),
    /// A rule that is not well-formed, or declared twice.
    #[error("rule `{rule}`: {problem}")]
    Rule {
        /// The rule's id, as written.
        rule: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A grant that is not well-formed.
    #[error(transparent)]
    Grant(#[from] GrantError),
    /// What is wrong with its list of file names.
    #[error("its scanner section: {0}")]
    Scanner(&'static str),
}

/// The manifest as its file has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawManifest {
    id: String,
    version: String,
    publisher: String,
    wit: String,
    summary: String,
    #[serde(default)]
    grants: RawGrantLists,
    #[serde(default)]
    fixes: RawFixes,
    scanner: Option<FileNames>,
    #[serde(default)]
    rule: Vec<Rule>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGrantLists {
    #[serde(default)]
    config: Vec<String>,
    #[serde(default)]
    files: Vec<String>,
    #[serde(default)]
    facts: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFixes {
    #[serde(default)]
    config: Vec<String>,
    #[serde(default)]
    mode: Vec<String>,
}

/// One rule: the source of `list`, `explain` and the rule pages.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Rule {
    /// Words separated by dots; a `*` stands for a part that comes from the config ([`RulePattern`]).
    pub id: String,
    /// Those that its findings may have.
    pub severities: Vec<Severity>,
    /// What is wrong when it has a finding, in one line.
    pub title: String,
    /// Why it matters.
    pub why: String,
    /// How someone exploits it; may be empty.
    #[serde(default)]
    pub exploit: String,
    /// What to do about it.
    pub fix: String,
    /// Whether chitin can fix it.
    #[serde(default)]
    pub auto_fix: bool,
    /// Whether it runs only with `--deep`.
    #[serde(default)]
    pub deep: bool,
    /// Whether it reads nothing of the config, so its result holds whatever is missing there.
    #[serde(default)]
    pub without_config: bool,
    /// URLs.
    #[serde(default)]
    pub references: Vec<String>,
}

impl Rule {
    /// The id, in which a `*` matches a part that comes from the config.
    pub fn pattern(&self) -> RulePattern<'_> {
        RulePattern::new(&self.id)
    }

    /// Whether a finding's id is an id of this rule.
    pub fn covers(&self, id: &str) -> bool {
        self.pattern().matches(id)
    }
}

/// A validated manifest.
#[derive(Debug, Clone)]
pub struct Manifest {
    /// A name ([`is_name`]) that no other module of a run has.
    pub id: String,
    /// Any text; shown, and never compared.
    pub version: String,
    /// A name ([`is_name`]), which the trust policy knows.
    pub publisher: String,
    /// What it checks, in a sentence or two.
    pub summary: String,
    /// What it may see and ask to change.
    pub grants: Grants,
    /// The files that it reads, for a module that is not a check but a scanner of code.
    pub scanner: Option<FileNames>,
    /// In the order of the manifest.
    pub rules: Vec<Rule>,
}

impl Manifest {
    /// Reads the manifest of a component without compiling it.
    pub fn of_component(component: &[u8]) -> Result<Self, ManifestError> {
        Self::of_json(Self::section(component)?)
    }

    /// The manifest section of a component, as JSON and not yet validated.
    pub fn section(component: &[u8]) -> Result<&[u8], ManifestError> {
        let mut found = Vec::new();
        for payload in wasmparser::Parser::new(0).parse_all(component) {
            match payload
                .map_err(|error| ManifestError::NotAComponent(error.message().to_owned()))?
            {
                wasmparser::Payload::Version {
                    encoding: wasmparser::Encoding::Module,
                    range,
                    ..
                } if range.start == 0 => return Err(ManifestError::CoreModule),
                wasmparser::Payload::CustomSection(section) if section.name() == SECTION => {
                    found.push(section.data());
                }
                _ => {}
            }
        }
        match found.as_slice() {
            [] => Err(ManifestError::Missing),
            [json] if json.len() > MAX_SIZE => Err(ManifestError::TooLarge),
            [json] => Ok(json),
            _ => Err(ManifestError::Ambiguous),
        }
    }

    /// Reads and validates a manifest in its JSON form.
    pub fn of_json(json: &[u8]) -> Result<Self, ManifestError> {
        if json.len() > MAX_SIZE {
            return Err(ManifestError::TooLarge);
        }
        let written: RawManifest = serde_json::from_slice(json)
            .map_err(|error| ManifestError::Malformed(error.to_string()))?;
        if written.wit != WIT_VERSION {
            return Err(ManifestError::WrongVersion(written.wit));
        }
        for name in [&written.id, &written.publisher] {
            if !is_name(name) {
                return Err(ManifestError::Malformed(format!(
                    "`{}` is not a name: use lower-case letters, digits, `-` and `.` only",
                    name.escape_debug()
                )));
            }
        }
        check_rules(&written.rule)?;
        if let Some(names) = &written.scanner {
            let asks = [&written.grants.config, &written.grants.files, &written.grants.facts]
                .into_iter()
                .chain([&written.fixes.config, &written.fixes.mode])
                .any(|list| !list.is_empty());
            if asks {
                return Err(ManifestError::Scanner(
                    "a scanner has no grants and asks for no fixes",
                ));
            }
            names.check().map_err(ManifestError::Scanner)?;
        }
        let grants = Grants::parse(
            &written.grants.config,
            &written.grants.files,
            &written.grants.facts,
            &written.fixes.config,
            &written.fixes.mode,
        )?;
        Ok(Self {
            id: written.id,
            version: written.version,
            publisher: written.publisher,
            summary: written.summary,
            grants,
            scanner: written.scanner,
            rules: written.rule,
        })
    }
}

/// Whether declared rules are well-formed and have different ids.
pub fn check_rules(rules: &[Rule]) -> Result<(), ManifestError> {
    if rules.len() > MAX_RULES {
        return Err(ManifestError::Malformed(format!("more than {MAX_RULES} rules")));
    }
    let mut ids = BTreeSet::new();
    for rule in rules {
        check_rule(rule, &mut ids)
            .map_err(|problem| ManifestError::Rule { rule: rule.id.clone(), problem })?;
    }
    Ok(())
}

fn check_rule<'r>(rule: &'r Rule, ids: &mut BTreeSet<&'r str>) -> Result<(), &'static str> {
    if !rule.pattern().is_well_formed() || rule.id.len() > 128 {
        return Err(
            "an id must be words of letters, digits, `-` and `_`, or `*`, separated by dots",
        );
    }
    if !ids.insert(&rule.id) {
        return Err("is declared twice");
    }
    if rule.severities.is_empty() {
        return Err("declares no severity");
    }
    if rule.title.is_empty() || rule.why.is_empty() || rule.fix.is_empty() {
        return Err("needs a title, a why and a fix");
    }
    Ok(())
}

/// Whether a text can be the id of a module or the name of a publisher: at most 64 lower-case letters, digits, `-` and `.`,
/// a letter first.
pub fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(text: &str) -> Result<Manifest, ManifestError> {
        Manifest::of_json(text.as_bytes())
    }

    #[test]
    fn says_what_is_wrong_with_a_manifest() {
        let refused = |text: &str| manifest(text).unwrap_err().to_string();
        let head = r#""id":"a","version":"1","publisher":"p","summary":"s""#;
        assert!(refused(&format!(r#"{{{head},"wit":"9.0.0"}}"#)).contains("is for version 9.0.0"));
        assert!(
            refused(&format!(r#"{{{head},"wit":"0.1.0","grant":{{}}}}"#)).contains("unknown field")
        );
        let rules = r#"[{"id":"a.b","severities":[],"title":"t","why":"w","fix":"f"}]"#;
        assert_eq!(
            refused(&format!(r#"{{{head},"wit":"0.1.0","rule":{rules}}}"#)),
            "rule `a.b`: declares no severity"
        );
        let twice = r#"[{"id":"a.b","severities":["info"],"title":"t","why":"w","fix":"f"},
                        {"id":"a.b","severities":["info"],"title":"t","why":"w","fix":"f"}]"#;
        assert!(refused(&format!(r#"{{{head},"wit":"0.1.0","rule":{twice}}}"#)).contains("twice"));
    }

    #[test]
    fn a_scanner_asks_for_nothing() {
        let head = r#""id":"a","version":"1","publisher":"p","summary":"s","wit":"0.1.0""#;
        let scanner = r#""scanner":{"code":[".js"],"text":["SKILL.md"]}"#;
        let names = manifest(&format!("{{{head},{scanner}}}")).unwrap().scanner.unwrap();
        assert_eq!((names.code.len(), names.text.len()), (1, 1));
        for grants in [
            r#""grants":{"config":[""]}"#,
            r#""grants":{"files":["state:** content"]}"#,
            r#""grants":{"facts":["platform"]}"#,
            r#""fixes":{"mode":["state:x"]}"#,
        ] {
            let refused = manifest(&format!("{{{head},{scanner},{grants}}}")).unwrap_err();
            assert!(matches!(refused, ManifestError::Scanner(_)), "{grants}: {refused}");
        }
        let refused = manifest(&format!(r#"{{{head},"scanner":{{"code":["../x"]}}}}"#));
        assert!(matches!(refused, Err(ManifestError::Scanner(_))));
    }

    #[test]
    fn only_a_component_with_one_manifest_is_read() {
        let bytes = |error: Result<Manifest, ManifestError>| error.unwrap_err().to_string();
        assert!(
            bytes(Manifest::of_component(b"nonsense")).starts_with("not a WebAssembly component")
        );
        assert!(bytes(Manifest::of_component(b"\0asm\x01\0\0\0")).starts_with("a core module"));
        assert!(bytes(Manifest::of_component(b"\0asm\x0d\0\x01\0")).contains("has no"));
    }
}

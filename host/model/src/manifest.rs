//! The module manifest: what a module is, which rules it has, what it asks for. Read from the component's custom
//! section before anything is compiled, and validated whole: a manifest with an error loads nothing.

use std::collections::BTreeSet;

use serde::Deserialize;
use thiserror::Error;

use super::file_names::FileNames;
use crate::finding::Severity;
use crate::grants::{GrantError, Grants};

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

/// The manifest as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    version: String,
    publisher: String,
    wit: String,
    summary: String,
    #[serde(default)]
    grants: WrittenGrants,
    #[serde(default)]
    fixes: WrittenFixes,
    scanner: Option<FileNames>,
    #[serde(default)]
    rule: Vec<Rule>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenGrants {
    #[serde(default)]
    config: Vec<String>,
    #[serde(default)]
    files: Vec<String>,
    #[serde(default)]
    facts: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFixes {
    #[serde(default)]
    config: Vec<String>,
    #[serde(default)]
    mode: Vec<String>,
}

/// One rule: the source of `list`, `explain` and the rule pages.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Rule {
    /// Words separated by dots; `*` stands for a part that comes from the config.
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
    /// URLs.
    #[serde(default)]
    pub references: Vec<String>,
}

impl Rule {
    /// Whether a finding's id is one of this rule: equal, with any text in place of each `*`.
    pub fn covers(&self, id: &str) -> bool {
        fn covers(pattern: &str, id: &str) -> bool {
            match pattern.split_once('*') {
                None => pattern == id,
                Some((head, tail)) => id.strip_prefix(head).is_some_and(|rest| {
                    // At least one character stands in the star's place.
                    rest.char_indices()
                        .skip(1)
                        .map(|(at, _)| at)
                        .chain([rest.len()])
                        .any(|at| at > 0 && covers(tail, rest.get(at..).unwrap_or_default()))
                }),
            }
        }
        covers(&self.id, id)
    }

    /// Whether one id can be of both rules.
    pub fn meets(&self, other: &Self) -> bool {
        fn head(id: &str) -> &str {
            id.split('*').next().unwrap_or(id)
        }
        let (one, two) = (head(&self.id), head(&other.id));
        // Most rules are told apart by how they begin.
        (one.starts_with(two) || two.starts_with(one))
            && meet(self.id.as_bytes(), other.id.as_bytes())
    }
}

/// Whether a text fits both patterns, in which a `*` stands for at least one character.
fn meet(one: &[u8], two: &[u8]) -> bool {
    // Whether the rests from `i` and `j` fit each other, filled in from the ends.
    let width = two.len() + 1;
    let mut fits = vec![false; (one.len() + 1) * width];
    let at = |i: usize, j: usize| i * width + j;
    let get = |fits: &[bool], i: usize, j: usize| fits.get(at(i, j)).copied().unwrap_or(false);
    for i in (0..=one.len()).rev() {
        for j in (0..=two.len()).rev() {
            let fit = match (one.get(i), two.get(j)) {
                (None, None) => true,
                (None, _) | (_, None) => false,
                // A star takes one character of the other side, and may take the next one too.
                (Some(b'*'), Some(_)) | (Some(_), Some(b'*')) => {
                    get(&fits, i + 1, j + 1)
                        || one.get(i) == Some(&b'*') && get(&fits, i, j + 1)
                        || two.get(j) == Some(&b'*') && get(&fits, i + 1, j)
                }
                (Some(a), Some(b)) => a == b && get(&fits, i + 1, j + 1),
            };
            if let Some(slot) = fits.get_mut(at(i, j)) {
                *slot = fit;
            }
        }
    }
    get(&fits, 0, 0)
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
        let written: Written = serde_json::from_slice(json)
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
    let well_formed = rule.id.split('.').count() > 1
        && rule.id.split('.').all(|part| {
            part == "*"
                || !part.is_empty()
                    && part
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        });
    if !well_formed || rule.id.len() > 128 {
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

    fn rule(id: &str) -> Rule {
        Rule {
            id: id.to_owned(),
            severities: vec![Severity::Warn],
            title: "t".to_owned(),
            why: "w".to_owned(),
            exploit: String::new(),
            fix: "f".to_owned(),
            auto_fix: false,
            deep: false,
            references: Vec::new(),
        }
    }

    #[test]
    fn a_star_stands_for_some_text() {
        let open = rule("channels.*.dm.open");
        assert!(open.covers("channels.telegram.dm.open"));
        assert!(open.covers("channels.a.b.dm.open"));
        assert!(!open.covers("channels..dm.open"));
        assert!(!open.covers("channels.telegram.dm.open_invalid"));
        assert!(rule("a.*").covers("a.b") && !rule("a.*").covers("a."));
        assert!(rule("a.b").covers("a.b") && !rule("a.b").covers("a.bc"));
    }

    #[test]
    fn rules_meet_where_one_id_is_of_both() {
        let meets = |one: &str, two: &str| {
            assert_eq!(rule(one).meets(&rule(two)), rule(two).meets(&rule(one)));
            rule(one).meets(&rule(two))
        };
        assert!(meets("a.b", "a.b") && meets("a.*", "a.b") && meets("*.*", "gateway.bind"));
        assert!(meets("a.*.c", "a.b.*") && meets("a.*", "a.*.c") && meets("*.x.*", "a.*.b"));
        assert!(!meets("a.b", "a.c") && !meets("a.*", "b.*") && !meets("a.*.c", "a.b"));
        assert!(!meets("a.*", "a.") && !meets("x.*.y", "x.y"));
    }

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

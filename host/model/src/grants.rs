//! What a module may see, and the one place that decides it. Deny is the default: a question that no grant covers is
//! refused, and a new kind of question does not compile until it has an answer here.

pub mod describe;
mod fact;
mod raw;
mod subset;

use std::fmt;

use thiserror::Error;

pub use fact::Fact;
pub use raw::RawGrants;

const MAX_GRANTS: usize = 512;
const MAX_LENGTH: usize = 512;

/// Why a manifest's or a policy's grants are refused. Each holds the grant as written.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum GrantError {
    /// Not a JSON pointer, or one with `**`.
    #[error("config grant `{0}`: not a JSON pointer")]
    Pointer(String),
    /// Not `ROOT:PATTERN LEVEL`.
    #[error("file grant `{0}`: write `ROOT:PATTERN metadata` or `ROOT:PATTERN content`")]
    File(String),
    /// A root that does not exist.
    #[error(
        "file grant `{0}`: unknown root; roots are state, config, credentials, log, extensions, include:*, workspace:*, link-target:*, plugins:*, skills:*"
    )]
    Root(String),
    /// A malformed pattern.
    #[error(
        "file grant `{0}`: a pattern has no `..`, no empty part, and `**` only as its last part"
    )]
    Pattern(String),
    /// A fact that does not exist.
    #[error("fact grant `{0}`: no such fact")]
    Fact(String),
    /// Too many grants in all lists together, or one that is too long.
    #[error("more than {MAX_GRANTS} grants, or one longer than {MAX_LENGTH} bytes")]
    TooMany,
}

/// How much of a file may be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Kind, permissions, owner, size, links; and for a directory its entries.
    Metadata,
    /// The bytes as well.
    Content,
}

/// Parts separated by `/`, of which `*` stands for any one and a last `**` for any number.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern(Vec<String>);

impl Pattern {
    fn matches<'p>(&self, mut parts: impl Iterator<Item = &'p str>) -> bool {
        for wanted in &self.0 {
            if wanted == "**" {
                return true;
            }
            match parts.next() {
                Some(part) if wanted == "*" || wanted == part => {}
                _ => return false,
            }
        }
        parts.next().is_none()
    }

    /// Whether everything at and below a path matches.
    fn covers_tree<'p>(&self, parts: impl Iterator<Item = &'p str>) -> bool {
        self.0.last().is_some_and(|last| last == "**") && self.matches(parts)
    }

    fn starts<'p>(&self, mut parts: impl Iterator<Item = &'p str>) -> bool {
        self.0.iter().all(|wanted| parts.next().is_some_and(|part| wanted == "*" || wanted == part))
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.join("/"))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct FileGrant {
    /// A root's name, or its kind with `:*`.
    root: String,
    pattern: Pattern,
    level: Level,
}

impl FileGrant {
    fn parse(text: &str) -> Result<Self, GrantError> {
        let malformed = || GrantError::File(text.to_owned());
        let (place, level) = text.rsplit_once(' ').ok_or_else(malformed)?;
        let level = match level {
            "metadata" => Level::Metadata,
            "content" => Level::Content,
            _ => return Err(malformed()),
        };
        let (root, pattern) = split_root(place).ok_or_else(|| GrantError::Root(text.to_owned()))?;
        Ok(Self { root, pattern: parse_pattern(pattern, text)?, level })
    }

    fn covers_root(&self, root: &str) -> bool {
        match self.root.strip_suffix('*') {
            Some(kind) => root.starts_with(kind),
            None => root == self.root,
        }
    }
}

/// `state:a/b` → (`state`, `a/b`); `workspace:*:a/b` → (`workspace:*`, `a/b`).
fn split_root(place: &str) -> Option<(String, &str)> {
    let (name, rest) = place.split_once(':')?;
    match name {
        "state" | "config" | "credentials" | "log" | "extensions" => Some((name.to_owned(), rest)),
        "include" | "workspace" | "link-target" | "plugins" | "skills" => {
            let (instance, rest) = rest.split_once(':').unwrap_or((rest, ""));
            (instance == "*").then(|| (format!("{name}:*"), rest))
        }
        _ => None,
    }
}

fn parse_pattern(pattern: &str, whole: &str) -> Result<Pattern, GrantError> {
    let parts: Vec<String> = if pattern.is_empty() {
        Vec::new()
    } else {
        pattern.split('/').map(str::to_owned).collect()
    };
    let last = parts.len().saturating_sub(1);
    let well_formed = parts.iter().enumerate().all(|(at, part)| match part.as_str() {
        "" | "." | ".." => false,
        "**" => at == last,
        "*" => true,
        name => !name.contains('*'),
    });
    if well_formed { Ok(Pattern(parts)) } else { Err(GrantError::Pattern(whole.to_owned())) }
}

fn parse_pointer(pointer: &str) -> Result<Pattern, GrantError> {
    let malformed = || GrantError::Pointer(pointer.to_owned());
    if pointer.is_empty() {
        return Ok(Pattern(Vec::new()));
    }
    let parts: Vec<String> =
        pointer.strip_prefix('/').ok_or_else(malformed)?.split('/').map(str::to_owned).collect();
    if parts.iter().any(|part| part == "**") { Err(malformed()) } else { Ok(Pattern(parts)) }
}

/// The parts of a pointer; none for the whole document.
fn pointer_parts(pointer: &str) -> impl Iterator<Item = &str> {
    pointer.strip_prefix('/').into_iter().flat_map(|rest| rest.split('/'))
}

/// The parts of a path; none for the root.
fn path_parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty())
}

/// Everything that a module may see and ask to change.
#[derive(Debug, Clone, Default)]
pub struct Grants {
    config: Vec<Pattern>,
    files: Vec<FileGrant>,
    facts: Vec<Fact>,
    fix_config: Vec<Pattern>,
    fix_mode: Vec<FileGrant>,
}

impl Grants {
    /// Grants from their texts in `module.toml`: JSON pointers, `ROOT:PATTERN LEVEL`, facts, and for fixes JSON pointers and
    /// `ROOT:PATTERN`.
    pub fn parse(
        config: &[String],
        files: &[String],
        facts: &[String],
        fix_config: &[String],
        fix_mode: &[String],
    ) -> Result<Self, GrantError> {
        let lists = [config, files, facts, fix_config, fix_mode];
        if lists.iter().map(|list| list.len()).sum::<usize>() > MAX_GRANTS
            || lists.iter().flat_map(|list| list.iter()).any(|text| text.len() > MAX_LENGTH)
        {
            return Err(GrantError::TooMany);
        }
        let pointers = |list: &[String]| {
            list.iter().map(|text| parse_pointer(text)).collect::<Result<Vec<_>, _>>()
        };
        Ok(Self {
            config: pointers(config)?,
            files: files
                .iter()
                .map(|text| FileGrant::parse(text))
                .collect::<Result<Vec<_>, _>>()?,
            facts: facts
                .iter()
                .map(|text| Fact::parse(text).ok_or_else(|| GrantError::Fact(text.clone())))
                .collect::<Result<_, _>>()?,
            fix_config: pointers(fix_config)?,
            fix_mode: fix_mode
                .iter()
                .map(|text| FileGrant::parse(&format!("{text} metadata")))
                .collect::<Result<_, _>>()?,
        })
    }

    /// Whether a JSON pointer is at or below one that was granted.
    pub fn allow_config(&self, pointer: &str) -> bool {
        (pointer.is_empty() || pointer.starts_with('/'))
            && self.config.iter().any(|grant| grant.starts(pointer_parts(pointer)))
    }

    /// Whether a path below a root was granted at this level.
    pub fn allow_file(&self, root: &str, path: &str, level: Level) -> bool {
        self.files.iter().any(|grant| {
            grant.level >= level
                && grant.covers_root(root)
                && grant.pattern.matches(path_parts(path))
        })
    }

    /// Whether the content of everything below a path was granted.
    pub fn allow_tree(&self, root: &str, path: &str) -> bool {
        self.files.iter().any(|grant| {
            grant.level == Level::Content
                && grant.covers_root(root)
                && grant.pattern.covers_tree(path_parts(path))
        })
    }

    /// Whether anything below a root was granted.
    pub fn allow_root(&self, root: &str) -> bool {
        self.files.iter().any(|grant| grant.covers_root(root))
    }

    /// Whether a fact was granted, by its name in the contract; `argument` is the variable of `environment`.
    pub fn allow_fact(&self, name: &str, argument: Option<&str>) -> bool {
        self.facts.iter().any(|fact| fact.is(name, argument))
    }

    /// Whether a fix of the value at this JSON pointer was granted.
    pub fn allow_config_fix(&self, pointer: &str) -> bool {
        pointer.starts_with('/')
            && self.fix_config.iter().any(|grant| grant.matches(pointer_parts(pointer)))
    }

    /// Whether a fix of the permissions at this path was granted.
    pub fn allow_mode_fix(&self, root: &str, path: &str) -> bool {
        self.fix_mode
            .iter()
            .any(|grant| grant.covers_root(root) && grant.pattern.matches(path_parts(path)))
    }

    /// The facts that were granted.
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// Whether the value at a JSON pointer has anything in common with what was granted: it, a part of it, or something
    /// around it.
    pub fn overlaps_config(&self, pointer: &str) -> bool {
        self.config.iter().any(|grant| {
            pointer_parts(pointer)
                .zip(&grant.0)
                .all(|(part, wanted)| wanted == "*" || wanted == part)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grants(config: &[&str], files: &[&str], facts: &[&str]) -> Result<Grants, GrantError> {
        let own = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        Grants::parse(&own(config), &own(files), &own(facts), &[], &[])
    }

    #[test]
    fn nothing_is_granted_by_default() {
        let none = Grants::default();
        assert!(!none.allow_config("") && !none.allow_config("/gateway"));
        assert!(!none.allow_file("state", "", Level::Metadata));
        assert!(!none.allow_fact("platform", None) && !none.allow_root("state"));
        assert!(!none.allow_config_fix("/logging/redactSensitive"));
        assert!(!none.allow_mode_fix("state", ""));
    }

    #[test]
    fn a_tree_is_granted_whole_or_not_at_all() {
        let some = grants(
            &[],
            &["extensions:** content", "workspace:*:skills/** metadata", "state:skills/* content"],
            &[],
        )
        .unwrap();
        assert!(some.allow_tree("extensions", "") && some.allow_tree("extensions", "a/b"));
        for (root, path) in [("workspace:main", "skills"), ("state", "skills"), ("state", "")] {
            assert!(!some.allow_tree(root, path), "{root}:{path}");
        }
    }

    #[test]
    fn a_config_grant_covers_what_is_below_it_and_nothing_above() {
        let some = grants(&["/gateway", "/channels/*/groupPolicy"], &[], &[]).unwrap();
        assert!(some.allow_config("/gateway") && some.allow_config("/gateway/auth/token"));
        assert!(some.allow_config("/channels/telegram/groupPolicy"));
        for refused in
            ["", "/", "/gatewayx", "/hooks", "/channels", "/channels/telegram", "gateway"]
        {
            assert!(!some.allow_config(refused), "{refused}");
        }
        assert!(grants(&[""], &[], &[]).unwrap().allow_config("/anything"));
    }

    #[test]
    fn a_file_grant_has_a_root_a_pattern_and_a_level() {
        let some = grants(
            &[],
            &[
                "state:agents/*/agent/** metadata",
                "workspace:*:skills/** content",
                "config: metadata",
                "skills:*:** content",
            ],
            &[],
        )
        .unwrap();
        assert!(some.allow_tree("skills:managed", "") && some.allow_tree("skills:extra-0", "a"));
        assert!(!some.allow_root("plugins:npm") && !some.allow_root("link-target:0"));
        assert!(some.allow_file("state", "agents/main/agent/auth-profiles.json", Level::Metadata));
        assert!(!some.allow_file("state", "agents/main/agent/auth-profiles.json", Level::Content));
        assert!(some.allow_file("workspace:main", "skills/a/SKILL.md", Level::Content));
        assert!(some.allow_file("config", "", Level::Metadata));
        for (root, path) in [
            ("state", ""),
            ("state", "agents/main"),
            ("state", "credentials/x"),
            ("workspace:main", "notes"),
            ("config", "other"),
            ("workspace", "skills/a"),
        ] {
            assert!(!some.allow_file(root, path, Level::Metadata), "{root}:{path}");
        }
    }

    #[test]
    fn a_fact_is_granted_by_name() {
        let some = grants(&[], &[], &["platform", "environment:HOME_TOKEN"]).unwrap();
        assert!(some.allow_fact("platform", None));
        assert!(some.allow_fact("environment", Some("HOME_TOKEN")));
        assert!(!some.allow_fact("environment", Some("OTHER")));
        assert!(!some.allow_fact("homes", None));
    }

    #[test]
    fn a_malformed_grant_is_an_error() {
        for (config, files, facts) in [
            (vec!["gateway"], vec![], vec![]),
            (vec![], vec!["state:agents"], vec![]),
            (vec![], vec!["state:agents write"], vec![]),
            (vec![], vec!["elsewhere:x metadata"], vec![]),
            (vec![], vec!["workspace:main:x metadata"], vec![]),
            (vec![], vec!["state:../x metadata"], vec![]),
            (vec![], vec!["state:**/x metadata"], vec![]),
            (vec![], vec!["state:/x metadata"], vec![]),
            (vec![], vec![], vec!["clock"]),
            (vec![], vec![], vec!["environment:"]),
        ] {
            assert!(grants(&config, &files, &facts).is_err(), "{config:?} {files:?} {facts:?}");
        }
    }
}

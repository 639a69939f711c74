//! A host made of values, for native tests of a check.
//!
//! It grants everything and limits nothing, and can show any owner, mode or link, no matter who runs the tests. Secrets are
//! written the way a check sees them: [`secret`] and its kin make the JSON that is in a secret's place.

use std::any::Any;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use chitin_document::{
    AuthOverride, GatewayFacts, Kind, Link, Metadata, Refusal, Seal, SecretSource, Tree,
};
use serde_json::{Value, json};

use crate::contract::config::{Origin, Provenance};
use crate::contract::facts::{
    ContainerList, InstallIndex, InstallKind, OperatingSystem, ProbeResult, Problem,
};
use crate::contract::files::{Content, Format, Root};
use crate::facts::Facts;
use crate::finding::{Finding, Severity};
use crate::host::{CodeScan, Entry, Host, Listing};
use crate::rules::{Group, run};
use crate::text;

fn placeholder(value: &str) -> Value {
    match value {
        "" => json!("blank"),
        "undefined" => json!("undefined"),
        "null" => json!("null-word"),
        _ => Value::Null,
    }
}

fn sealed(source: &str, resolved: bool, variable: Option<&str>, value: &str) -> Value {
    let trimmed = text::trim(value);
    json!({"$sealed": {
        "source": source,
        "resolved": resolved,
        "variable": variable,
        "length": text::utf16_len(trimmed),
        // A fake needs no more than "equal for equal values".
        "fingerprint": trimmed,
        "placeholder": if resolved { placeholder(trimmed) } else { Value::Null },
    }})
}

/// A secret that is written out in the config.
pub fn secret(value: &str) -> Value {
    sealed("literal", true, None, value)
}

/// `${variable}` with the variable set to a value.
pub fn secret_from_env(variable: &str, value: &str) -> Value {
    sealed("env", true, Some(variable), value)
}

/// `${variable}` with the variable missing.
pub fn secret_from_unset_env(variable: &str) -> Value {
    sealed("env", false, Some(variable), "")
}

/// A `SecretRef` that the host did not resolve.
pub fn secret_ref() -> Value {
    sealed("reference", false, None, "")
}

/// A file's metadata with a mode; owned by root, one link.
pub fn file_mode(mode: u32) -> Metadata {
    Metadata {
        kind: Kind::File,
        mode: Some(mode),
        uid: Some(0),
        gid: Some(0),
        size: 1,
        hard_links: 1,
        link: None,
        acl: None,
    }
}

/// A directory's metadata with a mode.
pub fn directory_mode(mode: u32) -> Metadata {
    Metadata { kind: Kind::Directory, ..file_mode(mode) }
}

/// A link to something with the given kind and mode, inside or outside its root.
pub fn link_to(resolved: &str, inside: bool, kind: Kind, mode: u32) -> Metadata {
    Metadata {
        kind: Kind::Symlink,
        link: Some(Link {
            target: resolved.to_owned(),
            resolved: Some(resolved.to_owned()),
            inside,
            target_kind: Some(kind),
            target_mode: Some(mode),
        }),
        ..file_mode(0o777)
    }
}

/// A link that leads nowhere.
pub fn dangling_link(target: &str) -> Metadata {
    Metadata {
        kind: Kind::Symlink,
        link: Some(Link {
            target: target.to_owned(),
            resolved: None,
            inside: false,
            target_kind: None,
            target_mode: None,
        }),
        ..file_mode(0o777)
    }
}

/// What a check said.
#[derive(Debug, Default)]
pub struct Said {
    pub findings: Vec<Finding>,
    pub not_applicable: Vec<(String, String)>,
    pub not_run: Vec<(String, String)>,
    pub skipped: Vec<(String, String)>,
}

impl Said {
    /// The ids of the findings, in order.
    pub fn ids(&self) -> Vec<&str> {
        self.findings.iter().map(|finding| finding.rule.as_str()).collect()
    }

    /// The findings of one rule id.
    pub fn of(&self, rule: &str) -> Vec<&Finding> {
        self.findings.iter().filter(|finding| finding.rule == rule).collect()
    }

    /// The severity of the first finding of a rule; none when it did not fire.
    pub fn severity(&self, rule: &str) -> Option<Severity> {
        self.of(rule).first().map(|finding| finding.severity)
    }

    /// The detail of the first finding of a rule; empty when it did not fire.
    pub fn detail(&self, rule: &str) -> &str {
        self.of(rule).first().map_or("", |finding| finding.detail.as_str())
    }
}

/// A host made of values. Build it with the methods that return it, then [`FakeHost::run`] the check's groups.
#[derive(Debug, Default)]
pub struct FakeHost {
    effective: Value,
    authored: Option<Value>,
    config_unavailable: Option<String>,
    environment: BTreeMap<String, String>,
    files: BTreeMap<(String, String), Metadata>,
    contents: BTreeMap<(String, String), Content>,
    closed: BTreeMap<(String, String), String>,
    unavailable: BTreeSet<&'static str>,
    /// Facts that were told, by their name and arguments.
    facts: BTreeMap<String, Box<dyn Any>>,
    auth_override: Option<AuthOverride>,
    approvals: Option<Value>,
    scans: BTreeMap<(String, String), Result<CodeScan, Refusal>>,
    said: RefCell<Said>,
}

impl FakeHost {
    /// A host with this config, effective and authored alike.
    pub fn with_config(config: Value) -> Self {
        Self { effective: config, ..Self::default() }
    }

    /// What was written, where it differs from what is in effect.
    #[must_use]
    pub fn authored_config(mut self, config: Value) -> Self {
        self.authored = Some(config);
        self
    }

    /// Every question about the config is refused with this reason.
    #[must_use]
    pub fn without_config(mut self, reason: &str) -> Self {
        self.config_unavailable = Some(reason.to_owned());
        self
    }

    #[must_use]
    pub fn problem(self, problem: Problem) -> Self {
        let mut problems = self.config_problems().unwrap_or_default();
        problems.push(problem);
        self.fact("config_problems", (), problems)
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Puts something at a path; directories above it need not be given.
    #[must_use]
    pub fn file(mut self, root: &str, path: &str, metadata: Metadata) -> Self {
        self.files.insert((root.to_owned(), path.to_owned()), metadata);
        self
    }

    /// Puts a file with content at a path.
    #[must_use]
    pub fn content(mut self, root: &str, path: &str, content: Content) -> Self {
        let key = (root.to_owned(), path.to_owned());
        self.files.entry(key.clone()).or_insert_with(|| file_mode(0o600));
        self.contents.insert(key, content);
        self
    }

    /// What is at a path cannot be listed or read, for this reason.
    #[must_use]
    pub fn closed(mut self, root: &str, path: &str, reason: &str) -> Self {
        self.closed.insert((root.to_owned(), path.to_owned()), reason.to_owned());
        self
    }

    #[must_use]
    pub fn on(self, platform: OperatingSystem) -> Self {
        self.fact("platform", (), platform)
    }

    #[must_use]
    pub fn as_service(self) -> Self {
        self.fact("gateway_service", (), true)
    }

    /// `--auth`, `--token`, `--password`.
    #[must_use]
    pub fn auth(mut self, mode: &str, token: Option<&str>, password: Option<&str>) -> Self {
        let seal = |value: Option<&str>| value.and_then(|value| Seal::from_json(&secret(value)));
        self.auth_override = Some(AuthOverride {
            mode: mode.to_owned(),
            token: seal(token),
            password: seal(password),
        });
        self
    }

    #[must_use]
    pub fn home(self, path: &str) -> Self {
        self.fact("homes", (), vec![path.to_owned()])
    }

    /// Where the bind mount at a pointer really leads; without this, where it says.
    #[must_use]
    pub fn bind_leads(self, pointer: &str, path: &str) -> Self {
        self.fact("bind_source", (pointer,), Some(path.to_owned()))
    }

    #[must_use]
    pub fn approvals(mut self, document: Value) -> Self {
        self.approvals = Some(document);
        self
    }

    #[must_use]
    pub fn paired(self, channel: &str, account: &str, people: &[&str]) -> Self {
        let people: Vec<String> = people.iter().map(|person| (*person).to_owned()).collect();
        self.fact("pairing_store", (channel, account), people)
    }

    #[must_use]
    pub fn installs(self, kind: InstallKind, records: InstallIndex) -> Self {
        self.fact("install_records", (kind,), records)
    }

    #[must_use]
    pub fn containers(self, containers: ContainerList) -> Self {
        self.fact("browser_containers", (), containers)
    }

    /// `--deep`, with this answer of the gateway.
    #[must_use]
    pub fn probe(self, probe: ProbeResult) -> Self {
        self.fact("gateway_probe", (), probe)
    }

    /// Tells a fact, by the name and the arguments (a tuple) of its function in [`Facts`]. The value has the type of the
    /// reply.
    #[must_use]
    pub fn fact<T: Any>(mut self, name: &str, arguments: impl Debug, value: T) -> Self {
        self.facts.insert(format!("{name}{arguments:?}"), Box::new(value));
        self
    }

    /// `--deep`, with this result of scanning a directory. The entries that are asked for make no difference.
    #[must_use]
    pub fn scanned(mut self, root: &str, path: &str, scan: Result<CodeScan, Refusal>) -> Self {
        self.scans.insert((root.to_owned(), path.to_owned()), scan);
        self
    }

    /// Refuses a fact, by its grant's name.
    #[must_use]
    pub fn without_fact(mut self, name: &'static str) -> Self {
        self.unavailable.insert(name);
        self
    }

    /// Runs a check's groups and tells what they said.
    pub fn run(self, groups: &[Group]) -> Said {
        run(&self, groups);
        self.said.into_inner()
    }

    fn tree(&self, config: &Value, pointer: &str) -> Result<Tree, Refusal> {
        if let Some(reason) = &self.config_unavailable {
            return Err(Refusal::Unavailable(reason.clone()));
        }
        Ok(Tree::new(pointer, config.pointer(pointer).cloned()))
    }

    fn refuse(&self, name: &str) -> Result<(), Refusal> {
        if self.unavailable.contains(name) {
            return Err(Refusal::Unavailable(format!("{name} is not available here")));
        }
        Ok(())
    }

    fn told<T: Any + Clone>(
        &self,
        name: &str,
        arguments: impl Debug,
        default: Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.refuse(&name.replace('_', "-"))?;
        match self.facts.get(&format!("{name}{arguments:?}")) {
            // A value of another type than the reply's is a mistake in the test.
            Some(value) => value.downcast_ref().cloned().ok_or_else(|| {
                Refusal::Unavailable(format!("{name} was told with a value of another type"))
            }),
            None => default,
        }
    }

    fn is_directory(&self, root: &str, path: &str) -> bool {
        let below = format!("{path}/");
        self.files.iter().any(|((of, at), metadata)| {
            of == root
                && ((at == path && metadata.kind == Kind::Directory)
                    || (path.is_empty() && !at.is_empty())
                    || at.starts_with(&below))
        })
    }
}

impl GatewayFacts for FakeHost {
    fn effective(&self, pointer: &str) -> Result<Tree, Refusal> {
        self.tree(&self.effective, pointer)
    }

    fn environment(&self, name: &str) -> Result<Option<Seal>, Refusal> {
        let value = self.environment.get(name).filter(|value| !text::trim(value).is_empty());
        Ok(value.and_then(|value| Seal::from_json(&secret(value))))
    }

    fn auth_override(&self) -> Result<Option<AuthOverride>, Refusal> {
        Ok(self.auth_override.clone())
    }

    fn stat(&self, root: &str, path: &str) -> Result<Option<Metadata>, Refusal> {
        let found = self.files.get(&(root.to_owned(), path.to_owned())).cloned();
        Ok(found.or_else(|| self.is_directory(root, path).then(|| directory_mode(0o700))))
    }
}

macro_rules! tell {
    ($($fact:ident($($argument:ident: $type:ty),*) -> $reply:ty, or $default:expr;)*) => {
        impl Facts for FakeHost {
            $(
                fn $fact(&self, $($argument: $type),*) -> Result<$reply, Refusal> {
                    self.told(stringify!($fact), ($($argument,)*), $default)
                }
            )*
        }
    };
}
crate::facts!(tell);

impl Host for FakeHost {
    fn authored(&self, pointer: &str) -> Result<Tree, Refusal> {
        self.tree(self.authored.as_ref().unwrap_or(&self.effective), pointer)
    }

    fn provenance(&self, pointer: &str) -> Result<Option<Provenance>, Refusal> {
        let tree = self.effective(pointer)?;
        let root = tree.root();
        if root.is_absent() {
            return Ok(None);
        }
        let origin = match root.seal() {
            Some(seal) if seal.source == SecretSource::Reference => Origin::SecretRef,
            Some(seal) if seal.source == SecretSource::Env && !seal.resolved => {
                Origin::EnvUnresolved
            }
            Some(seal) if seal.source == SecretSource::Env => Origin::Env,
            _ => Origin::Literal,
        };
        Ok(Some(Provenance {
            origin,
            variables: root.seal().and_then(|seal| seal.variable).into_iter().collect(),
            file: "openclaw.json".to_owned(),
            included: false,
        }))
    }

    fn roots(&self) -> Result<Vec<Root>, Refusal> {
        let names: BTreeSet<&String> = self.files.keys().map(|(root, _)| root).collect();
        Ok(names
            .into_iter()
            .map(|name| Root { name: name.clone(), path: format!("/fake/{name}") })
            .collect())
    }

    fn describe(&self, root: &str, path: &str) -> Result<String, Refusal> {
        Ok(if path.is_empty() { format!("/fake/{root}") } else { format!("/fake/{root}/{path}") })
    }

    fn list(&self, root: &str, path: &str) -> Result<Option<Listing>, Refusal> {
        if let Some(reason) = self.closed.get(&(root.to_owned(), path.to_owned())) {
            return Err(Refusal::Unavailable(reason.clone()));
        }
        if !self.is_directory(root, path) {
            return Ok(None);
        }
        let prefix = if path.is_empty() { String::new() } else { format!("{path}/") };
        let mut entries: BTreeMap<String, Kind> = BTreeMap::new();
        for ((of, at), metadata) in &self.files {
            let Some(rest) = at.strip_prefix(&prefix).filter(|rest| of == root && !rest.is_empty())
            else {
                continue;
            };
            match rest.split_once('/') {
                Some((name, _)) => {
                    entries.entry(name.to_owned()).or_insert(Kind::Directory);
                }
                None => {
                    entries.insert(rest.to_owned(), metadata.kind);
                }
            }
        }
        let entries = entries.into_iter().map(|(name, kind)| Entry { name, kind }).collect();
        Ok(Some(Listing { entries, complete: true }))
    }

    fn read(&self, root: &str, path: &str, _: Format, _: u32) -> Result<Content, Refusal> {
        let key = (root.to_owned(), path.to_owned());
        let at_path = self.stat(root, path)?;
        let is_directory = at_path.as_ref().is_some_and(|found| found.kind == Kind::Directory);
        if let Some(reason) = self.closed.get(&key).filter(|_| !is_directory) {
            return Ok(Content::Unreadable(reason.clone()));
        }
        Ok(match (self.contents.get(&key), at_path) {
            (Some(content), _) => content.clone(),
            (None, Some(metadata)) if metadata.kind == Kind::File => Content::Text(String::new()),
            (None, Some(_)) => Content::NotAFile,
            (None, None) => Content::Missing,
        })
    }

    fn exec_approvals(&self) -> Result<Option<Tree>, Refusal> {
        self.refuse("exec-approvals")?;
        Ok(self.approvals.clone().map(|document| Tree::new("", Some(document))))
    }

    fn scan(&self, root: &str, path: &str, _entries: &[String]) -> Result<CodeScan, Refusal> {
        if self.scans.is_empty() {
            return Err(Refusal::NotHere("needs --deep".to_owned()));
        }
        let key = (root.to_owned(), path.to_owned());
        self.scans.get(&key).cloned().unwrap_or_else(|| Ok(CodeScan::default()))
    }

    fn add(&self, finding: Finding) -> Result<(), String> {
        self.said.borrow_mut().findings.push(finding);
        Ok(())
    }

    fn not_applicable(&self, rule: &str, reason: &str) {
        self.said.borrow_mut().not_applicable.push((rule.to_owned(), reason.to_owned()));
    }

    fn not_run(&self, rule: &str, reason: &str) {
        self.said.borrow_mut().not_run.push((rule.to_owned(), reason.to_owned()));
    }

    fn skipped(&self, rule: &str, reason: &str) {
        self.said.borrow_mut().skipped.push((rule.to_owned(), reason.to_owned()));
    }
}

//! A host made of values, for native tests of a check.
//!
//! It grants everything and limits nothing, and can show any owner, mode or link, no matter who runs the tests. Secrets are
//! written the way a check sees them: [`secret`] and its kin make the JSON that is in a secret's place.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use chitin_document::{
    AuthOverride, GatewayFacts, Kind, Link, Metadata, Refusal, Seal, SecretSource, Tree,
};
use serde_json::{Value, json};

use crate::finding::{Finding, Severity};
use crate::host::{
    BrowserContainers, CodeScan, Content, Entry, Format, GatewayProbe, Host, InstallKind,
    InstallRecords, Listing, OperatingSystem, Origin, Problem, Provenance, Root,
};
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
    problems: Vec<Problem>,
    environment: BTreeMap<String, String>,
    files: BTreeMap<(String, String), Metadata>,
    contents: BTreeMap<(String, String), Content>,
    closed: BTreeMap<(String, String), String>,
    unavailable: BTreeSet<&'static str>,
    platform: Option<OperatingSystem>,
    service: bool,
    auth_override: Option<AuthOverride>,
    homes: Vec<String>,
    bind_sources: BTreeMap<String, String>,
    approvals: Option<Value>,
    pairings: BTreeMap<(String, String), Vec<String>>,
    plugins: InstallRecords,
    hooks: InstallRecords,
    containers: BrowserContainers,
    probe: Option<GatewayProbe>,
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
    pub fn problem(mut self, problem: Problem) -> Self {
        self.problems.push(problem);
        self
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
    pub fn on(mut self, platform: OperatingSystem) -> Self {
        self.platform = Some(platform);
        self
    }

    #[must_use]
    pub fn as_service(mut self) -> Self {
        self.service = true;
        self
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
    pub fn home(mut self, path: &str) -> Self {
        self.homes.push(path.to_owned());
        self
    }

    /// Where the bind mount at a pointer really leads; without this, where it says.
    #[must_use]
    pub fn bind_leads(mut self, pointer: &str, path: &str) -> Self {
        self.bind_sources.insert(pointer.to_owned(), path.to_owned());
        self
    }

    #[must_use]
    pub fn approvals(mut self, document: Value) -> Self {
        self.approvals = Some(document);
        self
    }

    #[must_use]
    pub fn paired(mut self, channel: &str, account: &str, people: &[&str]) -> Self {
        self.pairings.insert(
            (channel.to_owned(), account.to_owned()),
            people.iter().map(|person| (*person).to_owned()).collect(),
        );
        self
    }

    #[must_use]
    pub fn installs(mut self, kind: InstallKind, records: InstallRecords) -> Self {
        match kind {
            InstallKind::Plugin => self.plugins = records,
            InstallKind::Hook => self.hooks = records,
        }
        self
    }

    #[must_use]
    pub fn containers(mut self, containers: BrowserContainers) -> Self {
        self.containers = containers;
        self
    }

    /// `--deep`, with this answer of the gateway.
    #[must_use]
    pub fn probe(mut self, probe: GatewayProbe) -> Self {
        self.probe = Some(probe);
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

    fn fact(&self, name: &str) -> Result<(), Refusal> {
        if self.unavailable.contains(name) {
            return Err(Refusal::Unavailable(format!("{name} is not available here")));
        }
        Ok(())
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

    fn problems(&self) -> Result<Vec<Problem>, Refusal> {
        Ok(self.problems.clone())
    }

    fn roots(&self) -> Vec<Root> {
        let names: BTreeSet<&String> = self.files.keys().map(|(root, _)| root).collect();
        names
            .into_iter()
            .map(|name| Root { name: name.clone(), path: format!("/fake/{name}") })
            .collect()
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

    fn platform(&self) -> Result<OperatingSystem, Refusal> {
        Ok(self.platform.unwrap_or(OperatingSystem::Linux))
    }

    fn gateway_service(&self) -> Result<bool, Refusal> {
        Ok(self.service)
    }

    fn homes(&self) -> Result<Vec<String>, Refusal> {
        Ok(self.homes.clone())
    }

    fn bind_source(&self, pointer: &str) -> Result<Option<String>, Refusal> {
        Ok(self.bind_sources.get(pointer).cloned())
    }

    fn exec_approvals(&self) -> Result<Option<Tree>, Refusal> {
        self.fact("exec-approvals")?;
        Ok(self.approvals.clone().map(|document| Tree::new("", Some(document))))
    }

    fn pairing_store(&self, channel: &str, account: &str) -> Result<Vec<String>, Refusal> {
        self.fact("pairing-store")?;
        let key = (channel.to_owned(), account.to_owned());
        Ok(self.pairings.get(&key).cloned().unwrap_or_default())
    }

    fn install_records(&self, kind: InstallKind) -> Result<InstallRecords, Refusal> {
        self.fact("install-records")?;
        Ok(match kind {
            InstallKind::Plugin => self.plugins.clone(),
            InstallKind::Hook => self.hooks.clone(),
        })
    }

    fn browser_containers(&self) -> Result<BrowserContainers, Refusal> {
        self.fact("browser-containers")?;
        Ok(self.containers.clone())
    }

    fn gateway_probe(&self) -> Result<GatewayProbe, Refusal> {
        self.fact("gateway-probe")?;
        self.probe.clone().ok_or_else(|| Refusal::NotHere("needs --deep".to_owned()))
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

    fn progress(&self, _: u32, _: u32, _: &str) {}
}

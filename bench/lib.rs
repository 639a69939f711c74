//! The same checks without the sandbox: a host for natively compiled checks over the view that components get. What
//! crosses to a component as JSON text crosses here as JSON text, so that the difference is the sandbox alone.

pub mod foreign;

use std::cell::Cell;

use chitin_collect::facts;
use chitin_fs::files;
use chitin_model::finding;
use chitin_sdk::memo::{self, Memo};
use chitin_sdk::{
    AclEntry, AuthOverride, BrowserContainer, BrowserContainers, CodeScan, Content, Entry, Finding,
    Format, GatewayClose, GatewayFacts, GatewayProbe, Host, InstallKind, InstallRecord,
    InstallRecords, Kind, Link, Listing, Location, Metadata, OperatingSystem, Origin, Placeholder,
    Problem, ProblemKind, Provenance, Refusal, Root, Seal, SecretSource, Tree,
};
use chitin_view::{self as view, View};

/// A check's host in this process.
pub struct Native {
    view: View,
    effective: Memo,
    authored: Memo,
    findings: Cell<usize>,
}

impl Native {
    pub fn new(view: View) -> Self {
        Self { view, effective: Memo::default(), authored: Memo::default(), findings: Cell::new(0) }
    }

    /// How many findings were made.
    pub fn findings(&self) -> usize {
        self.findings.get()
    }
}

fn refusal(refusal: view::Refusal) -> Refusal {
    match refusal {
        view::Refusal::NotGranted(text) => Refusal::NotGranted(text),
        view::Refusal::Unavailable(text) => Refusal::Unavailable(text),
        view::Refusal::NotHere(text) => Refusal::NotHere(text),
    }
}

fn seal(seal: view::Seal) -> Seal {
    Seal {
        source: match seal.source {
            view::Source::Literal => SecretSource::Literal,
            view::Source::Env => SecretSource::Env,
            view::Source::Reference => SecretSource::Reference,
        },
        resolved: seal.resolved,
        variable: seal.variable,
        length: seal.length,
        fingerprint: seal.fingerprint,
        placeholder: seal.placeholder.map(|placeholder| match placeholder {
            view::Placeholder::Blank => Placeholder::Blank,
            view::Placeholder::Undefined => Placeholder::Undefined,
            view::Placeholder::NullWord => Placeholder::NullWord,
            view::Placeholder::Published => Placeholder::Published,
        }),
    }
}

fn kind(kind: files::FileKind) -> Kind {
    match kind {
        files::FileKind::File => Kind::File,
        files::FileKind::Directory => Kind::Directory,
        files::FileKind::Symlink => Kind::Symlink,
        files::FileKind::Special => Kind::Special,
    }
}

fn metadata(metadata: files::Metadata) -> Metadata {
    Metadata {
        kind: kind(metadata.kind),
        mode: metadata.mode,
        uid: metadata.uid,
        gid: metadata.gid,
        size: metadata.size,
        hard_links: metadata.hard_links,
        link: metadata.link.map(|link| Link {
            target: link.target,
            resolved: link.resolved,
            inside: link.inside,
            target_kind: link.target_kind.map(kind),
            target_mode: link.target_mode,
        }),
        acl: metadata.acl.map(|entries| {
            entries
                .into_iter()
                .map(|entry| AclEntry { principal: entry.principal, rights: entry.rights })
                .collect()
        }),
    }
}

impl GatewayFacts for Native {
    fn effective(&self, pointer: &str) -> Result<Tree, Refusal> {
        self.effective.tree(pointer, || self.view.effective(pointer).map_err(refusal))
    }

    fn environment(&self, name: &str) -> Result<Option<Seal>, Refusal> {
        Ok(self.view.environment(name).map_err(refusal)?.map(seal))
    }

    fn auth_override(&self) -> Result<Option<AuthOverride>, Refusal> {
        let given = self.view.auth_override().map_err(refusal)?;
        Ok(given.map(|given| AuthOverride {
            mode: given.mode,
            token: given.token.map(seal),
            password: given.password.map(seal),
        }))
    }

    fn stat(&self, root: &str, path: &str) -> Result<Option<Metadata>, Refusal> {
        Ok(self.view.stat(root, path).map_err(refusal)?.map(metadata))
    }
}

impl Host for Native {
    fn authored(&self, pointer: &str) -> Result<Tree, Refusal> {
        self.authored.tree(pointer, || self.view.authored(pointer).map_err(refusal))
    }

    fn provenance(&self, pointer: &str) -> Result<Option<Provenance>, Refusal> {
        let found = self.view.provenance(pointer).map_err(refusal)?;
        Ok(found.map(|found| Provenance {
            origin: match found.origin {
                view::Origin::Literal => Origin::Literal,
                view::Origin::Env => Origin::Env,
                view::Origin::EnvUnresolved => Origin::EnvUnresolved,
                view::Origin::SecretRef => Origin::SecretRef,
            },
            variables: found.variables,
            file: found.file,
            included: found.included,
        }))
    }

    fn problems(&self) -> Result<Vec<Problem>, Refusal> {
        let problems = self.view.problems().map_err(refusal)?;
        Ok(problems
            .into_iter()
            .map(|problem| Problem {
                kind: match problem.kind {
                    chitin_config::ProblemKind::ParseFailed => ProblemKind::ParseFailed,
                    chitin_config::ProblemKind::IncludeFailed => ProblemKind::IncludeFailed,
                },
                message: problem.message,
                file: problem.file,
            })
            .collect())
    }

    fn roots(&self) -> Vec<Root> {
        self.view.roots().into_iter().map(|(name, path)| Root { name, path }).collect()
    }

    fn describe(&self, root: &str, path: &str) -> Result<String, Refusal> {
        self.view.describe(root, path).map_err(refusal)
    }

    fn list(&self, root: &str, path: &str) -> Result<Option<Listing>, Refusal> {
        let found = self.view.list(root, path).map_err(refusal)?;
        Ok(found.map(|listing| Listing {
            entries: listing
                .entries
                .into_iter()
                .map(|entry| Entry { name: entry.name, kind: kind(entry.kind) })
                .collect(),
            complete: listing.complete,
        }))
    }

    fn read(&self, root: &str, path: &str, format: Format, max: u32) -> Result<Content, Refusal> {
        let format = match format {
            Format::Json => view::Format::Json,
            Format::Text => view::Format::Text,
        };
        Ok(match self.view.read(root, path, format, max).map_err(refusal)? {
            view::Content::Missing => Content::Missing,
            view::Content::NotAFile => Content::NotAFile,
            view::Content::TooLarge => Content::TooLarge,
            view::Content::Unreadable(reason) => Content::Unreadable(reason),
            view::Content::Malformed => Content::Malformed,
            view::Content::Text(text) => Content::Text(text),
        })
    }

    fn platform(&self) -> Result<OperatingSystem, Refusal> {
        Ok(match self.view.platform().map_err(refusal)? {
            view::Platform::Linux => OperatingSystem::Linux,
            view::Platform::Macos => OperatingSystem::Macos,
            view::Platform::Windows => OperatingSystem::Windows,
            view::Platform::Other => OperatingSystem::Other,
        })
    }

    fn gateway_service(&self) -> Result<bool, Refusal> {
        self.view.gateway_service().map_err(refusal)
    }

    fn homes(&self) -> Result<Vec<String>, Refusal> {
        self.view.homes().map_err(refusal)
    }

    fn bind_source(&self, pointer: &str) -> Result<Option<String>, Refusal> {
        self.view.bind_source(pointer).map_err(refusal)
    }

    fn exec_approvals(&self) -> Result<Option<Tree>, Refusal> {
        let text = self.view.exec_approvals().map_err(refusal)?;
        text.map(|text| memo::parse("", Some(text))).transpose()
    }

    fn pairing_store(&self, channel: &str, account: &str) -> Result<Vec<String>, Refusal> {
        self.view.pairing_store(channel, account).map_err(refusal)
    }

    fn install_records(&self, kind: InstallKind) -> Result<InstallRecords, Refusal> {
        let kind = match kind {
            InstallKind::Plugin => facts::InstallKind::Plugin,
            InstallKind::Hook => facts::InstallKind::Hook,
        };
        let found = self.view.install_records(kind).map_err(refusal)?;
        Ok(InstallRecords {
            records: found
                .records
                .into_iter()
                .map(|record| InstallRecord {
                    id: record.id,
                    source: record.source,
                    spec: record.spec,
                    integrity: record.integrity,
                    recorded_version: record.recorded_version,
                    installed_version: record.installed_version,
                })
                .collect(),
            unreadable: found.unreadable,
        })
    }

    fn browser_containers(&self) -> Result<BrowserContainers, Refusal> {
        let found = self.view.browser_containers().map_err(refusal)?;
        Ok(BrowserContainers {
            containers: found
                .containers
                .into_iter()
                .map(|container| BrowserContainer {
                    name: container.name,
                    config_hash: container.config_hash,
                    config_epoch: container.config_epoch,
                    ports: container.ports,
                })
                .collect(),
            timed_out_after: found
                .timed_out_after
                .and_then(|limit| u32::try_from(limit.as_millis()).ok()),
        })
    }

    fn gateway_probe(&self) -> Result<GatewayProbe, Refusal> {
        let found = self.view.gateway_probe().map_err(refusal)?;
        Ok(GatewayProbe {
            url: found.url,
            ok: found.ok,
            error: found.error,
            close: found.close.map(|close| GatewayClose { code: close.code, reason: close.reason }),
            credential_warning: found.credential_warning,
        })
    }

    fn scan(&self, root: &str, path: &str, entries: &[String]) -> Result<CodeScan, Refusal> {
        // The scanner is a component of its own either way, so there is no native side to compare.
        let found = self.view.scan(root, path, entries).map_err(refusal)?;
        Ok(CodeScan { scanned_files: found.scanned_files, ..CodeScan::default() })
    }

    fn add(&self, finding: Finding) -> Result<(), String> {
        // What the host does with a finding it does for a component and natively alike.
        let texts = [&finding.title, &finding.detail];
        for text in texts.into_iter().chain(&finding.remediation).chain(&finding.evidence) {
            let _blanked = self.view.blank(text);
        }
        let _blanked = self.view.blank_known(&finding.rule);
        for location in &finding.locations {
            let location = match location {
                Location::Config(pointer) => finding::Location::Config(pointer.clone()),
                Location::File { root, path, line } => {
                    finding::Location::File { root: root.clone(), path: path.clone(), line: *line }
                }
                Location::Problem(index) => finding::Location::Problem(*index),
            };
            let _found = self.view.locate(&location);
        }
        self.findings.set(self.findings.get() + 1);
        Ok(())
    }

    fn not_applicable(&self, _: &str, _: &str) {}

    fn not_run(&self, _: &str, _: &str) {}

    fn skipped(&self, _: &str, _: &str) {}

    fn progress(&self, _: u32, _: u32, _: &str) {}
}

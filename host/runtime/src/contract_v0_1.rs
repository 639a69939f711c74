//! Version 0.1 of the contract: conversions between its types and the host's, and nothing that decides anything.
//! What a guest may see is decided in `view`, below every version of the contract.

pub(super) mod remote;

use wasmtime::component::{HasSelf, Linker};

use super::store_data::Guest;
use chitin_collect::facts;
use chitin_fs::files as machine;
use chitin_model::finding;
use chitin_view as view;

wasmtime::component::bindgen!({
    path: "../../wit/0.1.0",
    world: "check",
    imports: { default: trappable },
    // Between a worker and the host the contract's own types cross.
    additional_derives: [serde::Deserialize, serde::Serialize],
});

use self::chitin::audit::{code, config, facts as wire_facts, files, report, scanning, types};

/// Adds every import of this version to a linker of this process.
pub(super) fn link(linker: &mut Linker<Guest>) -> wasmtime::Result<()> {
    Check::add_to_linker::<_, HasSelf<_>>(linker, |guest| guest)
}

type Answer<T> = wasmtime::Result<Result<T, types::Refusal>>;

fn refuse(refusal: view::Refusal) -> types::Refusal {
    match refusal {
        view::Refusal::NotGranted(text) => types::Refusal::NotGranted(text),
        view::Refusal::Unavailable(text) => types::Refusal::Unavailable(text),
        view::Refusal::NotHere(text) => types::Refusal::NotHere(text),
    }
}

fn seal(seal: view::Seal) -> types::Seal {
    types::Seal {
        source: match seal.source {
            view::Source::Literal => types::SecretSource::Literal,
            view::Source::Env => types::SecretSource::Env,
            view::Source::Reference => types::SecretSource::Reference,
        },
        resolved: seal.resolved,
        variable: seal.variable,
        length: seal.length,
        fingerprint: seal.fingerprint,
        placeholder: seal.placeholder.map(|placeholder| match placeholder {
            view::Placeholder::Blank => types::Placeholder::Blank,
            view::Placeholder::Undefined => types::Placeholder::Undefined,
            view::Placeholder::NullWord => types::Placeholder::NullWord,
            view::Placeholder::Published => types::Placeholder::Published,
        }),
    }
}

impl types::Host for Guest {}

impl config::Host for Guest {
    fn effective(&mut self, pointer: String) -> Answer<Option<String>> {
        self.ask(|view| view.effective(&pointer), refuse)
    }

    fn authored(&mut self, pointer: String) -> Answer<Option<String>> {
        self.ask(|view| view.authored(&pointer), refuse)
    }

    fn get_provenance(&mut self, pointer: String) -> Answer<Option<config::Provenance>> {
        let answer = self.ask(|view| view.provenance(&pointer), refuse)?;
        Ok(answer.map(|found| {
            found.map(|provenance| config::Provenance {
                origin: match provenance.origin {
                    view::Origin::Literal => config::Origin::Literal,
                    view::Origin::Env => config::Origin::Env,
                    view::Origin::EnvUnresolved => config::Origin::EnvUnresolved,
                    view::Origin::SecretRef => config::Origin::SecretRef,
                },
                variables: provenance.variables,
                file: provenance.file,
                included: provenance.included,
            })
        }))
    }

    fn problems(&mut self) -> Answer<Vec<config::Problem>> {
        let answer = self.ask(view::View::problems, refuse)?;
        Ok(answer.map(|problems| {
            problems
                .into_iter()
                .map(|problem| config::Problem {
                    kind: match problem.kind {
                        chitin_config::ProblemKind::ParseFailed => config::ProblemKind::ParseFailed,
                        chitin_config::ProblemKind::IncludeFailed => {
                            config::ProblemKind::IncludeFailed
                        }
                    },
                    message: problem.message,
                    file: problem.file,
                })
                .collect()
        }))
    }
}

fn kind(kind: machine::FileKind) -> files::Kind {
    match kind {
        machine::FileKind::File => files::Kind::File,
        machine::FileKind::Directory => files::Kind::Directory,
        machine::FileKind::Symlink => files::Kind::Symlink,
        machine::FileKind::Special => files::Kind::Special,
    }
}

fn metadata(metadata: machine::Metadata) -> files::Metadata {
    files::Metadata {
        kind: kind(metadata.kind),
        mode: metadata.mode,
        uid: metadata.uid,
        gid: metadata.gid,
        size: metadata.size,
        hard_links: metadata.hard_links,
        link: metadata.link.map(|link| files::Link {
            target: link.target,
            resolved: link.resolved,
            inside: link.inside,
            target_kind: link.target_kind.map(kind),
            target_mode: link.target_mode,
        }),
        acl: metadata.acl.map(|entries| {
            entries
                .into_iter()
                .map(|entry| files::AclEntry { principal: entry.principal, rights: entry.rights })
                .collect()
        }),
    }
}

impl files::Host for Guest {
    fn roots(&mut self) -> wasmtime::Result<Vec<files::Root>> {
        let roots = self.look(view::View::roots)?;
        Ok(roots.into_iter().map(|(name, path)| files::Root { name, path }).collect())
    }

    fn describe(&mut self, root: String, path: String) -> Answer<String> {
        self.ask(|view| view.describe(&root, &path), refuse)
    }

    fn stat(&mut self, root: String, path: String) -> Answer<Option<files::Metadata>> {
        let answer = self.ask(|view| view.stat(&root, &path), refuse)?;
        Ok(answer.map(|found| found.map(metadata)))
    }

    fn list_directory(&mut self, root: String, path: String) -> Answer<Option<files::Listing>> {
        let answer = self.ask(|view| view.list(&root, &path), refuse)?;
        Ok(answer.map(|found| {
            found.map(|listing| files::Listing {
                entries: listing
                    .entries
                    .into_iter()
                    .map(|entry| files::Entry { name: entry.name, kind: kind(entry.kind) })
                    .collect(),
                complete: listing.complete,
            })
        }))
    }

    fn read(
        &mut self,
        root: String,
        path: String,
        format: files::Format,
        max_bytes: u32,
    ) -> Answer<files::Content> {
        let format = match format {
            files::Format::Json => view::Format::Json,
            files::Format::Text => view::Format::Text,
        };
        let answer = self.ask(|view| view.read(&root, &path, format, max_bytes), refuse)?;
        if let Ok(view::Content::Text(text)) = &answer {
            self.charge_read(text.len())?;
        }
        Ok(answer.map(|content| match content {
            view::Content::Missing => files::Content::Missing,
            view::Content::NotAFile => files::Content::NotAFile,
            view::Content::TooLarge => files::Content::TooLarge,
            view::Content::Unreadable(reason) => files::Content::Unreadable(reason),
            view::Content::Malformed => files::Content::Malformed,
            view::Content::Text(text) => files::Content::Text(text),
        }))
    }
}

impl wire_facts::Host for Guest {
    fn platform(&mut self) -> Answer<wire_facts::OperatingSystem> {
        let answer = self.ask(view::View::platform, refuse)?;
        Ok(answer.map(|platform| match platform {
            view::Platform::Linux => wire_facts::OperatingSystem::Linux,
            view::Platform::Macos => wire_facts::OperatingSystem::Macos,
            view::Platform::Windows => wire_facts::OperatingSystem::Windows,
            view::Platform::Other => wire_facts::OperatingSystem::Other,
        }))
    }

    fn environment(&mut self, name: String) -> Answer<Option<types::Seal>> {
        let answer = self.ask(|view| view.environment(&name), refuse)?;
        Ok(answer.map(|found| found.map(seal)))
    }

    fn gateway_service(&mut self) -> Answer<bool> {
        self.ask(view::View::gateway_service, refuse)
    }

    fn get_auth_override(&mut self) -> Answer<Option<wire_facts::AuthOverride>> {
        let answer = self.ask(view::View::auth_override, refuse)?;
        Ok(answer.map(|found| {
            found.map(|given| wire_facts::AuthOverride {
                mode: given.mode,
                token: given.token.map(seal),
                password: given.password.map(seal),
            })
        }))
    }

    fn homes(&mut self) -> Answer<Vec<String>> {
        self.ask(view::View::homes, refuse)
    }

    fn bind_source(&mut self, pointer: String) -> Answer<Option<String>> {
        self.ask(|view| view.bind_source(&pointer), refuse)
    }

    fn exec_approvals(&mut self) -> Answer<Option<String>> {
        self.ask(view::View::exec_approvals, refuse)
    }

    fn pairing_store(&mut self, channel: String, account: String) -> Answer<Vec<String>> {
        self.ask(|view| view.pairing_store(&channel, &account), refuse)
    }

    fn get_install_records(
        &mut self,
        kind: wire_facts::InstallKind,
    ) -> Answer<wire_facts::InstallRecords> {
        let kind = match kind {
            wire_facts::InstallKind::Plugin => facts::InstallKind::Plugin,
            wire_facts::InstallKind::Hook => facts::InstallKind::Hook,
        };
        let answer = self.ask(|view| view.install_records(kind), refuse)?;
        Ok(answer.map(|found| wire_facts::InstallRecords {
            records: found
                .records
                .into_iter()
                .map(|record| wire_facts::InstallRecord {
                    id: record.id,
                    source: record.source,
                    spec: record.spec,
                    integrity: record.integrity,
                    recorded_version: record.recorded_version,
                    installed_version: record.installed_version,
                })
                .collect(),
            unreadable: found.unreadable,
        }))
    }

    fn get_browser_containers(&mut self) -> Answer<wire_facts::BrowserContainers> {
        let answer = self.ask(view::View::browser_containers, refuse)?;
        Ok(answer.map(|found| wire_facts::BrowserContainers {
            containers: found
                .containers
                .into_iter()
                .map(|container| wire_facts::BrowserContainer {
                    name: container.name,
                    config_hash: container.config_hash,
                    config_epoch: container.config_epoch,
                    ports: container.ports,
                })
                .collect(),
            timed_out_after: found
                .timed_out_after
                .map(|limit| u32::try_from(limit.as_millis()).unwrap_or(u32::MAX)),
        }))
    }

    fn get_gateway_probe(&mut self) -> Answer<wire_facts::GatewayProbe> {
        let answer = self.ask(view::View::gateway_probe, refuse)?;
        Ok(answer.map(|found| wire_facts::GatewayProbe {
            url: found.url,
            ok: found.ok,
            error: found.error,
            close: found
                .close
                .map(|close| wire_facts::GatewayClose { code: close.code, reason: close.reason }),
            credential_warning: found.credential_warning,
        }))
    }
}

impl scanning::Host for Guest {}

impl code::Host for Guest {
    fn scan(
        &mut self,
        root: String,
        path: String,
        entries: Vec<String>,
    ) -> Answer<code::ScanResult> {
        let answer = self.ask_and_wait(|view| view.scan(&root, &path, &entries), refuse)?;
        let remarks = |remarks: Vec<view::Remark>| {
            remarks
                .into_iter()
                .map(|remark| code::Remark { file: remark.file, reason: remark.reason })
                .collect()
        };
        Ok(answer.map(|scan| code::ScanResult {
            scanned_files: scan.scanned_files,
            findings: scan.findings.into_iter().map(code_finding).collect(),
            not_scanned: remarks(scan.not_scanned),
            notes: remarks(scan.notes),
        }))
    }
}

fn code_finding(finding: view::CodeFinding) -> code::FileFinding {
    code::FileFinding {
        file: finding.file,
        found: scanning::CodeFinding {
            rule: finding.rule,
            alias: finding.alias,
            severity: match finding.severity {
                finding::Severity::Info => types::Severity::Info,
                finding::Severity::Warn => types::Severity::Warn,
                finding::Severity::Critical => types::Severity::Critical,
            },
            line: finding.line,
            column: finding.column,
            message: finding.message,
            evidence: finding.evidence,
        },
    }
}

fn severity(severity: types::Severity) -> finding::Severity {
    match severity {
        types::Severity::Info => finding::Severity::Info,
        types::Severity::Warn => finding::Severity::Warn,
        types::Severity::Critical => finding::Severity::Critical,
    }
}

fn location(location: report::Location) -> finding::Location {
    match location {
        report::Location::Config(pointer) => finding::Location::Config(pointer),
        report::Location::File(file) => {
            finding::Location::File { root: file.root, path: file.path, line: file.line }
        }
        report::Location::Problem(index) => finding::Location::Problem(index),
    }
}

impl report::Host for Guest {
    fn add(&mut self, given: report::Finding) -> wasmtime::Result<Result<(), String>> {
        self.add(super::validate::Reported {
            rule: given.rule,
            severity: severity(given.severity),
            title: given.title,
            detail: given.detail,
            remediation: given.remediation,
            locations: given.locations.into_iter().map(location).collect(),
            evidence: given.evidence,
            fixes: given
                .fixes
                .into_iter()
                .map(|fix| super::validate::RequestedFix {
                    title: fix.title,
                    level: match fix.level {
                        report::FixLevel::Safe => finding::FixLevel::Safe,
                        report::FixLevel::Unsafe => finding::FixLevel::Unsafe,
                        report::FixLevel::DisplayOnly => finding::FixLevel::DisplayOnly,
                    },
                    change: match fix.change {
                        report::Change::Mode(change) => super::validate::RequestedChange::Mode {
                            root: change.root,
                            path: change.path,
                            mode: change.mode,
                        },
                        report::Change::Value(change) => super::validate::RequestedChange::Value {
                            pointer: change.pointer,
                            expected: change.expected,
                            value: change.value,
                        },
                    },
                })
                .collect(),
        })
    }

    fn not_applicable(&mut self, rule: String, reason: String) -> wasmtime::Result<()> {
        self.say(&rule, chitin_model::ledger::Status::NotApplicable, &reason)
    }

    fn not_run(&mut self, rule: String, reason: String) -> wasmtime::Result<()> {
        self.say(&rule, chitin_model::ledger::Status::NotRun, &reason)
    }

    fn skipped(&mut self, rule: String, reason: String) -> wasmtime::Result<()> {
        self.say(&rule, chitin_model::ledger::Status::Skipped, &reason)
    }

    fn progress(&mut self, _done: u32, _total: u32, _what: String) -> wasmtime::Result<()> {
        // Nobody waits long enough for an ordinary audit to be told.
        self.look(|_| ())
    }
}

//! The host seen from inside a component: every call goes through the contract's imports.
//!
//! Only conversions live here. `unsafe` is allowed because the generated exports need it.
#![allow(unsafe_code, clippy::pedantic, unreachable_pub, missing_debug_implementations)]

use chitin_document as document;
use chitin_document::{GatewayFacts, Refusal, Tree};

use crate::finding::{Change, Finding, Fix, FixLevel, Location, Severity};
use crate::host;
use crate::host::Host;
use crate::memo::{self, Memo};

wit_bindgen::generate!({
    path: "../wit/0.1.0",
    world: "check",
    pub_export_macro: true,
    default_bindings_module: "chitin_sdk::guest",
});

use chitin::audit::{code, config, facts, files, report, types};

/// The program that runs this component.
#[derive(Debug, Default)]
pub struct Program {
    effective: Memo,
    authored: Memo,
}

fn refusal(refusal: types::Refusal) -> Refusal {
    match refusal {
        types::Refusal::NotGranted(text) => Refusal::NotGranted(text),
        types::Refusal::Unavailable(text) => Refusal::Unavailable(text),
        types::Refusal::OverLimit(text) => Refusal::OverLimit(text),
        types::Refusal::NotHere(text) => Refusal::NotHere(text),
    }
}

fn seal(seal: types::Seal) -> document::Seal {
    document::Seal {
        source: match seal.source {
            types::SecretSource::Literal => document::SecretSource::Literal,
            types::SecretSource::Env => document::SecretSource::Env,
            types::SecretSource::Reference => document::SecretSource::Reference,
        },
        resolved: seal.resolved,
        variable: seal.variable,
        length: seal.length,
        fingerprint: seal.fingerprint,
        placeholder: seal.placeholder.map(|placeholder| match placeholder {
            types::Placeholder::Blank => document::Placeholder::Blank,
            types::Placeholder::Undefined => document::Placeholder::Undefined,
            types::Placeholder::NullWord => document::Placeholder::NullWord,
            types::Placeholder::Published => document::Placeholder::Published,
        }),
    }
}

fn kind(kind: files::Kind) -> document::Kind {
    match kind {
        files::Kind::File => document::Kind::File,
        files::Kind::Directory => document::Kind::Directory,
        files::Kind::Symlink => document::Kind::Symlink,
        files::Kind::Special => document::Kind::Special,
    }
}

fn metadata(metadata: files::Metadata) -> document::Metadata {
    document::Metadata {
        kind: kind(metadata.kind),
        mode: metadata.mode,
        uid: metadata.uid,
        gid: metadata.gid,
        size: metadata.size,
        hard_links: metadata.hard_links,
        link: metadata.link.map(|link| document::Link {
            target: link.target,
            resolved: link.resolved,
            inside: link.inside,
            target_kind: link.target_kind.map(kind),
            target_mode: link.target_mode,
        }),
        acl: metadata.acl.map(|entries| {
            entries
                .into_iter()
                .map(|entry| document::AclEntry {
                    principal: entry.principal,
                    rights: entry.rights,
                })
                .collect()
        }),
    }
}

fn location(location: Location) -> report::Location {
    match location {
        Location::Config(pointer) => report::Location::Config(pointer),
        Location::File { root, path, line } => {
            report::Location::File(report::FileLocation { root, path, line })
        }
        Location::Problem(index) => report::Location::Problem(index),
    }
}

fn fix(fix: Fix) -> report::Fix {
    report::Fix {
        title: fix.title,
        level: match fix.level {
            FixLevel::Safe => report::FixLevel::Safe,
            FixLevel::Unsafe => report::FixLevel::Unsafe,
            FixLevel::DisplayOnly => report::FixLevel::DisplayOnly,
        },
        change: match fix.change {
            Change::SetMode { root, path, mode } => {
                report::Change::Mode(report::SetMode { root, path, mode })
            }
            Change::SetValue { pointer, expected, value } => {
                report::Change::Value(report::SetValue {
                    pointer,
                    expected: expected.to_string(),
                    value: value.to_string(),
                })
            }
        },
    }
}

impl GatewayFacts for Program {
    fn effective(&self, pointer: &str) -> Result<Tree, Refusal> {
        self.effective.tree(pointer, || config::effective(pointer).map_err(refusal))
    }

    fn environment(&self, name: &str) -> Result<Option<document::Seal>, Refusal> {
        Ok(facts::environment(name).map_err(refusal)?.map(seal))
    }

    fn auth_override(&self) -> Result<Option<document::AuthOverride>, Refusal> {
        let given = facts::get_auth_override().map_err(refusal)?;
        Ok(given.map(|given| document::AuthOverride {
            mode: given.mode,
            token: given.token.map(seal),
            password: given.password.map(seal),
        }))
    }

    fn stat(&self, root: &str, path: &str) -> Result<Option<document::Metadata>, Refusal> {
        Ok(files::stat(root, path).map_err(refusal)?.map(metadata))
    }
}

impl Host for Program {
    fn authored(&self, pointer: &str) -> Result<Tree, Refusal> {
        self.authored.tree(pointer, || config::authored(pointer).map_err(refusal))
    }

    fn provenance(&self, pointer: &str) -> Result<Option<host::Provenance>, Refusal> {
        let provenance = config::get_provenance(pointer).map_err(refusal)?;
        Ok(provenance.map(|provenance| host::Provenance {
            origin: match provenance.origin {
                config::Origin::Literal => host::Origin::Literal,
                config::Origin::Env => host::Origin::Env,
                config::Origin::EnvUnresolved => host::Origin::EnvUnresolved,
                config::Origin::SecretRef => host::Origin::SecretRef,
            },
            variables: provenance.variables,
            file: provenance.file,
            included: provenance.included,
        }))
    }

    fn problems(&self) -> Result<Vec<host::Problem>, Refusal> {
        let problems = config::problems().map_err(refusal)?;
        Ok(problems
            .into_iter()
            .map(|problem| host::Problem {
                kind: match problem.kind {
                    config::ProblemKind::ParseFailed => host::ProblemKind::ParseFailed,
                    config::ProblemKind::IncludeFailed => host::ProblemKind::IncludeFailed,
                },
                message: problem.message,
                file: problem.file,
            })
            .collect())
    }

    fn roots(&self) -> Vec<host::Root> {
        files::roots()
            .into_iter()
            .map(|root| host::Root { name: root.name, path: root.path })
            .collect()
    }

    fn describe(&self, root: &str, path: &str) -> Result<String, Refusal> {
        files::describe(root, path).map_err(refusal)
    }

    fn list(&self, root: &str, path: &str) -> Result<Option<host::Listing>, Refusal> {
        let listing = files::list_directory(root, path).map_err(refusal)?;
        Ok(listing.map(|listing| host::Listing {
            entries: listing
                .entries
                .into_iter()
                .map(|entry| host::Entry { name: entry.name, kind: kind(entry.kind) })
                .collect(),
            complete: listing.complete,
        }))
    }

    fn read(
        &self,
        root: &str,
        path: &str,
        format: host::Format,
        max: u32,
    ) -> Result<host::Content, Refusal> {
        let format = match format {
            host::Format::Json => files::Format::Json,
            host::Format::Text => files::Format::Text,
        };
        Ok(match files::read(root, path, format, max).map_err(refusal)? {
            files::Content::Missing => host::Content::Missing,
            files::Content::NotAFile => host::Content::NotAFile,
            files::Content::TooLarge => host::Content::TooLarge,
            files::Content::Unreadable(reason) => host::Content::Unreadable(reason),
            files::Content::Malformed => host::Content::Malformed,
            files::Content::Text(text) => host::Content::Text(text),
        })
    }

    fn platform(&self) -> Result<host::OperatingSystem, Refusal> {
        Ok(match facts::platform().map_err(refusal)? {
            facts::OperatingSystem::Linux => host::OperatingSystem::Linux,
            facts::OperatingSystem::Macos => host::OperatingSystem::Macos,
            facts::OperatingSystem::Windows => host::OperatingSystem::Windows,
            facts::OperatingSystem::Other => host::OperatingSystem::Other,
        })
    }

    fn gateway_service(&self) -> Result<bool, Refusal> {
        facts::gateway_service().map_err(refusal)
    }

    fn homes(&self) -> Result<Vec<String>, Refusal> {
        facts::homes().map_err(refusal)
    }

    fn bind_source(&self, pointer: &str) -> Result<Option<String>, Refusal> {
        facts::bind_source(pointer).map_err(refusal)
    }

    fn exec_approvals(&self) -> Result<Option<Tree>, Refusal> {
        let text = facts::exec_approvals().map_err(refusal)?;
        text.map(|text| memo::parse("", Some(text))).transpose()
    }

    fn pairing_store(&self, channel: &str, account: &str) -> Result<Vec<String>, Refusal> {
        facts::pairing_store(channel, account).map_err(refusal)
    }

    fn install_records(&self, kind: host::InstallKind) -> Result<host::InstallRecords, Refusal> {
        let kind = match kind {
            host::InstallKind::Plugin => facts::InstallKind::Plugin,
            host::InstallKind::Hook => facts::InstallKind::Hook,
        };
        let found = facts::get_install_records(kind).map_err(refusal)?;
        Ok(host::InstallRecords {
            records: found
                .records
                .into_iter()
                .map(|record| host::InstallRecord {
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

    fn browser_containers(&self) -> Result<host::BrowserContainers, Refusal> {
        let found = facts::get_browser_containers().map_err(refusal)?;
        Ok(host::BrowserContainers {
            containers: found
                .containers
                .into_iter()
                .map(|container| host::BrowserContainer {
                    name: container.name,
                    config_hash: container.config_hash,
                    config_epoch: container.config_epoch,
                    ports: container.ports,
                })
                .collect(),
            timed_out_after: found.timed_out_after,
        })
    }

    fn gateway_probe(&self) -> Result<host::GatewayProbe, Refusal> {
        let found = facts::get_gateway_probe().map_err(refusal)?;
        Ok(host::GatewayProbe {
            url: found.url,
            ok: found.ok,
            error: found.error,
            close: found
                .close
                .map(|close| host::GatewayClose { code: close.code, reason: close.reason }),
            credential_warning: found.credential_warning,
        })
    }

    fn scan(&self, root: &str, path: &str, entries: &[String]) -> Result<host::CodeScan, Refusal> {
        let scan = code::scan(root, path, entries).map_err(refusal)?;
        let remarks = |remarks: Vec<code::Remark>| {
            remarks
                .into_iter()
                .map(|remark| host::Remark { file: remark.file, reason: remark.reason })
                .collect()
        };
        Ok(host::CodeScan {
            scanned_files: scan.scanned_files,
            findings: scan
                .findings
                .into_iter()
                .map(|finding| host::CodeFinding {
                    file: finding.file,
                    rule: finding.found.rule,
                    alias: finding.found.alias,
                    severity: match finding.found.severity {
                        types::Severity::Info => Severity::Info,
                        types::Severity::Warn => Severity::Warn,
                        types::Severity::Critical => Severity::Critical,
                    },
                    line: finding.found.line,
                    column: finding.found.column,
                    message: finding.found.message,
                    evidence: finding.found.evidence,
                })
                .collect(),
            not_scanned: remarks(scan.not_scanned),
            notes: remarks(scan.notes),
        })
    }

    fn add(&self, finding: Finding) -> Result<(), String> {
        report::add(&report::Finding {
            rule: finding.rule,
            severity: match finding.severity {
                Severity::Info => types::Severity::Info,
                Severity::Warn => types::Severity::Warn,
                Severity::Critical => types::Severity::Critical,
            },
            title: finding.title,
            detail: finding.detail,
            remediation: finding.remediation,
            locations: finding.locations.into_iter().map(location).collect(),
            evidence: finding.evidence,
            fixes: finding.fixes.into_iter().map(fix).collect(),
        })
    }

    fn not_applicable(&self, rule: &str, reason: &str) {
        report::not_applicable(rule, reason);
    }

    fn not_run(&self, rule: &str, reason: &str) {
        report::not_run(rule, reason);
    }

    fn skipped(&self, rule: &str, reason: &str) {
        report::skipped(rule, reason);
    }

    fn progress(&self, done: u32, total: u32, what: &str) {
        report::progress(done, total, what);
    }
}

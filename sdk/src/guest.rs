//! The host seen from inside a component: every call goes through the contract's imports.
//!
//! Only conversions are here.

use chitin_document as document;
use chitin_document::{GatewayFacts, Refusal, Tree};

use crate::facts::Facts;
use crate::finding::{Change, Finding, Fix, FixLevel, Location, Severity};
use crate::host;
use crate::host::Host;
use crate::memo::{self, Memo};

use crate::contract::{code, config, facts, files, report, types};

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
        let given = facts::auth_override().map_err(refusal)?;
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

macro_rules! facts {
    ($($fact:ident($($argument:ident: $type:ty),*) -> $reply:ty, or $default:expr;)*) => {
        impl Facts for Program {
            $(
                fn $fact(&self, $($argument: $type),*) -> Result<$reply, Refusal> {
                    facts::$fact($($argument),*).map_err(refusal)
                }
            )*
        }
    };
}
crate::facts!(facts);

impl Host for Program {
    fn authored(&self, pointer: &str) -> Result<Tree, Refusal> {
        self.authored.tree(pointer, || config::authored(pointer).map_err(refusal))
    }

    fn provenance(&self, pointer: &str) -> Result<Option<config::Provenance>, Refusal> {
        config::get_provenance(pointer).map_err(refusal)
    }

    fn roots(&self) -> Result<Vec<files::Root>, Refusal> {
        files::roots().map_err(refusal)
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
        format: files::Format,
        max: u32,
    ) -> Result<files::Content, Refusal> {
        files::read(root, path, format, max).map_err(refusal)
    }

    fn exec_approvals(&self) -> Result<Option<Tree>, Refusal> {
        let text = facts::exec_approvals().map_err(refusal)?;
        text.map(|text| memo::parse("", Some(text))).transpose()
    }

    fn scan(&self, root: &str, path: &str, entries: &[String]) -> Result<host::CodeScan, Refusal> {
        let scan = code::scan(root, path, entries).map_err(refusal)?;
        let notes = |notes: Vec<code::FileNote>| {
            notes
                .into_iter()
                .map(|note| host::FileNote { file: note.file, reason: note.reason })
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
            not_scanned: notes(scan.not_scanned),
            notes: notes(scan.notes),
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
}

//! The same checks without the sandbox: a host for natively compiled checks over the view that components get. What
//! crosses to a component as JSON text crosses here as JSON text, so that the difference is the sandbox alone.

pub mod foreign;

use std::cell::Cell;

use chitin_model::finding;
use chitin_sdk::contract::{config, files};
use chitin_sdk::memo::{self, Memo};
use chitin_sdk::{
    AclEntry, AuthOverride, CodeScan, Content, Entry, Facts, Finding, Format, GatewayFacts, Host,
    Kind, Link, Listing, Location, Metadata, Origin, Placeholder, Provenance, Refusal, Root, Seal,
    SecretSource, Tree,
};
use chitin_view::calls::{self, Call};
use chitin_view::{View, contract, host_calls};
use serde_json::{Value, json};

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

fn refusal(refusal: chitin_view::Refusal) -> Refusal {
    match refusal {
        chitin_view::Refusal::NotGranted(text) => Refusal::NotGranted(text),
        chitin_view::Refusal::Unavailable(text) => Refusal::Unavailable(text),
        chitin_view::Refusal::NotHere(text) => Refusal::NotHere(text),
    }
}

fn seal(seal: contract::types::Seal) -> Seal {
    Seal {
        source: match seal.source {
            contract::types::SecretSource::Literal => SecretSource::Literal,
            contract::types::SecretSource::Env => SecretSource::Env,
            contract::types::SecretSource::Reference => SecretSource::Reference,
        },
        resolved: seal.resolved,
        variable: seal.variable,
        length: seal.length,
        fingerprint: seal.fingerprint,
        placeholder: seal.placeholder.map(|placeholder| match placeholder {
            contract::types::Placeholder::Blank => Placeholder::Blank,
            contract::types::Placeholder::Undefined => Placeholder::Undefined,
            contract::types::Placeholder::NullWord => Placeholder::NullWord,
            contract::types::Placeholder::Published => Placeholder::Published,
        }),
    }
}

fn kind(kind: contract::files::Kind) -> Kind {
    match kind {
        contract::files::Kind::File => Kind::File,
        contract::files::Kind::Directory => Kind::Directory,
        contract::files::Kind::Symlink => Kind::Symlink,
        contract::files::Kind::Special => Kind::Special,
    }
}

fn metadata(metadata: contract::files::Metadata) -> Metadata {
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

impl Native {
    fn ask<C: Call>(&self, call: &C) -> Result<C::Reply, Refusal> {
        self.view.ask(call).map_err(refusal)
    }
}

impl GatewayFacts for Native {
    fn effective(&self, pointer: &str) -> Result<Tree, Refusal> {
        let call = || calls::Effective { pointer: pointer.to_owned() };
        self.effective.tree(pointer, || self.ask(&call()))
    }

    fn environment(&self, name: &str) -> Result<Option<Seal>, Refusal> {
        Ok(self.ask(&calls::Environment { name: name.to_owned() })?.map(seal))
    }

    fn auth_override(&self) -> Result<Option<AuthOverride>, Refusal> {
        Ok(self.ask(&calls::AuthOverride {})?.map(|given| AuthOverride {
            mode: given.mode,
            token: given.token.map(seal),
            password: given.password.map(seal),
        }))
    }

    fn stat(&self, root: &str, path: &str) -> Result<Option<Metadata>, Refusal> {
        let call = calls::Stat { root: root.to_owned(), path: path.to_owned() };
        Ok(self.ask(&call)?.map(metadata))
    }
}

macro_rules! by_name {
    ($($interface:ident { $($function:ident($($argument:ident: $type:ty),*) => $call:ident;)* })*) => {
        /// Any call, by the name of its function: facts are few, so JSON on the way costs nothing that shows.
        fn ask_by_name(view: &View, function: &str, arguments: Value) -> Result<Value, Refusal> {
            let failed = |error: serde_json::Error| Refusal::Unavailable(error.to_string());
            match function {
                $($(stringify!($function) => {
                    let call: calls::$call = serde_json::from_value(arguments).map_err(failed)?;
                    serde_json::to_value(view.ask(&call).map_err(refusal)?).map_err(failed)
                })*)*
                other => Err(Refusal::Unavailable(format!("there is no function {other}"))),
            }
        }
    };
}
host_calls!(by_name);

macro_rules! facts {
    ($($fact:ident($($argument:ident: $type:ty),*) -> $reply:ty, or $default:expr;)*) => {
        impl Facts for Native {
            $(
                fn $fact(&self, $($argument: $type),*) -> Result<$reply, Refusal> {
                    let arguments = json!({ $(stringify!($argument): $argument),* });
                    let reply = ask_by_name(&self.view, stringify!($fact), arguments)?;
                    serde_json::from_value(reply)
                        .map_err(|error| Refusal::Unavailable(error.to_string()))
                }
            )*
        }
    };
}
chitin_sdk::facts!(facts);

impl Host for Native {
    fn authored(&self, pointer: &str) -> Result<Tree, Refusal> {
        let call = || calls::Authored { pointer: pointer.to_owned() };
        self.authored.tree(pointer, || self.ask(&call()))
    }

    fn provenance(&self, pointer: &str) -> Result<Option<Provenance>, Refusal> {
        let found = self.ask(&calls::GetProvenance { pointer: pointer.to_owned() })?;
        Ok(found.map(|found| config::Provenance {
            origin: match found.origin {
                contract::config::Origin::Literal => Origin::Literal,
                contract::config::Origin::Env => Origin::Env,
                contract::config::Origin::EnvUnresolved => Origin::EnvUnresolved,
                contract::config::Origin::SecretRef => Origin::SecretRef,
            },
            variables: found.variables,
            file: found.file,
            included: found.included,
        }))
    }

    fn roots(&self) -> Result<Vec<Root>, Refusal> {
        let roots = self.ask(&calls::Roots {})?.into_iter();
        Ok(roots.map(|root| files::Root { name: root.name, path: root.path }).collect())
    }

    fn describe(&self, root: &str, path: &str) -> Result<String, Refusal> {
        self.ask(&calls::Describe { root: root.to_owned(), path: path.to_owned() })
    }

    fn list(&self, root: &str, path: &str) -> Result<Option<Listing>, Refusal> {
        let call = calls::ListDirectory { root: root.to_owned(), path: path.to_owned() };
        Ok(self.ask(&call)?.map(|listing| Listing {
            entries: listing
                .entries
                .into_iter()
                .map(|entry| Entry { name: entry.name, kind: kind(entry.kind) })
                .collect(),
            complete: listing.complete,
        }))
    }

    fn read(&self, root: &str, path: &str, format: Format, max: u32) -> Result<Content, Refusal> {
        let call = calls::Read {
            root: root.to_owned(),
            path: path.to_owned(),
            format: match format {
                Format::Json => contract::files::Format::Json,
                Format::Text => contract::files::Format::Text,
            },
            max_bytes: max,
        };
        Ok(match self.ask(&call)? {
            contract::files::Content::Missing => Content::Missing,
            contract::files::Content::NotAFile => Content::NotAFile,
            contract::files::Content::TooLarge => Content::TooLarge,
            contract::files::Content::Unreadable(reason) => Content::Unreadable(reason),
            contract::files::Content::Malformed => Content::Malformed,
            contract::files::Content::Text(text) => Content::Text(text),
        })
    }

    fn exec_approvals(&self) -> Result<Option<Tree>, Refusal> {
        let text = self.ask(&calls::ExecApprovals {})?;
        text.map(|text| memo::parse("", Some(text))).transpose()
    }

    fn scan(&self, root: &str, path: &str, entries: &[String]) -> Result<CodeScan, Refusal> {
        // The scanner is a component of its own either way, so there is no native side to compare.
        let call =
            calls::Scan { root: root.to_owned(), path: path.to_owned(), entries: entries.to_vec() };
        let found = self.ask(&call)?;
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
}

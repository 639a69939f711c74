//! Reading code: which files of a tree are given to the scanner, on how many shards, and what came of it. The scanner
//! itself is a component (`plugin::scanner`); this room decides what it gets and believes nothing that it says beyond
//! its manifest.
//!
//! Must not enter: what a finding means, and what is printed of it.
#![cfg_attr(test, allow(clippy::disallowed_methods, clippy::disallowed_types))] // Tests make the files that they are about.

mod magic;
mod package;
mod plan;
mod progress;
mod service;
mod shards;
mod target;
mod verdict;

use std::time::Instant;

pub use self::progress::{Unwatched, Watch};
pub use self::service::Service;
pub use self::target::{Asked, Holds, ScanError, TargetReport, scan_paths};
pub use self::verdict::Verdict;
use chitin_fs::tree::{LinkPolicy, Tree};
use chitin_model::file_names::Role;
use chitin_runtime::limits::{Limit, Reached};
use chitin_runtime::{INTERRUPTED, Scanner};
use chitin_view::{CodeFinding, CodeScan, Remark};
use plan::Plan;
use shards::Fate;

/// What a remark is about when it is about the whole of a tree.
const WHOLE: &str = ".";

/// Remarks of a sort that are kept one by one.
const MAX_REMARKS: usize = 1000;

/// A file that is read wherever below the tree it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFile {
    pub path: String,
    pub links: LinkPolicy,
}

/// Which files are looked for beside those that are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Search {
    #[default]
    Everywhere,
    /// Nothing but the named files, as OpenClaw does when it installs something.
    NamedOnly,
}

/// Whether files count that only tests use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TestFiles {
    #[default]
    Scanned,
    LeftOut,
}

/// What one scan may take.
#[derive(Debug, Clone, Copy)]
pub struct Quota {
    pub files: u64,
    pub bytes: u64,
    pub file: u64,
    pub deadline: Instant,
}

/// One scan that is asked for.
pub struct Request<'r> {
    pub named: Vec<NamedFile>,
    pub search: Search,
    pub tests: TestFiles,
    pub quota: Quota,
    /// Whether a text, by its path below the tree, is made to hold secrets.
    pub holds_secrets: &'r dyn Fn(&str) -> bool,
}

/// What came of a scan.
#[derive(Debug, Default)]
pub struct Scanned {
    pub scan: CodeScan,
    /// Directories and files that the system did not let be read.
    pub unreadable: Vec<Remark>,
    /// A limit, or an interruption, ended it before its end.
    pub truncated: bool,
    pub files: u64,
    pub bytes: u64,
}

/// Scans a tree.
pub fn scan(
    tree: &dyn Tree,
    scanner: &Scanner,
    request: &Request<'_>,
    watch: &dyn Watch,
) -> Scanned {
    let plan = Plan::make(tree, scanner, request);
    watch.begin(tree.name(), plan.wanted.len() as u64, plan.bytes);
    let fates = shards::read(tree, &plan, scanner, request.quota.deadline, watch);
    watch.end();
    let mut gathered = Gathered::of(tree, scanner, &plan);
    for (number, fate) in fates.into_iter().enumerate() {
        gathered.take(number, fate);
    }
    gathered.finish(request, plan)
}

/// Puts the fates of files together, in the order of the plan.
struct Gathered<'g> {
    tree: &'g dyn Tree,
    scanner: &'g Scanner,
    wanted: Vec<String>,
    roles: Vec<Role>,
    scanned: Scanned,
    /// Files that nobody came to.
    untouched: usize,
    /// Findings that went beyond the limit.
    beyond: usize,
}

impl<'g> Gathered<'g> {
    fn of(tree: &'g dyn Tree, scanner: &'g Scanner, plan: &Plan) -> Self {
        Self {
            tree,
            scanner,
            wanted: plan.wanted.iter().map(|wanted| wanted.path.clone()).collect(),
            roles: plan.roles.clone(),
            scanned: Scanned::default(),
            untouched: 0,
            beyond: 0,
        }
    }

    fn take(&mut self, number: usize, fate: Option<Fate>) {
        let file = self.tree.shown(self.wanted.get(number).map_or("", String::as_str));
        match fate {
            None => self.untouched += 1,
            Some(Fate::Unreadable(error)) => {
                let reason = error.to_string();
                self.scanned.unreadable.push(Remark { file, reason });
            }
            Some(Fate::NotCode(reason)) => self.leave_out(file, reason.to_owned()),
            Some(Fate::Read { reading, doubt }) => {
                let counts = matches!(self.roles.get(number), Some(Role::Code | Role::Document));
                self.scanned.scan.scanned_files += u32::from(counts);
                if let Some(note) = reading.note {
                    self.scanned.scan.notes.push(Remark { file: file.clone(), reason: note });
                }
                for said in reading.said {
                    let most = self.scanner.limits().get(Limit::Findings);
                    if self.scanned.scan.findings.len() as u64 >= most {
                        self.beyond += 1;
                        continue;
                    }
                    self.scanned.scan.findings.push(CodeFinding {
                        file: file.clone(),
                        rule: said.rule,
                        alias: said.alias,
                        severity: said.severity,
                        line: said.line,
                        column: said.column,
                        message: said.message,
                        evidence: said.evidence,
                    });
                }
                if let Some(doubt) = doubt {
                    self.leave_out(file, doubt);
                }
            }
            Some(Fate::Failed(reason)) => self.leave_out(file, reason),
        }
    }

    fn leave_out(&mut self, file: String, reason: String) {
        self.scanned.scan.not_scanned.push(Remark { file, reason });
    }

    fn finish(mut self, request: &Request<'_>, plan: Plan) -> Scanned {
        let about_all = |reason: String| Remark { file: WHOLE.to_owned(), reason };
        let mut scanned = std::mem::take(&mut self.scanned);
        let mut not_scanned = plan.left_out;
        not_scanned.append(&mut scanned.scan.not_scanned);
        if self.beyond > 0 {
            let reached = self.scanner.limits().reached(Limit::Findings);
            not_scanned.push(about_all(format!("{} more findings: {reached}", self.beyond)));
            scanned.truncated = true;
        }
        if self.untouched > 0 {
            let why = self.why_untouched(request.quota.deadline);
            not_scanned.push(about_all(format!("{} files: {why}", self.untouched)));
            scanned.truncated = true;
        }
        let mut notes = plan.notes;
        notes.append(&mut scanned.scan.notes);
        let mut unreadable = plan.unreadable;
        unreadable.append(&mut scanned.unreadable);
        scanned.scan.not_scanned = shortened(not_scanned);
        scanned.scan.notes = shortened(notes);
        scanned.unreadable = shortened(unreadable);
        scanned.truncated |= plan.truncated;
        scanned.files = plan.wanted.len() as u64;
        scanned.bytes = plan.bytes;
        scanned
    }

    fn why_untouched(&self, deadline: Instant) -> String {
        let reached = |limit| Reached::to_string(&self.scanner.limits().reached(limit));
        if self.scanner.cancel().is_cancelled() {
            INTERRUPTED.to_owned()
        } else if Instant::now() >= deadline {
            reached(Limit::ScanTotal)
        } else if self.beyond > 0 {
            reached(Limit::Findings)
        } else {
            "the host failed while it read them; please report this".to_owned()
        }
    }
}

/// The first of them, and how many there are beyond.
fn shortened(mut remarks: Vec<Remark>) -> Vec<Remark> {
    let beyond = remarks.len().saturating_sub(MAX_REMARKS);
    if beyond > 0 {
        remarks.truncate(MAX_REMARKS);
        remarks.push(Remark { file: WHOLE.to_owned(), reason: format!("…and {beyond} more") });
    }
    remarks
}

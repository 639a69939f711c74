//! Puts together what came of a plan's files.

use std::time::Instant;

use super::plan::Plan;
use super::request::{Request, Scanned, WHOLE_TREE};
use super::shards::FileOutcome;
use chitin_fs::tree::Tree;
use chitin_runtime::limits::{Limit, Reached};
use chitin_runtime::{ReadError, Scanner};
use chitin_view::{CodeFinding, FileNote};

/// Notes of one list that are kept one by one.
const MAX_NOTES: usize = 1000;

/// The outcomes of a plan's files, in the order of the plan.
pub(super) struct Gathered<'g> {
    tree: &'g dyn Tree,
    scanner: &'g Scanner,
    wanted: Vec<String>,
    scanned: Scanned,
    /// Files that the scan ended before.
    not_reached: usize,
    /// Findings beyond the limit.
    beyond: usize,
}

impl<'g> Gathered<'g> {
    pub(super) fn of(tree: &'g dyn Tree, scanner: &'g Scanner, plan: &Plan) -> Self {
        Self {
            tree,
            scanner,
            wanted: plan.wanted.iter().map(|wanted| wanted.path.clone()).collect(),
            scanned: Scanned::default(),
            not_reached: 0,
            beyond: 0,
        }
    }

    pub(super) fn take(&mut self, number: usize, outcome: Option<FileOutcome>) {
        let file = self.tree.shown(self.wanted.get(number).map_or("", String::as_str));
        match outcome {
            None => self.not_reached += 1,
            Some(FileOutcome::Unreadable(error)) => {
                let reason = error.to_string();
                self.scanned.unreadable.push(FileNote { file, reason });
            }
            Some(FileOutcome::NotCode(reason)) => self.leave_out(file, reason.to_owned()),
            Some(FileOutcome::Read { reading, doubt }) => {
                self.scanned.scan.scanned_files += 1;
                if let Some(note) = reading.note {
                    self.scanned.scan.notes.push(FileNote { file: file.clone(), reason: note });
                }
                for finding in reading.findings {
                    let most = self.scanner.limits().get(Limit::Findings);
                    if self.scanned.scan.findings.len() as u64 >= most {
                        self.beyond += 1;
                        continue;
                    }
                    self.scanned.scan.findings.push(CodeFinding {
                        file: file.clone(),
                        rule: finding.rule,
                        alias: finding.alias,
                        severity: finding.severity,
                        line: finding.line,
                        column: finding.column,
                        message: finding.message,
                        evidence: finding.evidence,
                    });
                }
                if let Some(doubt) = doubt {
                    self.leave_out(file, doubt);
                }
            }
            Some(FileOutcome::Failed(reason)) => self.leave_out(file, reason),
        }
    }

    fn leave_out(&mut self, file: String, reason: String) {
        self.scanned.scan.not_scanned.push(FileNote { file, reason });
    }

    pub(super) fn finish(mut self, request: &Request<'_>, plan: Plan) -> Scanned {
        let about_all = |reason: String| FileNote { file: WHOLE_TREE.to_owned(), reason };
        let mut scanned = std::mem::take(&mut self.scanned);
        let mut not_scanned = plan.left_out;
        not_scanned.append(&mut scanned.scan.not_scanned);
        if self.beyond > 0 {
            let reached = self.scanner.limits().reached(Limit::Findings);
            not_scanned.push(about_all(format!("{} more findings: {reached}", self.beyond)));
            scanned.truncated = true;
        }
        if self.not_reached > 0 {
            let why = self.why_not_reached(request.quota.deadline);
            not_scanned.push(about_all(format!("{} files: {why}", self.not_reached)));
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

    fn why_not_reached(&self, deadline: Instant) -> String {
        let reached = |limit| Reached::to_string(&self.scanner.limits().reached(limit));
        if self.scanner.cancel().is_cancelled() {
            ReadError::Cancelled.to_string()
        } else if Instant::now() >= deadline {
            reached(Limit::ScanTotal)
        } else if self.beyond > 0 {
            reached(Limit::Findings)
        } else {
            "the host failed while it read them; please report this".to_owned()
        }
    }
}

/// The first [`MAX_NOTES`], and how many more there are.
fn shortened(mut notes: Vec<FileNote>) -> Vec<FileNote> {
    let beyond = notes.len().saturating_sub(MAX_NOTES);
    if beyond > 0 {
        notes.truncate(MAX_NOTES);
        notes.push(FileNote {
            file: WHOLE_TREE.to_owned(), reason: format!("…and {beyond} more")
        });
    }
    notes
}

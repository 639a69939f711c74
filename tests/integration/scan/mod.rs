//! Reading code: which files are read, what an archive may do, and what a hostile scanner can do.
//!
//! The scanner here is a fake that finds words, so these tests are about the host. Those of `conformance`,
//! `program` and `fuel` run the program with the scanner that it carries.

mod archives;
mod audit;
mod conformance;
mod fuel;
mod hostile;
mod limits;
mod outputs;
mod pack;
mod program;
#[path = "../../../checks/code/tests/traps.rs"]
mod traps;
mod walk;

use std::path::PathBuf;

use chitin_report::scan::ScanReport;
use chitin_runtime::limits::{LimitSetting, Limits};
use chitin_scan::{NoProgress, ScanOptions, Search, TargetReport, TestFiles, scan_paths};
use tokio_util::sync::CancellationToken;

use crate::support::harness::{SCANNER, alone};
use crate::support::workspace::Workspace;

/// A scan that is being prepared.
struct Scan {
    paths: Vec<PathBuf>,
    options: ScanOptions,
    /// Time enough that a busy machine does not decide about a result.
    limits: Vec<LimitSetting>,
    scanner: Vec<u8>,
}

impl Scan {
    fn of(workspace: &Workspace, path: &str) -> Self {
        Self {
            paths: vec![workspace.path(path)],
            options: ScanOptions::default(),
            limits: vec!["scan-time=60000".parse().unwrap()],
            scanner: SCANNER.to_vec(),
        }
    }

    fn and(mut self, workspace: &Workspace, path: &str) -> Self {
        self.paths.push(workspace.path(path));
        self
    }

    fn limit(mut self, setting: &str) -> Self {
        self.limits.push(setting.parse().unwrap());
        self
    }

    fn include(mut self, file: &str) -> Self {
        self.options.include.push(file.to_owned());
        self
    }

    fn exclude(mut self, pattern: &str) -> Self {
        self.options.exclude.push(pattern.parse().unwrap());
        self
    }

    fn only_included(mut self) -> Self {
        self.options.search = Search::NamedOnly;
        self
    }

    fn without_tests(mut self) -> Self {
        self.options.tests = TestFiles::LeftOut;
        self
    }

    fn with(mut self, scanner: Vec<u8>) -> Self {
        self.scanner = scanner;
        self
    }

    fn report(self) -> ScanReport {
        let (limits, stop) = (Limits::with(&self.limits), CancellationToken::new());
        let catalogue = alone(&self.scanner);
        let targets =
            scan_paths(&self.paths, &self.options, &catalogue, limits, &stop, &NoProgress).unwrap();
        ScanReport { targets }
    }

    fn run(self) -> TargetReport {
        self.report().targets.remove(0)
    }

    /// Why nothing was scanned.
    fn refused(self) -> String {
        let (limits, stop) = (Limits::with(&self.limits), CancellationToken::new());
        let catalogue = alone(&self.scanner);
        let answer = scan_paths(&self.paths, &self.options, &catalogue, limits, &stop, &NoProgress);
        answer.unwrap_err().to_string()
    }
}

/// File and line of every finding, in order.
fn found(report: &TargetReport) -> Vec<String> {
    report.scan.findings.iter().map(|found| format!("{}:{}", found.file, found.line)).collect()
}

fn told(notes: &[chitin_view::FileNote]) -> Vec<String> {
    notes.iter().map(|note| format!("{}: {}", note.file, note.reason)).collect()
}

fn left_out(report: &TargetReport) -> Vec<String> {
    told(&report.scan.not_scanned)
}

fn notes(report: &TargetReport) -> Vec<String> {
    told(&report.scan.notes)
}

/// A workspace with a directory `code` of files.
fn workspace(files: &[(&str, &str)]) -> Workspace {
    let workspace = Workspace::new();
    workspace.dir("code", 0o700);
    for (path, content) in files {
        workspace.file(format!("code/{path}"), 0o600, content);
    }
    workspace
}

//! The paths that `chitin scan` is given: each a directory, a file or an archive.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use thiserror::Error;

use super::package::Package;
use super::progress::Progress;
use super::request::{NamedFile, Quota, Request, Scanned, Search, Skipped, TestFiles, WHOLE_TREE};
use super::scan::scan;
use super::verdict::Verdict;
use chitin_fs::files::{FileKind, Metadata, Roots};
use chitin_fs::tree::{DirectoryTree, LinkPolicy, SingleFile, Tree, open_archive};
use chitin_runtime::limits::{Limit, Limits};
use chitin_runtime::worker::Setup;
use chitin_runtime::{Catalogue, LoadError, Runner, Scanner};
use chitin_view::{CodeScan, FileNote, KnownSecrets};
use glob::Pattern;
use tokio_util::sync::CancellationToken;

/// What an operator asks for.
#[derive(Debug, Default)]
pub struct ScanOptions {
    /// Files that are read wherever they are below a path.
    pub include: Vec<String>,
    pub search: Search,
    pub tests: TestFiles,
    /// Patterns of paths or names that are left out without making the scan incomplete.
    pub exclude: Vec<Pattern>,
    /// What is not shown, wherever it is found.
    pub secrets: KnownSecrets,
}

/// What a given path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetKind {
    /// A directory or an archive: files are named by their paths in it.
    Tree,
    /// A single file.
    File,
}

/// The result for one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetReport {
    /// As given.
    pub path: String,
    pub kind: TargetKind,
    pub verdict: Verdict,
    pub scan: CodeScan,
    pub truncated: bool,
}

impl TargetReport {
    /// Whether everything was scanned.
    pub fn is_complete(&self) -> bool {
        self.scan.not_scanned.is_empty()
    }
}

/// Why nothing was scanned.
#[derive(Debug, Error)]
pub enum ScanError {
    #[error("there is nothing at {}", .0.display())]
    NothingThere(PathBuf),
    #[error("this program was built without the scanner")]
    NoScanner,
    #[error("no thread for the clock of the scanner could be started")]
    NoClock,
    #[error(transparent)]
    Load(#[from] LoadError),
}

/// Scans one path after the other, until all are done or the scan is cancelled.
pub fn scan_paths(
    paths: &[PathBuf],
    options: &ScanOptions,
    catalogue: &Catalogue,
    limits: Limits,
    cancel: &CancellationToken,
    progress: &dyn Progress,
) -> Result<Vec<TargetReport>, ScanError> {
    let module = catalogue.scanner().ok_or(ScanError::NoScanner)?;
    let runner = Runner::new(limits, Setup::default(), cancel.clone())?;
    let clock = runner.clock();
    if !clock.is_running() {
        return Err(ScanError::NoClock);
    }
    let scanner = runner.scanner(module)?;
    let one = |path: &PathBuf| {
        let report = scan_target(path, options, &scanner, progress);
        report.ok_or_else(|| ScanError::NothingThere(path.clone()))
    };
    paths.iter().map(one).collect()
}

/// Scans what is at a path; none when nothing is there.
fn scan_target(
    path: &Path,
    options: &ScanOptions,
    scanner: &Scanner,
    progress: &dyn Progress,
) -> Option<TargetReport> {
    let roots = Arc::new(Roots::builder().add("target", path).build());
    let done = match file_kind(&roots) {
        Ok(FileKind::Directory) => {
            let tree = DirectoryTree::new(roots, "target", "");
            scan_tree(&tree, options, scanner, progress)
        }
        Ok(FileKind::File) => return Some(scan_file(path, options, scanner, progress)),
        Ok(_) => Scanned::impossible("it is not a directory, a file or an archive".to_owned()),
        Err(None) => return None,
        Err(Some(reason)) => Scanned::impossible(reason),
    };
    Some(done.report(path, TargetKind::Tree, &options.secrets))
}

/// What is at a path, or at the end of the link there; the error is a reason, or none when nothing is there.
fn file_kind(roots: &Roots) -> Result<FileKind, Option<String>> {
    match roots.stat("target", "") {
        Ok(Some(Metadata { kind: FileKind::Symlink, link, .. })) => {
            link.and_then(|link| link.target_kind).ok_or(None)
        }
        Ok(Some(found)) => Ok(found.kind),
        Ok(None) => Err(None),
        Err(error) => Err(Some(error.to_string())),
    }
}

fn scan_file(
    path: &Path,
    options: &ScanOptions,
    scanner: &Scanner,
    progress: &dyn Progress,
) -> TargetReport {
    let file = SingleFile::new(path);
    if scanner.names().role(file.file()).is_some() {
        let named = vec![NamedFile { path: file.file().to_owned(), links: LinkPolicy::StayInside }];
        let files = NamedFiles { named, search: Search::NamedOnly, left_out: Vec::new() };
        let done = scan_named(&file, files, options, scanner, progress);
        return done.report(path, TargetKind::File, &options.secrets);
    }
    let done = match open_archive(path, scanner.cancel()) {
        Ok(Some(tree)) => scan_tree(&*tree, options, scanner, progress),
        Ok(None) => Scanned::impossible(
            "it is not an archive, and no rule reads files with such a name".to_owned(),
        ),
        Err(error) => Scanned::impossible(error.to_string()),
    };
    done.report(path, TargetKind::Tree, &options.secrets)
}

fn scan_tree(
    tree: &dyn Tree,
    options: &ScanOptions,
    scanner: &Scanner,
    progress: &dyn Progress,
) -> Scanned {
    // What the operator names may be anywhere; what the package names may not.
    let given = options
        .include
        .iter()
        .map(|path| NamedFile { path: path.clone(), links: LinkPolicy::FollowAnywhere });
    let package = Package::of(tree);
    let left_out = package.left_out().map(|(path, reason)| (path.to_owned(), reason.to_owned()));
    let files = NamedFiles {
        search: options.search,
        left_out: left_out.into_iter().collect(),
        named: given.chain(package.entries).collect(),
    };
    scan_named(tree, files, options, scanner, progress)
}

/// Files that are scanned wherever they are, and whether others are.
struct NamedFiles {
    named: Vec<NamedFile>,
    search: Search,
    left_out: Vec<(String, String)>,
}

fn scan_named(
    tree: &dyn Tree,
    files: NamedFiles,
    options: &ScanOptions,
    scanner: &Scanner,
    progress: &dyn Progress,
) -> Scanned {
    let limits = scanner.limits();
    let request = Request {
        named: files.named,
        search: files.search,
        tests: options.tests,
        skipped: Skipped::NotScanned,
        exclude: &options.exclude,
        left_out: files.left_out,
        quota: Quota {
            files: limits.get(Limit::ScanFiles),
            bytes: limits.get(Limit::ScanBytes),
            file: limits.get(Limit::ScanFile),
            deadline: Instant::now() + limits.duration(Limit::ScanTotal),
        },
        holds_secrets: &|_| false,
    };
    scan(tree, scanner, &request, progress)
}

impl Scanned {
    /// Nothing in it could be scanned.
    fn impossible(reason: String) -> Self {
        let not_scanned = vec![FileNote { file: WHOLE_TREE.to_owned(), reason }];
        Self { scan: CodeScan { not_scanned, ..CodeScan::default() }, ..Self::default() }
    }

    fn report(mut self, path: &Path, kind: TargetKind, secrets: &KnownSecrets) -> TargetReport {
        self.scan.not_scanned.append(&mut self.unreadable);
        if self.scan.scanned_files == 0 && self.scan.not_scanned.is_empty() {
            let reason = "there is nothing in it that a rule reads".to_owned();
            self.scan.not_scanned.push(FileNote { file: WHOLE_TREE.to_owned(), reason });
        }
        for finding in &mut self.scan.findings {
            finding.message = secrets.blank(&finding.message);
            finding.evidence = secrets.blank(&finding.evidence);
        }
        TargetReport {
            path: path.display().to_string(),
            kind,
            verdict: Verdict::of(&self.scan),
            scan: self.scan,
            truncated: self.truncated,
        }
    }
}

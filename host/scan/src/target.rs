//! What `chitin scan` is given: a directory, a file or an archive.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use thiserror::Error;

use super::{
    NamedFile, Quota, Request, Scanned, Search, TestFiles, Verdict, WHOLE, Watch, package, scan,
};
use chitin_fs::files::{FileKind, Metadata, Roots};
use chitin_fs::tree::{DirectoryTree, LinkPolicy, SingleFile, Tree, open_archive};
use chitin_runtime::limits::{Limit, Limits};
use chitin_runtime::worker::Setup;
use chitin_runtime::{Catalogue, LoadError, Runner, Scanner};
use chitin_view::{CodeScan, Remark, without_shapes};
use tokio_util::sync::CancellationToken;

/// What an operator asks for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Files that are read wherever below a path they lie.
    pub include: Vec<String>,
    pub search: Search,
    pub tests: TestFiles,
}

/// What is at a path that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// A directory or an archive: files are told by their places in it.
    Files,
    /// The file itself.
    OneFile,
}

/// What came of one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetReport {
    /// As it was given.
    pub path: String,
    pub holds: Holds,
    pub verdict: Verdict,
    pub scan: CodeScan,
    pub truncated: bool,
}

impl TargetReport {
    /// Whether everything was looked at.
    pub fn is_complete(&self) -> bool {
        self.scan.not_scanned.is_empty()
    }
}

/// Why nothing was scanned.
#[derive(Debug, Error)]
pub enum ScanError {
    #[error("there is nothing at {}", .0.display())]
    NothingThere(PathBuf),
    #[error("this program carries no scanner")]
    NoScanner,
    #[error("no thread for the clock of the scanner could be started")]
    NoClock,
    #[error(transparent)]
    Load(#[from] LoadError),
}

/// Scans one path after the other, until there is none left or nobody waits any more.
pub fn scan_paths(
    paths: &[PathBuf],
    asked: &Asked,
    catalogue: &Catalogue,
    limits: Limits,
    cancel: &CancellationToken,
    watch: &dyn Watch,
) -> Result<Vec<TargetReport>, ScanError> {
    let module = catalogue.scanner().ok_or(ScanError::NoScanner)?;
    let runner = Runner::new(limits, Setup::default(), cancel.clone())?;
    let clock = runner.clock();
    if !clock.is_running() {
        return Err(ScanError::NoClock);
    }
    let scanner = runner.scanner(module)?;
    let one = |path: &PathBuf| {
        let report = scan_target(path, asked, &scanner, watch);
        report.ok_or_else(|| ScanError::NothingThere(path.clone()))
    };
    paths.iter().map(one).collect()
}

/// Scans what is at a path; none when nothing is there.
fn scan_target(
    path: &Path,
    asked: &Asked,
    scanner: &Scanner,
    watch: &dyn Watch,
) -> Option<TargetReport> {
    let roots = Arc::new(Roots::builder().add("target", path).build());
    let done = match kind(&roots) {
        Ok(FileKind::Directory) => {
            let tree = DirectoryTree::new(roots, "target", "");
            scan_tree(&tree, asked, scanner, watch)
        }
        Ok(FileKind::File) => return Some(scan_file(path, asked, scanner, watch)),
        Ok(_) => Scanned::impossible("it is no directory, file or archive".to_owned()),
        Err(None) => return None,
        Err(Some(reason)) => Scanned::impossible(reason),
    };
    Some(done.report(path, Holds::Files))
}

/// What is at a path, through its own link; the error is a reason, or none when nothing is there.
fn kind(roots: &Roots) -> Result<FileKind, Option<String>> {
    match roots.stat("target", "") {
        Ok(Some(Metadata { kind: FileKind::Symlink, link, .. })) => {
            link.and_then(|link| link.target_kind).ok_or(None)
        }
        Ok(Some(found)) => Ok(found.kind),
        Ok(None) => Err(None),
        Err(error) => Err(Some(error.to_string())),
    }
}

fn scan_file(path: &Path, asked: &Asked, scanner: &Scanner, watch: &dyn Watch) -> TargetReport {
    let file = SingleFile::new(path);
    if scanner.names().role(file.file()).is_some() {
        let named = vec![NamedFile { path: file.file().to_owned(), links: LinkPolicy::StayInside }];
        let done = scan_named(&file, named, Search::NamedOnly, asked, scanner, watch);
        return done.report(path, Holds::OneFile);
    }
    let done = match open_archive(path, scanner.cancel()) {
        Ok(Some(tree)) => scan_tree(&*tree, asked, scanner, watch),
        Ok(None) => {
            Scanned::impossible("it is no archive, and no rule reads files of this name".to_owned())
        }
        Err(error) => Scanned::impossible(error.to_string()),
    };
    done.report(path, Holds::Files)
}

fn scan_tree(tree: &dyn Tree, asked: &Asked, scanner: &Scanner, watch: &dyn Watch) -> Scanned {
    // What the operator names may lie anywhere; what the package names may not.
    let given = asked
        .include
        .iter()
        .map(|path| NamedFile { path: path.clone(), links: LinkPolicy::FollowAnywhere });
    let named = given.chain(package::entries(tree)).collect();
    scan_named(tree, named, asked.search, asked, scanner, watch)
}

fn scan_named(
    tree: &dyn Tree,
    named: Vec<NamedFile>,
    search: Search,
    asked: &Asked,
    scanner: &Scanner,
    watch: &dyn Watch,
) -> Scanned {
    let limits = scanner.limits();
    let request = Request {
        named,
        search,
        tests: asked.tests,
        quota: Quota {
            files: limits.get(Limit::ScanFiles),
            bytes: limits.get(Limit::ScanBytes),
            file: limits.get(Limit::ScanFile),
            deadline: Instant::now() + limits.duration(Limit::ScanTotal),
        },
        holds_secrets: &|_| false,
    };
    scan(tree, scanner, &request, watch)
}

impl Scanned {
    /// Nothing of it could be looked at.
    fn impossible(reason: String) -> Self {
        let not_scanned = vec![Remark { file: WHOLE.to_owned(), reason }];
        Self { scan: CodeScan { not_scanned, ..CodeScan::default() }, ..Self::default() }
    }

    fn report(mut self, path: &Path, holds: Holds) -> TargetReport {
        self.scan.not_scanned.append(&mut self.unreadable);
        for finding in &mut self.scan.findings {
            finding.message = without_shapes(std::mem::take(&mut finding.message));
            finding.evidence = without_shapes(std::mem::take(&mut finding.evidence));
        }
        TargetReport {
            path: path.display().to_string(),
            holds,
            verdict: Verdict::of(&self.scan.findings),
            scan: self.scan,
            truncated: self.truncated,
        }
    }
}

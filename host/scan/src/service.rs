//! The scanner as checks see it: one for the whole run, made when the first check asks.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::progress::Progress;
use super::request::{NamedFile, Quota, Request, Search, Skipped, TestFiles, WHOLE_TREE};
use super::scan::scan;
use chitin_fs::files::FileKind;
use chitin_fs::tree::{DirectoryTree, LinkPolicy};
use chitin_runtime::limits::Limit;
use chitin_runtime::{Module, ReadError, Runner, Scanner};
use chitin_view::{Answer, CodePlace, CodeScan, CodeScanner, Refusal, of_files};

/// Scans code on behalf of checks.
pub struct Service {
    runner: Arc<Runner>,
    module: Option<Module>,
    scanner: OnceLock<Result<Scanner, String>>,
    /// One scan at a time: each uses all cores anyway, and this way memory stays that of one.
    turn: Mutex<()>,
    progress: Arc<dyn Progress>,
}

impl Service {
    pub fn new(runner: Arc<Runner>, module: Option<Module>, progress: Arc<dyn Progress>) -> Self {
        Self { runner, module, scanner: OnceLock::new(), turn: Mutex::new(()), progress }
    }

    fn scanner(&self) -> Answer<&Scanner> {
        let ready = self.scanner.get_or_init(|| match &self.module {
            Some(module) => self.runner.scanner(module).map_err(|error| error.to_string()),
            None => Err("there is no scanner".to_owned()),
        });
        ready.as_ref().map_err(|reason| Refusal::Unavailable(reason.clone()))
    }
}

impl CodeScanner for Service {
    fn scan(&self, place: &CodePlace<'_>) -> Answer<CodeScan> {
        let CodePlace { roots, root, path, .. } = *place;
        // Only a directory has code in it.
        match roots.stat(root, path).map_err(|error| of_files(&error))? {
            Some(found) if found.kind == FileKind::File || found.kind == FileKind::Special => {
                return Ok(CodeScan::default());
            }
            None => return Ok(CodeScan::default()),
            Some(_) => {}
        }
        let scanner = self.scanner()?;
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let begun = Instant::now();
        let (limits, budget) = (scanner.limits(), place.budget);
        let total = budget.milliseconds.left_of(limits.get(Limit::ScanTotal));
        let links =
            if place.own_gateway { LinkPolicy::FollowAnywhere } else { LinkPolicy::StayInside };
        let named = |path: &String| NamedFile { path: path.clone(), links };
        let tree = DirectoryTree::new(Arc::clone(roots), root, path);
        let below = |file: &str| match path {
            "" => file.to_owned(),
            path => format!("{path}/{file}"),
        };
        let request = Request {
            named: place.entries.iter().map(named).collect(),
            search: Search::Everywhere,
            tests: TestFiles::Scanned,
            skipped: Skipped::Noted,
            exclude: &[],
            left_out: Vec::new(),
            quota: Quota {
                files: budget.files.left_of(limits.get(Limit::ScanFiles)),
                bytes: budget.bytes.left_of(limits.get(Limit::ScanBytes)),
                file: limits.get(Limit::ScanFile),
                deadline: begun + Duration::from_millis(total),
            },
            holds_secrets: &|file| (place.holds_secrets)(&below(file)),
        };
        let done = scan(&tree, scanner, &request, &*self.progress);
        budget.files.add(done.files);
        budget.bytes.add(done.bytes);
        budget.milliseconds.add(u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX));
        if scanner.cancel().is_cancelled() {
            return Err(Refusal::Unavailable(ReadError::Cancelled.to_string()));
        }
        // OpenClaw gives up on a directory that it cannot read in full, and so can a check.
        match done.unreadable.first() {
            Some(first) => {
                let file =
                    if first.file == WHOLE_TREE { path.to_owned() } else { below(&first.file) };
                let place = roots.describe(root, &file).unwrap_or(file);
                Err(Refusal::Unavailable(format!("{place}: {}", first.reason)))
            }
            None => Ok(done.scan),
        }
    }
}

//! The scanner as checks have it: one for the whole run, made when the first of them asks.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::{NamedFile, Quota, Request, Search, TestFiles, WHOLE, Watch, scan};
use chitin_fs::files::FileKind;
use chitin_fs::tree::{DirectoryTree, LinkPolicy};
use chitin_runtime::limits::Limit;
use chitin_runtime::{INTERRUPTED, Module, Runner, Scanner};
use chitin_view::{Answer, CodePlace, CodeScan, CodeScanner, Refusal};

pub struct Service {
    runner: Arc<Runner>,
    module: Option<Module>,
    scanner: OnceLock<Result<Scanner, String>>,
    /// One scan at a time: each takes all cores anyway, and so memory stays that of one.
    turn: Mutex<()>,
    watch: Arc<dyn Watch>,
}

impl Service {
    pub fn new(runner: Arc<Runner>, module: Option<Module>, watch: Arc<dyn Watch>) -> Self {
        Self { runner, module, scanner: OnceLock::new(), turn: Mutex::new(()), watch }
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
        // What is no directory has no code in it.
        match roots.stat(root, path)? {
            Some(found) if found.kind == FileKind::File || found.kind == FileKind::Special => {
                return Ok(CodeScan::default());
            }
            None => return Ok(CodeScan::default()),
            Some(_) => {}
        }
        let scanner = self.scanner()?;
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let begun = Instant::now();
        let (limits, spent) = (scanner.limits(), place.spent);
        let total = spent.milliseconds.left_of(limits.get(Limit::ScanTotal));
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
            quota: Quota {
                files: spent.files.left_of(limits.get(Limit::ScanFiles)),
                bytes: spent.bytes.left_of(limits.get(Limit::ScanBytes)),
                file: limits.get(Limit::ScanFile),
                deadline: begun + Duration::from_millis(total),
            },
            holds_secrets: &|file| (place.holds_secrets)(&below(file)),
        };
        let done = scan(&tree, scanner, &request, &*self.watch);
        spent.files.add(done.files);
        spent.bytes.add(done.bytes);
        spent.milliseconds.add(u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX));
        if scanner.cancel().is_cancelled() {
            return Err(Refusal::Unavailable(INTERRUPTED.to_owned()));
        }
        // OpenClaw gives up the scan of a directory that it cannot read to its end, and so can a check.
        match done.unreadable.first() {
            Some(first) => {
                let file = if first.file == WHOLE { path.to_owned() } else { below(&first.file) };
                let place = roots.describe(root, &file).unwrap_or(file);
                Err(Refusal::Unavailable(format!("{place}: {}", first.reason)))
            }
            None => Ok(done.scan),
        }
    }
}

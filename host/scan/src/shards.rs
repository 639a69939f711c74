//! Reads the files of a plan on all cores: one thread fetches them, one by one, and hands them to as many instances of
//! the scanner as there are processors. A few files are in memory at a time, whatever the tree's size.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use super::magic;
use super::plan::Plan;
use super::progress::Progress;
use chitin_fs::tree::{HEAD, Tree, TreeError};
use chitin_model::file_names::Role;
use chitin_runtime::limits::Limit;
use chitin_runtime::{ReadError, Reading, Scanner, SourceFile};
use chitin_view::CodeSecrets;

/// Findings that are held in memory, unless a report may show more.
const MAX_HELD: u64 = 50_000;

/// What came of one file.
pub(super) enum FileOutcome {
    Read {
        reading: Reading,
        /// Why it may not have been read in full.
        doubt: Option<String>,
    },
    /// Not read: its bytes are not what its name says.
    NotCode(&'static str),
    /// The scanner failed on it.
    Failed(String),
    /// The operating system did not let us read it.
    Unreadable(TreeError),
}

/// What was found, without the secrets that the file names.
fn without_secrets(mut reading: Reading, file: &SourceFile) -> Reading {
    if reading.findings.is_empty() && reading.note.is_none() {
        return reading;
    }
    let text = String::from_utf8_lossy(&file.bytes);
    let secrets = CodeSecrets::of(&text);
    for finding in &mut reading.findings {
        finding.evidence = secrets.blank_evidence(finding.line, &finding.evidence);
        finding.message = secrets.blank(&finding.message);
    }
    reading.note = reading.note.map(|note| secrets.blank(&note));
    reading
}

/// A file on its way to a shard.
struct Job {
    number: usize,
    bytes: Vec<u8>,
}

/// What all shards share.
struct Work<'w> {
    tree: &'w dyn Tree,
    plan: &'w Plan,
    scanner: &'w Scanner,
    progress: &'w dyn Progress,
    deadline: Instant,
    /// Findings in memory, and how many of them end the scan.
    held: AtomicU64,
    most_held: u64,
}

/// The outcome of each file of the plan; none for a file that the scan ended before.
pub(super) fn read(
    tree: &dyn Tree,
    plan: &Plan,
    scanner: &Scanner,
    deadline: Instant,
    progress: &dyn Progress,
) -> Vec<Option<FileOutcome>> {
    let mut outcomes: Vec<Option<FileOutcome>> = plan.wanted.iter().map(|_| None).collect();
    if outcomes.is_empty() {
        return outcomes;
    }
    let most_held = scanner.limits().get(Limit::Findings).max(MAX_HELD);
    let work = Work { tree, plan, scanner, progress, deadline, held: AtomicU64::new(0), most_held };
    let shards = thread::available_parallelism().map_or(1, NonZeroUsize::get).min(outcomes.len());
    let (sender, receiver) = sync_channel(shards);
    let receiver = Arc::new(Mutex::new(receiver));
    thread::scope(|scope| {
        let mut running = Vec::new();
        for number in 0..shards {
            let (receiver, work) = (Arc::clone(&receiver), &work);
            let shard = thread::Builder::new().name(format!("shard {number}"));
            running.extend(shard.spawn_scoped(scope, move || work.run(&receiver)).ok());
        }
        // The last shard drops the receiver, so no file is fetched when no shard is left.
        drop(receiver);
        work.fetch(&sender, &mut outcomes);
        drop(sender);
        for shard in running {
            // What a shard that panicked had read is lost, and reported as not reached.
            for (number, outcome) in shard.join().unwrap_or_default() {
                if let Some(slot) = outcomes.get_mut(number) {
                    *slot = Some(outcome);
                }
            }
        }
    });
    outcomes
}

impl Work<'_> {
    fn is_over(&self) -> bool {
        self.scanner.cancel().is_cancelled()
            || Instant::now() >= self.deadline
            || self.held.load(Ordering::Relaxed) > self.most_held
    }

    fn fetch(&self, shards: &SyncSender<Job>, outcomes: &mut [Option<FileOutcome>]) {
        self.tree.read(&self.plan.wanted, &mut |number, bytes| {
            if self.is_over() {
                return ControlFlow::Break(());
            }
            match bytes {
                Ok(bytes) => match shards.send(Job { number, bytes }) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(_no_shard_is_left) => ControlFlow::Break(()),
                },
                Err(error) => {
                    if let Some(slot) = outcomes.get_mut(number) {
                        *slot = Some(FileOutcome::Unreadable(error));
                    }
                    ControlFlow::Continue(())
                }
            }
        });
    }

    fn run(&self, jobs: &Mutex<Receiver<Job>>) -> Vec<(usize, FileOutcome)> {
        let mut reader = self.scanner.reader();
        let mut done = Vec::new();
        loop {
            let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(Job { number, bytes }) = job else { return done };
            if self.is_over() {
                continue;
            }
            let (path, role) = match (self.plan.wanted.get(number), self.plan.roles.get(number)) {
                (Some(wanted), Some(role)) => (wanted.path.clone(), *role),
                _ => continue,
            };
            let size = bytes.len() as u64;
            let outcome = if let Some(what) =
                magic::machine_code(bytes.get(..HEAD).unwrap_or(&bytes))
            {
                FileOutcome::NotCode(what)
            } else {
                let zero = role == Role::Code && bytes.contains(&0);
                let directory = self.tree.name().to_owned();
                let file = SourceFile { path: path.clone(), directory, bytes };
                let answer = reader.read(&file);
                let zero = zero.then(|| {
                    "it contains zero bytes, so it may not have been read in full".to_owned()
                });
                match answer {
                    Ok(reading) => {
                        FileOutcome::Read { reading: without_secrets(reading, &file), doubt: zero }
                    }
                    Err(incomplete) if incomplete.kept == Reading::default() => {
                        // The scan was cancelled; the file is not at fault.
                        if incomplete.error == ReadError::Cancelled {
                            continue;
                        }
                        FileOutcome::Failed(incomplete.error.to_string())
                    }
                    Err(incomplete) => FileOutcome::Read {
                        reading: without_secrets(incomplete.kept, &file),
                        doubt: Some(incomplete.error.to_string()),
                    },
                }
            };
            if let FileOutcome::Read { reading, .. } = &outcome {
                self.held.fetch_add(reading.findings.len() as u64, Ordering::Relaxed);
            }
            self.progress.file(&path, size);
            done.push((number, outcome));
        }
    }
}

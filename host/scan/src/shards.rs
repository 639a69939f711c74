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
use super::progress::Watch;
use chitin_fs::tree::{HEAD, Tree, TreeError};
use chitin_model::file_names::Role;
use chitin_runtime::limits::Limit;
use chitin_runtime::{INTERRUPTED, Reading, Scanner, Subject};

/// Findings that are held in memory, unless a report may show more.
const MAX_HELD: u64 = 50_000;

/// What became of one file.
pub(super) enum Fate {
    Read {
        reading: Reading,
        doubt: Option<String>,
    },
    /// Not read as what its name says.
    NotCode(&'static str),
    /// The scanner did not come to its end.
    Failed(String),
    /// The system did not give its bytes.
    Unreadable(TreeError),
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
    watch: &'w dyn Watch,
    deadline: Instant,
    held: AtomicU64,
    most_held: u64,
}

/// The fate of each file of the plan; none for a file that nobody came to.
pub(super) fn read(
    tree: &dyn Tree,
    plan: &Plan,
    scanner: &Scanner,
    deadline: Instant,
    watch: &dyn Watch,
) -> Vec<Option<Fate>> {
    let mut fates: Vec<Option<Fate>> = plan.wanted.iter().map(|_| None).collect();
    if fates.is_empty() {
        return fates;
    }
    let most_held = scanner.limits().get(Limit::Findings).max(MAX_HELD);
    let work = Work { tree, plan, scanner, watch, deadline, held: AtomicU64::new(0), most_held };
    let shards = thread::available_parallelism().map_or(1, NonZeroUsize::get).min(fates.len());
    let (sender, receiver) = sync_channel(shards);
    let receiver = Arc::new(Mutex::new(receiver));
    thread::scope(|scope| {
        let mut running = Vec::new();
        for number in 0..shards {
            let (receiver, work) = (Arc::clone(&receiver), &work);
            let shard = thread::Builder::new().name(format!("shard {number}"));
            running.extend(shard.spawn_scoped(scope, move || work.run(&receiver)).ok());
        }
        // The last shard takes the receiver with it, so that nobody fetches files for nobody.
        drop(receiver);
        work.fetch(&sender, &mut fates);
        drop(sender);
        for shard in running {
            // What a shard that panicked had read is lost, and told of as untouched.
            for (number, fate) in shard.join().unwrap_or_default() {
                if let Some(slot) = fates.get_mut(number) {
                    *slot = Some(fate);
                }
            }
        }
    });
    fates
}

impl Work<'_> {
    fn is_over(&self) -> bool {
        self.scanner.cancel().is_cancelled()
            || Instant::now() >= self.deadline
            || self.held.load(Ordering::Relaxed) > self.most_held
    }

    fn fetch(&self, shards: &SyncSender<Job>, fates: &mut [Option<Fate>]) {
        self.tree.read(&self.plan.wanted, &mut |number, bytes| {
            if self.is_over() {
                return ControlFlow::Break(());
            }
            match bytes {
                Ok(bytes) => match shards.send(Job { number, bytes }) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(_nobody_is_left) => ControlFlow::Break(()),
                },
                Err(error) => {
                    if let Some(slot) = fates.get_mut(number) {
                        *slot = Some(Fate::Unreadable(error));
                    }
                    ControlFlow::Continue(())
                }
            }
        });
    }

    fn run(&self, jobs: &Mutex<Receiver<Job>>) -> Vec<(usize, Fate)> {
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
            let fate = if let Some(what) = magic::machine_code(bytes.get(..HEAD).unwrap_or(&bytes))
            {
                Fate::NotCode(what)
            } else {
                let zero = role == Role::Code && bytes.contains(&0);
                let directory = self.tree.name().to_owned();
                let answer = reader.read(Subject { path: path.clone(), directory, bytes });
                let zero = zero.then(|| {
                    "it contains zero bytes, so it may not have been read as what it is".to_owned()
                });
                match answer {
                    Ok(reading) => Fate::Read { reading, doubt: zero },
                    Err(incomplete) if incomplete.kept == Reading::default() => {
                        // Nobody came to it, rather than that it is at fault.
                        if incomplete.reason == INTERRUPTED {
                            continue;
                        }
                        Fate::Failed(incomplete.reason)
                    }
                    Err(incomplete) => {
                        Fate::Read { reading: incomplete.kept, doubt: Some(incomplete.reason) }
                    }
                }
            };
            if let Fate::Read { reading, .. } = &fate {
                self.held.fetch_add(reading.said.len() as u64, Ordering::Relaxed);
            }
            self.watch.file(&path, size);
            done.push((number, fate));
        }
    }
}

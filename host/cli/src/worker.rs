//! `chitin worker`, which only chitin itself runs.

use std::process::ExitCode;

use chitin_runtime::worker::{self, ARGUMENT};

/// Runs a worker, if this process was started as one. Called before anything else: an audit may start many.
pub(super) fn run_if_worker() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    let is_worker = arguments.next().is_some_and(|first| first == ARGUMENT);
    (is_worker && arguments.next().is_none()).then(worker::main)
}

//! `chitin worker`, which chitin runs itself and no person does, and what a person is told about it.

use std::process::ExitCode;

use chitin_model::escape::visible;
use chitin_runtime::worker::{self, ARGUMENT, WorkersReport};

/// The whole of a worker, if this is to be one. Asked before anything else is done: an audit may start many.
pub(super) fn if_asked_for() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    let asked = arguments.next().is_some_and(|first| first == ARGUMENT);
    (asked && arguments.next().is_none()).then(worker::main)
}

/// Says what did not protect this machine from the modules of others.
pub(super) fn tell(report: Option<&WorkersReport>) {
    let Some(WorkersReport { confinement, notes }) = report else { return };
    let gaps = confinement.gaps();
    if !gaps.is_empty() {
        anstream::eprintln!(
            "note: this system did not give the modules of others {}; what else confines them held",
            gaps.join(" and ")
        );
    }
    for note in notes {
        anstream::eprintln!("note: {}", visible(note));
    }
}

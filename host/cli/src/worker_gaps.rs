//! Warns when third-party modules were not fully sandboxed.

use chitin_model::escape::visible;
use chitin_runtime::worker::WorkersReport;

/// Says on stderr which part of the sandbox this system did not provide.
pub(super) fn warn_gaps(report: Option<&WorkersReport>) {
    let Some(WorkersReport { confinement, notes }) = report else { return };
    let gaps = confinement.gaps();
    if !gaps.is_empty() {
        anstream::eprintln!(
            "note: this system did not confine third-party modules with {}; the rest of their sandbox was in place",
            gaps.join(" and ")
        );
    }
    for note in notes {
        anstream::eprintln!("note: {}", visible(note));
    }
}

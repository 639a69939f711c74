//! Standard output: the report, and nothing else.

use std::io::{ErrorKind, Write as _};

use anyhow::{Context as _, Result};

/// Prints to standard output. What cannot be written is lost, and an exit code must not say that all is well. A reader that
/// has seen enough and closes its pipe has lost nothing.
pub(super) fn print(text: &str) -> Result<()> {
    let mut out = anstream::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    if written.as_ref().is_err_and(|error| error.kind() == ErrorKind::BrokenPipe) {
        return Ok(());
    }
    written.context("the output was lost: standard output could not be written to")
}

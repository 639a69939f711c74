//! Standard output: the report, and nothing else.

use std::io::Write as _;

use anyhow::{Context as _, Result};

/// Prints to standard output. What cannot be written is lost, and an exit code must not say that all is well.
pub(super) fn print(text: &str) -> Result<()> {
    let mut out = anstream::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.context("the output was lost: standard output could not be written to")
}

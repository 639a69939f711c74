//! Standard output: the report, and nothing else.

use std::io::{ErrorKind, Write as _};

use anyhow::Result;

/// Prints to standard output; a reader that has gone away is no failure.
pub(super) fn print(text: &str) -> Result<()> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

//! `chitin fix`, `chitin undo` and `chitin audit --fix` as processes.

#![cfg(unix)]
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // The tests furnish what is fixed.
#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::unwrap_used)]

mod corpus;
mod edits;
mod permissions;
mod place;
mod preview;

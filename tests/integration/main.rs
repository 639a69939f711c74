//! Tests of the whole: the program as a process, and the library with hostile modules.
//!
//! What one crate can decide alone is tested in that crate. Data that is not Rust is in `tests/data`.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::unwrap_used)]

mod authoring;
mod catalogue;
mod conformance;
mod corpus;
mod deep;
mod docs;
mod entrance;
mod fix;
mod hostile_guests;
mod hostile_inputs;
mod live;
mod modules;
mod report;
mod scan;
mod secrets;
mod support;
mod workers;

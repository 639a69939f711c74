//! Tests of the whole: the program as a process, and the library with modules that mean harm.
//!
//! What one crate can decide alone is tested in that crate.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::unwrap_used)]

mod catalogue;
mod conformance;
mod corpus;
mod deviations;
mod hostile_guests;
mod hostile_inputs;
mod library;
mod neutral;
mod parallel;
mod place;
mod report;
mod runner;
mod secrets;
mod threat_model;
mod workers;

//! Tests of the whole: the program as a process, and the library with modules that mean harm.
//!
//! What one crate can decide alone is tested in that crate.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::unwrap_used)]

mod authoring;
mod catalogue;
mod conformance;
mod corpus;
mod deep;
mod deviations;
mod fix;
mod hostile_guests;
mod hostile_inputs;
mod library;
mod live;
mod modules;
mod neutral;
mod parallel;
mod place;
mod report;
mod runner;
mod scan;
mod secrets;
mod terminal;
mod threat_model;
mod workers;

//! Tests of the scanner from outside: its behaviour, hostile files, and how often it is right.

#![allow(clippy::expect_used, clippy::print_stdout, clippy::unwrap_used)]

mod accuracy;
mod baseline;
mod behaviour;
mod cases;
mod common;
mod hostile;
mod manifest;
mod traps;

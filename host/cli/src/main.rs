//! The `chitin` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    chitin::main()
}

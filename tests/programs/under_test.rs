//! The program under test. An integration test can run only programs of its own package.

use std::process::ExitCode;

fn main() -> ExitCode {
    chitin::main()
}

//! The program that runs workers for the bench: a bench can run only programs of its own package.

use std::process::ExitCode;

fn main() -> ExitCode {
    chitin::main()
}

//! The program on a terminal: what it asks and how it answers, as a person sees it.

#![allow(unsafe_code)] // A pseudo-terminal is asked of the C library.

use std::fs::File;
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::fd::{FromRawFd as _, OwnedFd};
use std::process::Stdio;
use std::ptr::null_mut;

use crate::support::runner::Run;

/// What a person saw, and how the program ended.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) seen: String,
    pub(crate) exit: i32,
}

/// Both ends of a new terminal: the person's, and the program's.
fn open() -> (File, OwnedFd) {
    let (mut person, mut program) = (-1, -1);
    // SAFETY: both numbers live through the call; name, settings and size may be null.
    let failed = unsafe {
        libc::openpty(&raw mut person, &raw mut program, null_mut(), null_mut(), null_mut())
    };
    assert_eq!(failed, 0, "{}", std::io::Error::last_os_error());
    // SAFETY: the call has made the two descriptors, and nobody else has them.
    let (person, program) =
        unsafe { (OwnedFd::from_raw_fd(person), OwnedFd::from_raw_fd(program)) };
    (person.into(), program)
}

/// Runs the program with all its streams on a terminal. Whenever it waits after a question, the answer to that line is
/// typed; the answers are keys and all.
pub(crate) fn interact(run: Run<'_>, mut answer: impl FnMut(&str) -> String) -> Session {
    let (mut person, program) = open();
    let stream = || Stdio::from(program.try_clone().unwrap());
    let mut command = run.env("TERM", "xterm-256color").command();
    let mut child = command.stdin(stream()).stdout(stream()).stderr(stream()).spawn().unwrap();
    // When the program ends, nobody holds its end of the terminal any more.
    drop((command, program));
    let (mut seen, mut answered) = (Vec::new(), 0);
    let mut buffer = [0; 4096];
    loop {
        match person.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => seen.extend(&buffer[..length]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            // The other end is closed.
            Err(_) => break,
        }
        if seen.len() > answered && seen.ends_with(b"[y/N] ") {
            answered = seen.len();
            let text = String::from_utf8_lossy(&seen).into_owned();
            let question = text.lines().last().unwrap();
            person.write_all(answer(question).as_bytes()).unwrap();
        }
    }
    let status = child.wait().unwrap();
    Session {
        seen: String::from_utf8_lossy(&seen).replace("\r\n", "\n"),
        exit: status.code().unwrap(),
    }
}

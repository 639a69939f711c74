//! Closes what this process inherited: the program that started chitin may have left open what no module should reach.
//!
//! Needs `unsafe`: closing a descriptor by its number is a promise that nobody owns it.
#![allow(unsafe_code)]

use std::os::fd::RawFd;

/// Standard input, output and error stay.
const FIRST: RawFd = 3;

/// Where there is no call that closes all.
#[cfg(not(target_os = "linux"))]
const LAST: RawFd = 4096;

/// To be called before anything is opened.
#[cfg(target_os = "linux")]
pub(super) fn close_inherited() {
    // SAFETY: a worker calls this first of all, so nothing in this process owns a descriptor beyond the standard ones.
    // A kernel without this call leaves them open; landlock does not reach them, seccomp lets none of them be used.
    let _closed = unsafe { libc::syscall(libc::SYS_close_range, FIRST, RawFd::MAX, 0) };
}

/// To be called before anything is opened.
#[cfg(not(target_os = "linux"))]
pub(super) fn close_inherited() {
    for descriptor in FIRST..LAST {
        // SAFETY: a worker calls this first of all, so nothing in this process owns a descriptor beyond the standard
        // ones. That most numbers are not in use is no error.
        let _closed = unsafe { libc::close(descriptor) };
    }
}

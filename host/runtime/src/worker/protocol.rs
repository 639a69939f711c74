//! What the host and a worker say to each other: frames of a length and bytes, of bounded size. Neither side reads
//! further than the other has written, since they speak in turns.

use std::io::{BufRead, Read, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::remote::GuestCall;
use super::sandbox::{Bounds, Confinement};
use crate::failure::{LoadFailure, WorkerFailure};
use crate::limits::Limits;

/// Nothing that the host sends is larger, and no artifact is.
pub(super) const MAX_BULK: usize = 256 << 20;
/// About as much as a pipe holds.
const AT_ONCE: usize = 64 << 10;
/// Words other than calls are short, and so is a job.
const MAX_MESSAGE: usize = 64 << 10;

#[derive(Debug, Error)]
pub(super) enum WireError {
    #[error("it ended")]
    Ended,
    #[error("it sent too much at once")]
    TooLarge,
    #[error("it sent a malformed message")]
    Malformed,
}

/// What a worker is to do. It comes before the module's bytes, so these meet a confined process.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Job {
    pub(super) task: Task,
    pub(super) limits: Limits,
    pub(super) bounds: Bounds,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Task {
    /// A component follows; its machine code is wanted.
    Compile,
    /// Machine code follows; it is to be run.
    Run,
}

/// What a worker says.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Message {
    /// The first word. The host sends no module before.
    Confined(Confinement),
    /// Machine code follows.
    Compiled,
    /// The component cannot be made ready.
    NotLoaded(LoadFailure),
    /// The machine code does not fit this engine.
    Unfit(LoadFailure),
    /// The guest asks; an answer is awaited.
    Call(GuestCall),
    /// The guest has come to its end.
    Ended(Option<WorkerFailure>),
}

/// Bytes that a word may have: a call brings no more than the engine lets through.
pub(super) fn max_message(limits: &Limits) -> usize {
    limits.transfer().saturating_add(MAX_MESSAGE)
}

/// The longest job.
pub(super) const MAX_JOB: usize = MAX_MESSAGE;

/// Both directions.
pub(super) struct Channel<R, W> {
    from: R,
    to: W,
}

impl<R: BufRead, W: Write> Channel<R, W> {
    pub(super) fn new(from: R, to: W) -> Self {
        Self { from, to }
    }

    pub(super) fn send(&mut self, message: &impl Serialize) -> Result<(), WireError> {
        self.send_bytes(&postcard::to_stdvec(message).map_err(|_| WireError::Malformed)?)
    }

    pub(super) fn send_bytes(&mut self, bytes: &[u8]) -> Result<(), WireError> {
        let length = u32::try_from(bytes.len()).map_err(|_| WireError::TooLarge)?;
        // Head and beginning at once: one system call for nearly everything.
        let (begin, rest) = bytes.split_at(bytes.len().min(AT_ONCE));
        let frame = [&length.to_le_bytes(), begin].concat();
        self.to
            .write_all(&frame)
            .and_then(|()| self.to.write_all(rest))
            .map_err(|_| WireError::Ended)
    }

    pub(super) fn receive<T: DeserializeOwned>(&mut self, most: usize) -> Result<T, WireError> {
        postcard::from_bytes(&self.receive_bytes(most)?).map_err(|_| WireError::Malformed)
    }

    pub(super) fn receive_bytes(&mut self, most: usize) -> Result<Vec<u8>, WireError> {
        let mut head = [0; 4];
        self.from.read_exact(&mut head).map_err(|_| WireError::Ended)?;
        let length = u32::from_le_bytes(head);
        if usize::try_from(length).map_or(true, |length| length > most) {
            return Err(WireError::TooLarge);
        }
        // Beyond this it grows with what really comes, whatever the head says.
        let mut bytes = Vec::with_capacity(most.min(length as usize).min(AT_ONCE * 64));
        let read = self.from.by_ref().take(u64::from(length)).read_to_end(&mut bytes);
        match read {
            Ok(read) if u32::try_from(read) == Ok(length) => Ok(bytes),
            _ => Err(WireError::Ended),
        }
    }
}

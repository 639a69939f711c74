//! The host's side of a conversation with a worker. Everything is decided here: the guest's account, its grants and what
//! it said lie in this process. A worker is believed no more than the module in it would be.

use std::io::{BufRead, Write};

use thiserror::Error;

use super::protocol::{Channel, Job, MAX_BULK, Message, WireError, max_message};
use super::remote::{self, GuestCall};
use super::sandbox::Confinement;
use crate::failure::{LoadFailure, RunError};
use crate::guest::Host;
use crate::limits::{Limit, Limits, Reached};
use crate::store_data::HostState;

/// Why a conversation came to no end of its own.
#[derive(Debug, Error)]
pub(super) enum WorkerError {
    #[error("the worker cannot be started: {0}")]
    NotStarted(std::io::ErrorKind),
    #[error("its worker ended early: {0}")]
    Died(String),
    #[error("its worker did not keep to the protocol: {0}")]
    Protocol(&'static str),
    #[error(
        "compiling it failed: {0}; should it have run out of memory, raise the limit with --limit compile-memory=NUMBER"
    )]
    CompilerDied(String),
    #[error("{0}")]
    Late(Reached),
    #[error("the host failed while running it; please report this")]
    HostFailed,
}

impl From<WorkerError> for RunError {
    fn from(error: WorkerError) -> Self {
        match error {
            WorkerError::Late(reached) => Self::Limit(reached),
            WorkerError::HostFailed => Self::HostFailed,
            other => Self::Worker(other.to_string()),
        }
    }
}

/// Why a worker hung up is known where its process is held, not here.
pub(super) enum SessionError {
    HungUp,
    Worker(WorkerError),
}

impl From<WireError> for SessionError {
    fn from(error: WireError) -> Self {
        match error {
            WireError::Ended => Self::HungUp,
            WireError::TooLarge => Self::Worker(WorkerError::Protocol("it said too much at once")),
            WireError::Malformed => {
                Self::Worker(WorkerError::Protocol("it sent a malformed message"))
            }
        }
    }
}

const OUT_OF_TURN: SessionError =
    SessionError::Worker(WorkerError::Protocol("it spoke out of turn"));

const NOT_ITS_OWN: SessionError =
    SessionError::Worker(WorkerError::Protocol("it reported an end that only the host can decide"));

/// What compiling came to.
#[derive(Debug)]
pub(super) enum Compiled {
    Artifact(Vec<u8>),
    NotLoaded(LoadFailure),
}

/// What running came to.
#[derive(Debug)]
pub(super) enum RunResult {
    Ended(Option<RunError>),
    NotLoaded(LoadFailure),
    /// The machine code was made for another machine or engine.
    Unfit(LoadFailure),
}

/// Has a component compiled.
pub(super) fn compile<R: BufRead, W: Write>(
    channel: &mut Channel<R, W>,
    job: &Job,
) -> Result<Compiled, SessionError> {
    match channel.receive(max_message(&job.limits))? {
        Message::Compiled => Ok(Compiled::Artifact(channel.receive_bytes(MAX_BULK)?)),
        Message::NotLoaded(failure) => Ok(Compiled::NotLoaded(failure)),
        _ => Err(OUT_OF_TURN),
    }
}

/// Has an artifact run, and answers the guest's questions.
pub(super) fn run<R: BufRead, W: Write>(
    channel: &mut Channel<R, W>,
    job: &Job,
    guest: &mut HostState,
) -> Result<RunResult, SessionError> {
    let most = max_message(&job.limits);
    loop {
        let ran = match channel.receive(most)? {
            Message::Call(call) => match answer(guest, call, &job.limits) {
                Ok(answer) => {
                    channel.send_bytes(&answer)?;
                    continue;
                }
                Err(failure) => RunResult::Ended(Some(failure)),
            },
            Message::Ended(None) => RunResult::Ended(None),
            Message::Ended(Some(failure)) => {
                RunResult::Ended(Some(failure.accept(&job.limits).ok_or(NOT_ITS_OWN)?))
            }
            Message::NotLoaded(failure) => RunResult::NotLoaded(failure),
            Message::Unfit(failure) => RunResult::Unfit(failure),
            Message::Confined(_) | Message::Compiled => return Err(OUT_OF_TURN),
        };
        return Ok(ran);
    }
}

/// Sends the job, and the bytes only to a worker that is confined.
pub(super) fn begin<R: BufRead, W: Write>(
    channel: &mut Channel<R, W>,
    job: &Job,
    bytes: &[u8],
) -> Result<Confinement, SessionError> {
    channel.send(job)?;
    let Message::Confined(confinement) = channel.receive(max_message(&job.limits))? else {
        return Err(OUT_OF_TURN);
    };
    channel.send_bytes(bytes)?;
    Ok(confinement)
}

fn answer(guest: &mut HostState, call: GuestCall, limits: &Limits) -> Result<Vec<u8>, RunError> {
    let answer =
        remote::answer(guest, call).map_err(|error| RunError::of(&error, guest.meter()))?;
    // A guest has no room for more, and a worker not much.
    if answer.len() as u64 > limits.get(Limit::Memory) {
        return Err(RunError::Limit(limits.reached(Limit::Memory)));
    }
    Ok(answer)
}

#[cfg(test)]
#[path = "session/tests.rs"]
mod tests;

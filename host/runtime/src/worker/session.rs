//! The host's side of a conversation with a worker. Everything is decided here: the guest's account, its grants and what
//! it said lie in this process. A worker is believed no more than the module in it would be.

use std::io::{BufRead, Write};

use thiserror::Error;

use super::protocol::{Job, MAX_BULK, Pipe, WireError, Word, max_word};
use super::remote::{self, GuestCall};
use super::sandbox::Confinement;
use crate::failure::{LoadFailure, RunError};
use crate::guest::Host;
use crate::limits::{Limit, Limits, Reached};
use crate::store_data::HostState;

/// Why a conversation came to no end of its own.
#[derive(Debug, Error)]
pub(super) enum Broken {
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

impl From<Broken> for RunError {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Late(reached) => Self::Limit(reached),
            Broken::HostFailed => Self::HostFailed,
            other => Self::Worker(other.to_string()),
        }
    }
}

/// A worker that hangs up is not asked for reasons here; whoever holds its leash knows them.
pub(super) enum Talk {
    HungUp,
    Broken(Broken),
}

impl From<WireError> for Talk {
    fn from(error: WireError) -> Self {
        match error {
            WireError::Ended => Self::HungUp,
            WireError::TooLarge => Self::Broken(Broken::Protocol("it said too much at once")),
            WireError::Malformed => Self::Broken(Broken::Protocol("it sent a malformed message")),
        }
    }
}

const OUT_OF_TURN: Talk = Talk::Broken(Broken::Protocol("it spoke out of turn"));

const NOT_ITS_OWN: Talk =
    Talk::Broken(Broken::Protocol("it reported an end that only the host can decide"));

/// What compiling came to.
#[derive(Debug)]
pub(super) enum Compiled {
    Artifact(Vec<u8>),
    NotLoaded(LoadFailure),
}

/// What running came to.
#[derive(Debug)]
pub(super) enum Ran {
    Ended(Option<RunError>),
    NotLoaded(LoadFailure),
    /// The machine code was made for another machine or engine.
    Unfit(LoadFailure),
}

/// Has a component compiled.
pub(super) fn compile<R: BufRead, W: Write>(
    pipe: &mut Pipe<R, W>,
    job: &Job,
) -> Result<Compiled, Talk> {
    match pipe.receive(max_word(&job.limits))? {
        Word::Compiled => Ok(Compiled::Artifact(pipe.receive_bytes(MAX_BULK)?)),
        Word::NotLoaded(failure) => Ok(Compiled::NotLoaded(failure)),
        _ => Err(OUT_OF_TURN),
    }
}

/// Has an artifact run, and answers the guest's questions.
pub(super) fn run<R: BufRead, W: Write>(
    pipe: &mut Pipe<R, W>,
    job: &Job,
    guest: &mut HostState,
) -> Result<Ran, Talk> {
    let most = max_word(&job.limits);
    loop {
        let ran = match pipe.receive(most)? {
            Word::Call(call) => match answer(guest, call, &job.limits) {
                Ok(answer) => {
                    pipe.send_bytes(&answer)?;
                    continue;
                }
                Err(failure) => Ran::Ended(Some(failure)),
            },
            Word::Ended(None) => Ran::Ended(None),
            Word::Ended(Some(failure)) => {
                Ran::Ended(Some(failure.accept(&job.limits).ok_or(NOT_ITS_OWN)?))
            }
            Word::NotLoaded(failure) => Ran::NotLoaded(failure),
            Word::Unfit(failure) => Ran::Unfit(failure),
            Word::Confined(_) | Word::Compiled => return Err(OUT_OF_TURN),
        };
        return Ok(ran);
    }
}

/// Sends the job, and the bytes only to a worker that is confined.
pub(super) fn begin<R: BufRead, W: Write>(
    pipe: &mut Pipe<R, W>,
    job: &Job,
    bytes: &[u8],
) -> Result<Confinement, Talk> {
    pipe.send(job)?;
    let Word::Confined(confinement) = pipe.receive(max_word(&job.limits))? else {
        return Err(OUT_OF_TURN);
    };
    pipe.send_bytes(bytes)?;
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

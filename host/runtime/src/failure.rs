//! Why a module did not load, or did not run to its end: as values, and in words. The host makes the words, so both ways
//! of running a module give the same.
//!
//! What must not enter: a state that only the host can decide, in anything that a worker may send.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use wasmtime::Trap;

use super::LoadError;
use super::limits::{Limit, Limits, Reached};
use super::usage::Meter;

/// What the engine says when one call brings more than [`Limits::transfer`]. It has no type for it; a test fails when
/// the text changes.
const TOO_MUCH_AT_ONCE: &str = "fuel allocated for hostcalls has been exhausted";

/// Why a module did not run to its end.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RunError {
    /// The run was cancelled. Only the host can decide this, and the module did nothing wrong.
    #[error("interrupted")]
    Cancelled,
    #[error(transparent)]
    Limit(Reached),
    /// It never ran; the text says why.
    #[error("{0}")]
    NotLoaded(String),
    /// The trap, if this engine knows the number that a worker gave.
    #[error("{}", trapped(*.0))]
    Trapped(Option<Trap>),
    /// The engine's reason.
    #[error("it failed: {0}")]
    Failed(String),
    /// Its worker could not be started, died, or broke the protocol.
    #[error("{0}")]
    Worker(String),
    /// A bug of chitin, not of the module.
    #[error("the host failed while running it; please report this")]
    HostFailed,
}

impl RunError {
    pub(super) fn of(error: &wasmtime::Error, meter: &Meter) -> Self {
        if let Some(limit) = limit_reached(error, meter) {
            return Self::Limit(meter.limits().reached(limit));
        }
        match (error.downcast_ref::<Trap>(), error.downcast_ref::<Self>()) {
            (Some(trap), _) => Self::Trapped(Some(*trap)),
            (None, Some(by_host)) => by_host.clone(),
            (None, None) => Self::Failed(first_line(error)),
        }
    }
}

/// How a run ended early, as a worker reports it. A worker that was taken over can send any value of this type, so it
/// has none for what the host decides: that the run was cancelled, and every limit that the host counts itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum WorkerFailure {
    Memory,
    Fuel,
    /// One call would have brought more than [`Limits::transfer`].
    Transfer,
    /// The engine's number of a trap.
    Trapped(u8),
    Failed(String),
}

impl WorkerFailure {
    pub(super) fn of(error: &wasmtime::Error, meter: &Meter) -> Self {
        match (limit_reached(error, meter), error.downcast_ref::<Trap>()) {
            (Some(Limit::Memory), _) => Self::Memory,
            (Some(Limit::Fuel), _) => Self::Fuel,
            (Some(Limit::Report), _) => Self::Transfer,
            (_, Some(trap)) => Self::Trapped(*trap as u8),
            (_, None) => Self::Failed(first_line(error)),
        }
    }

    /// The host's reading of it; none for an end that a worker cannot come to, since no clock interrupts its guest.
    pub(super) fn accept(self, limits: &Limits) -> Option<RunError> {
        let reached = |limit| RunError::Limit(limits.reached(limit));
        Some(match self {
            Self::Memory => reached(Limit::Memory),
            Self::Fuel => reached(Limit::Fuel),
            Self::Transfer => reached(Limit::Report),
            Self::Trapped(number) => match Trap::from_u8(number) {
                Some(Trap::Interrupt) => return None,
                trap => RunError::Trapped(trap),
            },
            Self::Failed(reason) => RunError::Failed(reason),
        })
    }
}

/// The limit that ended a run, if one did.
fn limit_reached(error: &wasmtime::Error, meter: &Meter) -> Option<Limit> {
    let of_engine = match error.downcast_ref::<Trap>() {
        Some(Trap::OutOfFuel) => Some(Limit::Fuel),
        Some(Trap::Interrupt) => Some(Limit::Time),
        None if error.to_string().contains(TOO_MUCH_AT_ONCE) => Some(Limit::Report),
        _ => None,
    };
    // A refused growth shows as a panic of the guest; the limit is the reason.
    meter.reached().map(|reached| reached.limit()).or(of_engine)
}

/// An end that no limit explains, in words.
pub(super) fn describe(error: &wasmtime::Error) -> String {
    match error.downcast_ref::<Trap>() {
        Some(trap) => trapped(Some(*trap)),
        None => format!("it failed: {}", first_line(error)),
    }
}

fn trapped(trap: Option<Trap>) -> String {
    match trap {
        Some(Trap::UnreachableCodeReached) => "it panicked".to_owned(),
        Some(Trap::StackOverflow) => "its stack overflowed".to_owned(),
        Some(trap) => format!("it trapped: {trap}"),
        None => "it trapped".to_owned(),
    }
}

/// Why a component cannot be made ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum LoadFailure {
    ForeignImport(String),
    Engine(String),
}

impl LoadFailure {
    pub(super) fn of(error: &wasmtime::Error) -> Self {
        Self::Engine(first_line(error))
    }

    pub(super) fn of_module(self, module: &str) -> LoadError {
        let module = module.to_owned();
        match self {
            Self::ForeignImport(import) => LoadError::ForeignImport { module, import },
            Self::Engine(reason) => LoadError::Engine { module, reason },
        }
    }
}

/// The outermost message, without a chain or a backtrace.
fn first_line(error: &wasmtime::Error) -> String {
    error.to_string().lines().next().unwrap_or("no reason given").to_owned()
}

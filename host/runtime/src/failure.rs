//! Why a module did not load, or did not run to its end: as a value that can be told from a worker to the host, and in
//! words. The host makes the words, so that both ways of running a module say the same.

use serde::{Deserialize, Serialize};
use wasmtime::Trap;

use super::limits::{Limit, Limits};
use super::usage::Meter;
use super::{INTERRUPTED, Interrupted, LoadError};

/// What the engine says when one call brings more than [`Limits::transfer`]. It has no type for it; a test tells when it
/// says something else.
const TOO_MUCH_AT_ONCE: &str = "fuel allocated for hostcalls has been exhausted";

/// Why a run ended before its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Failure {
    Reached(Limit),
    /// The engine's number of a trap.
    Trapped(u8),
    /// Whoever waits for the run wants it to end.
    Interrupted,
    Failed(String),
}

impl Failure {
    pub(super) fn of(error: &wasmtime::Error, meter: &Meter) -> Self {
        let trap = error.downcast_ref::<Trap>();
        let of_engine = match trap {
            Some(Trap::OutOfFuel) => Some(Limit::Fuel),
            Some(Trap::Interrupt) => Some(Limit::Time),
            None if error.to_string().contains(TOO_MUCH_AT_ONCE) => Some(Limit::Report),
            _ => None,
        };
        // A refused growth shows as a panic of the guest; the limit is the reason.
        let reached = meter.reached().map(|reached| reached.limit()).or(of_engine);
        match (reached, trap) {
            (Some(limit), _) => Self::Reached(limit),
            (None, Some(trap)) => Self::Trapped(*trap as u8),
            (None, None) if error.is::<Interrupted>() => Self::Interrupted,
            (None, None) => Self::Failed(first_line(error)),
        }
    }

    pub(super) fn words(&self, limits: &Limits) -> String {
        match self {
            Self::Reached(limit) => limits.reached(*limit).to_string(),
            Self::Trapped(number) => trapped(Trap::from_u8(*number)),
            Self::Interrupted => INTERRUPTED.to_owned(),
            Self::Failed(reason) => format!("it failed: {reason}"),
        }
    }
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

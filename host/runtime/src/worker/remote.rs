//! The contract over a pipe: in a worker every call becomes a [`GuestCall`], which the host answers as it would answer a
//! guest of its own. Nothing is decided here, and nothing is remembered.

use chitin_contract::report;
use chitin_model::ledger::Status;
use chitin_view::calls::{AnyCall, Call};
use chitin_view::{Answer, host_calls};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::guest::Host;
use crate::usage::Meter;

/// One call of a guest to the host.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum GuestCall {
    Ask(AnyCall),
    Add(report::Finding),
    Note(Statement, String, String),
}

/// What a guest may say about a rule. The other states are the host's to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Statement {
    NotApplicable,
    NotRun,
    Skipped,
}

impl From<Statement> for Status {
    fn from(statement: Statement) -> Self {
        match statement {
            Statement::NotApplicable => Self::NotApplicable,
            Statement::NotRun => Self::NotRun,
            Statement::Skipped => Self::Skipped,
        }
    }
}

macro_rules! dispatch {
    ($($interface:ident { $($function:ident($($argument:ident: $type:ty),*) => $call:ident;)* })*) => {
        fn ask<H: Host>(host: &mut H, call: AnyCall) -> wasmtime::Result<Vec<u8>> {
            match call {
                $($(AnyCall::$call(call) => encode(&host.ask(call)?),)*)*
            }
        }
    };
}
host_calls!(dispatch);

/// Answers a call. An error ends the guest, as it would in this process.
pub(super) fn answer<H: Host>(host: &mut H, call: GuestCall) -> wasmtime::Result<Vec<u8>> {
    match call {
        GuestCall::Ask(call) => ask(host, call),
        GuestCall::Add(finding) => encode(&host.add(finding)?),
        GuestCall::Note(statement, rule, reason) => {
            encode(&host.note(rule, statement.into(), reason)?)
        }
    }
}

fn encode(answer: &impl Serialize) -> wasmtime::Result<Vec<u8>> {
    postcard::to_stdvec(answer).map_err(|_| wasmtime::Error::msg("an answer cannot be encoded"))
}

/// Where a worker asks.
pub(super) trait Transport: Send + 'static {
    fn exchange(&mut self, call: GuestCall) -> wasmtime::Result<Vec<u8>>;
    fn meter(&mut self) -> &mut Meter;
}

/// The host as a worker sees it.
pub(super) struct RemoteHost<T>(pub(super) T);

impl<T: Transport> RemoteHost<T> {
    fn exchange<R: DeserializeOwned>(&mut self, call: GuestCall) -> wasmtime::Result<R> {
        let answer = self.0.exchange(call)?;
        postcard::from_bytes(&answer)
            .map_err(|_| wasmtime::Error::msg("an answer cannot be decoded"))
    }
}

impl<T: Transport> Host for RemoteHost<T> {
    fn ask<C: Call>(&mut self, call: C) -> wasmtime::Result<Answer<C::Reply>> {
        self.exchange(GuestCall::Ask(call.into()))
    }

    fn add(&mut self, finding: report::Finding) -> wasmtime::Result<Result<(), String>> {
        self.exchange(GuestCall::Add(finding))
    }

    fn note(&mut self, rule: String, status: Status, reason: String) -> wasmtime::Result<()> {
        let statement = match status {
            Status::NotApplicable => Statement::NotApplicable,
            Status::NotRun => Statement::NotRun,
            Status::Skipped => Statement::Skipped,
            Status::Finding | Status::Passed => {
                return Err(wasmtime::Error::msg("a guest cannot say this about a rule"));
            }
        };
        self.exchange(GuestCall::Note(statement, rule, reason))
    }

    fn meter(&mut self) -> &mut Meter {
        self.0.meter()
    }
}

//! The contract's imports as a component calls them, made from the list of host calls. What a call leads to is the
//! [`Host`]'s business: this process answers itself, a worker asks it.
//!
//! What must not enter: a decision about what a guest may see.

use chitin_contract::{code, config, facts, files, report, scanning, types};
use chitin_model::ledger::Status;
use chitin_view::calls::{self, Call};
use chitin_view::{Answer, host_calls};
use wasmtime::component::{HasSelf, Linker};

pub(super) use chitin_contract::{Check, CheckPre};

use super::usage::{Meter, Metered};

/// What stands behind the imports. An error ends the guest.
pub(super) trait Host: Send + 'static {
    /// A question.
    fn ask<C: Call>(&mut self, call: C) -> wasmtime::Result<Answer<C::Reply>>;
    /// A finding; the inner error says why it was not accepted.
    fn add(&mut self, finding: report::Finding) -> wasmtime::Result<Result<(), String>>;
    /// What became of a rule, other than through a finding.
    fn note(&mut self, rule: String, status: Status, reason: String) -> wasmtime::Result<()>;
    fn meter(&mut self) -> &mut Meter;
}

/// The data of a store.
pub(super) struct Guest<H>(pub(super) H);

impl<H: Host> Metered for Guest<H> {
    fn meter(&mut self) -> &mut Meter {
        self.0.meter()
    }
}

/// Adds every import of the contract to a linker.
pub(super) fn link<H: Host>(linker: &mut Linker<Guest<H>>) -> wasmtime::Result<()> {
    Check::add_to_linker::<_, HasSelf<_>>(linker, |guest| guest)
}

macro_rules! imports {
    ($($interface:ident { $($function:ident($($argument:ident: $type:ty),*) => $call:ident;)* })*) => {
        $(
            impl<H: Host> $interface::Host for Guest<H> {
                $(
                    fn $function(
                        &mut self,
                        $($argument: $type),*
                    ) -> wasmtime::Result<Answer<<calls::$call as Call>::Reply>> {
                        self.0.ask(calls::$call { $($argument),* })
                    }
                )*
            }
        )*
    };
}
host_calls!(imports);

impl<H: Host> types::Host for Guest<H> {}

impl<H: Host> scanning::Host for Guest<H> {}

impl<H: Host> report::Host for Guest<H> {
    fn add(&mut self, finding: report::Finding) -> wasmtime::Result<Result<(), String>> {
        self.0.add(finding)
    }

    fn not_applicable(&mut self, rule: String, reason: String) -> wasmtime::Result<()> {
        self.0.note(rule, Status::NotApplicable, reason)
    }

    fn not_run(&mut self, rule: String, reason: String) -> wasmtime::Result<()> {
        self.0.note(rule, Status::NotRun, reason)
    }

    fn skipped(&mut self, rule: String, reason: String) -> wasmtime::Result<()> {
        self.0.note(rule, Status::Skipped, reason)
    }
}

//! Links a component against the contract and runs it once. What the guest's questions lead to is the store's data, and
//! differs between this process and a worker; the limits do not.

use wasmtime::component::{Component, InstancePre, Linker};
use wasmtime::{Engine, Store};

use super::failure::LoadFailure;
use super::limits::{Limit, Limits};
use super::usage::Metered;
use chitin_contract::CheckPre;
use chitin_model::component_info::is_contract_import;

/// Checks a component's imports by name, and links them.
pub(super) fn link<T: Metered>(
    engine: &Engine,
    linker: &Linker<T>,
    component: &Component,
) -> Result<CheckPre<T>, LoadFailure> {
    let ty = component.component_type();
    if let Some((import, _)) = ty.imports(engine).find(|(import, _)| !is_contract_import(import)) {
        return Err(LoadFailure::ForeignImport(import.to_owned()));
    }
    let pre: InstancePre<T> =
        linker.instantiate_pre(component).map_err(|error| LoadFailure::of(&error))?;
    CheckPre::new(pre).map_err(|error| LoadFailure::of(&error))
}

/// Runs it in a fresh store, on which `clock` sets what ends a run in time. Gives back the data, and
/// the error that ended it early, if one did.
pub(super) fn execute<T: Metered>(
    engine: &Engine,
    check: &CheckPre<T>,
    data: T,
    limits: &Limits,
    clock: impl FnOnce(&mut Store<T>),
) -> (T, Option<wasmtime::Error>) {
    let mut store = Store::new(engine, data);
    store.limiter(|data| &mut data.meter().memory);
    store.set_hostcall_fuel(limits.transfer());
    clock(&mut store);
    let ran = store
        .set_fuel(limits.get(Limit::Fuel))
        .and_then(|()| check.instantiate(&mut store))
        .and_then(|check| check.call_run(&mut store));
    (store.into_data(), ran.err())
}

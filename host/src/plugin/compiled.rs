//! Machine code for a component: taken ahead of time when this very program carries it, compiled otherwise.
//!
//! Needs `unsafe`: taking compiled code is a promise about where it comes from.
#![allow(unsafe_code)]

use wasmtime::Engine;
use wasmtime::component::Component;

use super::embedded::Embedded;

/// Loads an embedded module. Code that does not fit this machine is compiled anew.
pub(super) fn load(engine: &Engine, module: &Embedded) -> wasmtime::Result<Component> {
    // SAFETY: the bytes were made by this program's build script with this engine configuration and are part of the
    // program's own read-only data; whoever could change them could change the program. The engine checks version,
    // configuration and processor features and refuses what does not fit.
    match unsafe { Component::deserialize(engine, module.compiled) } {
        Ok(component) => Ok(component),
        Err(reason) => {
            note_compilation(&reason);
            Component::new(engine, module.component)
        }
    }
}

/// Loads the machine code of a module that is not built in: in a worker only, which is confined by then.
///
/// An error means that it does not fit this engine or this machine, and has to be made anew.
pub(super) fn load_in_worker(engine: &Engine, artifact: &[u8]) -> wasmtime::Result<Component> {
    // SAFETY: the host got these bytes from a worker of this program that compiled them, or from its private cache with
    // the digest that it noted then. Should either be deceived, this process is confined and holds nothing of value.
    unsafe { Component::deserialize(engine, artifact) }
}

/// Compiling costs half a second a module, so whoever waits should know why. Once is enough.
fn note_compilation(reason: &wasmtime::Error) {
    static NOTED: std::sync::Once = std::sync::Once::new();
    NOTED.call_once(|| {
        anstream::eprintln!(
            "note: compiling the checks, since their machine code does not fit here: {reason}"
        );
    });
}

//! Machine code for a component: taken ahead of time when this very program carries it, compiled otherwise.
//!
//! Needs `unsafe`: taking compiled code is a promise about where it comes from.
#![allow(unsafe_code)]

use wasmtime::Engine;
use wasmtime::component::Component;

/// A component that the program carries, and its machine code for the target's baseline processor.
#[derive(Debug)]
pub struct Embedded {
    component: &'static [u8],
    compiled: &'static [u8],
}

impl Embedded {
    /// # Safety
    ///
    /// `compiled` must be what the engine of `chitin-engine` made of `component`, and nothing else: it is run as it is.
    pub const unsafe fn new(component: &'static [u8], compiled: &'static [u8]) -> Self {
        Self { component, compiled }
    }

    pub(super) fn component(&self) -> &'static [u8] {
        self.component
    }
}

/// Loads an embedded module. Code that does not fit this machine is compiled anew.
pub(super) fn load(engine: &Engine, module: &Embedded) -> wasmtime::Result<Component> {
    // SAFETY: the maker of `module` promised that the engine configured here compiled these bytes. They are part of the
    // program's own read-only data: anyone who could change them could change the program. The engine checks version,
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

/// Compiling costs half a second a module, so anyone who waits should know why. Once is enough.
fn note_compilation(reason: &wasmtime::Error) {
    static NOTED: std::sync::Once = std::sync::Once::new();
    NOTED.call_once(|| {
        anstream::eprintln!(
            "note: compiling the checks, since their machine code does not fit here: {reason}"
        );
    });
}

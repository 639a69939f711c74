//! Machine code for a component: taken ahead of time when this very program carries it, compiled otherwise.
//!
//! The only module with `unsafe`: taking compiled code is a promise about where it comes from.
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

/// Compiling costs half a second a module, so whoever waits should know why. Once is enough.
fn note_compilation(reason: &wasmtime::Error) {
    static NOTED: std::sync::Once = std::sync::Once::new();
    NOTED.call_once(|| {
        anstream::eprintln!(
            "note: compiling the checks, since their machine code does not fit here: {reason}"
        );
    });
}

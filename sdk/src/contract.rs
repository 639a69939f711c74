//! The contract's types and imports, generated from `wit/`. In a native build the imports are never called; the types
//! are the same.
#![allow(
    unsafe_code,
    clippy::pedantic,
    missing_docs,
    missing_debug_implementations,
    unreachable_pub
)] // Generated, and the exports need `unsafe`.

#[cfg(target_family = "wasm")]
wit_bindgen::generate!({
    path: "../wit/0.1.0",
    world: "check",
    pub_export_macro: true,
    default_bindings_module: "chitin_sdk::contract",
    additional_derives: [PartialEq, Eq],
});

// What answers in place of the program passes these on.
#[cfg(not(target_family = "wasm"))]
wit_bindgen::generate!({
    path: "../wit/0.1.0",
    world: "check",
    pub_export_macro: true,
    default_bindings_module: "chitin_sdk::contract",
    additional_derives: [PartialEq, Eq, serde::Deserialize, serde::Serialize],
});

pub use chitin::audit::{code, config, facts, files, report, types};

//! The contract in `wit/` as Rust types: one module for each version, made by wasmtime from the WIT text.
//!
//! The newest version's types are what the host works with; an older version converts to them at the edge. The same
//! types are kept in recordings and cross the pipe to a worker. What must not enter: any decision, and any code of the
//! engine but these bindings.

/// Version 0.1 of the contract.
pub mod v0_1 {
    #![allow(missing_docs, missing_debug_implementations, clippy::pedantic)] // Generated.

    wasmtime::component::bindgen!({
        path: "../../wit/0.1.0",
        world: "check",
        imports: { default: trappable },
        additional_derives: [PartialEq, Eq, serde::Deserialize, serde::Serialize],
    });
}

/// Version 0.1 of the contract of a scanner.
pub mod scanner_v0_1 {
    #![allow(missing_docs, missing_debug_implementations, clippy::pedantic)] // Generated.

    wasmtime::component::bindgen!({
        path: "../../wit/0.1.0",
        world: "scanner",
    });
}

pub use v0_1::chitin::audit::{code, config, facts, files, report, scanning, types};
pub use v0_1::{Check, CheckPre};

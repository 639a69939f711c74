//! JSON documents as checks see them: a config in which secrets are sealed, read by ECMAScript's rules, and the few
//! things that can be asked about a gateway.
//!
//! The SDK, the knowledge of OpenClaw and the program share these types. Findings, manifests and everything else that
//! only a check or only the program needs must not enter.

mod facts;
mod metadata;
mod node;
mod seal;
pub mod text;

pub use facts::{AuthOverride, GatewayFacts, Refusal};
pub use metadata::{AclEntry, Kind, Link, Metadata};
pub use node::{Node, Tree};
pub use seal::{Placeholder, Seal, SecretSource};
pub use serde_json::Value;

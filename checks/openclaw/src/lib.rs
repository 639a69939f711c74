//! What OpenClaw is, once: who authenticates how, which agents there are, what a tool policy allows, which channel
//! providers and lists of names OpenClaw ships.
//!
//! Nothing here reports a finding or says what is safe, so neither the SDK nor the program may enter.

pub mod agent_scopes;
pub mod auth;
pub mod channels;
pub mod host_path;
pub mod open_policies;
pub mod plugins;
pub mod policy;
pub mod report_order;
pub mod roster;
pub mod sandbox;
pub mod tools;

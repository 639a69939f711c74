//! What the built-in checks know about OpenClaw, once: who authenticates how, which agents there are, what a tool
//! policy allows, which lists of names OpenClaw ships, how a code scan is told. Nothing here reports.

pub mod auth;
pub mod channels;
pub mod code;
pub mod contexts;
pub mod host_path;
pub mod open;
pub mod plugins;
pub mod policy;
pub mod report_order;
pub mod roster;
pub mod sandbox;
pub mod tools;

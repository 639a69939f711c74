//! How the gateway is reached and who may talk to it: the bind address and Tailscale, and the authentication that is
//! in effect once config, environment and the options of this run are put together.
//!
//! The rules are those of OpenClaw 2026.9.6. Nothing here judges: a weak secret and a missing one are described, not
//! reported. What a proxy, the control UI or a device may do after authentication does not belong here either.

mod credential;
mod reach;
mod resolved;

pub use credential::{Credential, CredentialKind};
pub use reach::Reach;
pub use resolved::{Auth, Mode, Sources};

/// A shared secret of fewer characters than this counts as short.
pub const SHORTEST_SECRET: u32 = 24;

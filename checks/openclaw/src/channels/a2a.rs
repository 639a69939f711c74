//! A2A: agents that talk to agents.

use super::provider::{Origin, Provider};

pub(super) static PROVIDER: Provider =
    Provider { groups: None, ..Provider::named("a2a", "A2A", Origin::Bundled) };

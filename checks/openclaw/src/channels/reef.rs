//! Reef: encrypted messages between the agents of different people.

use super::provider::{Origin, Provider};

pub(super) static PROVIDER: Provider =
    Provider { groups: None, ..Provider::named("reef", "Reef", Origin::Bundled) };

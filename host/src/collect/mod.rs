//! The only code that touches the machine: finds the gateway, reads its config, opens its directories, gathers facts.
//! What is collected stays inside the host and holds secrets in the clear; `view` makes of it what a check may see.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod config;
pub mod discover;
pub mod environment;
pub mod facts;
pub mod files;
pub(crate) mod plain;
mod roots;
pub(crate) mod tree;
pub(crate) mod vaults;
pub(crate) mod windows;

use std::sync::Arc;

use config::Config;
use discover::{Depth, Locations, Request};
use environment::Environment;
use facts::{Credentials, StateDatabase};
use files::Roots;
use vaults::Vaults;

/// Everything that was found on the machine.
pub struct Collected {
    pub locations: Locations,
    pub depth: Depth,
    pub credentials: Credentials,
    pub environment: Environment,
    pub config: Config,
    pub roots: Arc<Roots>,
    pub database: StateDatabase,
    pub(crate) vaults: Vaults,
}

impl Collected {
    /// Collects what every audit needs. What only some checks need is collected when they ask.
    pub fn gather(request: &Request, mut environment: Environment) -> Self {
        let locations = discover::find(request, &mut environment);
        let config = config::load(&locations, &mut environment, &config::Limits::default());
        let roots = Arc::new(roots::roots(&locations, &environment, &config, request.depth));
        let database = StateDatabase::new(Arc::clone(&roots));
        let vaults = Vaults::of(&locations, &config);
        Self {
            locations,
            depth: request.depth,
            credentials: request.credentials.clone(),
            environment,
            config,
            roots,
            database,
            vaults,
        }
    }
}

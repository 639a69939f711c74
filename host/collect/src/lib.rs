//! The only code that touches the machine: finds the gateway, reads its config, opens its directories, gathers facts.
//! What is collected stays inside the host and holds secrets in the clear; `view` makes of it what a check may see.

pub mod facts;
mod roots;
pub mod secret_files;

use std::sync::Arc;

use chitin_config::Config;
use chitin_config::discover::{self, Credentials, Depth, Locations, Request};
use chitin_config::environment::Environment;
use chitin_fs::files::Roots;
use facts::StateDatabase;
use secret_files::Vaults;

/// Everything that was found on the machine.
pub struct Collected {
    pub locations: Locations,
    pub depth: Depth,
    pub credentials: Credentials,
    pub environment: Environment,
    pub config: Config,
    pub roots: Arc<Roots>,
    pub database: StateDatabase,
    pub vaults: Vaults,
}

impl Collected {
    /// Collects what every audit needs. What only some checks need is collected when they ask.
    pub fn gather(request: &Request, mut environment: Environment) -> Self {
        let locations = discover::find(request, &mut environment);
        let config = chitin_config::load(
            &locations,
            &mut environment,
            &chitin_config::ConfigLimits::default(),
        );
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

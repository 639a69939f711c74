//! Collects what an audit needs from the machine: finds the gateway, reads its config, opens its directories, gathers
//! facts. What is collected holds secrets in the clear and stays inside the host; chitin-view derives from it what a check may
//! see.
//!
//! What must not enter: writing to what is audited, judging it, and grants.

pub mod facts;
pub mod root_names;
mod roots;
pub mod secret_files;

use std::sync::Arc;

use chitin_config::Config;
use chitin_config::discover::{self, Credentials, Depth, Locations, Request};
use chitin_config::environment::Environment;
use chitin_fs::files::Roots;
use facts::StateDatabase;
use secret_files::SecretFiles;

/// Everything that was found on the machine.
pub struct Collected {
    pub locations: Locations,
    pub depth: Depth,
    pub credentials: Credentials,
    pub environment: Environment,
    pub config: Config,
    pub roots: Arc<Roots>,
    pub database: StateDatabase,
    pub secret_files: SecretFiles,
}

impl Collected {
    /// Collects what every audit needs. What only some checks need is collected when they ask for it.
    pub fn gather(request: &Request, mut environment: Environment) -> Self {
        let locations = discover::find(request, &mut environment);
        let config = chitin_config::load(
            &locations,
            &mut environment,
            &chitin_config::ConfigLimits::default(),
        );
        let roots = Arc::new(roots::roots(&locations, &environment, &config, request.depth));
        let database = StateDatabase::new(Arc::clone(&roots));
        let secret_files = SecretFiles::of(&locations, &config);
        Self {
            locations,
            depth: request.depth,
            credentials: request.credentials.clone(),
            environment,
            config,
            roots,
            database,
            secret_files,
        }
    }
}

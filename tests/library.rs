//! Audits through the library, with modules that no command line loads.

use chitin::audit::{Options, Report, audit};
use chitin::collect::discover::Request;
use chitin::collect::environment::Environment;
use chitin::plugin::Catalogue;
use chitin::plugin::limits::{LimitSetting, Limits};
use chitin::view::AuthOverride;

use crate::place::Place;

/// The modules of `guests/`, built by the build script.
pub(crate) const HOSTILE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/hostile.wasm"));
pub(crate) const SPY: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/spy.wasm"));

/// A catalogue of one module.
pub(crate) fn alone(component: &[u8]) -> Catalogue {
    Catalogue::of_components([("alone", component)]).unwrap_or_else(|error| panic!("{error}"))
}

/// An audit that is being prepared.
pub(crate) struct Audit<'p> {
    place: &'p Place,
    environment: Vec<(String, String)>,
    /// Time enough that a busy machine does not decide about a result.
    limits: Vec<LimitSetting>,
    auth: Option<AuthOverride>,
}

impl<'p> Audit<'p> {
    /// Of the place's state directory.
    pub(crate) fn of(place: &'p Place) -> Self {
        let home = place.home().to_str().unwrap().to_owned();
        Self {
            place,
            environment: vec![("HOME".to_owned(), home)],
            limits: vec!["time=60000".parse().unwrap()],
            auth: None,
        }
    }

    #[must_use]
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Changes a limit, `NAME=NUMBER`.
    #[must_use]
    pub(crate) fn limit(mut self, setting: &str) -> Self {
        self.limits.push(setting.parse().unwrap());
        self
    }

    #[must_use]
    pub(crate) fn auth(mut self, auth: AuthOverride) -> Self {
        self.auth = Some(auth);
        self
    }

    pub(crate) fn run(self, catalogue: &Catalogue) -> Report {
        let options = Options {
            request: Request {
                state_dir: Some(self.place.state()),
                cwd: self.place.root().to_owned(),
                ..Request::default()
            },
            auth: self.auth,
            limits: Limits::with(&self.limits),
            ..Options::default()
        };
        let environment = Environment::from_pairs(self.environment);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(audit(options, environment, catalogue)).unwrap()
    }
}

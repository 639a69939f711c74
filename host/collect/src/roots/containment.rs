//! What belongs to the audited gateway. A stranger's directory may name any path of this machine, in its config or by
//! a link; only what really lies in the directory is looked at then.

use std::path::{Path, PathBuf};

use chitin_config::discover::Locations;

/// Answers whether a path belongs to the audited gateway.
pub(super) struct Ownership<'l> {
    /// The stranger's directory, as it was named and with links resolved. None for this machine's own gateway.
    within: Option<(&'l Path, PathBuf)>,
}

impl<'l> Ownership<'l> {
    pub(super) fn of(locations: &'l Locations) -> Self {
        let within = (!locations.own_gateway).then(|| {
            let named = &*locations.state_dir;
            (named, named.canonicalize().unwrap_or_else(|_| named.to_owned()))
        });
        Self { within }
    }

    /// Whether a path lies there, by its text and, if something is there, in truth.
    pub(super) fn covers(&self, path: &Path) -> bool {
        self.within.as_ref().is_none_or(|(named, real)| {
            (path.starts_with(named) || path.starts_with(real))
                && path.canonicalize().map_or(true, |found| found.starts_with(real))
        })
    }
}

//! Which paths belong to the audited gateway. Someone else's directory may name any path of this machine, in its config or
//! by a link. Then only what is really inside the directory is read.

use std::path::{Path, PathBuf};

use chitin_config::discover::Locations;

/// Decides whether a path belongs to the audited gateway.
pub(super) struct Containment<'l> {
    /// The directory of someone else's gateway, as it was named and with links resolved. None for this machine's own.
    within: Option<(&'l Path, PathBuf)>,
}

impl<'l> Containment<'l> {
    pub(super) fn of(locations: &'l Locations) -> Self {
        let within = (!locations.own_gateway()).then(|| {
            let named = &*locations.state_dir;
            (named, named.canonicalize().unwrap_or_else(|_| named.to_owned()))
        });
        Self { within }
    }

    /// Whether a path is inside, by its text and, if it exists, with links resolved.
    pub(super) fn contains(&self, path: &Path) -> bool {
        self.within.as_ref().is_none_or(|(named, real)| {
            (path.starts_with(named) || path.starts_with(real))
                && path.canonicalize().map_or(true, |found| found.starts_with(real))
        })
    }
}

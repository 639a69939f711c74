//! Names of the roots that facts are read from.

/// The root of the state directory.
pub const STATE_ROOT: &str = "state";
/// The root of the credentials directory.
pub const CREDENTIALS_ROOT: &str = "credentials";
/// The root of the default state directory, where a few documents stay even if the state directory is another one. A
/// module cannot be granted it.
pub(crate) const HOME_STATE_ROOT: &str = "home-state";

/// Why there are no roots.
pub const CONFIG_ALONE: &str = "only a config was given";

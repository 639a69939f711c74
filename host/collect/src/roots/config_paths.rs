//! Paths that a config has as texts, made absolute.

use std::path::PathBuf;

use chitin_config::discover::{Locations, expand_user_path};
use chitin_config::ecma::trim;
use chitin_config::{Config, Shape, Value};

/// The path at a pointer. None when there is no text, or a blank one.
pub(super) fn path_at(config: &Config, pointer: &str, locations: &Locations) -> Option<PathBuf> {
    path_of(config.value(pointer)?, locations)
}

/// The paths in the list at a pointer.
pub(super) fn paths_at(config: &Config, pointer: &str, locations: &Locations) -> Vec<PathBuf> {
    let Some(Shape::List(items)) = config.value(pointer).map(|value| &value.shape) else {
        return Vec::new();
    };
    items.iter().filter_map(|item| path_of(item, locations)).collect()
}

fn path_of(value: &Value, locations: &Locations) -> Option<PathBuf> {
    let path = value.text().map(trim).filter(|path| !path.is_empty())?;
    Some(expand_user_path(path, &locations.home, &locations.cwd))
}

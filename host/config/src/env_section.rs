//! The config's `env` section: variables that OpenClaw sets for itself before it goes on.

use super::document::{Shape, Value};
use super::ecma::trim;
use super::variables::has_reference;
use crate::environment::{Environment, config_may_set};

/// Adds the variables that the section sets. One that has a value already keeps it.
pub(super) fn apply(document: &Value, environment: &mut Environment) {
    let Some(section) = document.member("env") else { return };
    // A direct member wins over one of the same name in `vars`, so it comes first.
    let direct = members(section).filter(|(name, _)| !matches!(*name, "vars" | "shellEnv"));
    let listed = section.member("vars").into_iter().flat_map(members);
    for (name, value) in direct.chain(listed) {
        let name = trim(name);
        if config_may_set(name)
            && !trim(value).is_empty()
            && !has_reference(value)
            && environment.get(name).is_none()
        {
            environment.set(name, value);
        }
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &str)> {
    let members = match &value.shape {
        Shape::Map(members) => members.as_slice(),
        _ => &[],
    };
    members.iter().filter_map(|(name, value)| match &value.shape {
        Shape::Text(text) => Some((name.as_str(), text.authored.as_str())),
        _ => None,
    })
}

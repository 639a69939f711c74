//! The merge rule of `$include`: lists join, objects merge, and otherwise the later value wins.

use std::collections::HashMap;

use super::document::{Shape, Value};
use super::ecma::order_members;
use super::limits::ConfigSizeError;

/// Merges a value over another. Each member that is looked at costs one of `steps`, so many merges into a large object
/// come to an end.
pub(super) fn merge(
    base: &mut Value,
    over: Value,
    steps: &mut usize,
) -> Result<(), ConfigSizeError> {
    base.location = over.location;
    match (&mut base.shape, over.shape) {
        (Shape::List(items), Shape::List(more)) => items.extend(more),
        (Shape::Map(members), Shape::Map(more)) => merge_members(members, more, steps)?,
        (shape, later) => *shape = later,
    }
    Ok(())
}

fn merge_members(
    base: &mut Vec<(String, Value)>,
    over: Vec<(String, Value)>,
    steps: &mut usize,
) -> Result<(), ConfigSizeError> {
    *steps = steps.checked_sub(base.len() + over.len()).ok_or(ConfigSizeError::Values)?;
    let places: HashMap<String, usize> =
        base.iter().enumerate().map(|(at, (key, _))| (key.clone(), at)).collect();
    for (key, value) in over {
        match places.get(&key).and_then(|at| base.get_mut(*at)) {
            Some((_, earlier)) => merge(earlier, value, steps)?,
            None => base.push((key, value)),
        }
    }
    order_members(base);
    Ok(())
}

/// Drops the keys that OpenClaw keeps out of what it merges, at every level down to the next list.
pub(super) fn clean(value: &mut Value) {
    if let Shape::Map(members) = &mut value.shape {
        members
            .retain(|(key, _)| !matches!(key.as_str(), "__proto__" | "prototype" | "constructor"));
        for (_, member) in members {
            clean(member);
        }
    }
}

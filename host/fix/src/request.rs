//! What modules asked for beyond the host's own list. A request is a wish: it is held against the config, the disk and
//! the rules in `guard`, and refused with a reason when it does not stand.

use serde_json::Value as Json;

use super::anchored_path::{Anchors, Spot};
use super::disk::{self, Sort};
use super::edit::Edit;
use super::plan::{ModeChange, Plan, Tag, ValueChange};
use super::policy::{check_mode, check_value};
use chitin_model::finding::{Change, Fix, FixLevel};
use chitin_view::Inputs;

/// A fix that came with a finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Requested {
    pub module: String,
    pub rule: String,
    pub fix: Fix,
}

impl Requested {
    fn tag(&self) -> Tag {
        let level = match self.fix.level {
            // What a stranger calls safe is for the operator to decide.
            FixLevel::Safe if !self.module.starts_with("chitin.") => FixLevel::Unsafe,
            level => level,
        };
        Tag { group: self.fix.title.clone(), rules: vec![self.rule.clone()], level }
    }
}

/// Adds what is allowed and not planned yet.
pub(super) fn add(
    plan: &mut Plan,
    inputs: &Inputs,
    requested: &[Requested],
    anchors: &mut Anchors,
) {
    for request in requested {
        let (what, added) = match &request.fix.change {
            Change::SetMode { root, path, mode } => (
                format!("{root}:{path}"),
                add_mode(plan, inputs, request, root, path, *mode, anchors),
            ),
            Change::SetValue { pointer, expected, value } => {
                (pointer.clone(), add_value(plan, inputs, request, pointer, expected, value))
            }
        };
        if let Err(reason) = added {
            let what = format!("{} ({}): {what}", request.fix.title, request.rule);
            plan.refuse(what, reason, std::slice::from_ref(&request.rule));
        }
    }
}

fn add_value(
    plan: &mut Plan,
    inputs: &Inputs,
    request: &Requested,
    pointer: &str,
    expected: &Json,
    new: &Json,
) -> Result<(), String> {
    if !plan.problems.is_empty() {
        return Err("the config cannot be read as a whole".to_owned());
    }
    let value = inputs.config().value(pointer).ok_or("there is no such value")?;
    let place = value.place.clone();
    let edit = Edit::Replace { pointer: place.pointer, value: new.clone() };
    if let Some(planned) =
        plan.values.iter_mut().find(|planned| planned.file == place.file && planned.edit == edit)
    {
        planned.tag.rules.push(request.rule.clone());
        return Ok(());
    }
    if let Some(reason) = super::config_fixes::not_literal(value) {
        return Err(reason);
    }
    let old = value.to_json();
    if old != *expected {
        return Err("the value is not the one that the module saw".to_owned());
    }
    check_value(pointer, &old, new).map_err(|loosens| loosens.to_string())?;
    // Two changes in one place would keep the whole file from being changed.
    let meets = |planned: &ValueChange| {
        planned.file == place.file && planned.edit.replaces_within(edit.place())
    };
    if plan.values.iter().any(meets) {
        return Err("another change of it is planned".to_owned());
    }
    let text = format!("{}={old} -> {new}", pointer.trim_start_matches('/').replace('/', "."));
    plan.values.push(ValueChange { tag: request.tag(), text, file: place.file, edit });
    Ok(())
}

fn add_mode(
    plan: &mut Plan,
    inputs: &Inputs,
    request: &Requested,
    root: &str,
    path: &str,
    mode: u32,
    anchors: &mut Anchors,
) -> Result<(), String> {
    let base = inputs
        .collected()
        .roots
        .iter()
        .find(|(name, _)| *name == root)
        .map(|(_, path)| path.to_path_buf())
        .ok_or("there is no such root")?;
    let spot: Spot = if path.is_empty() {
        anchors.beside(&base).ok_or("the root has no name")?
    } else {
        anchors.below(&base, &base.join(path)).ok_or("the path leads out of its root")?
    };
    if let Some(row) = plan.modes.iter_mut().find(|row| row.spot.path() == spot.path()) {
        if row.mode != mode {
            return Err(format!("its mode is to be {:04o}", row.mode));
        }
        row.tag.rules.push(request.rule.clone());
        return Ok(());
    }
    if root.starts_with("include:") {
        return Err("it lies outside of the directories that includes may lie in".to_owned());
    }
    let seen = disk::look(&spot).map_err(|error| error.to_string())?.ok_or("it does not exist")?;
    if !matches!(seen.sort, Sort::File | Sort::Directory) {
        return Err("it is neither a file nor a directory".to_owned());
    }
    if seen.sort == Sort::File && seen.links > 1 {
        return Err("it has more than one hard link".to_owned());
    }
    check_mode(seen.mode, mode).map_err(|loosens| loosens.to_string())?;
    plan.modes.push(ModeChange { tag: request.tag(), spot, sort: seen.sort, mode });
    Ok(())
}

#[cfg(unix)]
#[cfg(test)]
mod tests;

//! Fixes that modules asked for, beyond the host's own list. A request is checked against the config, the disk and the
//! policy, and refused with a reason if it does not fit.

use serde_json::Value as Json;
use thiserror::Error;

use super::anchored_path::{AnchoredPath, Anchors};
use super::config_fixes::{self, NotLiteralError};
use super::disk::{self, FileError, FileType};
use super::edit::Edit;
use super::plan::{FixMeta, FixPlan, ModeChange, ValueChange};
use super::policy::{Violation, check_mode, check_value};
use chitin_model::finding::{Change, Fix, FixLevel, Origin};
use chitin_view::Inputs;

/// Why a request is refused. Messages are about the value or file that the request names.
#[derive(Debug, Error)]
enum RequestError {
    #[error("the config cannot be read as a whole; correct it first")]
    IncompleteConfig,
    #[error("there is no such value")]
    NoValue,
    #[error(transparent)]
    NotLiteral(#[from] NotLiteralError),
    #[error("the value is not the one that the module saw")]
    OtherValue,
    #[error(transparent)]
    Violation(#[from] Violation),
    #[error("another change of it is planned")]
    Conflict,
    #[error("there is no such root")]
    NoRoot,
    #[error("the root has no name")]
    NamelessRoot,
    #[error("the path leads out of its root")]
    OutsideRoot,
    #[error("its mode will be set to {0:04o}")]
    OtherMode(u32),
    #[error("it is outside the directories that includes may be in")]
    OutsideIncludeDirs,
    #[error("it is neither a file nor a directory")]
    NotFileOrDirectory,
    #[error(transparent)]
    File(#[from] FileError),
}

/// A fix that came with a finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Requested {
    pub origin: Origin,
    pub rule: String,
    pub fix: Fix,
}

impl Requested {
    fn meta(&self) -> FixMeta {
        let level = match self.fix.level {
            // What a third-party module calls safe is for the operator to decide.
            FixLevel::Safe if self.origin == Origin::ThirdParty => FixLevel::Unsafe,
            level => level,
        };
        FixMeta { group: self.fix.title.clone(), rules: vec![self.rule.clone()], level }
    }
}

/// Adds what the policy allows and the plan does not contain yet.
pub(super) fn add(
    plan: &mut FixPlan,
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
            plan.refuse(what, reason.to_string(), std::slice::from_ref(&request.rule));
        }
    }
}

fn add_value(
    plan: &mut FixPlan,
    inputs: &Inputs,
    request: &Requested,
    pointer: &str,
    expected: &Json,
    new: &Json,
) -> Result<(), RequestError> {
    if !plan.problems.is_empty() {
        return Err(RequestError::IncompleteConfig);
    }
    let value = inputs.config().value(pointer).ok_or(RequestError::NoValue)?;
    let place = value.location.clone();
    let edit = Edit::Replace { pointer: place.pointer, value: new.clone() };
    if let Some(planned) =
        plan.values.iter_mut().find(|planned| planned.file == place.file && planned.edit == edit)
    {
        planned.meta.rules.push(request.rule.clone());
        return Ok(());
    }
    config_fixes::check_literal(value)?;
    let old = value.to_json();
    if old != *expected {
        return Err(RequestError::OtherValue);
    }
    check_value(pointer, &old, new)?;
    // Two changes of one value would make all edits of the file fail.
    let conflicts = |planned: &ValueChange| {
        planned.file == place.file && planned.edit.replaces_within(edit.pointer())
    };
    if plan.values.iter().any(conflicts) {
        return Err(RequestError::Conflict);
    }
    let text = format!("{}={old} -> {new}", pointer.trim_start_matches('/').replace('/', "."));
    plan.values.push(ValueChange { meta: request.meta(), text, file: place.file, edit });
    Ok(())
}

fn add_mode(
    plan: &mut FixPlan,
    inputs: &Inputs,
    request: &Requested,
    root: &str,
    path: &str,
    mode: u32,
    anchors: &mut Anchors,
) -> Result<(), RequestError> {
    let base = inputs
        .collected()
        .roots
        .iter()
        .find(|(name, _)| *name == root)
        .map(|(_, path)| path.to_path_buf())
        .ok_or(RequestError::NoRoot)?;
    let target: AnchoredPath = if path.is_empty() {
        anchors.beside(&base).ok_or(RequestError::NamelessRoot)?
    } else {
        anchors.below(&base, &base.join(path)).ok_or(RequestError::OutsideRoot)?
    };
    if let Some(row) = plan.modes.iter_mut().find(|row| row.target.path() == target.path()) {
        if row.mode != mode {
            return Err(RequestError::OtherMode(row.mode));
        }
        row.meta.rules.push(request.rule.clone());
        return Ok(());
    }
    if root.starts_with("include:") {
        return Err(RequestError::OutsideIncludeDirs);
    }
    let stat = disk::stat(&target)?.ok_or(FileError::Missing)?;
    if !matches!(stat.file_type, FileType::File | FileType::Directory) {
        return Err(RequestError::NotFileOrDirectory);
    }
    if stat.file_type == FileType::File && stat.links > 1 {
        return Err(FileError::HardLinked.into());
    }
    check_mode(stat.mode, mode)?;
    plan.modes.push(ModeChange { meta: request.meta(), target, file_type: stat.file_type, mode });
    Ok(())
}

#[cfg(unix)]
#[cfg(test)]
mod tests;

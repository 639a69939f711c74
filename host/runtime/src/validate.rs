//! What a guest says, before and after the host has checked it. Nothing a guest says is believed: ids, severities,
//! places, fixes and sizes are held against its manifest, its grants and the limits.

use std::collections::BTreeMap;

use super::limits::Limit;
use super::usage::Meter;
use chitin_contract::{report, types};
use chitin_model::finding::{Change, Finding, Fix, FixLevel, Location, Origin, Severity};
use chitin_model::ledger::Status;
use chitin_model::manifest::Manifest;
use chitin_view::View;

/// Longest finding id; the part in place of a `*` comes from a config.
const MAX_ID: usize = 256;
const MAX_LOCATIONS: usize = 200;
const MAX_EVIDENCE: usize = 200;
const MAX_FIXES: usize = 200;
/// What an empty place, piece of evidence or fix counts for.
const PART: usize = 64;
/// Rejections that are kept word for word.
const MAX_REJECTED: usize = 20;
/// How much is kept of each, in characters: it may quote what the guest asked for.
const MAX_REJECTION: usize = 1000;

/// Every text of a finding.
fn texts(finding: &report::Finding) -> impl Iterator<Item = &str> {
    [&finding.rule, &finding.title, &finding.detail]
        .into_iter()
        .chain(&finding.remediation)
        .chain(&finding.evidence)
        .map(String::as_str)
        .chain(finding.fixes.iter().flat_map(|fix| {
            let change = match &fix.change {
                report::Change::Mode(change) => [change.root.as_str(), &change.path, ""],
                report::Change::Value(change) => {
                    [change.pointer.as_str(), &change.expected, &change.value]
                }
            };
            std::iter::once(fix.title.as_str()).chain(change)
        }))
        .chain(finding.locations.iter().flat_map(|location| match location {
            report::Location::Config(pointer) => [pointer.as_str(), ""],
            report::Location::File(file) => [file.root.as_str(), &file.path],
            report::Location::Problem(_) => ["", ""],
        }))
}

/// What one module has reported so far. Kept outside of its store, so a trap takes nothing away.
#[derive(Debug, Default, Clone)]
pub struct ModuleOutput {
    pub findings: Vec<Finding>,
    /// Per declared rule, other than through a finding.
    pub statuses: BTreeMap<String, (Status, String)>,
    /// What the host did not accept, in words.
    pub rejected: Vec<String>,
    rejected_beyond: usize,
}

impl ModuleOutput {
    pub fn reject(&mut self, what: &str) {
        if self.rejected.len() < MAX_REJECTED {
            self.rejected.push(cut(what, MAX_REJECTION));
        } else {
            self.rejected_beyond += 1;
            let more = format!("…and {} more", self.rejected_beyond);
            if self.rejected_beyond == 1 {
                self.rejected.push(more);
            } else if let Some(last) = self.rejected.last_mut() {
                *last = more;
            }
        }
    }

    /// Notes that a rule does not apply or did not run.
    pub(super) fn set_status(
        &mut self,
        manifest: &Manifest,
        view: &View,
        rule: &str,
        status: Status,
        reason: &str,
    ) {
        if manifest.rules.iter().any(|declared| declared.id == rule) {
            let reason = view.blank(&cut(reason, 1000));
            self.statuses.entry(rule.to_owned()).or_insert((status, reason));
        } else {
            self.reject(&format!(
                "spoke of the rule `{}`, which it does not declare",
                cut(rule, 100)
            ));
        }
    }
}

/// Cuts a text at a character boundary.
pub(super) fn cut(text: &str, length: usize) -> String {
    match text.char_indices().nth(length) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Holds a finding against the manifest, the grants and the text limit.
pub(super) fn check(
    reported: report::Finding,
    manifest: &Manifest,
    origin: Origin,
    view: &View,
    meter: &Meter,
) -> Result<Finding, String> {
    let name = cut(&reported.rule, 100);
    let rule = manifest
        .rules
        .iter()
        .find(|rule| rule.covers(&reported.rule))
        .ok_or_else(|| format!("a finding `{name}`, which its manifest does not declare"))?;
    if reported.rule.len() > MAX_ID || reported.rule.chars().any(char::is_control) {
        return Err(format!("a finding of `{}` with a malformed id", rule.id));
    }
    let severity = severity(reported.severity);
    if !rule.severities.contains(&severity) {
        return Err(format!("`{name}` as {severity}, which the rule does not declare"));
    }
    let limit = meter.limits().get(Limit::Text);
    if texts(&reported).any(|text| text.len() as u64 > limit) {
        return Err(format!("`{name}`: a text of more than {limit} bytes"));
    }
    if reported.locations.len() > MAX_LOCATIONS
        || reported.evidence.len() > MAX_EVIDENCE
        || reported.fixes.len() > MAX_FIXES
    {
        return Err(format!(
            "`{name}`: more than {MAX_LOCATIONS} places, pieces of evidence or fixes"
        ));
    }
    let locations = reported
        .locations
        .iter()
        .map(|place| view.locate(&location(place)))
        .collect::<Result<_, _>>()
        .map_err(|reason| format!("`{name}`: {reason}"))?;
    let fixes = reported
        .fixes
        .into_iter()
        .map(|fix| check_fix(fix, view))
        .collect::<Result<_, _>>()
        .map_err(|reason| format!("`{name}`: {reason}"))?;
    Ok(Finding {
        module: manifest.id.clone(),
        origin,
        severity,
        rule: view.blank_known(&reported.rule),
        title: view.blank(&reported.title),
        detail: view.blank(&reported.detail),
        remediation: reported.remediation.map(|text| view.blank(&text)),
        evidence: reported.evidence.iter().map(|text| view.blank(text)).collect(),
        locations,
        fixes,
    })
}

fn check_fix(fix: report::Fix, view: &View) -> Result<Fix, String> {
    let change = match fix.change {
        report::Change::Mode(change) => {
            Change::SetMode { root: change.root, path: change.path, mode: change.mode }
        }
        report::Change::Value(change) => {
            let parse = |text: &str| {
                serde_json::from_str(text)
                    .map_err(|_| "a fix with a value that is not JSON".to_owned())
            };
            Change::SetValue {
                expected: parse(&change.expected)?,
                value: parse(&change.value)?,
                pointer: change.pointer,
            }
        }
    };
    view.allow_fix(&change)?;
    Ok(Fix { title: view.blank(&fix.title), level: level(fix.level), change })
}

/// Bytes of text that a finding costs: its own, and some for each part that the host has to keep a place for.
pub(super) fn cost(reported: &report::Finding) -> usize {
    let parts = reported.locations.len() + reported.evidence.len() + reported.fixes.len();
    texts(reported).map(str::len).sum::<usize>().saturating_add(parts.saturating_mul(PART))
}

fn severity(severity: types::Severity) -> Severity {
    match severity {
        types::Severity::Info => Severity::Info,
        types::Severity::Warn => Severity::Warn,
        types::Severity::Critical => Severity::Critical,
    }
}

fn level(level: report::FixLevel) -> FixLevel {
    match level {
        report::FixLevel::Safe => FixLevel::Safe,
        report::FixLevel::Unsafe => FixLevel::Unsafe,
        report::FixLevel::DisplayOnly => FixLevel::DisplayOnly,
    }
}

fn location(location: &report::Location) -> Location {
    match location {
        report::Location::Config(pointer) => Location::Config(pointer.clone()),
        report::Location::File(file) => {
            Location::File { root: file.root.clone(), path: file.path.clone(), line: file.line }
        }
        report::Location::Problem(index) => Location::Problem(*index),
    }
}

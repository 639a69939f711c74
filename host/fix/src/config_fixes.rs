//! OpenClaw's own list of config changes. It depends on the config only, not on findings, suppressions or severities.

use serde_json::{Value as Json, json};
use thiserror::Error;

use super::edit::Edit;
use super::plan::{FixMeta, FixPlan, ValueChange};
use chitin_config::{Shape, SourceLocation, Value};
use chitin_model::finding::FixLevel;
use chitin_view::Inputs;

const GROUPS: &str = "Close groups that are open to anyone";
const LOGGING: &str = "Redact secrets in logs";

/// Adds the whole list. Walks through the config once and looks nothing up by its pointer: a hostile config may have as
/// many accounts as fit into a file.
pub(super) fn add(plan: &mut FixPlan, inputs: &Inputs) {
    redaction(plan, inputs);
    let mut seeds = Vec::new();
    for (channel, section) in members(inputs.config().value("/channels")) {
        let label = format!("channels.{channel}");
        flip(plan, channel, &label, section, &mut seeds);
        for (account, section) in members(section.member("accounts")) {
            flip(plan, channel, &format!("{label}.accounts.{account}"), section, &mut seeds);
        }
    }
    seed(plan, inputs, &seeds);
}

fn members(value: Option<&Value>) -> &[(String, Value)] {
    match value.map(|value| &value.shape) {
        Some(Shape::Map(members)) => members,
        _ => &[],
    }
}

fn redaction(plan: &mut FixPlan, inputs: &Inputs) {
    let meta = || FixMeta {
        group: LOGGING.to_owned(),
        rules: vec!["logging.redact_off".to_owned()],
        level: FixLevel::Safe,
    };
    let text = "logging.redactSensitive=off -> \"tools\"".to_owned();
    replace(plan, inputs.config().value("/logging/redactSensitive"), "off", "tools", text, meta);
}

/// A section or account whose group policy becomes `allowlist`. The senders approved by pairing are added to its list.
struct Seedable<'c> {
    label: String,
    section: &'c Value,
}

fn flip<'c>(
    plan: &mut FixPlan,
    channel: &str,
    label: &str,
    section: &'c Value,
    seeds: &mut Vec<Seedable<'c>>,
) {
    let text = format!("{label}.groupPolicy=open -> allowlist");
    let meta = || groups_meta(channel);
    let flipped = replace(plan, section.member("groupPolicy"), "open", "allowlist", text, meta);
    if flipped && channel == "whatsapp" {
        seeds.push(Seedable { label: label.to_owned(), section });
    }
}

fn groups_meta(channel: &str) -> FixMeta {
    FixMeta {
        group: GROUPS.to_owned(),
        rules: vec![
            format!("channels.{channel}"),
            "security.exposure.open_groups_with_elevated".to_owned(),
            "security.exposure.open_groups_with_runtime_or_fs".to_owned(),
            "security.exposure.open_groups_with_control_plane_tools".to_owned(),
            "security.exposure.open_channels_with_exec".to_owned(),
            "security.trust_model.multi_user_heuristic".to_owned(),
        ],
        level: FixLevel::Safe,
    }
}

/// Plans to replace a value, if it is `old`. False if it is not, or must not be replaced.
fn replace(
    plan: &mut FixPlan,
    value: Option<&Value>,
    old: &str,
    new: &str,
    text: String,
    meta: impl FnOnce() -> FixMeta,
) -> bool {
    let Some(value) = value.filter(|value| value.text() == Some(old)) else { return false };
    if let Err(error) = check_literal(value) {
        plan.refuse(text, error.to_string(), &meta().rules);
        return false;
    }
    let SourceLocation { file, pointer } = value.location.clone();
    let edit = Edit::Replace { pointer, value: json!(new) };
    plan.values.push(ValueChange { meta: meta(), text, file, edit });
    true
}

/// Why a value cannot be replaced: it is not written literally in a config file.
#[derive(Debug, PartialEq, Eq, Error)]
pub(super) enum NotLiteralError {
    #[error("its value comes from ${{{}}}", .0.join("}, ${"))]
    Variables(Vec<String>),
    #[error("its value is written with an escaped reference")]
    Escaped,
    #[error("it is a reference to a secret")]
    SecretRef,
}

pub(super) fn check_literal(value: &Value) -> Result<(), NotLiteralError> {
    match &value.shape {
        Shape::Text(text) if !text.variables.is_empty() => {
            Err(NotLiteralError::Variables(text.variables.clone()))
        }
        Shape::Text(text) if text.authored != text.effective => Err(NotLiteralError::Escaped),
        Shape::Reference(_) => Err(NotLiteralError::SecretRef),
        Shape::List(items) => items.iter().try_for_each(check_literal),
        Shape::Map(members) => members.iter().try_for_each(|(_, value)| check_literal(value)),
        _ => Ok(()),
    }
}

/// Senders approved by pairing on WhatsApp stay allowed in groups.
fn seed(plan: &mut FixPlan, inputs: &Inputs, seeds: &[Seedable<'_>]) {
    let is_empty = |list: Option<&Value>| !matches!(list.map(|list| &list.shape), Some(Shape::List(items)) if !items.is_empty());
    let wanted: Vec<&Seedable<'_>> = seeds
        .iter()
        .filter(|Seedable { section, .. }| {
            ["allowFrom", "groupAllowFrom"].iter().all(|key| is_empty(section.member(key)))
        })
        .collect();
    if wanted.is_empty() {
        return;
    }
    let Ok(senders) = inputs.pairing_store("whatsapp", "default") else {
        let what = "channels.whatsapp.groupAllowFrom=pairing-store";
        plan.refuse(what, "the pairing store could not be read", &groups_meta("whatsapp").rules);
        return;
    };
    if senders.is_empty() {
        return;
    }
    for Seedable { label, section } in wanted {
        let text = format!("{label}.groupAllowFrom=pairing-store");
        let meta = groups_meta("whatsapp");
        match seeding(section, &senders) {
            Ok(Some((file, edit))) => plan.values.push(ValueChange { meta, text, file, edit }),
            Ok(None) => {}
            Err(error) => plan.refuse(text, error.to_string(), &meta.rules),
        }
    }
}

fn seeding(section: &Value, senders: &[String]) -> Result<Option<(usize, Edit)>, NotLiteralError> {
    let value = Json::from(senders.to_vec());
    let key = "groupAllowFrom";
    if let Some(existing) = section.member(key) {
        check_literal(existing)?;
        let SourceLocation { file, pointer } = existing.location.clone();
        return Ok(Some((file, Edit::Replace { pointer, value })));
    }
    let Some(policy) = section.member("groupPolicy") else { return Ok(None) };
    let SourceLocation { file, pointer: beside } = policy.location.clone();
    Ok(Some((file, Edit::Insert { beside, key: key.to_owned(), value })))
}

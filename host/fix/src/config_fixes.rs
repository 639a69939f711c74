//! OpenClaw's own list of config changes. It depends on the config alone: findings, suppressions and severities do not
//! matter to it.

use serde_json::{Value as Json, json};

use super::edit::Edit;
use super::plan::{Plan, Tag, ValueChange};
use chitin_config::{Place, Shape, Value};
use chitin_model::finding::FixLevel;
use chitin_view::Inputs;

const GROUPS: &str = "Close groups that are open to everybody";
const LOGGING: &str = "Redact secrets in logs";

/// Adds the whole list. Goes through the config once and looks nothing up by its pointer: a hostile config may have as
/// many accounts as fit into a file.
pub(super) fn add(plan: &mut Plan, inputs: &Inputs) {
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

fn redaction(plan: &mut Plan, inputs: &Inputs) {
    let tag = || Tag {
        group: LOGGING.to_owned(),
        rules: vec!["logging.redact_off".to_owned()],
        level: FixLevel::Safe,
    };
    let text = "logging.redactSensitive=off -> \"tools\"".to_owned();
    replace(plan, inputs.config().value("/logging/redactSensitive"), "off", "tools", text, tag);
}

/// A section or account whose group policy is flipped, and that may get the people whom pairing admitted.
struct Seedable<'c> {
    label: String,
    section: &'c Value,
}

fn flip<'c>(
    plan: &mut Plan,
    channel: &str,
    label: &str,
    section: &'c Value,
    seeds: &mut Vec<Seedable<'c>>,
) {
    let text = format!("{label}.groupPolicy=open -> allowlist");
    let tag = || groups_tag(channel);
    let flipped = replace(plan, section.member("groupPolicy"), "open", "allowlist", text, tag);
    if flipped && channel == "whatsapp" {
        seeds.push(Seedable { label: label.to_owned(), section });
    }
}

fn groups_tag(channel: &str) -> Tag {
    Tag {
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

/// Plans to replace a word, if it is there. False when it is not, or may not be replaced.
fn replace(
    plan: &mut Plan,
    value: Option<&Value>,
    old: &str,
    new: &str,
    text: String,
    tag: impl FnOnce() -> Tag,
) -> bool {
    let Some(value) = value.filter(|value| value.text() == Some(old)) else { return false };
    if let Some(reason) = not_literal(value) {
        plan.refuse(text, reason, &tag().rules);
        return false;
    }
    let Place { file, pointer } = value.place.clone();
    let edit = Edit::Replace { pointer, value: json!(new) };
    plan.values.push(ValueChange { tag: tag(), text, file, edit });
    true
}

/// Why a value is not one that stands in a file as it is.
pub(super) fn not_literal(value: &Value) -> Option<String> {
    match &value.shape {
        Shape::Text(text) if !text.variables.is_empty() => {
            Some(format!("its value comes from ${{{}}}", text.variables.join("}, ${")))
        }
        Shape::Text(text) if text.authored != text.effective => {
            Some("its value is written with an escaped reference".to_owned())
        }
        Shape::Reference(_) => Some("it is a reference to a secret".to_owned()),
        Shape::List(items) => items.iter().find_map(not_literal),
        Shape::Map(members) => members.iter().find_map(|(_, value)| not_literal(value)),
        _ => None,
    }
}

/// Whom pairing admitted to WhatsApp stays admitted to groups.
fn seed(plan: &mut Plan, inputs: &Inputs, seeds: &[Seedable<'_>]) {
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
    let Ok(people) = inputs.pairing_store("whatsapp", "default") else {
        let what = "channels.whatsapp.groupAllowFrom=pairing-store";
        plan.refuse(what, "the pairing store could not be read", &groups_tag("whatsapp").rules);
        return;
    };
    if people.is_empty() {
        return;
    }
    for Seedable { label, section } in wanted {
        let text = format!("{label}.groupAllowFrom=pairing-store");
        let tag = groups_tag("whatsapp");
        match seeding(section, &people) {
            Ok(Some((file, edit))) => plan.values.push(ValueChange { tag, text, file, edit }),
            Ok(None) => {}
            Err(reason) => plan.refuse(text, reason, &tag.rules),
        }
    }
}

fn seeding(section: &Value, people: &[String]) -> Result<Option<(usize, Edit)>, String> {
    let value = Json::from(people.to_vec());
    let key = "groupAllowFrom";
    if let Some(there) = section.member(key) {
        if let Some(reason) = not_literal(there) {
            return Err(reason);
        }
        let Place { file, pointer } = there.place.clone();
        return Ok(Some((file, Edit::Replace { pointer, value })));
    }
    let Some(policy) = section.member("groupPolicy") else { return Ok(None) };
    let Place { file, pointer: beside } = policy.place.clone();
    Ok(Some((file, Edit::Insert { beside, key: key.to_owned(), value })))
}

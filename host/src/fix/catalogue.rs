//! OpenClaw's own list of config changes. It depends on the config alone: findings, suppressions and severities do not
//! matter to it.

use serde_json::{Value as Json, json};

use super::edit::Edit;
use super::plan::{Plan, Tag, ValueChange};
use crate::collect::config::outline::below;
use crate::collect::config::{Place, Shape, Value};
use crate::finding::FixLevel;
use crate::view::Inputs;

const GROUPS: &str = "Close groups that are open to everybody";
const LOGGING: &str = "Redact secrets in logs";

/// Adds the whole list.
pub(super) fn add(plan: &mut Plan, inputs: &Inputs) {
    redaction(plan, inputs);
    let mut seeds = Vec::new();
    for channel in members(inputs.config().value("/channels")) {
        let section = below("/channels", channel);
        flip(plan, inputs, channel, &format!("channels.{channel}"), &section, &mut seeds);
        let accounts = below(&section, "accounts");
        for account in members(inputs.config().value(&accounts)) {
            let label = format!("channels.{channel}.accounts.{account}");
            flip(plan, inputs, channel, &label, &below(&accounts, account), &mut seeds);
        }
    }
    seed(plan, inputs, &seeds);
}

fn members(value: Option<&Value>) -> Vec<&str> {
    match value.map(|value| &value.shape) {
        Some(Shape::Map(members)) => members.iter().map(|(key, _)| key.as_str()).collect(),
        _ => Vec::new(),
    }
}

fn redaction(plan: &mut Plan, inputs: &Inputs) {
    let tag = Tag {
        group: LOGGING.to_owned(),
        rules: vec!["logging.redact_off".to_owned()],
        level: FixLevel::Safe,
    };
    let pointer = "/logging/redactSensitive";
    let text = "logging.redactSensitive=off -> \"tools\"".to_owned();
    replace(plan, inputs, pointer, "off", "tools", text, tag);
}

/// A section or account whose group policy is flipped, and that may get the people whom pairing admitted.
struct Seedable {
    label: String,
    pointer: String,
}

fn flip(
    plan: &mut Plan,
    inputs: &Inputs,
    channel: &str,
    label: &str,
    pointer: &str,
    seeds: &mut Vec<Seedable>,
) {
    let text = format!("{label}.groupPolicy=open -> allowlist");
    let policy = below(pointer, "groupPolicy");
    let flipped = replace(plan, inputs, &policy, "open", "allowlist", text, groups_tag(channel));
    if flipped && channel == "whatsapp" {
        seeds.push(Seedable { label: label.to_owned(), pointer: pointer.to_owned() });
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
    inputs: &Inputs,
    pointer: &str,
    old: &str,
    new: &str,
    text: String,
    tag: Tag,
) -> bool {
    let Some(value) = inputs.config().value(pointer).filter(|value| value.text() == Some(old))
    else {
        return false;
    };
    if let Some(reason) = not_literal(value) {
        plan.refuse(text, reason, &tag.rules);
        return false;
    }
    let Place { file, pointer } = value.place.clone();
    let edit = Edit::Replace { pointer, value: json!(new) };
    plan.values.push(ValueChange { tag, text, file, edit });
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
fn seed(plan: &mut Plan, inputs: &Inputs, seeds: &[Seedable]) {
    let wanted: Vec<&Seedable> = seeds
        .iter()
        .filter(|seedable| {
            ["allowFrom", "groupAllowFrom"].iter().all(|key| {
                let list = inputs.config().value(&below(&seedable.pointer, key));
                !matches!(list.map(|list| &list.shape), Some(Shape::List(items)) if !items.is_empty())
            })
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
    for seedable in wanted {
        let text = format!("{}.groupAllowFrom=pairing-store", seedable.label);
        let Some((file, edit)) = seeding(inputs, &seedable.pointer, &people) else { continue };
        plan.values.push(ValueChange { tag: groups_tag("whatsapp"), text, file, edit });
    }
}

fn seeding(inputs: &Inputs, pointer: &str, people: &[String]) -> Option<(usize, Edit)> {
    let value = Json::from(people.to_vec());
    let key = "groupAllowFrom";
    if let Some(there) = inputs.config().value(&below(pointer, key)) {
        let Place { file, pointer } = there.place.clone();
        return Some((file, Edit::Replace { pointer, value }));
    }
    let policy = inputs.config().value(&below(pointer, "groupPolicy"))?;
    let Place { file, pointer: beside } = policy.place.clone();
    Some((file, Edit::Insert { beside, key: key.to_owned(), value }))
}

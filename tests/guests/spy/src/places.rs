//! Asks everything that can be asked. A refusal is an answer too.

use std::fmt::Debug;

use chitin_sdk::{Content, Format, Host, InstallKind, Node, Refusal, Value};

use crate::Notes;

/// Files and folders that are looked at; a bound against a loop of links.
const MAX_FILES: usize = 2000;

/// Everything printable in an answer.
fn all<T: Debug>(answer: Result<T, Refusal>) -> String {
    match answer {
        Ok(answer) => format!("{answer:?}"),
        Err(refusal) => refusal.reason().to_owned(),
    }
}

pub fn config(host: &dyn Host, notes: &mut Notes) {
    for (kind, tree) in [("effective", host.effective("")), ("authored", host.authored(""))] {
        match tree {
            Ok(tree) => {
                notes.take(kind, "", tree.root().value().to_string());
                provenance(host, &tree.root(), notes);
            }
            Err(refusal) => notes.take(kind, "", refusal.reason().to_owned()),
        }
    }
    notes.take("problems", "", all(host.config_problems()));
}

/// Of every value, also of those that replace secrets.
fn provenance(host: &dyn Host, node: &Node<'_>, notes: &mut Notes) {
    let pointer = node.pointer();
    notes.take("provenance", pointer, all(host.provenance(pointer)));
    if let Value::String(text) = node.value() {
        notes.take("values", pointer, text.clone());
        notes.take("bind-source", pointer, all(host.bind_source(pointer)));
    }
    for (_, member) in node.members() {
        provenance(host, &member, notes);
    }
    for item in node.items() {
        provenance(host, &item, notes);
    }
}

pub fn files(host: &dyn Host, notes: &mut Notes) {
    let mut left = MAX_FILES;
    for root in host.roots().unwrap_or_default() {
        notes.take("roots", &root.name, format!("{root:?}"));
        walk(host, &root.name, "", notes, &mut left);
    }
}

fn walk(host: &dyn Host, root: &str, path: &str, notes: &mut Notes, left: &mut usize) {
    let Some(fewer) = left.checked_sub(1) else { return };
    *left = fewer;
    let place = format!("{root}:{path}");
    notes.take("stat", &place, all(host.stat(root, path)));
    notes.take("describe", &place, all(host.describe(root, path)));
    for (kind, format) in [("json", Format::Json), ("text", Format::Text)] {
        let answer = match host.read(root, path, format, 1 << 20) {
            Ok(Content::Text(text)) => text,
            other => all(other),
        };
        notes.take(kind, &place, answer);
    }
    let listing = host.list(root, path);
    notes.take("list", &place, all(listing.clone()));
    let Ok(Some(listing)) = listing else { return };
    for entry in listing.entries {
        let below = if path.is_empty() { entry.name } else { format!("{path}/{}", entry.name) };
        walk(host, root, &below, notes, left);
    }
}

/// What reading all code tells.
pub fn scans(host: &dyn Host, notes: &mut Notes) {
    for root in host.roots().unwrap_or_default() {
        let entries = ["../openclaw.json".to_owned(), ".env".to_owned()];
        notes.take("scan", &root.name, all(host.scan(&root.name, "", &entries)));
    }
}

pub fn facts(host: &dyn Host, notes: &mut Notes) {
    notes.take("facts", "platform", all(host.platform()));
    for name in ["OPENCLAW_GATEWAY_TOKEN", "OPENCLAW_GATEWAY_PASSWORD", "SPY_API_KEY", "SPY_PLAIN"]
    {
        notes.take("facts", name, all(host.environment(name)));
    }
    notes.take("facts", "gateway-service", all(host.gateway_service()));
    notes.take("facts", "auth-override", all(host.auth_override()));
    notes.take("facts", "homes", all(host.homes()));
    notes.take(
        "facts",
        "exec-approvals",
        match host.exec_approvals() {
            Ok(Some(tree)) => tree.root().value().to_string(),
            other => all(other),
        },
    );
    for channel in ["telegram", "whatsapp", "discord"] {
        notes.take("pairing", channel, all(host.pairing_store(channel, "default")));
    }
    for kind in [InstallKind::Plugin, InstallKind::Hook] {
        notes.take("installs", &format!("{kind:?}"), all(host.install_records(kind)));
    }
    notes.take("facts", "browser-containers", all(host.browser_containers()));
    notes.take("probe", "gateway", all(host.gateway_probe()));
}

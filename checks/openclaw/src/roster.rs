//! Which agents a config declares, in either of its two forms: `agents.entries` (a map) or `agents.list` (an array).
//! How an agent's settings combine with the defaults is in `sandbox`, `policy` and `agent_scopes`.

use std::collections::BTreeMap;

use chitin_document::{Node, text};

/// The label of the settings that hold for every agent.
pub const DEFAULTS_LABEL: &str = "agents.defaults";

/// The agent that exists when a config declares none.
pub const IMPLICIT_AGENT: &str = "main";

const MAX_ID_LENGTH: usize = 64;

/// One entry of the roster.
#[derive(Debug, Clone)]
pub struct Agent<'t> {
    id: Option<&'t str>,
    label: String,
    node: Node<'t>,
}

impl<'t> Agent<'t> {
    /// The id as written; empty for a list entry without one.
    pub fn id(&self) -> &'t str {
        self.id.unwrap_or_default()
    }

    /// `agents.entries.<id>` or `agents.list.<id>`, by the form that the config uses.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The place of the entry.
    pub fn node(&self) -> &Node<'t> {
        &self.node
    }
}

/// The agents of a config.
#[derive(Debug, Clone)]
pub struct Roster<'t> {
    defaults: Node<'t>,
    entries: Vec<Agent<'t>>,
    first: FirstById,
    declared: bool,
    explicit_ownership: bool,
}

impl<'t> Roster<'t> {
    /// Reads the roster from `/agents`. Entries that are not objects are left out.
    pub fn of(agents: &Node<'t>) -> Self {
        let (map, list) = (agents.get("entries"), agents.get("list"));
        let entries = if map.is_absent() { listed(&list) } else { keyed(&map) };
        Self {
            defaults: agents.get("defaults"),
            declared: !(map.is_absent() && list.is_absent()),
            first: FirstById::of(entries.iter().map(|agent| agent.id)),
            entries,
            explicit_ownership: agents.get("ownership").is("explicit"),
        }
    }

    /// `/agents/defaults`.
    pub fn defaults(&self) -> &Node<'t> {
        &self.defaults
    }

    /// Every entry in config order, also list entries without an id.
    pub fn entries(&self) -> &[Agent<'t>] {
        &self.entries
    }

    /// The entries with an id, in config order. This is what most rules mean by "each agent".
    pub fn agents(&self) -> impl Iterator<Item = &Agent<'t>> {
        self.entries.iter().filter(|agent| agent.id.is_some())
    }

    /// The entry that OpenClaw takes for an id: the first one whose normalised id is the same.
    ///
    /// None for an empty id, which OpenClaw takes for no agent at all.
    pub fn find(&self, id: &str) -> Option<&Agent<'t>> {
        self.first.position(id).and_then(|position| self.entries.get(position))
    }

    /// The distinct normalised ids in config order; `main` alone for a config without a roster.
    pub fn ids(&self) -> Vec<String> {
        if self.declared { self.first.ids() } else { vec![IMPLICIT_AGENT.to_owned()] }
    }

    /// The normalised id of the agent that gets what no other agent owns: the only one marked `default: true` (unless
    /// `agents.ownership` is `explicit`), else the only one there is, else `main` when the config has no roster.
    pub fn default_agent(&self) -> Option<String> {
        if !self.declared {
            return Some(IMPLICIT_AGENT.to_owned());
        }
        let marked = self.entries.iter().filter(|agent| agent.node.get("default").is_true());
        only(marked)
            .filter(|_| !self.explicit_ownership)
            .or_else(|| only(self.entries.iter()))
            .map(|agent| normalized_id(agent.id()))
    }

    /// Whether the config has `agents.entries` or `agents.list`, of whatever type.
    pub fn is_declared(&self) -> bool {
        self.declared
    }
}

fn keyed<'t>(map: &Node<'t>) -> Vec<Agent<'t>> {
    map.members()
        .into_iter()
        .filter(|(_, node)| node.is_object())
        .map(|(id, node)| Agent { id: Some(id), label: format!("agents.entries.{id}"), node })
        .collect()
}

fn listed<'t>(list: &Node<'t>) -> Vec<Agent<'t>> {
    list.items()
        .into_iter()
        .filter(Node::is_object)
        .map(|node| {
            let id = node.get("id").as_str();
            Agent { id, label: format!("agents.list.{}", id.unwrap_or_default()), node }
        })
        .collect()
}

/// Where each normalised id comes first. A list with as many agents as a config can hold is still looked up at once.
#[derive(Debug, Clone, Default)]
pub(crate) struct FirstById(BTreeMap<String, usize>);

impl FirstById {
    pub(crate) fn of<'a>(ids: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let mut first = BTreeMap::new();
        for (position, id) in ids.into_iter().enumerate() {
            if let Some(id) = id {
                first.entry(normalized_id(id)).or_insert(position);
            }
        }
        Self(first)
    }

    /// None for an id that is not there, and for the empty id.
    pub(crate) fn position(&self, id: &str) -> Option<usize> {
        self.0.get(&normalized_id(id)).copied().filter(|_| !id.is_empty())
    }

    fn ids(&self) -> Vec<String> {
        let mut ids: Vec<(&String, &usize)> = self.0.iter().collect();
        ids.sort_by_key(|(_, position)| **position);
        ids.into_iter().map(|(id, _)| id.clone()).collect()
    }
}

fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    items.next().filter(|_| items.next().is_none())
}

/// An agent id as OpenClaw compares it: lower case, other characters than letters, digits, `_` and `-` turned to `-`,
/// at most 64 characters; `main` when nothing is left.
pub fn normalized_id(id: &str) -> String {
    let lower = text::trim(id).to_lowercase();
    if is_canonical(&lower) {
        return lower;
    }
    let mut dashed = String::with_capacity(lower.len());
    let mut in_run = false;
    for c in lower.chars() {
        let plain = is_id_character(c);
        if plain {
            dashed.push(c);
        } else if !in_run {
            dashed.push('-');
        }
        in_run = !plain;
    }
    // Only ASCII is left, so a byte is a character.
    let cut: String = dashed.trim_matches('-').chars().take(MAX_ID_LENGTH).collect();
    if cut.is_empty() { IMPLICIT_AGENT.to_owned() } else { cut }
}

fn is_canonical(lower: &str) -> bool {
    lower.len() <= MAX_ID_LENGTH
        && lower.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && lower.chars().all(is_id_character)
}

fn is_id_character(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-')
}

#[cfg(test)]
mod tests;

//! Whether a tool may be used: one allow and deny list against one name, and the lists that a config makes.
//!
//! This is the part of OpenClaw's tool policy that its audit looks at. Rules of groups, senders and sub-agents are not
//! considered; which lists hold for whom is in `agent_scopes`.

use chitin_document::{Node, text};

use crate::tools;

mod pattern;
mod sources;

use pattern::Pattern;
pub use sources::{configured, profile, provider, sandbox};

/// An allow and a deny list. Deny wins, and an empty allow list allows everything.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    allow: Vec<Pattern>,
    deny: Vec<Pattern>,
}

impl Policy {
    /// From names, groups and globs as a config spells them.
    pub fn new<'a>(
        allow: impl IntoIterator<Item = &'a str>,
        deny: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let patterns = |names: Vec<String>| names.iter().map(|name| Pattern::new(name)).collect();
        Self { allow: patterns(expanded(allow)), deny: patterns(expanded(deny)) }
    }

    /// Whether a tool of this name may be used.
    pub fn allows(&self, tool: &str) -> bool {
        let name = normalized_name(tool);
        if self.deny.iter().any(|pattern| pattern.matches(&name)) {
            return false;
        }
        // Who may write a file may patch it.
        self.allow.is_empty() || self.lists(&name) || (name == "apply_patch" && self.lists("write"))
    }

    /// Whether an entry of the allow list matches this normalised name.
    fn lists(&self, name: &str) -> bool {
        self.allow.iter().any(|pattern| pattern.matches(name))
    }
}

/// A tool's name as OpenClaw compares it: trimmed, lower case, aliases replaced.
pub fn normalized_name(name: &str) -> String {
    tools::unaliased(&text::trim(name).to_lowercase()).to_owned()
}

/// Normalised names with groups replaced by their members and blanks dropped. An unknown group stays as it is and
/// matches nothing.
fn expanded<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut expanded = Vec::new();
    for name in names.into_iter().map(normalized_name).filter(|name| !name.is_empty()) {
        match tools::group(&name) {
            Some(members) => expanded.extend(members.iter().map(|member| (*member).to_owned())),
            None => expanded.push(name),
        }
    }
    expanded
}

/// The strings of a list as written; none when there is no list.
fn list<'t>(node: &Node<'t>) -> Option<Vec<&'t str>> {
    let items = node.is_array().then(|| node.items())?;
    Some(items.iter().map(|item| item.as_str().unwrap_or_default()).collect())
}

#[cfg(test)]
mod tests;

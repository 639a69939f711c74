//! What the gateway may ask of paired devices: dangerous commands that are allowed, and denials without effect.

mod commands;
mod suggest;

use std::collections::HashSet;

use chitin_openclaw::auth::Reach;
use chitin_sdk::{Finding, Host, Node, Outcome, text};

use self::commands::{DANGEROUS, Known};
use self::suggest::suggestions;

use crate::critical_where;
use crate::rule;

/// How many entries of a list a finding shows.
const SHOWN: usize = 20;
/// How many known commands a remediation names as examples.
const EXAMPLES: usize = 8;

pub(crate) fn allowed_commands(host: &dyn Host) -> Outcome {
    let nodes = host.effective("/gateway/nodes")?;
    let allow = CommandList::allowed(&nodes.root());
    let deny = CommandList::denied(&nodes.root());
    let hits: Vec<&str> = DANGEROUS
        .iter()
        .copied()
        .filter(|name| allow.contains(name) && !deny.contains(name))
        .collect();
    if hits.is_empty() {
        return Ok(());
    }
    let finding = rule::NODES_ALLOW_COMMANDS_DANGEROUS
        .finding_at(critical_where(Reach::read(host)?.exposed()))
        .detail(format!(
            "{} includes {}. Such commands use the camera, the screen or the messages of a device, or read and change \
             its owner's data.",
            allow.path(),
            hits.join(", ")
        ))
        .remediation(format!(
            "Remove these entries from {}. If you keep them, treat the gateway's secret as full control of the devices \
             and keep the gateway local or in the tailnet.",
            allow.path()
        ));
    allow.locate(finding).report(host);
    Ok(())
}

pub(crate) fn denied_commands(host: &dyn Host) -> Outcome {
    let nodes = host.effective("/gateway/nodes")?;
    let deny = CommandList::denied(&nodes.root());
    if deny.entries.is_empty() {
        return Ok(());
    }
    let allow = CommandList::allowed(&nodes.root());
    let recommends_apps = !host.effective("/wizard/appRecommendations")?.root().is_false();
    let known = Known::new(&allow.entries, |name| recommends_apps || name != "device.apps");
    let (patterns, exact): (Vec<&str>, Vec<&str>) =
        deny.entries.iter().partition(|entry| is_pattern(entry));
    let unknown: Vec<&str> = exact.into_iter().filter(|entry| !known.contains(entry)).collect();
    if patterns.is_empty() && unknown.is_empty() {
        return Ok(());
    }
    let mut lines = vec![format!(
        "{} holds exact command names; patterns and command arguments are not supported.",
        deny.path()
    )];
    if !patterns.is_empty() {
        let patterns = listed(&patterns, str::to_owned);
        lines.push(format!("- Looks like a pattern and matches nothing: {patterns}"));
    }
    if !unknown.is_empty() {
        let unknown = listed(&unknown, |entry| with_suggestions(entry, &known));
        lines.push(format!("- No command of that name: {unknown}"));
    }
    let examples: Vec<&str> = known.iter().take(EXAMPLES).collect();
    let finding = rule::NODES_DENY_COMMANDS_INEFFECTIVE
        .finding()
        .detail(lines.join("\n"))
        .remediation(format!(
            "Use exact command names, for example {}. To restrict more, remove commands from the allow list and tighten \
             tools.exec.",
            examples.join(", ")
        ));
    deny.locate(finding).report(host);
    Ok(())
}

fn with_suggestions(entry: &str, known: &Known<'_>) -> String {
    let near = suggestions(entry, known);
    if near.is_empty() {
        entry.to_owned()
    } else {
        format!("{entry} (did you mean: {})", near.join(", "))
    }
}

fn listed(entries: &[&str], show: impl Fn(&str) -> String) -> String {
    let mut shown: Vec<String> = entries.iter().take(SHOWN).map(|entry| show(entry)).collect();
    if entries.len() > SHOWN {
        shown.push(format!("…{} more", entries.len() - SHOWN));
    }
    shown.join(", ")
}

/// Whether an entry was meant as a pattern, path, group or command line.
fn is_pattern(entry: &str) -> bool {
    entry.contains(['?', '*', '[', ']', '{', '}', '(', ')', ',', '|'])
        || entry.starts_with(['/', '^'])
        || entry.ends_with(['/', '$'])
        || entry.contains("group:")
        || entry.chars().any(is_space)
}

fn is_space(c: char) -> bool {
    text::trim(c.encode_utf8(&mut [0; 4])).is_empty()
}

/// A list of commands in either of its spellings, or in both: that of OpenClaw 2026.9.6 and the earlier one.
struct CommandList<'t> {
    entries: Vec<&'t str>,
    found: Vec<(&'static str, Node<'t>)>,
}

impl<'t> CommandList<'t> {
    fn allowed(nodes: &Node<'t>) -> Self {
        Self::merged([
            ("gateway.nodes.allowCommands", nodes.get("allowCommands")),
            ("gateway.nodes.commands.allow", nodes.at(["commands", "allow"])),
        ])
    }

    fn denied(nodes: &Node<'t>) -> Self {
        Self::merged([
            ("gateway.nodes.denyCommands", nodes.get("denyCommands")),
            ("gateway.nodes.commands.deny", nodes.at(["commands", "deny"])),
        ])
    }

    fn merged(spellings: [(&'static str, Node<'t>); 2]) -> Self {
        let found: Vec<_> =
            spellings.into_iter().filter(|(_, node)| !node.strings().is_empty()).collect();
        let mut seen = HashSet::new();
        let entries = found
            .iter()
            .flat_map(|(_, node)| node.strings())
            .filter(|entry| seen.insert(*entry))
            .collect();
        Self { entries, found }
    }

    fn contains(&self, name: &str) -> bool {
        self.entries.contains(&name)
    }

    /// The keys that were found, as text.
    fn path(&self) -> String {
        self.found.iter().map(|(path, _)| *path).collect::<Vec<_>>().join(" and ")
    }

    fn locate(&self, finding: Finding) -> Finding {
        self.found.iter().fold(finding, |finding, (_, node)| finding.at(node))
    }
}

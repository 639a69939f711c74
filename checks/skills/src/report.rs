//! The findings of the searches of all workspaces.

use std::collections::BTreeSet;

use chitin_sdk::text::bullets;
use chitin_sdk::{Finding, Host, Outcome, Root};

use crate::rule;
use crate::search::{self, Escape, Gap, Limits};

/// How many rows a finding shows.
const ROWS: usize = 12;

pub(crate) fn workspaces(host: &dyn Host) -> Outcome {
    let mut escapes = Vec::new();
    let roots = host.roots()?;
    for root in distinct(roots.clone()) {
        let found = search::workspace(host, &root, &roots, Limits::DEFAULT)?;
        if !found.gaps.is_empty() {
            truncated(host, &root, &found.gaps).report(host);
        }
        escapes.extend(found.escapes.into_iter().map(|escape| (root.clone(), escape)));
    }
    if !escapes.is_empty() {
        escaped(host, &escapes).report(host);
    }
    Ok(())
}

/// The workspaces, each directory once: agents may share one.
pub(crate) fn distinct(roots: Vec<Root>) -> Vec<Root> {
    let mut paths = BTreeSet::new();
    roots
        .into_iter()
        .filter(|root| root.name.starts_with("workspace:") && paths.insert(root.path.clone()))
        .collect()
}

fn full_path(host: &dyn Host, root: &Root, path: &str) -> String {
    host.describe(&root.name, path).unwrap_or_else(|_| format!("{}/{path}", root.path))
}

pub(crate) fn truncated(host: &dyn Host, root: &Root, gaps: &[Gap]) -> Finding {
    let lines: Vec<String> = gaps.iter().map(|gap| reason(host, root, gap)).collect();
    rule::WORKSPACE_SCAN_TRUNCATED
        .finding()
        .detail(format!(
            "The search of workspace={} is incomplete. Skills in the rest of its skills directory were not checked for \
             links that leave the workspace.\n{}",
            root.path,
            bullets(&lines, ROWS)
        ))
        .remediation(
            "Flatten the skills directory, or move large collections to a managed skill location, and make sure that \
             every directory below it can be read.",
        )
        .in_file(&root.name, search::SKILLS)
}

fn reason(host: &dyn Host, root: &Root, gap: &Gap) -> String {
    match gap {
        Gap::Waiting(directories) => {
            format!("a limit ended the search; directories still waiting: {directories}")
        }
        Gap::Long(path) => {
            format!("too many entries to list them all: {}", full_path(host, root, path))
        }
        Gap::Unreadable(path, why) => {
            format!("could not be read: {} ({why})", full_path(host, root, path))
        }
    }
}

fn escaped(host: &dyn Host, escapes: &[(Root, Escape)]) -> Finding {
    let mut rows: Vec<String> = escapes
        .iter()
        .take(ROWS)
        .map(|(root, escape)| {
            let link = full_path(host, root, &escape.path);
            format!("- workspace={} skill={link} realpath={}", root.path, escape.target)
        })
        .collect();
    if escapes.len() > ROWS {
        rows.push(format!("- +{} more", escapes.len() - ROWS));
    }
    let finding = rule::WORKSPACE_SYMLINK_ESCAPE
        .finding()
        .detail(format!(
            "These links lead to skills outside the workspace, whose content can change without a change in the \
             workspace:\n{}",
            rows.join("\n")
        ))
        .remediation(
            "Replace the links with real files inside the workspace, or move shared skills to a managed skill location.",
        );
    escapes
        .iter()
        .take(ROWS)
        .fold(finding, |finding, (root, escape)| finding.in_file(&root.name, &escape.path))
}

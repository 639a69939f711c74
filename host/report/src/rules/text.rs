//! The rules for a terminal.

use std::fmt::Write as _;

use super::{Declared, automatic, sections, severities};

/// A line for each rule.
pub fn table(declared: &[Declared<'_>]) -> String {
    let width = declared.iter().map(|declared| declared.rule.id.len()).max().unwrap_or(0);
    let mut out = String::new();
    for Declared { rule, .. } in declared {
        let _infallible =
            writeln!(out, "{:width$}  {:13}  {}", rule.id, severities(rule), rule.title);
    }
    out
}

/// Everything about one rule, for a terminal.
pub fn explanation(Declared { module, rule }: Declared<'_>) -> String {
    let mut out = format!(
        "{}\n{}\n\nSeverity: {}\nModule: {module}\nFixed automatically: {}\n",
        rule.id,
        rule.title,
        severities(rule),
        automatic(rule),
    );
    if rule.deep {
        out.push_str("Runs only with --deep\n");
    }
    for (heading, text) in sections(rule) {
        let _infallible = write!(out, "\n{heading}:\n{text}\n");
    }
    if !rule.references.is_empty() {
        out.push_str("\nReferences:\n");
        for reference in &rule.references {
            let _infallible = writeln!(out, "  {reference}");
        }
    }
    out
}

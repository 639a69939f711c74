//! A module for a terminal.

use std::fmt::Write as _;

use super::Signature;
use crate::rules::severities;
use chitin_model::escape::{visible, visible_lines};
use chitin_model::grants::describe;
use chitin_model::inspection::Inspection;
use chitin_model::manifest::WIT_VERSION;

/// Every text of a module may be hostile.
pub fn render(inspection: &Inspection, signature: &Signature) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _infallible = write_text(&mut out, inspection, signature);
    out
}

fn write_text(
    out: &mut String,
    inspection: &Inspection,
    signature: &Signature,
) -> std::fmt::Result {
    let manifest = &inspection.manifest;
    writeln!(out, "{} {}", visible(&manifest.id), visible(&manifest.version))?;
    writeln!(out, "{}\n", visible_lines(manifest.summary.trim()))?;
    writeln!(out, "Publisher: {}", visible(&manifest.publisher))?;
    writeln!(out, "Contract:  chitin:audit {WIT_VERSION}")?;
    writeln!(out, "Size:      {} bytes", inspection.size)?;
    writeln!(out, "SHA-256:   {}", inspection.sha256)?;
    writeln!(out, "Signature: {}", visible(&signature.details))?;

    list(out, "It may", &describe::lines(&manifest.grants))?;

    writeln!(out, "\nRules ({})", manifest.rules.len())?;
    for rule in &manifest.rules {
        let deep = if rule.deep { ", with --deep" } else { "" };
        writeln!(out, "  {} ({}{deep})", visible(&rule.id), severities(rule))?;
        writeln!(out, "    {}", visible(rule.title.trim()))?;
    }

    list(out, "Imports", &inspection.component.imports)?;
    if inspection.component.is_composed() {
        writeln!(out, "\nIt cannot be loaded: it consists of several components.")?;
    }
    for import in inspection.component.foreign_imports() {
        writeln!(
            out,
            "\nIt cannot be loaded: it imports `{}`, which is not part of the contract.",
            visible(import)
        )?;
    }
    Ok(())
}

fn list(out: &mut String, heading: &str, items: &[String]) -> std::fmt::Result {
    writeln!(out, "\n{heading}")?;
    if items.is_empty() {
        writeln!(out, "  nothing")?;
    }
    for item in items {
        writeln!(out, "  - {}", visible(item))?;
    }
    Ok(())
}

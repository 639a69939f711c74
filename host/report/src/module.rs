//! A module as a person judges it before running it: what it is, what it wants, what it brings. For a terminal and as JSON.

use std::fmt::Write as _;

use serde::Serialize;

use super::rules::severities;
use chitin_model::escape::{escaped_json, visible, visible_lines};
use chitin_model::finding::Severity;
use chitin_model::grants::describe;
use chitin_model::inspection::Inspection;
use chitin_model::manifest::WIT_VERSION;

/// The version of the JSON shape.
const SCHEMA: u32 = 1;

/// What comes of looking at a module's signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signature {
    pub holds: bool,
    /// Whose it is, or why it does not hold.
    pub words: String,
}

/// For a terminal. Every text of a module may be hostile.
pub fn text(inspection: &Inspection, signature: &Signature) -> String {
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
    writeln!(out, "Signature: {}", visible(&signature.words))?;

    list(out, "It may", &describe::lines(&manifest.grants))?;

    writeln!(out, "\nRules ({})", manifest.rules.len())?;
    for rule in &manifest.rules {
        let deep = if rule.deep { ", with --deep" } else { "" };
        writeln!(out, "  {} ({}{deep})", visible(&rule.id), severities(rule))?;
        writeln!(out, "    {}", visible(rule.title.trim()))?;
    }

    list(out, "Imports", &inspection.component.imports)?;
    if inspection.component.is_composed() {
        writeln!(out, "\nIt is not loaded: it is put together of several components.")?;
    }
    for import in inspection.component.foreign_imports() {
        writeln!(
            out,
            "\nIt is not loaded: it imports `{}`, which is not of this contract.",
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

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'i> {
    schema: u32,
    id: &'i str,
    version: &'i str,
    publisher: &'i str,
    contract: &'static str,
    summary: &'i str,
    size: usize,
    sha256: &'i str,
    signature: &'i Signature,
    may: Vec<String>,
    rules: Vec<WireRule<'i>>,
    imports: &'i [String],
    foreign_imports: Vec<&'i str>,
    composed: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireRule<'i> {
    id: &'i str,
    severities: &'i [Severity],
    title: &'i str,
    why: &'i str,
    fix: &'i str,
    auto_fix: bool,
    deep: bool,
}

/// As JSON with a final line end.
pub fn json(inspection: &Inspection, signature: &Signature) -> Result<String, serde_json::Error> {
    let manifest = &inspection.manifest;
    let rules = manifest.rules.iter().map(|rule| WireRule {
        id: &rule.id,
        severities: &rule.severities,
        title: rule.title.trim(),
        why: rule.why.trim(),
        fix: rule.fix.trim(),
        auto_fix: rule.auto_fix,
        deep: rule.deep,
    });
    let wire = Wire {
        schema: SCHEMA,
        id: &manifest.id,
        version: &manifest.version,
        publisher: &manifest.publisher,
        contract: WIT_VERSION,
        summary: manifest.summary.trim(),
        size: inspection.size,
        sha256: &inspection.sha256,
        signature,
        may: describe::lines(&manifest.grants),
        rules: rules.collect(),
        imports: &inspection.component.imports,
        foreign_imports: inspection.component.foreign_imports(),
        composed: inspection.component.is_composed(),
    };
    Ok(escaped_json(&serde_json::to_string_pretty(&wire)?) + "\n")
}

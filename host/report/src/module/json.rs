//! A module as JSON.

use serde::Serialize;

use super::Signature;
use chitin_model::escape::escaped_json;
use chitin_model::finding::Severity;
use chitin_model::grants::describe;
use chitin_model::inspection::Inspection;
use chitin_model::manifest::WIT_VERSION;

/// The version of this shape.
const SCHEMA: u32 = 1;

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
    signature: WireSignature<'i>,
    may: Vec<String>,
    rules: Vec<WireRule<'i>>,
    imports: &'i [String],
    foreign_imports: Vec<&'i str>,
    composed: bool,
}

#[derive(Serialize)]
struct WireSignature<'i> {
    holds: bool,
    words: &'i str,
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

/// Pretty-printed, with a final line end.
pub fn render(inspection: &Inspection, signature: &Signature) -> Result<String, serde_json::Error> {
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
        signature: WireSignature { holds: signature.valid, words: &signature.details },
        may: describe::lines(&manifest.grants),
        rules: rules.collect(),
        imports: &inspection.component.imports,
        foreign_imports: inspection.component.foreign_imports(),
        composed: inspection.component.is_composed(),
    };
    Ok(escaped_json(&serde_json::to_string_pretty(&wire)?) + "\n")
}

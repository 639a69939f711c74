//! The JSON of `chitin list`.

use serde::Serialize;

use super::Declared;
use chitin_model::finding::Severity;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireRule<'r> {
    id: &'r str,
    module: &'r str,
    severities: &'r [Severity],
    title: &'r str,
    why: &'r str,
    exploit: &'r str,
    fix: &'r str,
    auto_fix: bool,
    deep: bool,
    references: &'r [String],
}

/// Every rule with all its texts, pretty-printed with a final line end.
pub fn render(declared: &[Declared<'_>]) -> Result<String, serde_json::Error> {
    let wire: Vec<_> = declared
        .iter()
        .map(|Declared { module, rule }| WireRule {
            id: &rule.id,
            module,
            severities: &rule.severities,
            title: &rule.title,
            why: rule.why.trim(),
            exploit: rule.exploit.trim(),
            fix: rule.fix.trim(),
            auto_fix: rule.auto_fix,
            deep: rule.deep,
            references: &rule.references,
        })
        .collect();
    Ok(serde_json::to_string_pretty(&wire)? + "\n")
}

//! The rules themselves: a table, JSON, an explanation, a page of the manual.

use std::fmt::Write as _;

use serde::Serialize;

use chitin_model::finding::Severity;
use chitin_model::manifest::Rule;
use chitin_runtime::Catalogue;

/// A rule and the module that it belongs to.
#[derive(Debug, Clone, Copy)]
pub struct Declared<'c> {
    pub module: &'c str,
    pub rule: &'c Rule,
}

/// Every rule, in id order.
pub fn of_catalogue(catalogue: &Catalogue) -> Vec<Declared<'_>> {
    let mut declared: Vec<_> =
        catalogue.rules().map(|(module, rule)| Declared { module, rule }).collect();
    declared.sort_by(|one, other| one.rule.id.cmp(&other.rule.id));
    declared
}

/// The rule with this id, or whose `*` the id fills. The most literal one wins.
pub fn find<'d>(declared: &'d [Declared<'d>], id: &str) -> Option<Declared<'d>> {
    let exact = declared.iter().find(|declared| declared.rule.id == id);
    let covering = declared
        .iter()
        .filter(|declared| declared.rule.covers(id))
        .max_by_key(|declared| declared.rule.id.chars().filter(|c| *c != '*').count());
    exact.or(covering).copied()
}

/// The rule whose id shares the most with what was typed.
pub fn nearest<'d>(declared: &'d [Declared<'d>], typed: &str) -> Option<&'d str> {
    let words = |id: &str| -> Vec<String> {
        id.to_lowercase().split(['.', '_', '-']).map(str::to_owned).collect()
    };
    let wanted = words(typed);
    declared
        .iter()
        .map(|declared| {
            let shared =
                words(&declared.rule.id).iter().filter(|word| wanted.contains(word)).count();
            (shared, declared.rule.id.as_str())
        })
        .filter(|(shared, _)| *shared > 0)
        .max_by(|one, other| one.0.cmp(&other.0).then(other.1.cmp(one.1)))
        .map(|(_, id)| id)
}

pub(super) fn severities(rule: &Rule) -> String {
    rule.severities.iter().map(Severity::to_string).collect::<Vec<_>>().join("/")
}

/// One line a rule.
pub fn table(declared: &[Declared<'_>]) -> String {
    let width = declared.iter().map(|declared| declared.rule.id.len()).max().unwrap_or(0);
    let mut out = String::new();
    for Declared { rule, .. } in declared {
        let _infallible =
            writeln!(out, "{:width$}  {:13}  {}", rule.id, severities(rule), rule.title);
    }
    out
}

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

/// Every rule with all its texts.
pub fn json(declared: &[Declared<'_>]) -> Result<String, serde_json::Error> {
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

fn automatic(rule: &Rule) -> &'static str {
    if rule.auto_fix { "yes" } else { "no" }
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
    for (heading, text) in
        [("Why it matters", &rule.why), ("How it is exploited", &rule.exploit), ("Fix", &rule.fix)]
    {
        if !text.trim().is_empty() {
            let _infallible = write!(out, "\n{heading}:\n{}\n", text.trim());
        }
    }
    if !rule.references.is_empty() {
        out.push_str("\nReferences:\n");
        for reference in &rule.references {
            let _infallible = writeln!(out, "  {reference}");
        }
    }
    out
}

/// A module's page of the manual, in Markdown.
pub fn page(module: &str, summary: &str, rules: &[&Rule]) -> String {
    let mut out = format!("# {module}\n\n{}\n", summary.trim());
    for rule in rules {
        let _infallible = write!(
            out,
            "\n## `{}`\n\n{}.\n\n| severity | fixed automatically | needs `--deep` |\n| --- | --- | --- |\n| {} | {} | {} |\n",
            rule.id,
            rule.title.trim_end_matches('.'),
            severities(rule),
            automatic(rule),
            if rule.deep { "yes" } else { "no" },
        );
        for (heading, text) in [
            ("Why it matters", &rule.why),
            ("How it is exploited", &rule.exploit),
            ("Fix", &rule.fix),
        ] {
            if !text.trim().is_empty() {
                let _infallible = write!(out, "\n**{heading}.** {}\n", text.trim());
            }
        }
        if !rule.references.is_empty() {
            out.push('\n');
            for reference in &rule.references {
                let _infallible = writeln!(out, "- <{reference}>");
            }
        }
    }
    out
}

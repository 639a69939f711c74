//! The rules as a page of the manual.

use std::fmt::Write as _;

use super::{automatic, sections, severities};
use chitin_model::manifest::Rule;

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
        for (heading, text) in sections(rule) {
            let _infallible = write!(out, "\n**{heading}.** {text}\n");
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

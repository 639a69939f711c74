//! The rules themselves, as the manifests declare them. One file per format: a table and an explanation for a terminal,
//! JSON, and a page of the manual. No text of a rule is written here.

mod json;
mod markdown;
mod text;

pub use json::render as json;
pub use markdown::page;
pub use text::{explanation, table};

use chitin_model::finding::Severity;
use chitin_model::manifest::Rule;
use chitin_runtime::Catalogue;

/// A rule and the module that declares it.
#[derive(Debug, Clone, Copy)]
pub struct Declared<'c> {
    pub module: &'c str,
    pub rule: &'c Rule,
}

/// Every rule of a catalogue, in id order.
pub fn of_catalogue(catalogue: &Catalogue) -> Vec<Declared<'_>> {
    let mut declared: Vec<_> =
        catalogue.rules().map(|(module, rule)| Declared { module, rule }).collect();
    declared.sort_by(|one, other| one.rule.id.cmp(&other.rule.id));
    declared
}

/// The rule with this id, or the one whose pattern matches it; the pattern with the most literal characters wins.
pub fn find<'d>(declared: &'d [Declared<'d>], id: &str) -> Option<Declared<'d>> {
    let exact = declared.iter().find(|declared| declared.rule.id == id);
    let covering = declared
        .iter()
        .filter(|declared| declared.rule.covers(id))
        .max_by_key(|declared| declared.rule.id.chars().filter(|c| *c != '*').count());
    exact.or(covering).copied()
}

/// The rule whose id shares the most words with what was typed.
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

fn automatic(rule: &Rule) -> &'static str {
    if rule.auto_fix { "yes" } else { "no" }
}

/// The sections of a rule's explanation that have a text, with their headings.
fn sections(rule: &Rule) -> impl Iterator<Item = (&'static str, &str)> {
    let sections =
        [("Why it matters", &rule.why), ("How it is exploited", &rule.exploit), ("Fix", &rule.fix)];
    sections
        .into_iter()
        .map(|(heading, text)| (heading, text.trim()))
        .filter(|(_, text)| !text.is_empty())
}

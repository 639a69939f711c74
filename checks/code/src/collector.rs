//! Collects where rules hold in one file and turns that into findings: sorted, without duplicates, capped per rule.

use std::ptr;

use crate::model::CodeFinding;
use crate::rules::{Overflow, Repeat, Rule, SECRET_LITERAL};
use crate::source::{REDACTED, Source};

/// The most findings of one repeating rule in one file.
pub(crate) const MAX_PER_RULE: usize = 32;

/// The offsets at which rules hold.
#[derive(Default)]
pub(crate) struct Collector {
    matches: Vec<(usize, &'static Rule)>,
}

impl Collector {
    pub(crate) fn add(&mut self, rule: &'static Rule, offset: usize) {
        self.matches.push((offset, rule));
    }

    pub(crate) fn contains(&self, rule: &'static Rule) -> bool {
        self.matches.iter().any(|(_, other)| ptr::eq(*other, rule))
    }

    /// The findings, by line and column.
    pub(crate) fn findings(mut self, source: &Source<'_>) -> Vec<CodeFinding> {
        self.matches.sort_by_key(|(offset, rule)| (*offset, rule.id));
        self.matches.dedup_by(|a, b| a.0 == b.0 && a.1.id == b.1.id);
        let mut findings = Vec::new();
        let mut tallies: Vec<Tally> = Vec::new();
        let mut builder = FindingBuilder { source, last_line: None };
        for (offset, rule) in self.matches {
            let at =
                tallies.iter().position(|tally| ptr::eq(tally.rule, rule)).unwrap_or_else(|| {
                    tallies.push(Tally { rule, reported: 0, omitted: 0, last: 0 });
                    tallies.len() - 1
                });
            let Some(tally) = tallies.get_mut(at) else { continue };
            let cap = if rule.repeat == Repeat::Once { 1 } else { MAX_PER_RULE };
            if tally.reported < cap {
                tally.reported += 1;
                findings.push(builder.finding(rule, offset));
            } else {
                tally.omitted += 1;
                tally.last = offset;
            }
        }
        findings.extend(tallies.iter().filter_map(|tally| tally.overflow(source)));
        findings.sort_by_key(|finding| (finding.line, finding.column));
        findings
    }
}

/// How often a rule holds.
struct Tally {
    rule: &'static Rule,
    reported: usize,
    omitted: usize,
    /// The offset of the last match.
    last: usize,
}

impl Tally {
    /// The finding that says how many were omitted.
    fn overflow(&self, source: &Source<'_>) -> Option<CodeFinding> {
        let Repeat::Each(Overflow { id, alias }) = self.rule.repeat else { return None };
        if self.omitted == 0 {
            return None;
        }
        let (line, column) = source.position(self.last);
        Some(CodeFinding {
            rule: id,
            alias: Some(alias),
            severity: self.rule.severity,
            line,
            column,
            message: format!("{}: more places than are listed", self.rule.message),
            evidence: format!("{} more after the first {MAX_PER_RULE}", self.omitted),
        })
    }
}

/// Builds findings. Many can be on one long line, so the evidence of the last line is kept.
struct FindingBuilder<'s, 't> {
    source: &'s Source<'t>,
    last_line: Option<(usize, String)>,
}

impl FindingBuilder<'_, '_> {
    fn finding(&mut self, rule: &'static Rule, offset: usize) -> CodeFinding {
        let (line, column) = self.source.position(offset);
        let evidence = if ptr::eq(rule, &raw const SECRET_LITERAL) {
            REDACTED.to_owned()
        } else {
            self.evidence(self.source.line_of(offset))
        };
        CodeFinding {
            rule: rule.id,
            alias: rule.alias,
            severity: rule.severity,
            line,
            column,
            message: rule.message.to_owned(),
            evidence,
        }
    }

    fn evidence(&mut self, line: usize) -> String {
        match &self.last_line {
            Some((last, evidence)) if *last == line => evidence.clone(),
            _ => {
                let evidence = self.source.evidence(line);
                self.last_line = Some((line, evidence.clone()));
                evidence
            }
        }
    }
}

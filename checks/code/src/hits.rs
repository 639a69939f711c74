//! Gathers what the rules found in one file and turns it into findings: sorted, each place once, capped.

use std::ptr;

use crate::model::CodeFinding;
use crate::rules::{Overflow, Repeat, Rule};
use crate::source::{REDACTED, Source};

/// A rule that repeats is reported this often in one file.
pub(crate) const CAP: usize = 32;

/// The places where rules hold.
#[derive(Default)]
pub(crate) struct Hits {
    found: Vec<(usize, &'static Rule)>,
}

impl Hits {
    pub(crate) fn add(&mut self, rule: &'static Rule, offset: usize) {
        self.found.push((offset, rule));
    }

    pub(crate) fn holds(&self, rule: &'static Rule) -> bool {
        self.found.iter().any(|(_, other)| ptr::eq(*other, rule))
    }

    /// The findings, by line and column.
    pub(crate) fn findings(mut self, source: &Source<'_>) -> Vec<CodeFinding> {
        self.found.sort_by_key(|(offset, rule)| (*offset, rule.id));
        self.found.dedup_by(|a, b| a.0 == b.0 && a.1.id == b.1.id);
        let mut findings = Vec::new();
        let mut tallies: Vec<Tally> = Vec::new();
        let mut lines = Lines { source, last: None };
        for (offset, rule) in self.found {
            let at =
                tallies.iter().position(|tally| ptr::eq(tally.rule, rule)).unwrap_or_else(|| {
                    tallies.push(Tally { rule, reported: 0, omitted: 0, last: 0 });
                    tallies.len() - 1
                });
            let Some(tally) = tallies.get_mut(at) else { continue };
            let cap = if rule.repeat == Repeat::Once { 1 } else { CAP };
            if tally.reported < cap {
                tally.reported += 1;
                findings.push(lines.finding(rule, offset));
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

/// How often a rule held.
struct Tally {
    rule: &'static Rule,
    reported: usize,
    omitted: usize,
    /// Where it held last.
    last: usize,
}

impl Tally {
    /// The finding that says how many were left out.
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
            evidence: format!("{} more after the first {CAP}", self.omitted),
        })
    }
}

/// Makes findings; many may lie on one long line, so its evidence is kept.
struct Lines<'s, 't> {
    source: &'s Source<'t>,
    last: Option<(usize, String)>,
}

impl Lines<'_, '_> {
    fn finding(&mut self, rule: &'static Rule, offset: usize) -> CodeFinding {
        let (line, column) = self.source.position(offset);
        let evidence = if rule.alias == Some("literal-secret") {
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
        match &self.last {
            Some((last, evidence)) if *last == line => evidence.clone(),
            _ => {
                let evidence = self.source.evidence(line);
                self.last = Some((line, evidence.clone()));
                evidence
            }
        }
    }
}

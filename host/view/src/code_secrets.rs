//! Keeps the secrets of a file of code out of what a scanner reports about it: by the names that the code gives them, and
//! by their shape.

use crate::seal::{BLANK, without_shapes};
use crate::secret_patterns::{code_values, merge};

/// A shorter value is blanked only where the code names it.
const MIN_KNOWN: usize = 6;
/// Values that are looked for in every text of a report.
const MAX_KNOWN: usize = 200;
/// How far beyond evidence that was cut a value may reach.
const MAX_CUT: usize = 4096;
/// What ends evidence that was cut.
const ELLIPSIS: char = '…';

/// The secrets of one file.
pub struct CodeSecrets<'t> {
    text: &'t str,
    ranges: Vec<(usize, usize)>,
    /// Longest first.
    known: Vec<&'t str>,
}

impl<'t> CodeSecrets<'t> {
    /// The secrets that a file's text names.
    pub fn of(text: &'t str) -> Self {
        let ranges = code_values(text);
        let values = ranges.iter().map(|(start, end)| &text[*start..*end]);
        let mut known: Vec<&str> = values.filter(|value| value.len() >= MIN_KNOWN).collect();
        known.sort_unstable_by_key(|value| (std::cmp::Reverse(value.len()), *value));
        known.dedup();
        known.truncate(MAX_KNOWN);
        Self { text, ranges, known }
    }

    /// Evidence for a finding in this file, with the secrets of its line blanked out. Lines count from 1.
    pub fn blank_evidence(&self, line: u32, evidence: &str) -> String {
        let shown = evidence.strip_suffix(ELLIPSIS).unwrap_or(evidence);
        let Some(start) = self.start_of(line, shown) else { return self.blank(evidence) };
        let end = start + shown.len();
        let mut blanked = evidence.to_owned();
        for (from, to) in self.ranges_in(start, end).into_iter().rev() {
            blanked.replace_range(from.saturating_sub(start)..to.min(end) - start, BLANK);
        }
        self.blank(&blanked)
    }

    /// What is secret between two places: by its name there, or because it has a secret's name elsewhere.
    fn ranges_in(&self, start: usize, end: usize) -> Vec<(usize, usize)> {
        let mut stop = self.text.len().min(end + MAX_CUT);
        while !self.text.is_char_boundary(stop) {
            stop -= 1;
        }
        let line = &self.text[start..stop];
        let elsewhere = self.known.iter().flat_map(|value| {
            let found = line.match_indices(*value);
            found.map(|(at, value)| (start + at, start + at + value.len()))
        });
        let all = self.ranges.iter().copied().chain(elsewhere);
        merge(all.filter(|(from, to)| *from < end && *to > start).collect())
    }

    /// A text about this file with its secrets blanked out.
    pub fn blank(&self, text: &str) -> String {
        let mut blanked = text.to_owned();
        for value in &self.known {
            if blanked.contains(value) {
                blanked = blanked.replace(value, BLANK);
            }
        }
        without_shapes(blanked)
    }

    /// Where evidence begins in the text, if it is the beginning of its line.
    fn start_of(&self, line: u32, shown: &str) -> Option<usize> {
        let line = usize::try_from(line).ok()?.checked_sub(1)?;
        let start = match line {
            0 => 0,
            _ => self.text.match_indices('\n').nth(line - 1)?.0 + 1,
        };
        let rest = &self.text[start..];
        let trimmed = rest.trim_start();
        trimmed.starts_with(shown).then_some(start + rest.len() - trimmed.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str =
        "const password =\n  'canary-one'; eval(x);\nlogin('bob', 'canary-one'); pin = 'ab'\n";

    #[test]
    fn a_secret_on_its_own_line_goes() {
        let secrets = CodeSecrets::of(CODE);
        assert_eq!(
            secrets.blank_evidence(2, "'canary-one'; eval(x);"),
            format!("'{BLANK}'; eval(x);")
        );
    }

    #[test]
    fn a_secret_that_is_used_elsewhere_goes() {
        let secrets = CodeSecrets::of(CODE);
        let line = "login('bob', 'canary-one'); pin = 'ab'";
        let wanted = format!("login('bob', '{BLANK}'); pin = '{BLANK}'");
        assert_eq!(secrets.blank_evidence(3, line), wanted);
        assert_eq!(secrets.blank("sends canary-one away"), format!("sends {BLANK} away"));
    }

    #[test]
    fn a_secret_that_is_cut_off_goes_with_its_beginning() {
        let secrets = CodeSecrets::of(CODE);
        assert_eq!(
            secrets.blank_evidence(3, "login('bob', 'cana…"),
            format!("login('bob', '{BLANK}…")
        );
    }

    #[test]
    fn evidence_that_is_not_in_the_file_is_taken_as_it_is() {
        let secrets = CodeSecrets::of(CODE);
        assert_eq!(secrets.blank_evidence(99, "canary-one here"), format!("{BLANK} here"));
        assert_eq!(secrets.blank_evidence(0, "plain"), "plain");
    }
}

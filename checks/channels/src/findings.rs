//! The findings of a run over the channels: kept until its end, because ids count them and duplicates are dropped.

use std::collections::BTreeMap;

use chitin_sdk::{Finding, Host, Location, Refusal, Severity, not_decided};

/// Most characters of config text in a rule id.
const ID_PART: usize = 64;

/// Most characters of an example.
const EXAMPLE: usize = 120;

/// Most characters of a title, and of any longer text. Names in a config can be of any length, and a finding that is too
/// long for the host would be lost.
const TITLE: usize = 300;
const TEXT: usize = 6_000;

/// Most places of a finding that was merged from several.
const PLACES: usize = 20;

/// Findings so far, and rules that could not be decided somewhere.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    found: Vec<Finding>,
    refused: BTreeMap<&'static str, Refusal>,
}

impl Findings {
    pub(crate) fn add(&mut self, finding: Finding) {
        self.found.push(finding);
    }

    /// How many there are, with duplicates.
    pub(crate) fn count(&self) -> usize {
        self.found.len()
    }

    /// Records why rules could not be decided for an account. The first reason is kept.
    pub(crate) fn refuse(&mut self, rules: &[&'static str], refusal: &Refusal) {
        for rule in rules {
            self.refused.entry(rule).or_insert_with(|| refusal.clone());
        }
    }

    /// Reports everything to the host. Findings with the same text are merged, with the places of all.
    pub(crate) fn report(self, host: &dyn Host) {
        let mut order: Vec<Finding> = Vec::new();
        let mut known: BTreeMap<Wording, usize> = BTreeMap::new();
        for finding in self.found {
            let finding = bounded(finding);
            let index = *known.entry(wording(&finding)).or_insert(order.len());
            if let Some(earlier) = order.get_mut(index) {
                add_places(earlier, finding.locations);
            } else {
                order.push(finding);
            }
        }
        for finding in order {
            finding.report(host);
        }
        for (rule, refusal) in &self.refused {
            not_decided(host, rule, refusal);
        }
    }
}

type Wording = (String, Severity, String, String, Option<String>);

fn wording(finding: &Finding) -> Wording {
    (
        finding.rule.clone(),
        finding.severity,
        finding.title.clone(),
        finding.detail.clone(),
        finding.remediation.clone(),
    )
}

fn add_places(finding: &mut Finding, places: Vec<Location>) {
    for place in places {
        if finding.locations.len() < PLACES && !finding.locations.contains(&place) {
            finding.locations.push(place);
        }
    }
}

fn bounded(mut finding: Finding) -> Finding {
    finding.title = cut(&finding.title, TITLE);
    finding.detail = cut(&finding.detail, TEXT);
    finding.remediation = finding.remediation.map(|text| cut(&text, TEXT));
    finding
        .locations
        .retain(|place| !matches!(place, Location::Config(pointer) if pointer.len() > TEXT));
    finding
}

fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Config text as part of a rule id: plain characters only, at least one and not too many.
pub(crate) fn id_part(text: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    let part: String = text.chars().take(ID_PART).map(plain).collect();
    if part.is_empty() { "-".to_owned() } else { part }
}

/// The first few of some texts on one line, and how many are left.
pub(crate) fn examples<T: AsRef<str>>(texts: &[T]) -> String {
    const SHOWN: usize = 5;
    let shown: Vec<String> =
        texts.iter().take(SHOWN).map(|text| cut(text.as_ref(), EXAMPLE)).collect();
    let left = texts.len().saturating_sub(SHOWN);
    let more = if left > 0 { format!(" (+{left} more)") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::FakeHost;

    use super::*;

    #[test]
    fn an_id_part_is_plain_and_short() {
        assert_eq!(id_part("synology-chat"), "synology-chat");
        assert_eq!(id_part("a.dm.open\u{202e}"), "a-dm-open-");
        assert_eq!(id_part(&"x".repeat(500)).len(), 64);
        assert_eq!(id_part(""), "-");
    }

    #[test]
    fn five_examples_are_shown() {
        assert_eq!(examples(&["a", "b"]), "a, b");
        assert_eq!(examples(&["a", "b", "c", "d", "e", "f", "g"]), "a, b, c, d, e (+2 more)");
    }

    #[test]
    fn long_text_is_cut() {
        let mut findings = Findings::default();
        let long = "é".repeat(100_000);
        let far = Location::Config(format!("/{long}"));
        findings.add(
            Finding::new("r", Severity::Info, &long)
                .detail(&long)
                .remediation(&long)
                .at_location(far),
        );
        let host = FakeHost::default();
        findings.report(&host);
        let found = &host.run(&[]).findings[0];
        assert_eq!(found.title.chars().count(), 301);
        assert!(found.detail.len() < 16_384 && found.locations.is_empty());
        assert!(examples(&[&long]).len() < 300);
    }

    #[test]
    fn a_duplicate_is_reported_once_with_both_places() {
        let mut findings = Findings::default();
        for (detail, pointer) in [("x", "/a"), ("x", "/b"), ("y", "/c"), ("x", "/a")] {
            let place = Location::Config(pointer.to_owned());
            findings.add(Finding::new("r", Severity::Info, "t").detail(detail).at_location(place));
        }
        assert_eq!(findings.count(), 4);
        let host = FakeHost::default();
        findings.report(&host);
        let found = host.run(&[]).findings;
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].locations.len(), 2);
    }
}

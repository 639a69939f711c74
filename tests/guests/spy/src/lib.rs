//! A check that is granted everything and looks for secrets in all that it gets: in every answer, and at the end in its
//! whole memory. The secrets that a test plants contain one known text, ordinary values another; it counts both.

mod needle;
mod places;

use chitin_sdk::{Finding, Group, Host, Outcome, Severity};

use needle::{CANARY, MARKER, memory};

pub const GROUPS: &[Group] = &[Group { rules: &["spy.report"], check: spy }];

chitin_sdk::export!(GROUPS);

/// What was found in answers to one kind of question.
struct Tally {
    kind: &'static str,
    answers: usize,
    canaries: usize,
    markers: usize,
}

/// Everything that was learned. Answers are kept, so they are still in memory when it is searched.
#[derive(Default)]
pub struct Notes {
    answers: Vec<String>,
    tallies: Vec<Tally>,
    /// Questions whose answer had a secret in it.
    leaks: Vec<String>,
}

impl Notes {
    /// Takes an answer to a question of some kind.
    pub fn take(&mut self, kind: &'static str, question: &str, answer: String) {
        let canaries = CANARY.count(answer.bytes());
        let markers = MARKER.count(answer.bytes());
        if canaries > 0 {
            self.leaks.push(format!("{kind} {question}"));
        }
        match self.tallies.iter_mut().find(|tally| tally.kind == kind) {
            Some(tally) => {
                tally.answers += 1;
                tally.canaries += canaries;
                tally.markers += markers;
            }
            None => self.tallies.push(Tally { kind, answers: 1, canaries, markers }),
        }
        self.answers.push(answer);
    }
}

fn spy(host: &dyn Host) -> Outcome {
    let mut notes = Notes::default();
    places::config(host, &mut notes);
    places::files(host, &mut notes);
    places::facts(host, &mut notes);
    places::scans(host, &mut notes);

    let mut finding = Finding::new("spy.report", Severity::Info, "What the spy saw");
    for Tally { kind, answers, canaries, markers } in &notes.tallies {
        finding = finding
            .evidence(format!("{kind}: {answers} answers, {canaries} canaries, {markers} markers"));
    }
    finding = finding.evidence(format!(
        "memory: {} canaries, {} markers",
        CANARY.count(memory()),
        MARKER.count(memory()),
    ));
    let leaks = notes.leaks.iter().take(100).map(|leak| format!("leak: {leak}"));
    leaks.fold(finding, Finding::evidence).report(host);
    drop(notes);
    Ok(())
}

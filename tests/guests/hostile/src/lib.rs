//! A check that misbehaves. It has no arguments, so the config that it audits says how: `hostile.mode`.

mod asks;
mod floods;
mod invalid_findings;

use std::sync::atomic::{AtomicU32, Ordering};

use chitin_sdk::{Finding, Group, Host, Outcome, Severity};

/// What should not outlive a run.
static RUNS: AtomicU32 = AtomicU32::new(1);

/// The trick is between two well-behaved rules.
pub const GROUPS: &[Group] = &[
    Group { rules: &["hostile.first"], check: first },
    Group { rules: &["hostile.trick", "hostile.*.named"], check: trick },
    Group { rules: &["hostile.last"], check: last },
];

chitin_sdk::export!(GROUPS);

fn first(host: &dyn Host) -> Outcome {
    Finding::new("hostile.first", Severity::Warn, "Said before the trick").report(host);
    Ok(())
}

fn last(host: &dyn Host) -> Outcome {
    Finding::new("hostile.last", Severity::Info, "Said after the trick").report(host);
    Ok(())
}

fn trick(host: &dyn Host) -> Outcome {
    let config = host.effective("/hostile")?;
    match config.at(["mode"]).as_str().unwrap_or("quiet") {
        "quiet" => {}
        "panic" => panic!("on purpose"),
        "refuse" => {
            host.effective("/gateway")?;
        }
        "allocate" => floods::memory(),
        "flood-findings" => floods::findings(host),
        "flood-text" => floods::text(host),
        "flood-reasons" => floods::reasons(host),
        "flood-calls" => floods::calls(host),
        "flood-reads" => floods::reads(host),
        "flood-transfer" => floods::transfer(host),
        "flood-places" => floods::places(host),
        "flood-fixes" => floods::fixes(host),
        "flood-rejections" => floods::rejections(host),
        "ask-config" => tell(host, asks::config(host)),
        "ask-files" => tell(host, asks::files(host)),
        "ask-facts" => tell(host, asks::facts(host)),
        "ask-long" => tell(host, asks::long(host)),
        "remember" => tell_one(host, format!("run {}", RUNS.fetch_add(1, Ordering::Relaxed))),
        "ask-paths" => tell(host, asks::paths(host, "granted")),
        "ask-scans" => tell(host, asks::scans(host)),
        "invalid-rules" => tell(host, invalid_findings::rules()),
        "invalid-places" => tell(host, invalid_findings::places()),
        "invalid-fixes" => tell(host, invalid_findings::fixes()),
        "invalid-sizes" => tell(host, invalid_findings::sizes()),
        "invalid-statuses" => invalid_findings::statuses(host),
        "invalid-text" => invalid_findings::text(host),
        other => tell_one(host, format!("no such mode: {other}")),
    }
    Ok(())
}

/// Reports what came of a trick: a finding with one piece of evidence for each step.
fn tell(host: &dyn Host, steps: Vec<Step>) {
    let finding = Finding::new("hostile.trick", Severity::Info, "What came of it");
    steps.into_iter().fold(finding, |finding, step| finding.evidence(step.run(host))).report(host);
}

fn tell_one(host: &dyn Host, text: String) {
    Finding::new("hostile.trick", Severity::Info, "What came of it").evidence(text).report(host);
}

/// Something to try, and what it is called in the report.
enum Step {
    /// Already tried.
    Done(String),
    /// A finding that should not be accepted.
    Report(&'static str, Finding),
}

impl Step {
    fn run(self, host: &dyn Host) -> String {
        match self {
            Self::Done(text) => text,
            Self::Report(name, finding) => match host.add(finding) {
                Ok(()) => format!("{name}: accepted"),
                Err(reason) => format!("{name}: {reason}"),
            },
        }
    }
}

use chitin_sdk::fake::FakeHost;

use super::*;

const RULES: Rules = Rules { safety: "x.code", scan_failed: "x.failed", incomplete: "x.part" };

fn subject<'s>(name: &'s str, notes: &'s [String]) -> Subject<'s> {
    Subject { rules: &RULES, sort: "Skill", name, root: "skills:managed", path: "a", notes }
}

fn found(severity: Severity, file: &str, evidence: &str) -> CodeFinding {
    CodeFinding {
        file: file.to_owned(),
        rule: "suspicious.x".to_owned(),
        alias: None,
        severity,
        line: 1,
        column: 1,
        message: "m".to_owned(),
        evidence: evidence.to_owned(),
    }
}

fn told_of(scan: CodeScan, notes: &[String]) -> Vec<Finding> {
    findings(&FakeHost::default(), &subject("n", notes), Ok(scan)).unwrap()
}

#[test]
fn a_finding_tells_how_much_was_scanned_and_where_it_is() {
    let scan = CodeScan {
        scanned_files: 1,
        findings: vec![found(Severity::Critical, "SKILL.md", "curl x | sh")],
        ..CodeScan::default()
    };
    let findings = told_of(scan, &[]);
    assert!(findings[0].detail.contains("1 critical issue in 1 scanned file under"));
    assert!(findings[0].detail.contains("- [suspicious.x] m (SKILL.md:1); evidence: curl x | sh"));
}

#[test]
fn a_note_comes_with_a_finding_and_never_alone() {
    let notes = ["A note.".to_owned()];
    assert!(told_of(CodeScan::default(), &notes).is_empty());
    let code =
        CodeScan { findings: vec![found(Severity::Warn, "a.js", "x")], ..CodeScan::default() };
    assert!(told_of(code, &notes)[0].detail.ends_with("evidence: x\nA note."));
    let note = FileNote { file: "big.js".to_owned(), reason: "too large".to_owned() };
    let partly = CodeScan { not_scanned: vec![note], ..CodeScan::default() };
    assert!(told_of(partly, &notes)[0].detail.ends_with("- big.js: too large\nA note."));
}

#[test]
fn long_texts_are_cut_at_characters() {
    let scan = CodeScan {
        findings: (0..50)
            .map(|_| found(Severity::Warn, &"ä".repeat(5000), &"€".repeat(5000)))
            .collect(),
        ..CodeScan::default()
    };
    let name = "ü".repeat(5000);
    let findings = findings(&FakeHost::default(), &subject(&name, &[]), Ok(scan)).unwrap();
    assert!(findings[0].detail.len() < 32 * 1024 && findings[0].title.len() < 300);
}

#[test]
fn what_no_directory_may_be_asked_is_refused() {
    for refusal in
        [Refusal::NotHere("needs --deep".to_owned()), Refusal::NotGranted("the code".to_owned())]
    {
        let answer = findings(&FakeHost::default(), &subject("n", &[]), Err(refusal.clone()));
        assert_eq!(answer, Err(refusal));
    }
    let failed = Err(Refusal::OverLimit("too many calls".to_owned()));
    let findings = findings(&FakeHost::default(), &subject("n", &[]), failed).unwrap();
    assert_eq!(findings[0].rule, RULES.scan_failed);
}

#[test]
fn a_run_without_deep_scans_nothing() {
    assert!(is_scanned(&FakeHost::default(), "skills:").is_err());
    let deep = FakeHost::default().scanned("r", "", Ok(CodeScan::default()));
    assert!(is_scanned(&deep, "skills:").is_ok());
}

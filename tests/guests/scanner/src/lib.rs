//! A scanner that finds words, and misbehaves when a file tells it to: `mode:NAME` anywhere in its text.

use std::sync::atomic::{AtomicU32, Ordering};

wit_bindgen::generate!({
    path: "../../../wit/0.1.0",
    world: "scanner",
});

use chitin::audit::scanning::CodeFinding;
use chitin::audit::types::Severity;

struct Scanner;

export!(Scanner);

/// How many files this instance has read.
static READ: AtomicU32 = AtomicU32::new(0);

fn finding(rule: &str, severity: Severity) -> CodeFinding {
    CodeFinding {
        rule: rule.to_owned(),
        alias: None,
        severity,
        line: 1,
        column: 1,
        message: "Something".to_owned(),
        evidence: String::new(),
    }
}

impl Guest for Scanner {
    fn scan(file: SourceFile) -> Reading {
        let number = READ.fetch_add(1, Ordering::Relaxed);
        let text = String::from_utf8_lossy(&file.bytes);
        let mode = text.split_once("mode:").map(|(_, rest)| rest);
        let mode: String = mode
            .into_iter()
            .flat_map(str::chars)
            .take_while(|c| c.is_alphabetic() || *c == '-')
            .collect();
        let mut reading = Reading { findings: words(&text), note: None };
        match mode.as_str() {
            "loop" => loop {
                std::hint::black_box(number);
            },
            "trap" => panic!("on purpose"),
            "allocate" => allocate(),
            "keep" => {
                let kept = vec![1_u8; 48 << 20];
                std::hint::black_box(&kept);
            }
            "flood" => reading.findings = vec![finding("suspicious.word", Severity::Warn); 600],
            "undeclared" => reading.findings.push(finding("hostile.rule", Severity::Info)),
            "severity" => reading.findings.push(finding("malicious.word", Severity::Info)),
            "long" => {
                let mut long = finding("suspicious.word", Severity::Warn);
                long.evidence = "x".repeat(1001);
                reading.findings.push(long);
            }
            // Each text is made again for the host, whatever it is here.
            "giant" => {
                let mut long = finding("suspicious.word", Severity::Warn);
                long.evidence = "x".repeat(1 << 20);
                reading.findings = vec![long; 64];
            }
            "note" => reading.note = Some("read with doubt".to_owned()),
            "escape" => {
                reading.findings.push(CodeFinding {
                    message: "message \u{1b}[2J\u{202e}".to_owned(),
                    evidence: "evidence \u{1b}]0;owned\u{7}".to_owned(),
                    ..finding("suspicious.word", Severity::Warn)
                });
            }
            "echo" => {
                let mut echo = finding("tests.echo", Severity::Info);
                let (path, directory, size) = (file.path, file.directory, file.bytes.len());
                echo.message = format!("{directory} | {path} | {size}");
                reading.findings.push(echo);
            }
            "number" => {
                let mut told = finding("tests.echo", Severity::Info);
                told.message = number.to_string();
                reading.findings.push(told);
            }
            _ => {}
        }
        reading
    }
}

/// Takes memory and uses it, so it cannot be optimised away.
fn allocate() {
    let mut taken: Vec<Vec<u8>> = Vec::new();
    loop {
        taken.push(vec![1; 1 << 20]);
        assert!(taken.iter().all(|piece| piece.first() == Some(&1)));
    }
}

/// Every `eval(` and `evil(`, with its line as evidence.
fn words(text: &str) -> Vec<CodeFinding> {
    let mut found = Vec::new();
    for (number, line) in text.split('\n').enumerate() {
        for (word, rule) in [("eval(", "suspicious.word"), ("evil(", "malicious.word")] {
            let Some(at) = line.find(word) else { continue };
            let mut hit = finding(rule, Severity::Critical);
            hit.alias = Some("word".to_owned());
            hit.line = u32::try_from(number + 1).unwrap_or(u32::MAX);
            hit.column = u32::try_from(at + 1).unwrap_or(u32::MAX);
            hit.message = format!("Says {word}");
            hit.evidence = line.trim().chars().take(120).collect();
            found.push(hit);
        }
    }
    found
}

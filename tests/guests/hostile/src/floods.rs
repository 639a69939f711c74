//! Too much of everything. None of these functions comes to an end by itself, but for those that the host cuts.

use chitin_sdk::{Finding, Fix, FixLevel, Format, Host, Severity};

fn finding() -> Finding {
    Finding::new("hostile.trick", Severity::Info, "One of many")
}

/// Takes memory and uses it, so it cannot be optimised away.
pub fn memory() {
    let mut taken: Vec<Vec<u8>> = Vec::new();
    loop {
        taken.push(vec![1; 1 << 20]);
        assert!(taken.iter().all(|piece| piece.first() == Some(&1)));
    }
}

pub fn findings(host: &dyn Host) {
    loop {
        finding().report(host);
    }
}

/// Each text is as long as it may be.
pub fn text(host: &dyn Host) {
    loop {
        finding().detail("x".repeat(64 * 1024)).report(host);
    }
}

pub fn reasons(host: &dyn Host) {
    loop {
        host.not_applicable("hostile.trick", &"x".repeat(64 * 1024));
    }
}

pub fn calls(host: &dyn Host) {
    loop {
        let _roots = host.roots();
    }
}

pub fn reads(host: &dyn Host) {
    loop {
        let _content = host.read("state", "content/file", Format::Text, u32::MAX);
    }
}

/// More than the host keeps word for word.
pub fn rejections(host: &dyn Host) {
    for number in 0..30 {
        Finding::new(format!("undeclared.{number:02}"), Severity::Info, "").report(host);
    }
}

/// One call that brings more than any report may hold.
pub fn transfer(host: &dyn Host) {
    host.not_applicable("hostile.trick", &"x".repeat(16 << 20));
}

/// Findings without text, and with everything else that there can be.
pub fn places(host: &dyn Host) {
    loop {
        let mut finding = finding();
        finding.locations = vec![chitin_sdk::Location::Config("/hostile".to_owned()); 200];
        finding.evidence = vec![String::new(); 200];
        finding.report(host);
    }
}

/// As many requests for changes as fit.
pub fn fixes(host: &dyn Host) {
    loop {
        let mut finding = finding();
        let change = chitin_sdk::Change::SetMode {
            root: "state".to_owned(),
            path: "granted".to_owned(),
            mode: 0o700,
        };
        let fix = Fix { title: String::new(), level: FixLevel::Safe, change };
        finding.fixes = vec![fix; 200];
        finding.report(host);
    }
}

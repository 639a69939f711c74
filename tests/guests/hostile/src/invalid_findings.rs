//! Findings that go beyond the manifest.

use chitin_sdk::{Change, Finding, Fix, FixLevel, Host, Location, Severity, Value};

use crate::Step;

fn finding() -> Finding {
    Finding::new("hostile.trick", Severity::Info, "Not allowed")
}

/// Ids and severities that are not declared.
pub fn rules() -> Vec<Step> {
    let id = |id: &str| Finding::new(id, Severity::Info, "Not allowed");
    vec![
        Step::Report("another module's rule", id("gateway.bind_no_auth")),
        Step::Report("the host's own rule", id("security.audit.suppressions.active")),
        Step::Report("an empty id", id("")),
        Step::Report("the pattern itself", id("hostile.*.named")),
        Step::Report("nothing for the star", id("hostile..named")),
        Step::Report("a name for the star", id("hostile.some name.named")),
        Step::Report("a control character for the star", id("hostile.\u{1b}[2J.named")),
        Step::Report("a long name for the star", id(&format!("hostile.{}.named", "x".repeat(300)))),
        Step::Report(
            "an undeclared severity",
            Finding::new("hostile.trick", Severity::Critical, "Not allowed"),
        ),
    ]
}

/// Places outside of the grants.
pub fn places() -> Vec<Step> {
    let at = |location: Location| finding().at_location(location);
    let file = |root: &str, path: &str| {
        at(Location::File { root: root.to_owned(), path: path.to_owned(), line: Some(1) })
    };
    vec![
        Step::Report("the config", at(Location::Config(String::new()))),
        Step::Report("a place beside the grant", at(Location::Config("/gateway".to_owned()))),
        Step::Report("a place below the grant", at(Location::Config("/hostile/x/y".to_owned()))),
        Step::Report("a file beside the grant", file("state", "openclaw.json")),
        Step::Report("a file above the grant", file("state", "granted/../openclaw.json")),
        Step::Report("a file of no root", file("nowhere", "x")),
        Step::Report("a file below the grant", file("state", "granted/x")),
        Step::Report("a problem", at(Location::Problem(0))),
    ]
}

/// Changes outside of what the manifest may ask for.
pub fn fixes() -> Vec<Step> {
    let ask = |change: Change| {
        let mut finding = finding();
        finding.fixes.push(Fix { title: "A change".to_owned(), level: FixLevel::Safe, change });
        finding
    };
    let value = |pointer: &str| {
        let (pointer, value) = (pointer.to_owned(), Value::from("x"));
        ask(Change::SetValue { pointer, expected: value.clone(), value })
    };
    let mode = |path: &str, mode: u32| {
        ask(Change::SetMode { root: "state".to_owned(), path: path.to_owned(), mode })
    };
    vec![
        Step::Report("the whole config", value("")),
        Step::Report("a value beside", value("/gateway/bind")),
        Step::Report("a value below", value("/hostile/value/x")),
        Step::Report("the value", value("/hostile/value")),
        Step::Report("the mode of a file beside", mode("openclaw.json", 0o644)),
        Step::Report("a path that leads out", mode("granted/..", 0o777)),
        Step::Report("a mode with setuid", mode("granted", 0o4755)),
        Step::Report("the mode", mode("granted", 0o700)),
    ]
}

fn display_only() -> Fix {
    let change =
        Change::SetMode { root: "state".to_owned(), path: "granted".to_owned(), mode: 0o700 };
    Fix { title: String::new(), level: FixLevel::DisplayOnly, change }
}

/// Findings that are too large.
pub fn sizes() -> Vec<Step> {
    let place = || Location::Config("/hostile".to_owned());
    let long = || "x".repeat(64 * 1024 + 1);
    let mut places = finding();
    places.locations = (0..201).map(|_| place()).collect();
    let mut evidence = finding();
    evidence.evidence = vec![String::new(); 201];
    let mut fix = finding();
    fix.fixes.push(Fix {
        title: long(),
        level: FixLevel::Safe,
        change: Change::SetMode {
            root: "state".to_owned(),
            path: "granted".to_owned(),
            mode: 0o700,
        },
    });
    let mut fixes = finding();
    fixes.fixes = vec![display_only(); 201];
    vec![
        Step::Report("a long title", Finding::new("hostile.trick", Severity::Info, long())),
        Step::Report("a long detail", finding().detail(long())),
        Step::Report("long evidence", finding().evidence(long())),
        Step::Report("a long remedy", finding().remediation(long())),
        Step::Report("a long title of a fix", fix),
        Step::Report("201 fixes", fixes),
        Step::Report("201 places", places),
        Step::Report("201 pieces of evidence", evidence),
        Step::Report("a text that just fits", finding().detail("x".repeat(64 * 1024))),
    ]
}

/// Words about rules: undeclared ones, and contradictions.
pub fn statuses(host: &dyn Host) {
    host.not_applicable("gateway.bind_no_auth", "nothing to see");
    host.not_run("hostile.unknown", "nothing to see");
    host.skipped("", "nothing to see");
    host.not_applicable("hostile.first", "but it has a finding");
    host.not_applicable("hostile.trick", "said first");
    host.not_run("hostile.trick", "said second");
}

/// Text that would do something to a terminal, in every field.
pub fn text(host: &dyn Host) {
    let evil = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{202e}gpj.exe\u{200b}\u{9b}31m\r";
    finding()
        .detail(format!("detail {evil}\nsecond line {evil}"))
        .remediation(format!("remedy {evil}"))
        .evidence(format!("evidence {evil}"))
        .at_location(Location::Config(format!("/hostile/{evil}")))
        .at_location(Location::File {
            root: "state".to_owned(),
            path: format!("granted/{evil}"),
            line: None,
        })
        .report(host);
}

//! No canary in what a module gets, even one that is granted everything.

use std::collections::BTreeMap;

use chitin_audit::Report;
use chitin_config::discover::Credentials;
use chitin_runtime::Catalogue;
use chitin_view::AuthOverride;

use super::canaries::{Canaries, MARKER};
use super::fixture::{ConfigFile, Fixture};
use crate::live::gateway::Gateway;
use crate::support::harness::{Audit, SPY, alone, alone_in_worker};

/// Enough for the spy to search all of its memory.
const LIMITS: [&str; 5] = [
    "fuel=1000000000000",
    "memory=1073741824",
    "read=1073741824",
    "report=16777216",
    "text=1048576",
];

/// What the spy saw, in this process or in a worker.
fn spy(config_file: ConfigFile, alone: fn(&[u8]) -> Catalogue) -> Report {
    let canaries = Canaries::default();
    let Fixture { workspace, env } = Fixture::new(config_file);
    let (token, password) = (Some(canaries.plain()), Some(canaries.plain()));
    // The live gateway says everything to the face that it was told.
    let gateway = Gateway::echoing(MARKER);
    let url = format!("ws://{}:{}@127.0.0.1:{}/", canaries.plain(), canaries.plain(), gateway.port);
    let mut audit = Audit::of(&workspace)
        .auth(AuthOverride {
            mode: "token".to_owned(),
            token: token.clone(),
            password: password.clone(),
        })
        .deep()
        .credentials(Credentials { token, password })
        .env("OPENCLAW_GATEWAY_URL", &url);
    for (name, value) in &env {
        audit = audit.env(name, value);
    }
    for limit in LIMITS {
        audit = audit.limit(limit);
    }
    audit.run(&alone(SPY))
}

/// What the spy counted: for each kind of question its canaries and markers.
fn counts(report: &Report) -> BTreeMap<String, (usize, usize)> {
    let [finding] = report.findings.as_slice() else { panic!("{:?}", report.modules) };
    finding
        .evidence
        .iter()
        .filter(|line| !line.starts_with("leak: "))
        .map(|line| {
            let (kind, rest) = line.split_once(": ").unwrap();
            let number = |word: &str| {
                let part = rest.split(", ").find(|part| part.ends_with(word)).unwrap();
                part.split(' ').next().unwrap().parse().unwrap()
            };
            (kind.to_owned(), (number("canaries"), number("markers")))
        })
        .collect()
}

fn leaks(report: &Report) -> Vec<&str> {
    let evidence = report.findings.iter().flat_map(|finding| &finding.evidence);
    evidence.filter_map(|line| line.strip_prefix("leak: ")).collect()
}

fn assert_sealed(report: &Report) {
    assert_eq!(leaks(report), [""; 0]);
    for (kind, (canaries, _)) in counts(report) {
        assert_eq!(canaries, 0, "{kind}");
    }
}

fn the_spy_sees_what_is_not_secret(report: &Report) {
    // Ordinary values do: the search works, and nothing is sealed for fear.
    let counts = counts(report);
    for kind in
        ["effective", "authored", "text", "json", "facts", "pairing", "installs", "probe", "memory"]
    {
        let (_, markers) =
            counts.get(kind).unwrap_or_else(|| panic!("nothing was asked of {kind}"));
        assert!(*markers > 0, "{kind}: {counts:?}");
    }
}

#[test]
fn no_secret_reaches_a_module() {
    let report = spy(ConfigFile::Whole, alone);
    the_spy_sees_what_is_not_secret(&report);
    assert_sealed(&report);
}

#[test]
fn no_secret_reaches_a_worker() {
    let report = spy(ConfigFile::Whole, alone_in_worker);
    the_spy_sees_what_is_not_secret(&report);
    assert_sealed(&report);
}

#[test]
fn no_secret_of_a_broken_config_reaches_a_module() {
    assert_sealed(&spy(ConfigFile::Broken, alone));
    assert_sealed(&spy(ConfigFile::BrokenInclude, alone));
}

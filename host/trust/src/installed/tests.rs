use std::fs;

use super::super::testing::{Author, Bench, NOW};
use super::*;
use crate::store::InstallPlan;

fn add(bench: &Bench, author: &Author) {
    let package = author.first();
    let module = bench.verify(&package).unwrap();
    bench.store().add(&module, package.envelope.as_deref(), &InstallPlan::New, NOW).unwrap();
}

fn look(bench: &Bench) -> Installed {
    installed(&bench.paths, &["gateway.bind_no_auth".to_owned()], NOW)
}

#[test]
fn nothing_is_installed_and_reported_by_default() {
    let found = look(&Bench::new());
    assert!(found.modules.is_empty() && found.report.is_plain());
}

#[test]
fn a_refused_module_does_not_affect_the_others() {
    let (acme, other) = (Author::new("acme"), Author::new("umbrella"));
    let bench = Bench::new();
    bench.trust(&(acme.entry() + &other.entry()));
    add(&bench, &acme);
    add(&bench, &other);
    assert_eq!(look(&bench).modules.len(), 2);
    assert!(look(&bench).report.is_plain());
    bench.trust(&other.entry());
    let found = look(&bench);
    assert_eq!(found.modules.len(), 1);
    let [refused] = found.report.refused.as_slice() else { panic!("{found:?}") };
    assert_eq!((refused.module.as_str(), refused.is_alarming), ("acme.check", false));
    assert_eq!(refused.rules, ["acme.rule"]);
    assert!(refused.reason.contains("not trusted here"), "{}", refused.reason);
}

#[test]
fn modules_of_a_key_that_is_revoked_later_are_refused() {
    let acme = Author::new("acme");
    let bench = Bench::new();
    bench.trust(&acme.entry());
    add(&bench, &acme);
    let id = acme.key.public().id();
    bench.trust(&format!("{}[[revoked]]\nwhat = \"{id}\"\n", acme.entry()));
    let found = look(&bench);
    assert!(found.modules.is_empty());
    assert!(found.report.refused[0].is_alarming);
}

#[test]
fn a_module_without_a_valid_signature_is_reported() {
    let acme = Author::new("acme");
    let bench = Bench::new();
    for policy in ["warn", "off"] {
        bench.trust(&format!("policy = \"{policy}\""));
        let found = look(&bench);
        assert_eq!(found.report.policy.name(), policy);
        assert!(!found.report.is_plain());
    }
    add(&bench, &acme);
    let found = look(&bench);
    assert_eq!(found.modules.len(), 1);
    assert_eq!(found.report.unverified[0].module, "acme.check");
    // Under the default policy it is not used any more.
    bench.trust("");
    let found = look(&bench);
    assert!(found.modules.is_empty());
    assert_eq!(found.report.refused.len(), 1);
}

#[test]
fn no_module_is_used_when_trust_file_or_lock_cannot_be_read() {
    let acme = Author::new("acme");
    let bench = Bench::new();
    bench.trust(&acme.entry());
    add(&bench, &acme);
    let lock = bench.paths.modules.join("modules.lock");
    let text = fs::read_to_string(&lock).unwrap();
    fs::write(&lock, "nonsense").unwrap();
    let found = look(&bench);
    assert!(found.modules.is_empty() && found.report.failure.is_some());
    fs::write(&lock, text).unwrap();
    assert_eq!(look(&bench).modules.len(), 1);
    bench.trust("nonsense");
    let found = look(&bench);
    assert!(found.modules.is_empty());
    assert!(found.report.failure.unwrap().contains("is not a valid trust file"));
}

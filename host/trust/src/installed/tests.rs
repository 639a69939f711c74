use std::fs;

use super::super::testing::{Author, Bench, NOW};
use super::*;
use crate::store::Addition;

fn add(bench: &Bench, author: &Author) {
    let offer = author.first();
    let module = bench.decide(&offer).unwrap();
    bench.store().add(&module, offer.envelope.as_deref(), &Addition::New, NOW).unwrap();
}

fn look(bench: &Bench) -> Installed {
    installed(&bench.paths, &["gateway.bind_no_auth".to_owned()], NOW)
}

#[test]
fn nothing_is_installed_by_default_and_nothing_is_said() {
    let found = look(&Bench::new());
    assert!(found.modules.is_empty() && found.standing.is_plain());
}

#[test]
fn one_that_is_refused_does_not_keep_the_others_out() {
    let (acme, other) = (Author::new("acme"), Author::new("umbrella"));
    let bench = Bench::new();
    bench.trust(&(acme.entry() + &other.entry()));
    add(&bench, &acme);
    add(&bench, &other);
    assert_eq!(look(&bench).modules.len(), 2);
    assert!(look(&bench).standing.is_plain());
    bench.trust(&other.entry());
    let found = look(&bench);
    assert_eq!(found.modules.len(), 1);
    let [refused] = found.standing.refused.as_slice() else { panic!("{found:?}") };
    assert_eq!((refused.module.as_str(), refused.is_alarming), ("acme.check", false));
    assert_eq!(refused.rules, ["acme.rule"]);
    assert!(refused.reason.contains("not trusted here"), "{}", refused.reason);
}

#[test]
fn a_key_that_is_revoked_later_takes_its_modules_along() {
    let acme = Author::new("acme");
    let bench = Bench::new();
    bench.trust(&acme.entry());
    add(&bench, &acme);
    let id = acme.key.public().id();
    bench.trust(&format!("{}[[revoked]]\nwhat = \"{id}\"\n", acme.entry()));
    let found = look(&bench);
    assert!(found.modules.is_empty());
    assert!(found.standing.refused[0].is_alarming);
}

#[test]
fn what_nobody_vouches_for_is_told() {
    let acme = Author::new("acme");
    let bench = Bench::new();
    for policy in ["warn", "off"] {
        bench.trust(&format!("policy = \"{policy}\""));
        let found = look(&bench);
        assert_eq!(found.standing.policy.name(), policy);
        assert!(!found.standing.is_plain());
    }
    add(&bench, &acme);
    let found = look(&bench);
    assert_eq!(found.modules.len(), 1);
    assert_eq!(found.standing.unvouched[0].module, "acme.check");
    // Back to the default, it is out again.
    bench.trust("");
    let found = look(&bench);
    assert!(found.modules.is_empty());
    assert_eq!(found.standing.refused.len(), 1);
}

#[test]
fn with_a_trust_file_or_a_lock_that_cannot_be_read_nothing_is_used() {
    let acme = Author::new("acme");
    let bench = Bench::new();
    bench.trust(&acme.entry());
    add(&bench, &acme);
    let lock = bench.paths.modules.join("modules.lock");
    let text = fs::read_to_string(&lock).unwrap();
    fs::write(&lock, "nonsense").unwrap();
    let found = look(&bench);
    assert!(found.modules.is_empty() && found.standing.failure.is_some());
    fs::write(&lock, text).unwrap();
    assert_eq!(look(&bench).modules.len(), 1);
    bench.trust("nonsense");
    let found = look(&bench);
    assert!(found.modules.is_empty());
    assert!(found.standing.failure.unwrap().contains("is no trust file"));
}

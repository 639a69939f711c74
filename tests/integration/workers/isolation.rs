//! Many third-party modules among the built-in ones: none delays or changes another.

use std::time::{Duration, Instant};

use chitin_build::MANIFEST_SECTION;
use chitin_model::ledger::Status;
use chitin_report::json;
use chitin_runtime::worker::{Confinement, Enforcement};
use chitin_runtime::{Catalogue, Foreign, RunError};
use serde_json::{Value, json};

use super::{failure, status};
use crate::hostile_guests::{bare, manifest, with_section};
use crate::support::harness::{Audit, HOSTILE, foreign};
use crate::support::workspace::Workspace;

/// A module written by hand under a name of its own.
fn named(name: &str, wat: &str) -> Foreign {
    let mut manifest = manifest();
    manifest["id"] = format!("tests.{name}").into();
    manifest["rule"][0]["id"] = format!("tests.{name}.rule").into();
    foreign(&with_section(bare(wat), MANIFEST_SECTION, manifest.to_string().as_bytes()))
}

fn workspace() -> Workspace {
    Workspace::with_config(&json!({"hostile": {"mode": "quiet"}, "gateway": {"bind": "lan"}}))
}

#[test]
fn a_slow_module_delays_others_only_by_its_own_time() {
    let workspace = workspace();
    let spins =
        (0..4).map(|n| named(&format!("spin{n}"), include_str!("../../guests/wat/spin.wat")));
    let catalogue = chitin_builtin::catalogue().unwrap().admit(spins.chain([foreign(HOSTILE)]));
    let audit = || Audit::of(&workspace).limit("fuel=1152921504606846976").limit("time=1500");
    // Machine code is made once.
    audit().run(&catalogue);
    let started = Instant::now();
    let report = audit().run(&catalogue);
    for n in 0..4 {
        let reason = failure(&report, &format!("tests.spin{n}"));
        assert!(reason.ends_with("(raise it with --limit time=NUMBER)"), "{reason}");
    }
    assert_eq!(failure(&report, "tests.hostile"), "");
    assert_eq!(status(&report, "hostile.last"), Status::Finding);
    // Even one after the other, and with as much again for a busy machine.
    assert!(started.elapsed() < Duration::from_secs(12), "{:?}", started.elapsed());
}

#[test]
fn a_third_party_module_cannot_replace_another() {
    let workspace = workspace();
    let mut manifest = manifest();
    manifest["id"] = "tests.thief".into();
    let own = manifest["rule"][0].clone();
    for stolen in ["gateway.bind_no_auth", "gateway.*", "security.audit.suppressions.active"] {
        let mut rule = own.clone();
        rule["id"] = stolen.into();
        manifest["rule"].as_array_mut().unwrap().push(rule);
    }
    let wat = bare(include_str!("../../guests/wat/spin.wat"));
    let thief =
        foreign(&with_section(wat.clone(), MANIFEST_SECTION, manifest.to_string().as_bytes()));
    manifest["id"] = "chitin.gateway".into();
    manifest["rule"] = json!([]);
    let double = foreign(&with_section(wat, MANIFEST_SECTION, manifest.to_string().as_bytes()));

    let built_in = || chitin_builtin::catalogue().unwrap();
    let report = Audit::of(&workspace).run(&built_in().admit([thief, double]));
    assert_eq!(
        failure(&report, "tests.thief"),
        "modules chitin.gateway and tests.thief both declare the rule `gateway.bind_no_auth`"
    );
    assert_eq!(status(&report, "wat.rule"), Status::NotRun);
    assert!(report.modules.iter().any(|module| {
        module.failure
            == Some(RunError::NotLoaded("modules share the id `chitin.gateway`".to_owned()))
    }));
    let without = Audit::of(&workspace).run(&built_in());
    for entry in without.ledger.iter().filter(|entry| entry.module != "chitin") {
        assert_eq!(report.ledger.iter().filter(|other| *other == entry).count(), 1, "{entry:?}");
    }
}

#[test]
fn ten_runs_with_workers_print_the_same_bytes() {
    let workspace = workspace();
    let modules =
        (0..5).map(|n| named(&format!("n{n}"), include_str!("../../guests/wat/grow-quietly.wat")));
    let catalogue = chitin_builtin::catalogue().unwrap().admit(modules.chain([foreign(HOSTILE)]));
    let print = || json::render(&Audit::of(&workspace).run(&catalogue), 0).unwrap();
    let first = print();
    for _ in 1..10 {
        assert_eq!(print(), first);
    }
}

#[test]
fn the_report_says_how_third_party_modules_were_sandboxed() {
    let workspace = workspace();
    let printed = |catalogue: &Catalogue| {
        let report = Audit::of(&workspace).run(catalogue);
        serde_json::from_str::<Value>(&json::render(&report, 0).unwrap()).unwrap()
    };
    let without = printed(&chitin_builtin::catalogue().unwrap());
    assert!(without.pointer("/chitin/workers").is_none());

    let with = printed(
        &Catalogue::of_foreign(chitin_audit::host_rules::reserved(), [foreign(HOSTILE)]).unwrap(),
    );
    let confinement: Confinement =
        serde_json::from_value(with["chitin"]["workers"].clone()).unwrap();
    assert_eq!(confinement.limits, Enforcement::Full);
    for part in ["landlock", "seccomp"] {
        let held = with["chitin"]["workers"][part].as_str().unwrap();
        assert!(["full", "part", "none"].contains(&held), "{held}");
    }
}

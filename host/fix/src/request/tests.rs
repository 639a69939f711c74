use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::{Choice, plan};
use chitin_collect::Collected;
use chitin_config::discover::Request;
use chitin_config::environment::Environment;

fn planned(config: &str, requested: &[Requested]) -> (TempDir, FixPlan) {
    let place = tempfile::tempdir().unwrap();
    fs::set_permissions(place.path(), Permissions::from_mode(0o700)).unwrap();
    for (name, text) in [("openclaw.json", config), ("notes", "")] {
        fs::write(place.path().join(name), text).unwrap();
        fs::set_permissions(place.path().join(name), Permissions::from_mode(0o644)).unwrap();
    }
    let request = Request {
        state_dir: Some(place.path().to_path_buf()),
        cwd: place.path().to_path_buf(),
        ..Request::default()
    };
    let collected = Collected::gather(&request, Environment::default());
    let mut plan = plan(&Inputs::new(collected, None).unwrap(), requested);
    plan.drop_noops();
    (place, plan)
}

fn of(change: Change) -> Requested {
    let fix = Fix { title: "Title".to_owned(), level: FixLevel::Safe, change };
    Requested { origin: Origin::ThirdParty, rule: "acme.rule".to_owned(), fix }
}

fn value(pointer: &str, expected: Json, value: Json) -> Requested {
    of(Change::SetValue { pointer: pointer.to_owned(), expected, value })
}

fn mode(path: &str, mode: u32) -> Requested {
    of(Change::SetMode { root: "state".to_owned(), path: path.to_owned(), mode })
}

const CONFIG: &str =
    "{channels: {x: {dmPolicy: 'open', groupPolicy: 'open', allowFrom: ['a', 'b'], n: '${N}'}}}";

#[test]
fn a_fix_of_a_third_party_module_has_to_be_confirmed() {
    let request = value("/channels/x/dmPolicy", json!("open"), json!("pairing"));
    let (_place, mut plan) = planned(CONFIG, &[request, mode("notes", 0o640)]);
    assert!(plan.refused().is_empty(), "{:?}", plan.refused());
    let all = plan.metas().count();
    let held_back = plan.choose(Choice { only: &[], unsafe_too: false });
    assert_eq!((held_back, plan.metas().count()), (2, all - 2));
}

#[test]
fn what_a_built_in_module_calls_safe_is_safe() {
    let request = value("/channels/x/dmPolicy", json!("open"), json!("pairing"));
    let (_place, mut plan) = planned(CONFIG, &[Requested { origin: Origin::BuiltIn, ..request }]);
    assert_eq!(plan.choose(Choice { only: &[], unsafe_too: false }), 0);
}

#[test]
fn a_change_that_is_planned_already_is_planned_once() {
    let request = value("/channels/x/groupPolicy", json!("open"), json!("allowlist"));
    let (_place, mut plan) = planned(CONFIG, &[request, mode("openclaw.json", 0o600)]);
    assert_eq!((plan.values.len(), plan.modes.len()), (1, 1));
    let only = ["acme.rule".to_owned()];
    assert_eq!(plan.choose(Choice { only: &only, unsafe_too: false }), 0);
    assert_eq!(plan.metas().count(), 2);
}

#[test]
fn a_request_that_loosens_or_does_not_fit_is_refused_with_a_reason() {
    let requests = [
        (
            value("/channels/x/dmPolicy", json!("pairing"), json!("allowlist")),
            "not the one that the module saw",
        ),
        (value("/channels/x/allowFrom", json!(["a", "b"]), json!(["a", "c"])), "add to a list"),
        (value("/channels/x/allowFrom", json!(["a", "b"]), json!(["*"])), "wildcard"),
        (value("/channels/x/none", json!(null), json!(1)), "no such value"),
        (value("/channels/x/n", json!("${N}"), json!("x")), "comes from ${N}"),
        (mode("notes", 0o666), "allow more than mode 0644"),
        (mode("notes", 0o000), "from the owner"),
        (mode("openclaw.json", 0o400), "its mode will be set to 0600"),
        (mode("../notes", 0o600), "out of its root"),
        (mode("none", 0o600), "does not exist"),
    ];
    let asked: Vec<Requested> = requests.iter().map(|(request, _)| request.clone()).collect();
    let (_place, plan) = planned(CONFIG, &asked);
    assert_eq!(plan.refused().len(), requests.len(), "{:?}", plan.refused());
    for (refused, (_, reason)) in plan.refused().iter().zip(&requests) {
        assert!(refused.reason.contains(reason), "{refused:?}");
    }
}

#[test]
fn contradicting_requests_do_not_affect_other_changes() {
    let pairing = value("/channels/x/dmPolicy", json!("open"), json!("pairing"));
    let disabled = value("/channels/x/dmPolicy", json!("open"), json!("disabled"));
    let many = std::iter::repeat_n(disabled, 1000);
    let (_place, plan) = planned(CONFIG, &std::iter::once(pairing).chain(many).collect::<Vec<_>>());
    assert_eq!(plan.refused().len(), 1000);
    assert!(
        plan.refused().iter().all(|refused| refused.reason == "another change of it is planned")
    );
    // OpenClaw's own change of the group policy, and the first request.
    assert_eq!(plan.values.len(), 2);
}

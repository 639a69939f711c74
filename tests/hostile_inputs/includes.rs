//! `$include` as a way out, a bomb, or a trap.

use serde_json::json;

use super::audit;
use crate::place::Place;
use crate::runner::Report;

/// A place whose config includes something under `channels`, which many modules look at.
fn including(path: &str) -> Place {
    Place::with_config(&json!({"gateway": {"bind": "lan"}, "channels": {"$include": path}}))
}

/// The include failed: a finding says so, what does not rest on it is audited, and the rest counts as not run.
fn assert_include_is_refused(place: &Place) -> Report {
    let report = audit(place);
    assert!(report.has("config.include_failed"), "{:?}", report.ids());
    assert!(report.has("gateway.bind_no_auth"), "{:?}", report.ids());
    let (status, reason) = report.ledger("channels.*.groups.open");
    assert_eq!(status, "not-run", "{reason}");
    assert!(reason.contains("include"), "{reason}");
    report
}

#[test]
fn an_include_that_works() {
    let place = including("./channels.json5");
    place.file("state/channels.json5", 0o600, "{telegram: {groupPolicy: 'open', botToken: 'x'}}");
    let report = audit(&place);
    assert!(report.texts("summary.attack_surface", "detail").contains("open=1"));
    assert_eq!(report.not_run(), []);
}

#[test]
fn an_include_that_leads_out() {
    for path in
        ["/etc/passwd", "../outside.json5", "a/../../outside.json5", "../../../../etc/passwd"]
    {
        let place = including(path);
        place.file("outside.json5", 0o600, "{telegram: {groupPolicy: 'open'}}");
        let report = assert_include_is_refused(&place);
        assert!(!report.0.to_string().contains("root:x:"), "{path}");
        assert!(report.texts("summary.attack_surface", "detail").contains("open=0"), "{path}");
    }
}

#[test]
fn a_link_that_leads_out() {
    let place = including("link.json5");
    place.file("outside.json5", 0o600, "{telegram: {groupPolicy: 'open'}}");
    place.link("state/link.json5", "../outside.json5");
    assert_include_is_refused(&place);
    let place = including("folder/outside.json5");
    place.file("outside.json5", 0o600, "{telegram: {groupPolicy: 'open'}}");
    place.link("state/folder", "..");
    assert_include_is_refused(&place);
}

#[test]
fn a_link_that_stays_inside() {
    let place = including("link.json5");
    place.file("state/real.json5", 0o600, "{telegram: {groupPolicy: 'open'}}");
    place.link("state/link.json5", "real.json5");
    assert!(audit(&place).texts("summary.attack_surface", "detail").contains("open=1"));
}

#[test]
fn things_that_are_no_files() {
    let place = including("fifo");
    place.fifo("state/fifo");
    assert_include_is_refused(&place);
    let place = including("directory");
    place.dir("state/directory", 0o700);
    assert_include_is_refused(&place);
    assert_include_is_refused(&including("missing.json5"));
    assert_include_is_refused(&including("/dev/zero"));
    assert_include_is_refused(&including("nul\0.json5"));
    assert_include_is_refused(&including(""));
    assert_include_is_refused(&including(&"x".repeat(5000)));
    let place = including("loop");
    place.link("state/loop", "loop");
    assert_include_is_refused(&place);
}

#[test]
fn a_hard_link() {
    let place = including("hard.json5");
    place.file("outside.json5", 0o600, "{telegram: {groupPolicy: 'open'}}");
    std::fs::hard_link(place.path("outside.json5"), place.path("state/hard.json5")).unwrap();
    assert_include_is_refused(&place);
}

#[test]
fn three_mebibytes() {
    let place = including("large.json5");
    place.file("state/large.json5", 0o600, format!("{{a: '{}'}}", "x".repeat(3 << 20)));
    assert_include_is_refused(&place);
}

#[test]
fn a_file_that_includes_itself() {
    let place = including("openclaw.json");
    assert_include_is_refused(&place);
    let place = including("a.json5");
    place.file("state/a.json5", 0o600, "{telegram: {$include: './b.json5'}}");
    place.file("state/b.json5", 0o600, "{accounts: {$include: './a.json5'}}");
    assert_include_is_refused(&place);
    let place = including("./x/../a.json5");
    place.dir("state/x", 0o700);
    place.file("state/a.json5", 0o600, "{telegram: {$include: ['./x/.././a.json5']}}");
    assert_include_is_refused(&place);
}

#[test]
fn a_bomb() {
    // Ten levels of ten includes each would be ten thousand million files.
    let place = including("0.json5");
    for level in 0..10 {
        let next = format!("{{$include: './{}.json5'}}", level + 1);
        let members: Vec<_> = (0..10).map(|number| format!("k{number}: {next}")).collect();
        place.file(format!("state/{level}.json5"), 0o600, format!("{{{}}}", members.join(",")));
    }
    place.file("state/10.json5", 0o600, "{x: 1}");
    assert_include_is_refused(&place);
}

#[test]
fn a_fan() {
    let place = including("list.json5");
    let names: Vec<String> = (0..300).map(|number| format!("f{number}.json5")).collect();
    for name in &names {
        place.file(format!("state/{name}"), 0o600, "{a: [1]}");
    }
    place.file("state/list.json5", 0o600, json!({"$include": names}).to_string());
    assert_include_is_refused(&place);
}

#[test]
fn a_deep_chain() {
    let place = including("0.json5");
    for level in 0..12 {
        let text = format!("{{x: {{$include: './{}.json5'}}}}", level + 1);
        place.file(format!("state/{level}.json5"), 0o600, text);
    }
    place.file("state/12.json5", 0o600, "{}");
    assert_include_is_refused(&place);
}

#[test]
fn lists_that_grow_when_they_are_merged() {
    let place = including("twice.json5");
    let items = "1,".repeat(100_000);
    place.file("state/list.json5", 0o600, format!("{{a: [{items}]}}"));
    let names = vec!["list.json5"; 200];
    place.file("state/twice.json5", 0o600, json!({"$include": names}).to_string());
    let report = audit(&place);
    assert!(report.has("config.parse_failed") || report.has("config.include_failed"));
}

#[test]
fn a_directive_that_is_none() {
    for directive in [json!(1), json!(null), json!({"a": 1}), json!([1, {}]), json!([["a"]])] {
        let place = Place::with_config(&json!({
            "gateway": {"bind": "lan"},
            "channels": {"$include": directive},
        }));
        assert_include_is_refused(&place);
    }
}

#[test]
fn prototypes_are_dropped_when_files_are_merged() {
    let place = Place::with_config(&json!({"$include": ["a.json5", "b.json5"], "x": 1}));
    place.file("state/a.json5", 0o600, "{__proto__: {gateway: {bind: 'lan'}}, gateway: {a: 1}}");
    place.file(
        "state/b.json5",
        0o600,
        "{gateway: {__proto__: {bind: 'lan'}, constructor: {bind: 'lan'}}}",
    );
    let report = audit(&place);
    assert!(!report.has("gateway.bind_no_auth"), "{:?}", report.ids());
}

//! `$include` as a way out, a bomb, or a trap.

use serde_json::json;

use super::audit;
use crate::support::runner::Report;
use crate::support::workspace::Workspace;

/// A workspace whose config includes something under `channels`, which many modules look at.
fn including(path: &str) -> Workspace {
    Workspace::with_config(&json!({"gateway": {"bind": "lan"}, "channels": {"$include": path}}))
}

/// The include failed: a finding says so, what does not rest on it is audited, and the rest counts as not run.
fn assert_include_is_refused(workspace: &Workspace) -> Report {
    let report = audit(workspace);
    assert!(report.has("config.include_failed"), "{:?}", report.ids());
    assert!(report.has("gateway.bind_no_auth"), "{:?}", report.ids());
    let (status, reason) = report.ledger("channels.*.groups.open");
    assert_eq!(status, "not-run", "{reason}");
    assert!(reason.contains("include"), "{reason}");
    report
}

#[test]
fn an_include_that_works() {
    let workspace = including("./channels.json5");
    workspace.file(
        "state/channels.json5",
        0o600,
        "{telegram: {groupPolicy: 'open', botToken: 'x'}}",
    );
    let report = audit(&workspace);
    assert!(report.texts("summary.attack_surface", "detail").contains("open=1"));
    assert_eq!(report.not_run(), []);
}

#[test]
fn an_include_that_leads_out() {
    for path in
        ["/etc/passwd", "../outside.json5", "a/../../outside.json5", "../../../../etc/passwd"]
    {
        let workspace = including(path);
        workspace.file("outside.json5", 0o600, "{telegram: {groupPolicy: 'open'}}");
        let report = assert_include_is_refused(&workspace);
        assert!(!report.0.to_string().contains("root:x:"), "{path}");
        assert!(report.texts("summary.attack_surface", "detail").contains("open=0"), "{path}");
    }
}

#[test]
fn a_link_that_leads_out() {
    let workspace = including("link.json5");
    workspace.file("outside.json5", 0o600, "{telegram: {groupPolicy: 'open'}}");
    workspace.link("state/link.json5", "../outside.json5");
    assert_include_is_refused(&workspace);
    let workspace = including("folder/outside.json5");
    workspace.file("outside.json5", 0o600, "{telegram: {groupPolicy: 'open'}}");
    workspace.link("state/folder", "..");
    assert_include_is_refused(&workspace);
}

#[test]
fn a_link_that_stays_inside() {
    let workspace = including("link.json5");
    workspace.file("state/real.json5", 0o600, "{telegram: {groupPolicy: 'open'}}");
    workspace.link("state/link.json5", "real.json5");
    assert!(audit(&workspace).texts("summary.attack_surface", "detail").contains("open=1"));
}

#[test]
fn entries_that_are_not_files() {
    let workspace = including("fifo");
    workspace.fifo("state/fifo");
    assert_include_is_refused(&workspace);
    let workspace = including("directory");
    workspace.dir("state/directory", 0o700);
    assert_include_is_refused(&workspace);
    assert_include_is_refused(&including("missing.json5"));
    assert_include_is_refused(&including("/dev/zero"));
    assert_include_is_refused(&including("nul\0.json5"));
    assert_include_is_refused(&including(""));
    assert_include_is_refused(&including(&"x".repeat(5000)));
    let workspace = including("loop");
    workspace.link("state/loop", "loop");
    assert_include_is_refused(&workspace);
}

#[test]
fn a_hard_link() {
    let workspace = including("hard.json5");
    workspace.file("outside.json5", 0o600, "{telegram: {groupPolicy: 'open'}}");
    std::fs::hard_link(workspace.path("outside.json5"), workspace.path("state/hard.json5"))
        .unwrap();
    assert_include_is_refused(&workspace);
}

#[test]
fn three_mebibytes() {
    let workspace = including("large.json5");
    workspace.file("state/large.json5", 0o600, format!("{{a: '{}'}}", "x".repeat(3 << 20)));
    assert_include_is_refused(&workspace);
}

#[test]
fn a_file_that_includes_itself() {
    let workspace = including("openclaw.json");
    assert_include_is_refused(&workspace);
    let workspace = including("a.json5");
    workspace.file("state/a.json5", 0o600, "{telegram: {$include: './b.json5'}}");
    workspace.file("state/b.json5", 0o600, "{accounts: {$include: './a.json5'}}");
    assert_include_is_refused(&workspace);
    let workspace = including("./x/../a.json5");
    workspace.dir("state/x", 0o700);
    workspace.file("state/a.json5", 0o600, "{telegram: {$include: ['./x/.././a.json5']}}");
    assert_include_is_refused(&workspace);
}

#[test]
fn a_bomb() {
    // Ten levels of ten includes each would be ten thousand million files.
    let workspace = including("0.json5");
    for level in 0..10 {
        let next = format!("{{$include: './{}.json5'}}", level + 1);
        let members: Vec<_> = (0..10).map(|number| format!("k{number}: {next}")).collect();
        workspace.file(format!("state/{level}.json5"), 0o600, format!("{{{}}}", members.join(",")));
    }
    workspace.file("state/10.json5", 0o600, "{x: 1}");
    assert_include_is_refused(&workspace);
}

#[test]
fn a_fan() {
    let workspace = including("list.json5");
    let names: Vec<String> = (0..300).map(|number| format!("f{number}.json5")).collect();
    for name in &names {
        workspace.file(format!("state/{name}"), 0o600, "{a: [1]}");
    }
    workspace.file("state/list.json5", 0o600, json!({"$include": names}).to_string());
    assert_include_is_refused(&workspace);
}

#[test]
fn a_deep_chain() {
    let workspace = including("0.json5");
    for level in 0..12 {
        let text = format!("{{x: {{$include: './{}.json5'}}}}", level + 1);
        workspace.file(format!("state/{level}.json5"), 0o600, text);
    }
    workspace.file("state/12.json5", 0o600, "{}");
    assert_include_is_refused(&workspace);
}

#[test]
fn lists_that_grow_when_they_are_merged() {
    let workspace = including("twice.json5");
    let items = "1,".repeat(100_000);
    workspace.file("state/list.json5", 0o600, format!("{{a: [{items}]}}"));
    let names = vec!["list.json5"; 200];
    workspace.file("state/twice.json5", 0o600, json!({"$include": names}).to_string());
    let report = audit(&workspace);
    assert!(report.has("config.read_failed") || report.has("config.include_failed"));
}

#[test]
fn an_invalid_include_directive() {
    for directive in [json!(1), json!(null), json!({"a": 1}), json!([1, {}]), json!([["a"]])] {
        let workspace = Workspace::with_config(&json!({
            "gateway": {"bind": "lan"},
            "channels": {"$include": directive},
        }));
        assert_include_is_refused(&workspace);
    }
}

#[test]
fn prototypes_are_dropped_when_files_are_merged() {
    let workspace = Workspace::with_config(&json!({"$include": ["a.json5", "b.json5"], "x": 1}));
    workspace.file(
        "state/a.json5",
        0o600,
        "{__proto__: {gateway: {bind: 'lan'}}, gateway: {a: 1}}",
    );
    workspace.file(
        "state/b.json5",
        0o600,
        "{gateway: {__proto__: {bind: 'lan'}, constructor: {bind: 'lan'}}}",
    );
    let report = audit(&workspace);
    assert!(!report.has("gateway.bind_no_auth"), "{:?}", report.ids());
}

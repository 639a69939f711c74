//! Hostile modules among the built-in ones: nobody else's findings change, and nothing depends on who was first.

use chitin_audit::Report;
use chitin_model::finding::Finding;
use chitin_report::json;
use chitin_runtime::Catalogue;
use serde_json::json;

use super::{manifest, with_section};
use crate::support::harness::{Audit, HOSTILE};
use crate::support::workspace::Workspace;

/// A config that many built-in modules have something to say about, and that makes the hostile module fail.
fn workspace() -> Workspace {
    let workspace = Workspace::with_config(&json!({
        "hostile": {"mode": "panic"},
        "gateway": {"bind": "lan", "tailscale": {"mode": "funnel"}},
        "channels": {"telegram": {"groupPolicy": "open", "botToken": "123:abc"}},
        "logging": {"redactSensitive": "off"},
        "tools": {"exec": {"safeBins": ["python3"]}},
        "agents": {"defaults": {"model": {"primary": "ollama/llama3.1:8b"}}},
    }));
    workspace.mode("state", 0o777);
    workspace
}

/// Modules that spin, overflow, are refused and panic.
fn hostile() -> Catalogue {
    let written = [
        ("spin", include_str!("../../guests/wat/spin.wat")),
        ("recurse", include_str!("../../guests/wat/recurse.wat")),
        ("clock", include_str!("../../guests/wat/clock.wat")),
    ]
    .map(|(name, wat)| {
        let mut manifest = manifest();
        manifest["id"] = format!("tests.{name}").into();
        manifest["rule"][0]["id"] = format!("tests.{name}.rule").into();
        let section = chitin_build::MANIFEST_SECTION;
        (name, with_section(super::bare(wat), section, manifest.to_string().as_bytes()))
    });
    let components = written.iter().map(|(name, bytes)| (*name, bytes.as_slice()));
    Catalogue::of_components(
        chitin_audit::host_rules::reserved(),
        components.chain([("hostile", HOSTILE)]),
    )
    .unwrap_or_else(|e| panic!("{e}"))
}

fn crowd() -> Catalogue {
    chitin_builtin::catalogue()
        .and_then(|built_in| built_in.and(hostile()))
        .unwrap_or_else(|e| panic!("{e}"))
}

fn audit(workspace: &Workspace, catalogue: &Catalogue) -> Report {
    Audit::of(workspace).limit("fuel=100000000").run(catalogue)
}

/// Findings that are not of the hostile modules.
fn healthy(report: &Report) -> Vec<&Finding> {
    let is_hostile = |id: &str| id.starts_with("hostile.") || id.starts_with("plugins.tests.");
    report.findings.iter().filter(|finding| !is_hostile(&finding.rule)).collect()
}

#[test]
fn a_failing_module_costs_no_other_its_findings() {
    let workspace = workspace();
    let built_in = chitin_builtin::catalogue().unwrap_or_else(|error| panic!("{error}"));
    let without = audit(&workspace, &built_in);
    let with = audit(&workspace, &crowd());
    assert!(without.findings.len() > 10, "{:?}", super::ids(&without));
    assert_eq!(healthy(&with), without.findings.iter().collect::<Vec<_>>());

    let failed: Vec<_> =
        super::ids(&with).into_iter().filter(|id| id.starts_with("plugins.tests.")).collect();
    assert_eq!(
        failed,
        ["clock", "hostile", "recurse", "spin"]
            .map(|name| format!("plugins.tests.{name}.security_audit_failed"))
    );
    for entry in &without.ledger {
        // The host's own account is the one that speaks of the hostile modules.
        if entry.module != "chitin" {
            assert!(with.ledger.contains(entry), "{entry:?}");
        }
    }
}

#[test]
fn ten_runs_print_the_same_bytes() {
    let workspace = workspace();
    let crowd = crowd();
    let first = json::render(&audit(&workspace, &crowd), 0).unwrap();
    for _ in 1..10 {
        assert_eq!(json::render(&audit(&workspace, &crowd), 0).unwrap(), first);
    }
}

#[test]
fn the_order_of_loading_does_not_matter() {
    let workspace = workspace();
    let reversed = hostile().and(chitin_builtin::catalogue().unwrap_or_else(|e| panic!("{e}")));
    let reversed = reversed.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(audit(&workspace, &reversed), audit(&workspace, &crowd()));
}

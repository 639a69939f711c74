use chitin_sdk::Severity;
use chitin_sdk::fake::{FakeHost, Said};
use serde_json::{Value, json};

use crate::GROUPS;

const DANGEROUS: &str = "sandbox.dangerous_bind_mount";
const NON_ABSOLUTE: &str = "sandbox.bind_mount_non_absolute";

fn host(binds: &Value) -> FakeHost {
    let agents = json!({"defaults": {"sandbox": {"mode": "all", "docker": {"binds": binds}}}});
    FakeHost::with_config(json!({"agents": agents})).home("/home/u")
}

fn said(spec: &str) -> Said {
    host(&json!([spec])).run(GROUPS)
}

#[test]
fn sensitive_directories_are_critical() {
    for (spec, words) in [
        ("/etc:/x:ro", "which targets the blocked path \"/etc\""),
        ("/etc/ssl/certs:/x", "targets the blocked path \"/etc\""),
        ("/var/run/docker.sock:/var/run/docker.sock", "targets the blocked path \"/var/run\""),
        ("/:/host", "covers the blocked path \"/\""),
        ("/var:/v", "covers the blocked path \"/var/run\""),
        ("/home/u:/h", "covers the blocked path \"/home/u/.aws\""),
        ("/home/u/.ssh/id:/k", "targets the blocked path \"/home/u/.ssh\""),
        ("/srv/../etc:/x", "targets the blocked path \"/etc\""),
    ] {
        let said = said(spec);
        assert_eq!(said.ids(), [DANGEROUS], "{spec}");
        assert_eq!(said.severity(DANGEROUS), Some(Severity::Critical));
        assert!(said.detail(DANGEROUS).contains(words), "{spec}");
        assert!(said.detail(DANGEROUS).contains(&format!("docker.binds contains \"{spec}\"")));
    }
}

#[test]
fn other_directories_are_fine() {
    for spec in ["/home/u/project:/p", "/etcetera:/x", r"C:\data:/d", "/srv"] {
        assert!(said(spec).findings.is_empty(), "{spec}");
    }
}

#[test]
fn a_source_that_is_not_absolute_is_reported() {
    for spec in ["vol:/d", "~/x:/y", "./x:/y", ":/x", " /etc:/x", ""] {
        let said = said(spec);
        assert_eq!(said.ids(), [NON_ABSOLUTE], "{spec}");
        assert_eq!(said.severity(NON_ABSOLUTE), Some(Severity::Warn));
    }
    assert!(said("vol:/d").detail(NON_ABSOLUTE).contains("\"vol:/d\" with the source \"vol\""));
}

#[test]
fn a_link_is_followed() {
    let pointer = "/agents/defaults/sandbox/docker/binds/1";
    let said = host(&json!(["/srv/a:/a", "/srv/link:/b"])).bind_leads(pointer, "/etc").run(GROUPS);
    assert_eq!(said.ids(), [DANGEROUS]);
    assert!(said.detail(DANGEROUS).contains(
        "\"/srv/link:/b\", which leads to \"/etc\" and targets the blocked path \"/etc\""
    ));
    let elsewhere = host(&json!(["/srv/a:/a"])).bind_leads(pointer, "/data").run(GROUPS);
    assert!(elsewhere.findings.is_empty());
}

#[test]
fn each_list_is_reported_where_it_is_whatever_the_mode() {
    let said = FakeHost::with_config(json!({"agents": {
        "defaults": {"sandbox": {
            "docker": {"binds": ["/etc:/x", 7, "vol:/y"], "dangerouslyAllowReservedContainerTargets": true},
            "browser": {"binds": ["/etc:/x"]},
        }},
        "entries": {"a": {"sandbox": {"scope": "shared", "docker": {"binds": ["/etc:/x"]}}}},
    }}))
    .run(GROUPS);
    let details: Vec<&str> = said.of(DANGEROUS).iter().map(|one| one.detail.as_str()).collect();
    assert_eq!(details.len(), 2);
    assert!(details[0].starts_with("agents.defaults.sandbox.docker.binds contains"));
    assert!(details[1].starts_with("agents.entries.a.sandbox.docker.binds contains"));
    assert_eq!(said.of(NON_ABSOLUTE).len(), 1);
}

#[test]
fn binds_that_are_not_a_list_are_ignored() {
    for binds in [json!("/etc:/x"), json!({"0": "/etc:/x"}), json!(null)] {
        let said = host(&binds).run(GROUPS);
        assert!(said.findings.is_empty());
    }
}

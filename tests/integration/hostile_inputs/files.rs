//! Files of the state directory that are not what they should be.

use serde_json::json;

use super::audit;
use crate::support::workspace::Workspace;

fn workspace() -> Workspace {
    Workspace::with_config(&json!({"gateway": {"bind": "lan"}}))
}

#[test]
fn a_state_database_that_is_not_sqlite() {
    let zeros = vec![0; 100_000];
    for bytes in [&b"not a database"[..], b"SQLite format 3\0", b"", &zeros] {
        let workspace = workspace();
        workspace.file("state/state/openclaw.sqlite", 0o600, bytes);
        assert!(audit(&workspace).has("gateway.bind_no_auth"));
    }
}

#[test]
fn a_state_database_with_other_tables() {
    for sql in [
        "CREATE TABLE config_machine_state (other TEXT)",
        "CREATE VIEW config_machine_state AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c)
         SELECT 'plugins.installedIndex' AS state_key, x AS value_json FROM c",
        "CREATE TABLE config_machine_state (state_key TEXT, value_json TEXT);
         INSERT INTO config_machine_state VALUES ('plugins.installedIndex', '[[[[')",
        "CREATE TABLE config_machine_state (state_key TEXT, value_json TEXT);
         INSERT INTO config_machine_state VALUES ('plugins.installedIndex', zeroblob(40000000))",
    ] {
        let workspace = workspace();
        workspace.database("state/state/openclaw.sqlite", 0o600, &[sql.to_owned()]);
        assert!(audit(&workspace).has("gateway.bind_no_auth"), "{sql}");
    }
}

#[test]
fn documents_that_are_deep_large_or_broken() {
    let deep = "[".repeat(100_000);
    let large = format!("\"{}\"", "x".repeat(20 << 20));
    for content in [deep.as_str(), large.as_str(), "{", "\u{feff}{}", "\0", "null", "[]", "1"] {
        let workspace = workspace();
        for path in [
            "exec-approvals.json",
            "agents/main/agent/auth-profiles.json",
            "credentials/telegram-default-allowFrom.json",
            "credentials/whatsapp/default/creds.json",
            "extensions/a/package.json",
            "extensions/a/openclaw.plugin.json",
            "plugins/installs.json",
            "skills/config/mcporter.json",
            "workspace/skills/a/SKILL.md",
            ".env",
        ] {
            workspace.file(format!("state/{path}"), 0o600, content);
        }
        assert!(audit(&workspace).has("gateway.bind_no_auth"));
    }
}

// Not every system lets such names be made.
#[cfg(target_os = "linux")]
#[test]
fn names_that_are_not_utf8() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let workspace = workspace();
    for folder in ["extensions", "workspace/skills", "credentials", "agents"] {
        let odd = [b"state/", folder.as_bytes(), b"/odd-\xff\xfe\x80/SKILL.md"].concat();
        workspace.file(OsStr::from_bytes(&odd), 0o644, "x");
        let odd = [b"state/", folder.as_bytes(), b"/\x1b[2J-\xe2\x80\xae.json"].concat();
        workspace.file(OsStr::from_bytes(&odd), 0o644, "x");
    }
    let odd = OsStr::from_bytes(b"state/workspace/skills/odd-\xff\xfe\x80/link");
    workspace.link(odd, "/etc/passwd");
    let report = audit(&workspace);
    assert!(report.has("gateway.bind_no_auth"), "{:?}", report.ids());
}

#[test]
fn thousands_of_files() {
    let workspace = workspace();
    for number in 0..3000 {
        workspace.dir(format!("state/extensions/e{number}"), 0o700);
        workspace.file(format!("state/workspace/skills/s{number}/SKILL.md"), 0o600, "x");
        workspace.dir(format!("state/agents/a{number}/agent"), 0o700);
    }
    let report = audit(&workspace);
    assert!(report.has("gateway.bind_no_auth"), "{:?}", report.ids());
}

#[test]
fn directories_that_are_deep() {
    let workspace = workspace();
    let deep = ["d"; 200].join("/");
    workspace.file(format!("state/workspace/skills/{deep}/SKILL.md"), 0o600, "x");
    workspace.file(format!("state/extensions/{deep}/package.json"), 0o600, "{}");
    assert!(audit(&workspace).has("gateway.bind_no_auth"));
}

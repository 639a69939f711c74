//! `tools.exec.safe_bin_trusted_dirs_risky`: directories whose programs are trusted by name, although accounts other than
//! the administrator can change them. Only the text of a path is checked, not its permissions.

use std::collections::BTreeSet;

use chitin_openclaw::host_path::normalized;
use chitin_openclaw::roster::Roster;
use chitin_sdk::{Host, Node, OperatingSystem, Outcome};

use crate::list_format;
use crate::rule;

/// How many directories a finding names.
const SHOWN: usize = 10;

const TEMPORARY: &[&str] = &["/tmp", "/var/tmp", "/private/tmp"];

const OF_PACKAGE_MANAGERS: &[&str] =
    &["/usr/local/bin", "/opt/homebrew/bin", "/opt/local/bin", "/home/linuxbrew/.linuxbrew/bin"];

pub(crate) fn risky(host: &dyn Host) -> Outcome {
    let (agents, exec) = (host.effective("/agents")?, host.effective("/tools/exec")?);
    let lists = lists(&exec.root(), &Roster::of(&agents.root()));
    if lists.is_empty() {
        return Ok(());
    }
    let system = host.platform()?;
    let risky: Vec<(&Node<'_>, String)> = lists
        .iter()
        .flat_map(|(path, node)| {
            let mut seen = BTreeSet::new();
            let entries = node.strings().into_iter().filter(move |entry| seen.insert(*entry));
            entries.filter_map(move |entry| {
                let reason = risk(entry, system)?;
                Some((node, format!("{path}: {entry} ({reason})")))
            })
        })
        .collect();
    if risky.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = risky.iter().map(|(_, line)| line.clone()).collect();
    let mut seen = BTreeSet::new();
    risky
        .iter()
        .take(SHOWN)
        .filter(|(node, _)| seen.insert(node.pointer()))
        .fold(
            rule::EXEC_SAFE_BIN_TRUSTED_DIRS_RISKY.finding(),
            |finding, (node, _)| finding.at(node),
        )
        .detail(format!(
            "Anyone who can write to one of these directories chooses what runs without approval:\n{}",
            list_format::lines(&lines, SHOWN)
        ))
        .remediation(
            "Use only directories that only root can change, such as /bin and /usr/bin. Remove temporary, home and \
             package manager directories.",
        )
        .report(host);
    Ok(())
}

/// The config's list, then those of the agents, without empty ones.
fn lists<'t>(exec: &Node<'t>, roster: &Roster<'t>) -> Vec<(String, Node<'t>)> {
    let list = |path: &str, exec: &Node<'t>| {
        (format!("{path}.safeBinTrustedDirs"), exec.get("safeBinTrustedDirs"))
    };
    let agents = roster.agents().map(|agent| {
        let exec = agent.node().at(["tools", "exec"]);
        list(&format!("{}.tools.exec", agent.label()), &exec)
    });
    std::iter::once(list("tools.exec", exec))
        .chain(agents)
        .filter(|(_, node)| !node.strings().is_empty())
        .collect()
}

/// Why a directory should not be trusted, if there is a reason.
fn risk(entry: &str, system: OperatingSystem) -> Option<&'static str> {
    let Some(path) = absolute(entry, system) else {
        return Some("a relative path, so it depends on the working directory");
    };
    let is_below = |top: &&str| {
        path.strip_prefix(*top).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if TEMPORARY.iter().any(is_below) {
        Some("a temporary directory, which anyone can change")
    } else if OF_PACKAGE_MANAGERS.contains(&path.as_str()) {
        Some("a package manager's directory, which users can often change")
    } else if is_in_home(&path) {
        Some("in a home directory, which its user can change")
    } else {
        None
    }
}

fn is_in_home(path: &str) -> bool {
    let without_drive = match path.as_bytes() {
        [b'a'..=b'z', b':', ..] => path.split_at(2).1,
        _ => path,
    };
    path.starts_with("/home/")
        || without_drive.starts_with("/users/")
        || path.contains("/.local/bin")
}

/// The path in lower case, with `/` as separator, without `.`, `..` and doubled separators; none for a relative one.
fn absolute(entry: &str, system: OperatingSystem) -> Option<String> {
    if system != OperatingSystem::Windows {
        let path = entry.strip_prefix('/').map(normalized)?;
        return Some(path.replace('\\', "/").to_lowercase());
    }
    let path = entry.replace('\\', "/").to_lowercase();
    let (drive, rest) = match path.as_bytes() {
        [letter, b':', b'/', ..] if letter.is_ascii_alphabetic() => path.split_at(2),
        // The current drive depends on the process; any drive is absolute enough here.
        [b'/', ..] => ("c:", path.as_str()),
        _ => return None,
    };
    Some(format!("{drive}{}", normalized(rest)))
}

#[cfg(test)]
mod tests {
    use chitin_sdk::Value;
    use chitin_sdk::fake::{FakeHost, Said};
    use serde_json::json;

    use super::*;
    use crate::GROUPS;

    const RULE: &str = "tools.exec.safe_bin_trusted_dirs_risky";

    fn with(dirs: &Value) -> FakeHost {
        FakeHost::with_config(json!({"tools": {"exec": {"safeBinTrustedDirs": dirs}}}))
    }

    fn reason(said: &Said) -> &str {
        let line = said.detail(RULE).lines().nth(1).unwrap_or_default();
        line.rsplit_once('(').map_or("", |(_, reason)| reason)
    }

    #[test]
    fn risky_directories_and_why() {
        for (dir, start) in [
            ("bin", "a relative"),
            ("~/bin", "a relative"),
            (r"C:\Users\x\bin", "a relative"),
            ("/tmp", "a temporary"),
            ("/var/tmp/x", "a temporary"),
            ("/srv/../tmp/", "a temporary"),
            ("/private/TMP/a", "a temporary"),
            ("/usr/local/bin/", "a package"),
            ("/home/linuxbrew/.linuxbrew/bin", "a package"),
            ("/HOME/x/bin", "in a home"),
            ("/Users/x/bin", "in a home"),
            ("/opt/x/.local/bin", "in a home"),
        ] {
            let said = with(&json!([dir])).run(GROUPS);
            assert_eq!(said.ids(), [RULE], "{dir}");
            assert!(reason(&said).starts_with(start), "{dir}");
        }
        for dirs in [
            json!([
                "/usr/bin",
                "/opt/tools/bin",
                "/tmpfoo",
                "/usr/local/bin/sub",
                "/snap/bin",
                "/users",
                "/opt/x:/users/y"
            ]),
            json!([123, "", " "]),
            json!("/tmp"),
        ] {
            assert!(with(&dirs).run(GROUPS).findings.is_empty(), "{dirs}");
        }
    }

    #[test]
    fn windows_has_drives() {
        let on_windows = |dir: &str| with(&json!([dir])).on(OperatingSystem::Windows).run(GROUPS);
        assert!(reason(&on_windows(r"C:\Users\x\bin")).starts_with("in a home"));
        assert!(reason(&on_windows(r"C:\x\..\users\y")).starts_with("in a home"));
        assert!(reason(&on_windows("tools")).starts_with("a relative"));
        for dir in [r"C:\Windows\System32", "/tmp", r"D:\tmp"] {
            assert!(on_windows(dir).findings.is_empty(), "{dir}");
        }
    }

    #[test]
    fn ten_entries_are_shown_as_written_and_once_each() {
        let said = with(&json!([" /tmp/A ", "/tmp/A"])).run(GROUPS);
        assert!(said.detail(RULE).contains("\n- tools.exec.safeBinTrustedDirs: /tmp/A ("));
        assert_eq!(said.detail(RULE).lines().count(), 2);
        let many: Vec<String> = (0..12).map(|n| format!("/tmp/{n}")).collect();
        let said = with(&json!(many)).run(GROUPS);
        assert!(said.detail(RULE).ends_with("\n- +2 more"));
        assert_eq!(said.findings[0].locations.len(), 1);
    }

    #[test]
    fn an_agent_s_list_has_its_own_path() {
        let config = json!({"agents": {"list": [{"id": "a", "tools": {"exec": {"safeBinTrustedDirs": ["/tmp"]}}}]}});
        let said = FakeHost::with_config(config).run(GROUPS);
        assert!(
            said.detail(RULE).contains("- agents.list.a.tools.exec.safeBinTrustedDirs: /tmp (")
        );
    }
}

//! What each agent keeps below the state directory: its credentials for model providers and its list of sessions.
//!
//! Every directory below `agents/` is checked, whether or not the agent is still in the config: an agent that was removed
//! leaves its credentials behind. The roster only decides which come first.

use std::collections::{BTreeMap, BTreeSet};

use chitin_openclaw::roster::{IMPLICIT_AGENT, Roster};
use chitin_sdk::{Host, Kind, Outcome, Refusal, Rule, not_decided};

use crate::access::Access;
use crate::permission_rules::{PermissionRule, PermissionRules};
use crate::rule;
use crate::shell_commands::Private;

const ROOT: &str = "state";
pub(crate) const PERMISSIONS: &[&str] = &[
    rule::FS_AUTH_PROFILES_PERMS_WRITABLE.id,
    rule::FS_AUTH_PROFILES_PERMS_READABLE.id,
    rule::FS_SESSIONS_STORE_PERMS_READABLE.id,
];

/// Files below an agent's directory, and the rules for them.
struct Store {
    files: &'static [&'static str],
    permissions: PermissionRules,
}

const STORES: &[Store] = &[
    Store {
        files: &["agent/auth-profiles.json"],
        permissions: PermissionRules {
            wanted: Private::File,
            rules: &[
                profiles_writable("Other accounts can write to a legacy auth-profiles.json"),
                profiles_readable("Other accounts can read a legacy auth-profiles.json"),
            ],
        },
    },
    Store {
        files: &[
            "agent/openclaw-agent.sqlite",
            "agent/openclaw-agent.sqlite-wal",
            "agent/openclaw-agent.sqlite-shm",
            "agent/openclaw-agent.sqlite-journal",
        ],
        permissions: PermissionRules {
            wanted: Private::File,
            rules: &[
                profiles_writable("Other accounts can write to an auth profile SQLite store"),
                profiles_readable("Other accounts can read an auth profile SQLite store"),
            ],
        },
    },
    Store {
        files: &["sessions/sessions.json"],
        permissions: PermissionRules {
            wanted: Private::File,
            rules: &[PermissionRule {
                rule: rule::FS_SESSIONS_STORE_PERMS_READABLE,
                consequence: "it shows who talks to the agent on which channel",
                applies: Access::readable,
            }],
        },
    },
];

const fn profiles_writable(title: &'static str) -> PermissionRule {
    PermissionRule {
        rule: Rule { title, ..rule::FS_AUTH_PROFILES_PERMS_WRITABLE },
        consequence: "anyone who can write to it chooses the credentials that the agent uses",
        applies: Access::writable,
    }
}

const fn profiles_readable(title: &'static str) -> PermissionRule {
    PermissionRule {
        rule: Rule { title, ..rule::FS_AUTH_PROFILES_PERMS_READABLE },
        consequence: "it holds API keys and OAuth tokens of model providers",
        applies: Access::readable,
    }
}

pub(crate) fn permissions(host: &dyn Host) -> Outcome {
    let agents = Agents::of(host);
    if agents.names.is_empty() && agents.complete.is_ok() {
        for store in STORES {
            store.permissions.not_applicable(host, "there are no agents in the state directory");
        }
    }
    // A file that cannot be checked must not keep the other files or rules from being checked.
    let mut undecided: BTreeMap<&str, Refusal> = BTreeMap::new();
    for agent in &agents.names {
        for store in STORES {
            for file in store.files {
                let path = format!("agents/{agent}/{file}");
                if let Err(refusal) = store.permissions.check_at(host, ROOT, &path) {
                    for PermissionRule { rule, .. } in store.permissions.rules {
                        undecided.entry(rule.id).or_insert_with(|| refusal.clone());
                    }
                }
            }
        }
    }
    for (rule, refusal) in &undecided {
        not_decided(host, rule, refusal);
    }
    agents.complete
}

/// The directories to check, and whether these are all.
struct Agents {
    names: Vec<String>,
    complete: Outcome,
}

impl Agents {
    fn of(host: &dyn Host) -> Self {
        let known = known(host);
        let (listed, complete) = match host.list(ROOT, "agents") {
            Ok(None) => return Self { names: Vec::new(), complete: Ok(()) },
            Ok(Some(listing)) => {
                let names: Vec<String> = listing
                    .entries
                    .into_iter()
                    .filter(|entry| matches!(entry.kind, Kind::Directory | Kind::Symlink))
                    .map(|entry| entry.name)
                    .collect();
                let complete = if listing.complete {
                    Ok(())
                } else {
                    Err(Refusal::OverLimit("more agents than can be listed".to_owned()))
                };
                (names, complete)
            }
            Err(refusal) => (Vec::new(), Err(refusal)),
        };
        Self { names: in_order(known, listed, &complete), complete }
    }
}

/// The agents in the config, in the order in which they are reported. Without the config only the order is lost.
fn known(host: &dyn Host) -> Vec<String> {
    let mut names = vec![IMPLICIT_AGENT.to_owned()];
    if let Ok(agents) = host.effective("/agents") {
        let roster = Roster::of(&agents.root());
        names.extend(roster.default_agent());
        names.extend(roster.ids());
    }
    names
}

/// Known names first. Of these only the listed ones, if the list is whole.
fn in_order(known: Vec<String>, listed: Vec<String>, complete: &Outcome) -> Vec<String> {
    let present: BTreeSet<String> = listed.iter().cloned().collect();
    let mut seen = BTreeSet::new();
    known
        .into_iter()
        .filter(|name| complete.is_err() || present.contains(name))
        .chain(listed)
        .filter(|name| seen.insert(name.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::{FakeHost, Said, file_mode};
    use chitin_sdk::{Location, Metadata, Severity, Value};
    use serde_json::json;

    use super::*;
    use crate::GROUPS;

    fn audit(config: Value, files: &[(&str, u32)]) -> Said {
        files
            .iter()
            .fold(FakeHost::with_config(config), |host, (path, mode)| {
                host.file("state", path, file_mode(*mode))
            })
            .run(GROUPS)
    }

    fn paths(said: &Said) -> Vec<&str> {
        said.findings
            .iter()
            .flat_map(|finding| &finding.locations)
            .filter_map(|location| match location {
                Location::File { path, .. } => Some(path.as_str()),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn credentials_are_checked_by_write_bits_then_read_bits() {
        for (mode, expected) in [
            (0o600, None),
            (0o644, Some((rule::FS_AUTH_PROFILES_PERMS_READABLE.id, Severity::Warn))),
            (0o640, Some((rule::FS_AUTH_PROFILES_PERMS_READABLE.id, Severity::Warn))),
            (0o664, Some((rule::FS_AUTH_PROFILES_PERMS_WRITABLE.id, Severity::Critical))),
            (0o602, Some((rule::FS_AUTH_PROFILES_PERMS_WRITABLE.id, Severity::Critical))),
        ] {
            let said = audit(json!({}), &[("agents/main/agent/auth-profiles.json", mode)]);
            let found = said.findings.first().map(|found| (found.rule.as_str(), found.severity));
            assert_eq!(found, expected, "{mode:o}");
        }
    }

    #[test]
    fn every_file_of_the_store_is_a_finding_that_names_it() {
        let said = audit(
            json!({}),
            &[
                ("agents/main/agent/auth-profiles.json", 0o644),
                ("agents/main/agent/openclaw-agent.sqlite", 0o644),
                ("agents/main/agent/openclaw-agent.sqlite-journal", 0o666),
                ("agents/main/agent/openclaw-agent.sqlite-shm", 0o644),
                ("agents/main/agent/openclaw-agent.sqlite-wal", 0o644),
            ],
        );
        assert_eq!(
            said.ids(),
            [
                rule::FS_AUTH_PROFILES_PERMS_READABLE.id,
                rule::FS_AUTH_PROFILES_PERMS_READABLE.id,
                rule::FS_AUTH_PROFILES_PERMS_READABLE.id,
                rule::FS_AUTH_PROFILES_PERMS_READABLE.id,
                rule::FS_AUTH_PROFILES_PERMS_WRITABLE.id
            ]
        );
        assert!(said.findings[0].title.contains("legacy"));
        assert!(said.findings[1..].iter().all(|found| found.title.contains("SQLite store")));
        assert!(said.findings.iter().all(|found| found.fixes.len() == 1));
    }

    #[test]
    fn sessions_are_checked_by_read_bits_alone() {
        for (mode, fires) in
            [(0o600, false), (0o644, true), (0o640, true), (0o620, false), (0o622, false)]
        {
            let said = audit(json!({}), &[("agents/main/sessions/sessions.json", mode)]);
            assert_eq!(
                !said.of(rule::FS_SESSIONS_STORE_PERMS_READABLE.id).is_empty(),
                fires,
                "{mode:o}"
            );
        }
    }

    #[test]
    fn known_agents_come_before_unknown_ones() {
        let config = json!({"agents": {"entries": {
            "zeta": {}, "Ops": {"default": true}, "gone": {}
        }}});
        let said = audit(
            config,
            &[
                ("agents/abandoned/sessions/sessions.json", 0o644),
                ("agents/main/sessions/sessions.json", 0o644),
                ("agents/ops/sessions/sessions.json", 0o644),
                ("agents/ops/agent/auth-profiles.json", 0o644),
                ("agents/zeta/sessions/sessions.json", 0o644),
            ],
        );
        assert_eq!(
            paths(&said),
            [
                "agents/main/sessions/sessions.json",
                "agents/ops/agent/auth-profiles.json",
                "agents/ops/sessions/sessions.json",
                "agents/zeta/sessions/sessions.json",
                "agents/abandoned/sessions/sessions.json",
            ]
        );
    }

    #[test]
    fn ids_that_normalise_alike_are_checked_once() {
        let config = json!({"agents": {"list": [{"id": "Main"}, {"id": "main"}]}});
        let said = audit(config, &[("agents/main/sessions/sessions.json", 0o644)]);
        assert_eq!(said.findings.len(), 1);
    }

    #[test]
    fn the_config_is_not_needed() {
        let said = FakeHost::default()
            .without_config("the config does not parse")
            .file("state", "agents/x/agent/auth-profiles.json", file_mode(0o666))
            .run(GROUPS);
        assert_eq!(said.ids(), [rule::FS_AUTH_PROFILES_PERMS_WRITABLE.id]);
    }

    #[test]
    fn a_file_that_cannot_be_checked_affects_only_its_own_rules() {
        let said = FakeHost::default()
            .file(
                "state",
                "agents/main/sessions/sessions.json",
                Metadata { mode: None, ..file_mode(0) },
            )
            .file("state", "agents/ops/agent/auth-profiles.json", file_mode(0o666))
            .run(GROUPS);
        assert_eq!(said.ids(), [rule::FS_AUTH_PROFILES_PERMS_WRITABLE.id]);
        let not_run: Vec<&str> = said.not_run.iter().map(|(rule, _)| rule.as_str()).collect();
        assert_eq!(not_run, [rule::FS_SESSIONS_STORE_PERMS_READABLE.id]);
    }

    #[test]
    fn known_names_replace_a_list_that_is_not_available() {
        let known = || vec!["main".to_owned(), "ops".to_owned()];
        let listed = || vec!["abc".to_owned(), "ops".to_owned()];
        let refused = Err(Refusal::Unavailable("permission denied".to_owned()));
        assert_eq!(in_order(known(), Vec::new(), &refused), ["main", "ops"]);
        assert_eq!(in_order(known(), listed(), &refused), ["main", "ops", "abc"]);
        assert_eq!(in_order(known(), listed(), &Ok(())), ["ops", "abc"]);
    }
}

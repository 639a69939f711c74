//! How plugins and hook packs were installed from npm: which version, with which hash, and whether that still holds.

use chitin_sdk::text::{self, bullets};
use chitin_sdk::{Finding, Host, InstallKind, InstallRecord, Outcome, Rule, Tree};

use crate::rule;

const SHOWN: usize = 50;

/// What differs between the two kinds of records.
struct Kind {
    records: InstallKind,
    /// Where a config may hold records of this kind.
    section: &'static str,
    name: &'static str,
    unpinned: Rule,
    missing_integrity: Rule,
    version_drift: Rule,
    update: &'static str,
}

const PLUGINS: Kind = Kind {
    records: InstallKind::Plugin,
    section: "/plugins/installs",
    name: "Plugin",
    unpinned: rule::INSTALLS_UNPINNED_NPM_SPECS,
    missing_integrity: rule::INSTALLS_MISSING_INTEGRITY,
    version_drift: rule::INSTALLS_VERSION_DRIFT,
    update: "openclaw plugins update --all",
};

const HOOKS: Kind = Kind {
    records: InstallKind::Hook,
    section: "/hooks/internal/installs",
    name: "Hook pack",
    unpinned: rule::HOOKS_INSTALLS_UNPINNED_NPM_SPECS,
    missing_integrity: rule::HOOKS_INSTALLS_MISSING_INTEGRITY,
    version_drift: rule::HOOKS_INSTALLS_VERSION_DRIFT,
    update: "openclaw hooks update --all",
};

pub(crate) fn plugins(host: &dyn Host) -> Outcome {
    check(host, &PLUGINS)
}

pub(crate) fn hooks(host: &dyn Host) -> Outcome {
    check(host, &HOOKS)
}

/// One thing that can be wrong with a record.
struct Question {
    rule: Rule,
    title: String,
    detail: &'static str,
    remediation: String,
    /// The line for a record; none when nothing is wrong with it.
    row: fn(&InstallRecord) -> Option<String>,
}

fn questions(kind: &Kind) -> [Question; 3] {
    let Kind { name, update, .. } = kind;
    [
        Question {
            rule: kind.unpinned,
            title: format!("{name} installs are not pinned to a version"),
            detail: "These install records name no exact version, so the next install or update takes whatever \
                     is published then:",
            remediation: "Install exact versions, for example @scope/pkg@1.2.3.".to_owned(),
            row: unpinned,
        },
        Question {
            rule: kind.missing_integrity,
            title: format!("{name} installs have no integrity hash"),
            detail: "These install records have no integrity hash, so a changed package cannot be distinguished \
                     from the one that was installed:",
            remediation: format!("Reinstall them, or run `{update}`, to record the hash."),
            row: missing_integrity,
        },
        Question {
            rule: kind.version_drift,
            title: format!("{name} installs differ from their records"),
            detail: "The installed package has a different version than its install record:",
            remediation: format!("Run `{update}`, or reinstall what is listed."),
            row: version_drift,
        },
    ]
}

fn check(host: &dyn Host, kind: &Kind) -> Outcome {
    let all = host.install_records(kind.records)?;
    let from_npm: Vec<&InstallRecord> =
        all.records.iter().filter(|record| record.source == "npm").collect();
    // Only to locate a record: without the config the records are still checked.
    let section = host.effective(kind.section).ok();
    for question in questions(kind) {
        let wrong: Vec<(&InstallRecord, String)> =
            from_npm.iter().filter_map(|record| Some((*record, (question.row)(record)?))).collect();
        if !wrong.is_empty() {
            finding(&question, &wrong, section.as_ref()).report(host);
        } else if !all.unreadable.is_empty() {
            host.not_run(question.rule.id, &all.unreadable.join("; "));
        }
    }
    Ok(())
}

fn finding(
    question: &Question,
    wrong: &[(&InstallRecord, String)],
    section: Option<&Tree>,
) -> Finding {
    let rows: Vec<&str> = wrong.iter().map(|(_, row)| row.as_str()).collect();
    let finding = question
        .rule
        .finding()
        .title(question.title.as_str())
        .detail(format!("{}\n{}", question.detail, bullets(&rows, SHOWN)))
        .remediation(question.remediation.as_str());
    wrong
        .iter()
        .take(SHOWN)
        .filter_map(|(record, _)| Some(section?.at([record.id.as_str()])))
        .filter(|place| !place.is_absent())
        .fold(finding, |finding, place| finding.at(&place))
}

fn unpinned(record: &InstallRecord) -> Option<String> {
    let spec = record.spec.as_deref().filter(|spec| !is_pinned(spec))?;
    Some(format!("{} ({spec})", record.id))
}

fn missing_integrity(record: &InstallRecord) -> Option<String> {
    let recorded = record.integrity.as_deref().is_some_and(|hash| !text::trim(hash).is_empty());
    (!recorded).then(|| record.id.clone())
}

fn version_drift(record: &InstallRecord) -> Option<String> {
    let known = |version: &Option<String>| version.clone().filter(|version| !version.is_empty());
    let recorded = known(&record.recorded_version)?;
    let installed = known(&record.installed_version)?;
    (recorded != installed)
        .then(|| format!("{} (recorded {recorded}, installed {installed})", record.id))
}

/// Whether an npm spec ends in `@` and an exact version.
fn is_pinned(spec: &str) -> bool {
    text::trim(spec)
        .rsplit_once('@')
        .is_some_and(|(package, version)| !package.is_empty() && is_exact(text::trim(version)))
}

/// `[v]MAJOR.MINOR.PATCH[-PRERELEASE][+BUILD]`.
fn is_exact(version: &str) -> bool {
    let version = version.strip_prefix('v').unwrap_or(version);
    let (version, build) = split_off(version, '+');
    let (core, prerelease) = split_off(version, '-');
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
    };
    core.split('.').count() == 3
        && core.split('.').all(is_number)
        && prerelease.is_none_or(is_label)
        && build.is_none_or(is_label)
}

fn split_off(text: &str, separator: char) -> (&str, Option<&str>) {
    text.split_once(separator).map_or((text, None), |(before, after)| (before, Some(after)))
}

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::{FakeHost, Said};
    use chitin_sdk::{InstallIndex, Severity};
    use serde_json::json;

    use super::*;
    use crate::GROUPS;

    fn record(id: &str, spec: &str) -> InstallRecord {
        InstallRecord {
            id: id.to_owned(),
            source: "npm".to_owned(),
            spec: Some(spec.to_owned()),
            integrity: Some("sha512-made-up".to_owned()),
            recorded_version: Some("1.2.3".to_owned()),
            installed_version: Some("1.2.3".to_owned()),
        }
    }

    fn plugin_records(records: Vec<InstallRecord>) -> Said {
        let records = InstallIndex { records, unreadable: Vec::new() };
        FakeHost::with_config(json!({})).installs(InstallKind::Plugin, records).run(GROUPS)
    }

    #[test]
    fn a_spec_is_pinned_by_an_exact_version() {
        for spec in [
            "@s/p@1.2.3",
            "p@v1.2.3-beta.1+x",
            "p@npm:q@1.2.3",
            "p@1.2.3+build.5",
            "p@01.2.3",
            " p@1.2.3 ",
            "p@ 1.2.3",
            "p@1.2.3-a-b",
        ] {
            assert!(is_pinned(spec), "{spec}");
        }
        for spec in [
            "",
            "@",
            "pkg",
            "@openclaw/voice-call",
            "pkg@",
            "pkg@latest",
            "pkg@^1.2.3",
            "pkg@1.2",
            "pkg@1.2.3.4",
            "pkg@1..3",
            "pkg@1.2.x",
            "pkg@1.2.3-",
            "pkg@1.2.3+",
            "pkg@1.2.3+a+b",
            "pkg@1.2.3-a_b",
            "pkg@vv1.2.3",
            "pkg@V1.2.3",
            "pkg@٣.2.3",
            "@1.2.3",
            " @1.2.3",
        ] {
            assert!(!is_pinned(spec), "{spec}");
        }
    }

    #[test]
    fn a_correct_record_is_not_reported() {
        let mut without_spec = record("b", "");
        without_spec.spec = None;
        let said = plugin_records(vec![record("a", "@s/p@1.2.3"), without_spec]);
        assert!(said.findings.is_empty() && said.not_run.is_empty());
    }

    #[test]
    fn each_rule_lists_its_records() {
        let mut bare = record("bare", "@openclaw/voice-call");
        bare.integrity = Some("  ".to_owned());
        let mut drifting = record("drifting", "p@1.2.3");
        drifting.installed_version = Some("9.9.9".to_owned());
        let said = plugin_records(vec![bare, drifting]);
        assert_eq!(
            said.ids(),
            [PLUGINS.unpinned.id, PLUGINS.missing_integrity.id, PLUGINS.version_drift.id]
        );
        assert!(said.detail(PLUGINS.unpinned.id).ends_with("\n- bare (@openclaw/voice-call)"));
        assert!(said.detail(PLUGINS.missing_integrity.id).ends_with("\n- bare"));
        assert!(
            said.detail(PLUGINS.version_drift.id)
                .ends_with("\n- drifting (recorded 1.2.3, installed 9.9.9)")
        );
        assert!(said.findings.iter().all(|finding| finding.severity == Severity::Warn));
    }

    #[test]
    fn only_npm_records_are_looked_at() {
        let foreign = |source: &str| InstallRecord {
            source: source.to_owned(),
            integrity: None,
            installed_version: Some("9.9.9".to_owned()),
            ..record("x", "pkg@latest")
        };
        let sources = ["path", "archive", "git", "clawhub", "NPM", ""];
        assert!(plugin_records(sources.map(foreign).to_vec()).findings.is_empty());
    }

    #[test]
    fn a_version_drifts_only_when_both_are_known_and_differ() {
        let drifts = |recorded: Option<&str>, installed: Option<&str>| {
            version_drift(&InstallRecord {
                recorded_version: recorded.map(str::to_owned),
                installed_version: installed.map(str::to_owned),
                ..record("x", "p@1.2.3")
            })
            .is_some()
        };
        assert!(drifts(Some("1.2.3"), Some("v1.2.3")));
        assert!(!drifts(Some("1.2.3"), Some("1.2.3")));
        assert!(!drifts(None, Some("1.2.3")) && !drifts(Some(""), Some("1.2.3")));
        assert!(!drifts(Some("1.2.3"), None) && !drifts(Some("1.2.3"), Some("")));
    }

    #[test]
    fn hook_packs_have_rules_of_their_own() {
        let mut pack = record("test-hooks", "@openclaw/test-hooks");
        pack.integrity = None;
        pack.installed_version = Some("8.8.8".to_owned());
        let records = InstallIndex { records: vec![pack], unreadable: Vec::new() };
        let said =
            FakeHost::with_config(json!({})).installs(InstallKind::Hook, records).run(GROUPS);
        assert_eq!(
            said.ids(),
            [HOOKS.unpinned.id, HOOKS.missing_integrity.id, HOOKS.version_drift.id]
        );
        let drift = said.of(HOOKS.version_drift.id)[0];
        assert!(drift.remediation.as_ref().unwrap().contains("openclaw hooks update --all"));
    }

    #[test]
    fn a_record_in_the_config_is_located() {
        let config = json!({"plugins": {"installs": {"a/b": {"source": "npm", "spec": "pkg"}}}});
        let records = InstallIndex {
            records: vec![record("a/b", "pkg"), record("elsewhere", "pkg")],
            unreadable: Vec::new(),
        };
        let said = FakeHost::with_config(config).installs(InstallKind::Plugin, records).run(GROUPS);
        assert_eq!(
            said.findings[0].locations,
            [chitin_sdk::Location::Config("/plugins/installs/a~1b".to_owned())]
        );
    }

    #[test]
    fn with_an_unreadable_store_rules_without_findings_are_not_run() {
        let records = InstallIndex {
            records: vec![record("x", "pkg")],
            unreadable: vec!["state database: no database".to_owned()],
        };
        let said =
            FakeHost::with_config(json!({})).installs(InstallKind::Plugin, records).run(GROUPS);
        assert_eq!(said.ids(), [PLUGINS.unpinned.id]);
        let undecided: Vec<&str> = said.not_run.iter().map(|(rule, _)| rule.as_str()).collect();
        assert_eq!(undecided, [PLUGINS.missing_integrity.id, PLUGINS.version_drift.id]);
        assert_eq!(said.not_run[0].1, "state database: no database");
    }

    #[test]
    fn records_are_checked_without_a_config() {
        let records = InstallIndex { records: vec![record("x", "pkg")], unreadable: Vec::new() };
        let said = FakeHost::default()
            .without_config("the config does not parse")
            .installs(InstallKind::Plugin, records)
            .run(GROUPS);
        assert_eq!(said.ids(), [PLUGINS.unpinned.id]);
    }

    #[test]
    fn without_the_fact_no_install_rule_is_decided() {
        let said = FakeHost::with_config(json!({})).without_fact("install-records").run(GROUPS);
        assert_eq!(said.not_run.len(), 6);
    }
}

//! Audits configs, made up and published, and compares the findings with what OpenClaw reports.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::support::corpus;
use crate::support::deviations::{DEVIATIONS, entry_for};
use crate::support::runner::{Answer, Hit, Run};
use crate::support::thread_pool;
use crate::support::workspace::Workspace;

/// What OpenClaw reported for a config.
#[derive(Debug, Deserialize)]
struct Expected {
    env: BTreeMap<String, String>,
    #[serde(flatten)]
    plain: Modes,
    /// For the config without the parts that OpenClaw refused.
    stripped: Option<Stripped>,
}

#[derive(Debug, Deserialize)]
struct Stripped {
    file: String,
    #[serde(flatten)]
    modes: Modes,
}

/// In a state directory that only its owner can read, and in one that anyone can.
#[derive(Debug, Deserialize)]
struct Modes {
    strict: Outcome,
    loose: Outcome,
}

#[derive(Debug, Deserialize)]
struct Outcome {
    /// None when OpenClaw refused the config.
    findings: Option<Vec<Finding>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Finding {
    check_id: String,
    severity: String,
}

/// Mode of the directory, mode of the config.
const STRICT: (u32, u32) = (0o700, 0o600);
const LOOSE: (u32, u32) = (0o755, 0o644);

fn audit(config: &Path, modes: (u32, u32), env: &BTreeMap<String, String>) -> Answer {
    let workspace = Workspace::new();
    workspace.mode("state", modes.0);
    workspace.file("state/openclaw.json", modes.1, fs::read(config).unwrap());
    // No docker, whatever the machine has.
    Run::audit_json(&workspace).env("PATH", "/nonexistent").envs(env).go()
}

fn short(path: &Path) -> String {
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    format!("{}/{}", name(path.parent().unwrap()), name(path))
}

/// Every config is audited to the end, and twice the same.
fn is_audited(config: &Path) -> Vec<String> {
    let one = audit(config, STRICT, &BTreeMap::new());
    let two = audit(config, STRICT, &BTreeMap::new());
    if one.exit != 0 && one.exit != 3 {
        return vec![format!("exit {}: {}", one.exit, one.stderr)];
    }
    let report = one.json();
    let mut problems = report.module_failures();
    if (one.exit == 3) == report.not_run().is_empty() {
        problems.push(format!("exit {} with {:?} not run", one.exit, report.not_run()));
    }
    if one.redacted() != two.redacted() {
        problems.push("two runs print different bytes".to_owned());
    }
    problems
}

/// What chitin reports beyond OpenClaw, and what OpenClaw reports beyond chitin.
struct Comparison {
    more: Vec<Hit>,
    less: Vec<Hit>,
}

fn compare(
    config: &Path,
    modes: (u32, u32),
    env: &BTreeMap<String, String>,
    wanted: &[Finding],
) -> Comparison {
    let there: BTreeSet<Hit> = audit(config, modes, env).json().hits().into_iter().collect();
    let wanted: BTreeSet<Hit> =
        wanted.iter().map(|hit| (hit.check_id.clone(), hit.severity.clone())).collect();
    Comparison {
        more: there.difference(&wanted).cloned().collect(),
        less: wanted.difference(&there).cloned().collect(),
    }
}

/// All comparisons of one config's folder, each with a name.
fn comparisons(folder: &Path) -> Vec<(String, Comparison)> {
    let Ok(text) = fs::read_to_string(folder.join("expect-9.6.json")) else { return Vec::new() };
    let expected: Expected = serde_json::from_str(&text).unwrap();
    let mut configs = vec![("openclaw.json", &expected.plain)];
    configs.extend(
        expected.stripped.as_ref().map(|stripped| (stripped.file.as_str(), &stripped.modes)),
    );
    let mut done = Vec::new();
    for (file, outcomes) in configs {
        for (name, modes, outcome) in
            [("strict", STRICT, &outcomes.strict), ("loose", LOOSE, &outcomes.loose)]
        {
            if let Some(wanted) = &outcome.findings {
                let config = folder.join(file);
                let comparison = compare(&config, modes, &expected.env, wanted);
                done.push((format!("{} {name}", short(&config)), comparison));
            }
        }
    }
    done
}

#[test]
fn every_config_is_audited() {
    let folders = corpus::folders();
    let configs: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| ["openclaw.json", "stripped-9.6.json"].map(|name| folder.join(name)))
        .filter(|path| path.is_file())
        .collect();
    let failed: Vec<String> =
        thread_pool::map(&configs, |config| (short(config), is_audited(config)))
            .into_iter()
            .filter(|(_, problems)| !problems.is_empty())
            .map(|(name, problems)| format!("{name}: {}", problems.join("; ")))
            .collect();
    println!("corpus: {} configs", configs.len());
    assert!(failed.is_empty(), "{} configs failed:\n{}", failed.len(), failed.join("\n"));
}

#[test]
#[cfg_attr(not(have_corpus), ignore = "the published configs are not here: set CHITIN_CORPUS")]
fn reports_what_openclaw_reports() {
    let folders = corpus::published();
    let all: Vec<_> =
        thread_pool::map(&folders, |folder| comparisons(folder)).into_iter().flatten().collect();
    let listed = DEVIATIONS.more.keys().chain(DEVIATIONS.less.keys());
    let mut unused: BTreeSet<&str> = listed.map(String::as_str).collect();
    let mut failed = Vec::new();
    for (name, Comparison { more, less }) in &all {
        for (hits, list, verb) in
            [(more, &DEVIATIONS.more, "is too much"), (less, &DEVIATIONS.less, "is missing")]
        {
            for (id, severity) in hits {
                match entry_for(list, id) {
                    Some(entry) => drop(unused.remove(entry)),
                    None => failed.push(format!("{name}: {id} ({severity}) {verb}")),
                }
            }
        }
    }
    println!("corpus: {} comparisons", all.len());
    assert!(!all.is_empty(), "no config has an expect-9.6.json beside it");
    assert!(failed.is_empty(), "{} differences:\n{}", failed.len(), failed.join("\n"));
    assert!(unused.is_empty(), "listed deviations that do not occur: {unused:?}");
}

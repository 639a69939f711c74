//! Every single fix, applied alone: it changes one thing, applied again it changes nothing, and undone everything is as
//! before. Which fixes there are comes from the plan, not from a list here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::super::disk::FileType;
use super::*;

const EVERYTHING: &str = "// mine
{
  $include: './more.json5',
  agents: {entries: {Ops: {}}},
  logging: {redactSensitive: 'off', file: 'state/gateway.log'},
  channels: {
    telegram: {groupPolicy: 'open', accounts: {a: {groupPolicy: 'open'}}},
    whatsapp: {
      groupPolicy: 'open', // anyone
      accounts: {
        a: {groupPolicy: 'open', groupAllowFrom: []},
      },
    },
  },
}
";
const INCLUDED: &str = "{channels: {slack: {'groupPolicy': \"open\" /* ! */}}}";

/// The modes before the fix.
const OPEN: [u32; 4] = [0o777, 0o755, 0o640, 0o000];

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A gateway that has everything that a plan can contain, all with this mode.
fn full_gateway(open: u32) -> TempDir {
    let place = tempfile::tempdir().unwrap();
    let root = place.path();
    write(&root.join("state/openclaw.json"), EVERYTHING);
    write(&root.join("state/more.json5"), INCLUDED);
    // Directories make rows for what is in them; two rounds reach those.
    for _ in 0..2 {
        for row in &plan(&inputs(root), &[]).modes {
            let path = row.target.path();
            if row.file_type == FileType::Directory {
                for name in ["any.json", "any.jsonl"] {
                    write(&path.join(name), "");
                }
            } else if !path.exists() {
                write(&path, "");
            }
        }
    }
    write(&root.join("state/credentials/whatsapp-allowFrom.json"), r#"{"allowFrom": ["+1555"]}"#);
    let plan = plan(&inputs(root), &[]);
    // The deepest path first: it cannot be reached any more below a directory without permissions.
    for row in plan.modes.iter().rev() {
        let is_needed = open & 0o400 == 0 && row.file_type == FileType::Directory
            || row.meta.rules.iter().any(|rule| rule.starts_with("fs.config"));
        let owner = if is_needed { 0o700 } else { 0 };
        fs::set_permissions(row.target.path(), Permissions::from_mode(open | owner | 0o010))
            .unwrap();
    }
    place
}

/// Every path with its mode and bytes.
fn snapshot(root: &Path) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
    fn walk(path: PathBuf, found: &mut BTreeMap<PathBuf, (u32, Vec<u8>)>) {
        for entry in fs::read_dir(&path).into_iter().flatten() {
            walk(entry.unwrap().path(), found);
        }
        let bytes = fs::read(&path).unwrap_or_default();
        found.insert(path.clone(), (mode(path), bytes));
    }
    let mut found = BTreeMap::new();
    walk(root.join("state"), &mut found);
    found
}

/// The paths at which two pictures differ.
fn differences(
    before: &BTreeMap<PathBuf, (u32, Vec<u8>)>,
    after: &BTreeMap<PathBuf, (u32, Vec<u8>)>,
) -> Vec<PathBuf> {
    assert!(before.keys().eq(after.keys()), "something came or went");
    before
        .iter()
        .filter(|(path, was)| after[*path] != **was)
        .map(|(path, _)| path.clone())
        .collect()
}

/// One fix of a plan, by what does not change from run to run.
#[derive(Debug, Clone, PartialEq)]
enum Single {
    Value { text: String, file: PathBuf },
    Mode(PathBuf),
}

fn singles(plan: &FixPlan, root: &Path) -> Vec<Single> {
    let relative = |path: PathBuf| path.strip_prefix(root).unwrap().to_path_buf();
    let values = plan.values.iter().map(|change| Single::Value {
        text: change.text.clone(),
        file: relative(plan.sources[change.file].path.clone()),
    });
    values.chain(plan.modes.iter().map(|row| Single::Mode(relative(row.target.path())))).collect()
}

fn only(mut plan: FixPlan, single: &Single, root: &Path) -> FixPlan {
    match single {
        Single::Value { text, .. } => {
            plan.values.retain(|change| change.text == *text);
            plan.modes.clear();
        }
        Single::Mode(path) => {
            plan.values.clear();
            plan.modes.retain(|row| row.target.path() == root.join(path));
        }
    }
    plan
}

#[test]
fn every_fix_alone_changes_one_thing_once_and_can_be_undone() {
    let mut seen = 0;
    for open in OPEN {
        let place = full_gateway(open);
        let planned = plan(&inputs(place.path()), &[]);
        assert!(planned.refused().is_empty() && planned.problems().is_empty(), "{planned:?}");
        let idle: Vec<_> =
            planned.modes.iter().filter(|row| row.pending(&planned.backend).is_none()).collect();
        assert!(idle.is_empty(), "not everything is there and open: {idle:?}");
        for single in singles(&planned, place.path()) {
            let place = full_gateway(open);
            let root = place.path();
            let before = snapshot(root);
            let fix = || {
                let planned = only(plan(&inputs(root), &[]), &single, root);
                (planned.values.len(), apply(&planned, &journal(root), &NoFailpoints).unwrap())
            };
            let (_, applied) = fix();
            let name = format!("{single:?} at {open:o}");
            assert!(applied.ok() && applied.run.is_some(), "{name}: {applied:?}");
            let (Single::Value { file: path, .. } | Single::Mode(path)) = &single;
            let after = snapshot(root);
            assert_eq!(differences(&before, &after), [root.join(path)], "{name}");

            let (values, again) = fix();
            assert_eq!((values, again.run), (0, None), "{name}");
            assert!(again.actions.iter().all(|action| action.skipped == Some("already")), "{name}");
            assert_eq!(snapshot(root), after, "{name}");

            let undone = undo(&journal(root), None, None, &NoFailpoints).unwrap();
            assert!(undone.kept.is_empty() && undone.restored.len() == 1, "{name}: {undone:?}");
            assert_eq!(snapshot(root), before, "{name}");
            seen += 1;
        }
    }
    // Six kinds of values, and more rows than those of one agent.
    assert!(seen > OPEN.len() * 30, "{seen}");
}

#[test]
fn all_fixes_together_are_made_once_and_can_be_undone() {
    for open in OPEN {
        let place = full_gateway(open);
        let root = place.path();
        let before = snapshot(root);
        let all = singles(&plan(&inputs(root), &[]), root).len();
        let applied = fix(root, &NoFailpoints);
        assert!(applied.ok() && applied.actions.iter().all(|action| action.ok), "{applied:?}");
        assert_eq!(applied.changes.len() + applied.actions.len(), all);
        let after = snapshot(root);
        let again = fix(root, &NoFailpoints);
        assert_eq!((again.run, again.changes.len()), (None, 0), "{open:o}");
        assert_eq!(snapshot(root), after);
        assert!(undo(&journal(root), None, None, &NoFailpoints).unwrap().kept.is_empty());
        assert_eq!(snapshot(root), before, "{open:o}");
    }
}

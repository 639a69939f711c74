//! Which files and directories get stricter permissions, in OpenClaw's order, and where the files of the config are.

use std::collections::HashSet;
use std::path::Path;

use chitin_document::Tree;
use chitin_openclaw::roster::{IMPLICIT_AGENT, Roster};

use super::anchored_path::{AnchoredPath, Anchors};
use super::disk::{self, FileError, FileType};
use super::plan::{ConfigText, FixMeta, ModeChange, RefusedChange, Source};
use chitin_collect::Collected;
use chitin_config::discover::expand_user_path;
use chitin_config::ecma::trim;
use chitin_config::include_directories;
use chitin_model::finding::FixLevel;

pub(super) const PERMISSIONS: &str = "Keep others out of files and directories";
const DIRECTORY: u32 = 0o700;
const FILE: u32 = 0o600;

/// More agents than any gateway has; a hostile config may have more.
const MAX_AGENTS: usize = 10_000;

/// Collects rows. A path without a name, which only a hostile config has, is skipped.
#[derive(Default)]
struct Rows {
    rows: Vec<ModeChange>,
    uncollected: Vec<RefusedChange>,
}

impl Rows {
    fn add(&mut self, rule: &str, target: Option<AnchoredPath>, file_type: FileType) {
        let Some(target) = target else { return };
        self.rows.push(ModeChange {
            meta: FixMeta {
                group: PERMISSIONS.to_owned(),
                rules: vec![rule.to_owned()],
                level: FixLevel::Safe,
            },
            target,
            file_type,
            mode: if file_type == FileType::Directory { DIRECTORY } else { FILE },
        });
    }

    fn skip(&mut self, rule: &str, reason: &str) {
        self.uncollected.push(RefusedChange {
            what: "collectSecurityPermissionTargets failed".to_owned(),
            reason: reason.to_owned(),
            rules: vec![rule.to_owned()],
        });
    }

    /// The regular files in a directory whose names end like this, without subdirectories.
    fn add_files(&mut self, rule: &str, directory: &AnchoredPath, ending: &str) {
        let names = match disk::list(directory) {
            Err(FileError::TooManyEntries) => {
                self.skip(
                    rule,
                    &format!("{}: {}", directory.path().display(), FileError::TooManyEntries),
                );
                return;
            }
            // Ignored like in OpenClaw; the directory itself has a row of its own.
            names => names.unwrap_or_default(),
        };
        for name in names {
            if name.as_encoded_bytes().ends_with(ending.as_bytes()) {
                self.add(rule, Some(directory.join(name)), FileType::File);
            }
        }
    }
}

/// A row for each path, existing or not, and what was skipped because there is too much of it.
pub(super) fn targets(
    collected: &Collected,
    anchors: &mut Anchors,
) -> (Vec<ModeChange>, Vec<RefusedChange>) {
    let locations = &collected.locations;
    let mut rows = Rows::default();
    rows.add("fs.state_dir", anchors.beside(&locations.state_dir), FileType::Directory);
    rows.add("fs.config", anchors.beside(&collected.config.path), FileType::File);
    if !collected.config.files.is_empty() {
        for path in &collected.config.includes {
            rows.add("fs.config_include", included(collected, anchors, path), FileType::File);
        }
    }
    let credentials = anchors
        .below(&locations.state_dir, &locations.credentials_dir)
        .or_else(|| anchors.beside(&locations.credentials_dir));
    rows.add("fs.credentials_dir", credentials.clone(), FileType::Directory);
    if let Some(credentials) = &credentials {
        rows.add_files("fs.credentials_dir", credentials, ".json");
    }
    let state = anchors.open(&locations.state_dir);
    let agents = agents(collected);
    if agents.len() > MAX_AGENTS {
        rows.skip("fs.auth_profiles", &format!("there are more than {MAX_AGENTS} agents"));
    }
    for id in agents.into_iter().take(MAX_AGENTS) {
        let below = vec!["agents".into(), id.into()];
        add_agent(&mut rows, &AnchoredPath { anchor: std::rc::Rc::clone(&state), below });
    }
    if let Some(path) = log_file(collected) {
        rows.add("fs.log_file", anchors.beside(&path), FileType::File);
    }
    (rows.rows, rows.uncollected)
}

fn add_agent(rows: &mut Rows, root: &AnchoredPath) {
    let (agent, sessions) = (root.join("agent"), root.join("sessions"));
    rows.add("fs.auth_profiles", Some(root.clone()), FileType::Directory);
    rows.add("fs.auth_profiles", Some(agent.clone()), FileType::Directory);
    for ending in ["", "-wal", "-shm", "-journal"] {
        let database = agent.join(format!("openclaw-agent.sqlite{ending}"));
        rows.add("fs.auth_profiles", Some(database), FileType::File);
    }
    rows.add("fs.auth_profiles", Some(agent.join("auth-profiles.json")), FileType::File);
    rows.add("fs.sessions_store", Some(sessions.clone()), FileType::Directory);
    rows.add("fs.sessions_store", Some(sessions.join("sessions.json")), FileType::File);
    rows.add_files("fs.sessions_store", &sessions, ".jsonl");
}

/// The implicit agent, the default one, then the roster; each directory once.
fn agents(collected: &Collected) -> Vec<String> {
    let tree =
        Tree::new("/agents", collected.config.value("/agents").map(chitin_config::Value::to_json));
    let roster = Roster::of(&tree.root());
    let all =
        [IMPLICIT_AGENT.to_owned()].into_iter().chain(roster.default_agent()).chain(roster.ids());
    let mut seen = HashSet::new();
    all.filter(|id| seen.insert(id.clone())).collect()
}

fn log_file(collected: &Collected) -> Option<std::path::PathBuf> {
    let path = collected.config.value("/logging/file")?.text().map(trim)?;
    let locations = &collected.locations;
    (!path.is_empty()).then(|| expand_user_path(path, &locations.home, &locations.cwd))
}

/// An included file below one of the directories that includes may be in. Symlinks are followed as long as their target is
/// below one as well; a file elsewhere does not belong to this gateway.
fn included(collected: &Collected, anchors: &mut Anchors, path: &Path) -> Option<AnchoredPath> {
    let directories = include_directories(&collected.locations, &collected.environment);
    let lexical = directories.iter().find(|directory| path.starts_with(directory))?;
    let Ok(real) = path.canonicalize() else { return anchors.below(lexical, path) };
    let target = directories.iter().find_map(|directory| {
        let real_directory = directory.canonicalize().ok()?;
        let below = real.strip_prefix(&real_directory).ok()?.to_owned();
        Some((directory.clone(), directory.join(below)))
    });
    let (directory, path) = target?;
    anchors.below(&directory, &path)
}

/// The files that the config was read from, by the path as it is written, so a symlink is recognized as one.
pub(super) fn sources(collected: &Collected, anchors: &mut Anchors) -> Vec<Source> {
    let directories = include_directories(&collected.locations, &collected.environment);
    collected
        .config
        .files
        .iter()
        .map(|file| Source {
            path: file.path.clone(),
            text: ConfigText(file.text.clone()),
            target: if file.included {
                directories.iter().find_map(|directory| anchors.below(directory, &file.path))
            } else {
                anchors.beside(&file.path)
            },
        })
        .collect()
}

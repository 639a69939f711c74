//! Whose permissions are set, in OpenClaw's order, and where the files of the config are.

use std::collections::HashSet;
use std::path::Path;

use chitin_document::Tree;
use chitin_openclaw::roster::{IMPLICIT_AGENT, Roster};

use super::anchored_path::{Anchors, Spot};
use super::disk::{self, DiskError, Sort};
use super::plan::{ModeChange, Refused, Source, Tag, Text};
use chitin_collect::Collected;
use chitin_config::discover::expand_user_path;
use chitin_config::ecma::trim;
use chitin_config::include_directories;
use chitin_model::finding::FixLevel;

pub(super) const PERMISSIONS: &str = "Keep others out of files and directories";
const DIRECTORY: u32 = 0o700;
const FILE: u32 = 0o600;

/// No gateway has more agents; a hostile config may.
const MAX_AGENTS: usize = 10_000;

/// Collects rows; a path without a name, which only a hostile config has, makes none.
#[derive(Default)]
struct Rows {
    rows: Vec<ModeChange>,
    uncollected: Vec<Refused>,
}

impl Rows {
    fn add(&mut self, rule: &str, spot: Option<Spot>, sort: Sort) {
        let Some(spot) = spot else { return };
        self.rows.push(ModeChange {
            tag: Tag {
                group: PERMISSIONS.to_owned(),
                rules: vec![rule.to_owned()],
                level: FixLevel::Safe,
            },
            spot,
            sort,
            mode: if sort == Sort::Directory { DIRECTORY } else { FILE },
        });
    }

    fn skip(&mut self, rule: &str, reason: &str) {
        self.uncollected.push(Refused {
            what: "collectSecurityPermissionTargets failed".to_owned(),
            reason: reason.to_owned(),
            rules: vec![rule.to_owned()],
        });
    }

    /// The regular files directly in a directory whose names end like this.
    fn add_files(&mut self, rule: &str, directory: &Spot, ending: &str) {
        let names = match disk::list(directory) {
            Err(DiskError::TooMany) => {
                self.skip(rule, &format!("{}: {}", directory.path().display(), DiskError::TooMany));
                return;
            }
            // As OpenClaw does; what cannot be listed has a row of its own.
            names => names.unwrap_or_default(),
        };
        for name in names {
            if name.as_encoded_bytes().ends_with(ending.as_bytes()) {
                self.add(rule, Some(directory.join(name)), Sort::File);
            }
        }
    }
}

/// Every row, also for what does not exist, and what there are too many of.
pub(super) fn targets(
    collected: &Collected,
    anchors: &mut Anchors,
) -> (Vec<ModeChange>, Vec<Refused>) {
    let locations = &collected.locations;
    let mut rows = Rows::default();
    rows.add("fs.state_dir", anchors.beside(&locations.state_dir), Sort::Directory);
    rows.add("fs.config", anchors.beside(&collected.config.path), Sort::File);
    if !collected.config.files.is_empty() {
        for path in &collected.config.includes {
            rows.add("fs.config_include", included(collected, anchors, path), Sort::File);
        }
    }
    let credentials = anchors
        .below(&locations.state_dir, &locations.credentials_dir)
        .or_else(|| anchors.beside(&locations.credentials_dir));
    rows.add("fs.credentials_dir", credentials.clone(), Sort::Directory);
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
        add_agent(&mut rows, &Spot { anchor: std::rc::Rc::clone(&state), below });
    }
    if let Some(path) = log_file(collected) {
        rows.add("fs.log_file", anchors.beside(&path), Sort::File);
    }
    (rows.rows, rows.uncollected)
}

fn add_agent(rows: &mut Rows, root: &Spot) {
    let (agent, sessions) = (root.join("agent"), root.join("sessions"));
    rows.add("fs.auth_profiles", Some(root.clone()), Sort::Directory);
    rows.add("fs.auth_profiles", Some(agent.clone()), Sort::Directory);
    for ending in ["", "-wal", "-shm", "-journal"] {
        let database = agent.join(format!("openclaw-agent.sqlite{ending}"));
        rows.add("fs.auth_profiles", Some(database), Sort::File);
    }
    rows.add("fs.auth_profiles", Some(agent.join("auth-profiles.json")), Sort::File);
    rows.add("fs.sessions_store", Some(sessions.clone()), Sort::Directory);
    rows.add("fs.sessions_store", Some(sessions.join("sessions.json")), Sort::File);
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

/// An included file below one of the directories that includes may lie in. Where links lead to is used, as long as it is
/// below it as well; what lies elsewhere is none of this gateway's files.
fn included(collected: &Collected, anchors: &mut Anchors, path: &Path) -> Option<Spot> {
    let directories = include_directories(&collected.locations, &collected.environment);
    let lexical = directories.iter().find(|directory| path.starts_with(directory))?;
    let Ok(real) = path.canonicalize() else { return anchors.below(lexical, path) };
    let spot = directories.iter().find_map(|directory| {
        let real_directory = directory.canonicalize().ok()?;
        let below = real.strip_prefix(&real_directory).ok()?.to_owned();
        Some((directory.clone(), directory.join(below)))
    });
    let (directory, path) = spot?;
    anchors.below(&directory, &path)
}

/// The files that the config was read from. The path is the one that names the file, so that a link is seen as one.
pub(super) fn sources(collected: &Collected, anchors: &mut Anchors) -> Vec<Source> {
    let directories = include_directories(&collected.locations, &collected.environment);
    collected
        .config
        .files
        .iter()
        .map(|file| Source {
            path: file.path.clone(),
            text: Text(file.text.clone()),
            spot: if file.included {
                directories.iter().find_map(|directory| anchors.below(directory, &file.path))
            } else {
                anchors.beside(&file.path)
            },
        })
        .collect()
}

//! Where the gateway loads code from besides its extensions directory: plugins and skills. A deep audit looks there.
//!
//! `plugins:npm` holds packages; `plugins:path-<n>` and `plugins:workspace-<agent>` are plugins or hold some.
//! `skills:<source>` holds skills; `skills:linked-<n>` and `skills:allowed-<n>` are the real paths that links to skills
//! may lead to.

use std::path::{Path, PathBuf};

use chitin_document::Tree;
use chitin_openclaw::roster::Roster;

use super::config_paths::{path_at, paths_at};
use super::containment::Containment;
use super::links::{is_inside, targets};
use chitin_config::discover::Locations;
use chitin_config::environment::Environment;
use chitin_config::{Config, Value};

/// Directories of one kind; no person configures more.
const MAX_OF_A_KIND: usize = 64;

/// Every place, under its root's name.
pub(super) fn roots(
    locations: &Locations,
    environment: &Environment,
    config: &Config,
    workspaces: &[(String, PathBuf)],
    containment: &Containment<'_>,
) -> Vec<(String, PathBuf)> {
    let managed = locations.state_dir.join("skills");
    let personal = personal_skills(locations, environment);
    let listed = |pointer| paths_at(config, pointer, locations);
    let real = |paths: Vec<PathBuf>| -> Vec<PathBuf> {
        paths.iter().filter_map(|path| path.canonicalize().ok()).collect()
    };

    let mut found = vec![("plugins:npm".to_owned(), locations.state_dir.join("npm"))];
    found.extend(numbered("plugins:path", listed("/plugins/load/paths")));
    found.extend(numbered("skills:extra", listed("/skills/load/extraDirs")));
    found.extend(numbered("skills:allowed", real(listed("/skills/load/allowSymlinkTargets"))));
    found.extend(numbered(
        "skills:linked",
        linked(
            [Some(&managed), personal.as_ref()]
                .into_iter()
                .flatten()
                .filter(|path| containment.contains(path)),
        ),
    ));
    found.push(("skills:managed".to_owned(), managed));
    found.extend(personal.map(|path| ("skills:personal".to_owned(), path)));
    for (agent, path) in distinct(workspaces) {
        found.push((format!("plugins:workspace-{agent}"), path.join(".openclaw/extensions")));
        found.push((format!("skills:project-{agent}"), path.join(".agents/skills")));
        found.push((format!("skills:workspace-{agent}"), path.join("skills")));
    }
    found.extend(workshops(locations, config));
    found
}

fn numbered(kind: &'static str, paths: Vec<PathBuf>) -> impl Iterator<Item = (String, PathBuf)> {
    let paths = paths.into_iter().take(MAX_OF_A_KIND).enumerate();
    paths.map(move |(at, path)| (format!("{kind}-{at}"), path))
}

/// Skills of the user, for all agents of all programs. OpenClaw loads them only with its default state directory.
fn personal_skills(locations: &Locations, environment: &Environment) -> Option<PathBuf> {
    let is_default = [".openclaw", ".clawdbot"]
        .iter()
        .any(|name| locations.state_dir == locations.home.join(name));
    if !locations.own_gateway() || !is_default {
        return None;
    }
    let home = environment.get("HOME").or_else(|| environment.get("USERPROFILE"));
    let home = home.map_or_else(|| locations.home.clone(), PathBuf::from);
    Some(home.join(".agents/skills"))
}

/// What links directly in these directories lead to. OpenClaw loads skills through them, wherever they lead.
fn linked<'d>(directories: impl Iterator<Item = &'d PathBuf>) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for directory in directories {
        let outside = targets(directory).into_iter().filter(|path| !is_inside(path, directory));
        for path in outside {
            if !found.contains(&path) {
                found.push(path);
            }
        }
    }
    found
}

/// The workspaces, each place once: agents may share one.
fn distinct(workspaces: &[(String, PathBuf)]) -> Vec<(&str, &Path)> {
    let mut found: Vec<(&str, &Path)> = Vec::new();
    for (agent, path) in workspaces {
        if found.len() < MAX_OF_A_KIND && found.iter().all(|(_, known)| known != path) {
            found.push((agent, path));
        }
    }
    found
}

/// Where agents keep the skills that they write themselves.
fn workshops(locations: &Locations, config: &Config) -> Vec<(String, PathBuf)> {
    let tree = Tree::new("/agents", config.value("/agents").map(Value::to_json));
    let roster = Roster::of(&tree.root());
    let ids = roster.ids().into_iter().take(MAX_OF_A_KIND);
    ids.map(|id| {
        let named = roster
            .find(&id)
            .and_then(|agent| path_at(config, agent.node().get("agentDir").pointer(), locations));
        let own = || locations.state_dir.join("agents").join(&id).join("agent");
        let path = named.unwrap_or_else(own).join("workshop-skills");
        (format!("skills:workshop-{id}"), path)
    })
    .collect()
}

//! Which directories and files an audit may read, and under which names. Those that only a deep audit reads are in
//! `code`, those behind a workspace's links in `links`.

mod code;
mod config_paths;
mod containment;
mod links;

use std::path::PathBuf;

use chitin_document::Tree;
use chitin_openclaw::roster::Roster;

use crate::root_names::{CONFIG_ALONE, CREDENTIALS_ROOT, HOME_STATE_ROOT, STATE_ROOT};
use chitin_config::discover::{Depth, Locations, expand_user_path};
use chitin_config::environment::Environment;
use chitin_config::{Config, Value};
use chitin_fs::files::Roots;
use config_paths::path_at;
use containment::Containment;

/// Agents; no person configures more.
const MAX_WORKSPACES: usize = 200;

/// Names every root of the run.
pub(super) fn roots(
    locations: &Locations,
    environment: &Environment,
    config: &Config,
    depth: Depth,
) -> Roots {
    if locations.is_config_alone() {
        return Roots::absent(CONFIG_ALONE);
    }
    let containment = Containment::of(locations);
    let workspaces: Vec<(String, PathBuf)> = workspaces(locations, environment, config)
        .into_iter()
        .filter(|(_, path)| containment.contains(path))
        .collect();
    let mut roots = Roots::builder()
        .add(STATE_ROOT, &locations.state_dir)
        .add("config", &locations.config_path)
        .add(CREDENTIALS_ROOT, &locations.credentials_dir);
    let mut named = vec![
        ("extensions".to_owned(), locations.state_dir.join("extensions")),
        (HOME_STATE_ROOT.to_owned(), locations.home.join(".openclaw")),
    ];
    let includes = config.includes.iter().filter(|path| containment.contains(path));
    named.extend(includes.enumerate().map(|(at, path)| (format!("include:{at}"), path.clone())));
    named.extend(log_file(locations, config).map(|path| ("log".to_owned(), path)));
    named.extend(links::roots(locations, &workspaces));
    if depth == Depth::Deep {
        named.extend(code::roots(locations, environment, config, &workspaces, &containment));
    }
    named.extend(workspaces.into_iter().map(|(agent, path)| (format!("workspace:{agent}"), path)));
    for (name, path) in named.into_iter().filter(|(_, path)| containment.contains(path)) {
        roots = roots.add(name, path);
    }
    roots.build()
}

/// The configured log file. OpenClaw's default one is in the temporary directory and is not looked at.
fn log_file(locations: &Locations, config: &Config) -> Option<PathBuf> {
    path_at(config, "/logging/file", locations)
}

/// The workspace of each agent.
fn workspaces(
    locations: &Locations,
    environment: &Environment,
    config: &Config,
) -> Vec<(String, PathBuf)> {
    let tree = Tree::new("/agents", config.value("/agents").map(Value::to_json));
    let roster = Roster::of(&tree.root());
    let default_agent = roster.default_agent();
    let shared = path_at(config, "/agents/defaults/workspace", locations);
    let mut found = Vec::new();
    for id in if roster.ids().is_empty() { vec!["main".to_owned()] } else { roster.ids() } {
        let own = roster
            .find(&id)
            .and_then(|agent| path_at(config, agent.node().get("workspace").pointer(), locations));
        let path = match (own, &default_agent) {
            (Some(path), _) => path,
            // Without a default agent OpenClaw looks only where a workspace is written out.
            (None, None) => continue,
            (None, Some(default)) if *default == id => {
                default_workspace(locations, environment, shared.clone())
            }
            (None, Some(_)) => match &shared {
                Some(shared) => shared.join(&id),
                None => locations.state_dir.join(format!("workspace-{id}")),
            },
        };
        found.push((id, path));
    }
    found.truncate(MAX_WORKSPACES);
    found
}

fn default_workspace(
    locations: &Locations,
    environment: &Environment,
    shared: Option<PathBuf>,
) -> PathBuf {
    shared
        .or_else(|| {
            let named =
                environment.get("OPENCLAW_WORKSPACE_DIR").filter(|_| locations.own_gateway())?;
            Some(expand_user_path(named, &locations.home, &locations.cwd))
        })
        .unwrap_or_else(|| {
            // A legacy state directory is only found, never named; its workspace is in the new place.
            let legacy =
                locations.own_gateway() && locations.state_dir == locations.home.join(".clawdbot");
            let base =
                if legacy { &locations.home.join(".openclaw") } else { &locations.state_dir };
            base.join("workspace")
        })
}

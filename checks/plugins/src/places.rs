//! Where plugins are: in the extensions directory, and where else OpenClaw loads them from. What their code does is not
//! checked here.

use std::collections::BTreeSet;

use chitin_scan_findings::joined;
use chitin_sdk::{Content, Format, Host, Kind, Listing, Refusal, Root, Tree, Value};

use crate::entries::{self, Declared};
use crate::installed::{self, EXTENSIONS};

const NPM: &str = "plugins:npm";
const LOAD_PATH: &str = "plugins:path-";
const WORKSPACE: &str = "plugins:workspace-";

const MAX_MANIFEST: u32 = 1_048_576;
/// The most packages of one npm folder that are checked.
const MAX_PACKAGES: usize = 5000;
/// Names of files that OpenClaw 2026.9.6 loads as plugins from a directory of `plugins.load.paths`.
const CODE: &[&str] = &[".ts", ".js", ".mts", ".cts", ".mjs", ".cjs"];

/// A directory that holds one plugin.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Plugin {
    pub(crate) root: String,
    /// Below the root.
    pub(crate) path: String,
    pub(crate) name: String,
}

/// A place, and why it was not searched.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Closed {
    pub(crate) root: String,
    pub(crate) path: String,
    pub(crate) reason: String,
}

/// Everything that was found.
#[derive(Debug, Default)]
pub(crate) struct Places {
    pub(crate) plugins: Vec<Plugin>,
    /// Places that could not be read.
    pub(crate) failed: Vec<Closed>,
    /// Places that OpenClaw loads code from and that the scan does not enter.
    pub(crate) left_out: Vec<Closed>,
    seen: BTreeSet<String>,
}

/// All places of this run.
pub(crate) fn all(host: &dyn Host) -> Result<Places, Refusal> {
    let mut places = Places::default();
    places.container(host, EXTENSIONS)?;
    let roots = host.roots()?;
    if roots.iter().any(|root| root.name == NPM) {
        places.npm(host)?;
    }
    for root in &roots {
        if root.name.starts_with(LOAD_PATH) {
            places.load_path(host, root)?;
        } else if root.name.starts_with(WORKSPACE) {
            places.container(host, &root.name)?;
        }
    }
    Ok(places)
}

impl Places {
    fn add(&mut self, host: &dyn Host, root: &str, path: &str, name: &str) -> Result<(), Refusal> {
        let owned = |text: &str| text.to_owned();
        match host.describe(root, path) {
            Ok(full) => {
                if self.seen.insert(full) {
                    let (root, path, name) = (owned(root), owned(path), owned(name));
                    self.plugins.push(Plugin { root, path, name });
                }
            }
            // A name that cannot be part of a path; its directory is reported instead.
            Err(Refusal::Unavailable(reason)) => {
                self.failed.push(Closed { root: owned(root), path: String::new(), reason });
            }
            Err(refusal) => return Err(refusal),
        }
        Ok(())
    }

    /// None also for a directory that cannot be listed, which is recorded.
    fn list(
        &mut self,
        host: &dyn Host,
        root: &str,
        path: &str,
    ) -> Result<Option<Listing>, Refusal> {
        let closed =
            |reason: String| Closed { root: root.to_owned(), path: path.to_owned(), reason };
        match host.list(root, path) {
            Ok(listing) => {
                if listing.as_ref().is_some_and(|listing| !listing.complete) {
                    let reason = "it has too many entries to list them all".to_owned();
                    self.failed.push(closed(reason));
                }
                Ok(listing)
            }
            Err(Refusal::Unavailable(reason) | Refusal::OverLimit(reason)) => {
                self.failed.push(closed(reason));
                Ok(None)
            }
            // A third-party state directory may have links that lead out of it; nothing there belongs to it.
            Err(Refusal::NotHere(_)) => Ok(None),
            Err(refusal @ Refusal::NotGranted(_)) => Err(refusal),
        }
    }

    /// A directory in which each directory is a plugin.
    fn container(&mut self, host: &dyn Host, root: &str) -> Result<(), Refusal> {
        let Some(listing) = self.list(host, root, "")? else { return Ok(()) };
        for name in installed::of_kind(&listing, Kind::Directory) {
            self.add(host, root, name, name)?;
        }
        for name in installed::of_kind(&listing, Kind::Symlink) {
            let Ok(Some(metadata)) = host.stat(root, name) else { continue };
            if let Some(link) =
                metadata.link.filter(|link| link.target_kind == Some(Kind::Directory))
            {
                let target = link.resolved.unwrap_or(link.target);
                self.left_out.push(Closed {
                    root: root.to_owned(),
                    path: name.to_owned(),
                    reason: format!("it is a link to the directory {target}"),
                });
            }
        }
        Ok(())
    }

    /// An entry of `plugins.load.paths`: a plugin, or a directory of them.
    fn load_path(&mut self, host: &dyn Host, root: &Root) -> Result<(), Refusal> {
        let kind = host.stat(&root.name, "").ok().flatten().map(|metadata| {
            let target = metadata.link.and_then(|link| link.target_kind);
            target.unwrap_or(metadata.kind)
        });
        if kind == Some(Kind::File) {
            self.left_out.push(Closed {
                root: root.name.clone(),
                path: String::new(),
                reason: "plugins.load.paths names it as a single file".to_owned(),
            });
            return Ok(());
        }
        let Some(listing) = self.list(host, &root.name, "")? else { return Ok(()) };
        if is_plugin(host, &root.name, &listing)? {
            let name = root.path.rsplit(['/', '\\']).next().unwrap_or_default();
            return self.add(host, &root.name, "", name);
        }
        self.container(host, &root.name)
    }

    /// The packages that npm installed for OpenClaw and that are plugins.
    fn npm(&mut self, host: &dyn Host) -> Result<(), Refusal> {
        let mut projects = vec![String::new()];
        if let Some(listing) = self.list(host, NPM, "projects")? {
            let folders = listing.entries.iter().filter(|entry| entry.kind == Kind::Directory);
            projects.extend(folders.map(|folder| format!("projects/{}", folder.name)));
        }
        let mut left = MAX_PACKAGES;
        for project in projects {
            let dependencies = dependencies(host, &project);
            if dependencies.len() > left {
                self.failed.push(Closed {
                    root: NPM.to_owned(),
                    path: project,
                    reason: format!("it has more than {MAX_PACKAGES} packages"),
                });
                return Ok(());
            }
            left -= dependencies.len();
            for name in dependencies {
                let path = joined(&project, &format!("node_modules/{name}"));
                let declares = match entries::declared(host, NPM, &path)? {
                    Declared::Entries(entries) => !entries.is_empty(),
                    // A package whose manifest cannot be read is scanned.
                    Declared::Unknown(_) => true,
                };
                if declares {
                    self.add(host, NPM, &path, &name)?;
                }
            }
        }
        Ok(())
    }
}

/// The names in `dependencies` of a project, without those that are not the path of a package.
fn dependencies(host: &dyn Host, project: &str) -> Vec<String> {
    let path = joined(project, "package.json");
    let Ok(Content::Text(json)) = host.read(NPM, &path, Format::Json, MAX_MANIFEST) else {
        return Vec::new();
    };
    let manifest: Value = chitin_sdk::serde_json::from_str(&json).unwrap_or_default();
    let manifest = Tree::new("", Some(manifest));
    let names = manifest.at(["dependencies"]).members().into_iter().map(|(name, _)| name);
    let is_path = |name: &&str| !name.split('/').any(|part| matches!(part, "" | "." | ".."));
    names.filter(is_path).map(str::to_owned).collect()
}

/// Whether a directory is itself a plugin: it declares one, or has code directly in it.
fn is_plugin(host: &dyn Host, root: &str, listing: &Listing) -> Result<bool, Refusal> {
    let has_code = listing.entries.iter().any(|entry| {
        matches!(entry.kind, Kind::File | Kind::Symlink)
            && (entry.name == "openclaw.plugin.json"
                || CODE.iter().any(|ending| entry.name.ends_with(ending)))
    });
    Ok(has_code
        || match entries::declared(host, root, "")? {
            Declared::Entries(entries) => !entries.is_empty(),
            Declared::Unknown(_) => true,
        })
}

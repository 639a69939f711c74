//! Plugins in OpenClaw's npm folder: what OpenClaw 2026.9.6 uses as an install record where there is none, or where the
//! recorded package is gone or has another version.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::time::SystemTime;

use serde_json::Value;
use thiserror::Error;

use super::{Record, RecordMap, json_object, manifest, manifest_version};
use crate::facts::text::non_blank;
use crate::root_names::STATE_ROOT;
use chitin_config::ecma::trim;
use chitin_fs::files::{FileKind, FilesError, Roots};

/// A folder that npm works in, and one that holds such folders.
const SHARED_PROJECT: &str = "npm";
const PROJECTS: &str = "npm/projects";

/// Of projects and their dependencies.
const MAX_MANIFESTS: usize = 5000;

/// A plugin that npm installed.
pub(super) struct Package {
    plugin: String,
    name: String,
    /// What the project asks for.
    range: String,
    version: Option<String>,
    /// Below the state directory.
    path: String,
    installed: Option<SystemTime>,
}

/// Why the packages are not known.
#[derive(Debug, Error)]
pub(super) enum PackagesError {
    #[error(transparent)]
    List(#[from] FilesError),
    #[error("`{SHARED_PROJECT}`: it holds more than {MAX_MANIFESTS} packages")]
    TooMany,
}

/// The plugins that npm installed.
pub(super) fn packages(roots: &Roots) -> Result<Vec<Package>, PackagesError> {
    let listing = roots.list(STATE_ROOT, PROJECTS)?;
    let folders = listing.iter().flat_map(|listing| &listing.entries);
    let folders = folders.filter(|folder| folder.kind == FileKind::Directory && folder.is_utf8);
    let projects = folders.map(|folder| format!("{PROJECTS}/{}", folder.name));

    let mut packages = Vec::new();
    let mut left = MAX_MANIFESTS;
    for project in std::iter::once(SHARED_PROJECT.to_owned()).chain(projects) {
        let Some(manifest) = manifest(roots, &project) else { continue };
        let dependencies = dependencies(&manifest);
        left = left.checked_sub(1 + dependencies.len()).ok_or(PackagesError::TooMany)?;
        packages.extend(
            dependencies.iter().filter_map(|(name, range)| package(roots, &project, name, range)),
        );
    }
    Ok(packages)
}

/// Names, and the versions that are asked for.
fn dependencies(manifest: &Value) -> BTreeMap<&str, &str> {
    let dependencies =
        manifest.get("dependencies").and_then(Value::as_object).into_iter().flatten();
    dependencies
        .filter_map(|(name, range)| Some((name.as_str(), non_blank(Some(range))?)))
        .collect()
}

/// None when it is not installed, or not a plugin.
fn package(roots: &Roots, project: &str, name: &str, range: &str) -> Option<Package> {
    let path = format!("{project}/node_modules/{name}");
    let manifest = manifest(roots, &path)?;
    let entries = manifest.pointer("/openclaw/extensions")?.as_array()?;
    if !entries.iter().any(Value::is_string) {
        return None;
    }
    let own_name = non_blank(manifest.get("name")).unwrap_or(name);
    let plugin_manifest = json_object(roots, &format!("{path}/openclaw.plugin.json"));
    let plugin = plugin_manifest
        .as_ref()
        .and_then(|manifest| non_blank(manifest.get("id")))
        .unwrap_or(own_name);
    let dated =
        if project == SHARED_PROJECT { path.clone() } else { format!("{project}/package.json") };
    is_plugin_id(plugin).then(|| Package {
        plugin: plugin.to_owned(),
        name: name.to_owned(),
        range: range.to_owned(),
        version: manifest_version(&manifest),
        installed: roots.modified(STATE_ROOT, &dated),
        path,
    })
}

/// `name` or `@scope/name`.
fn is_plugin_id(id: &str) -> bool {
    let is_segment = |segment: &str| !matches!(segment, "" | "." | "..");
    let name = match id.strip_prefix('@') {
        None => id,
        Some(scoped) => match scoped.split_once('/') {
            Some((scope, name)) if !scope.is_empty() => name,
            _ => return false,
        },
    };
    is_segment(name) && !name.contains('/') && !id.contains('\\')
}

pub(super) fn merge(records: &mut RecordMap, packages: Vec<Package>, roots: &Roots) {
    let mut candidates: BTreeMap<String, Vec<Package>> = BTreeMap::new();
    for package in packages {
        candidates.entry(package.plugin.clone()).or_default().push(package);
    }
    for (plugin, candidates) in candidates {
        let recorded = records.get(&plugin);
        let recorded_path = recorded.and_then(|record| relative_path(record, roots));
        let Some(package) = choose(candidates, recorded_path.as_deref()) else { continue };
        let record = match recorded {
            None => package.into_record(roots),
            Some(record) => match package.replaces(record, recorded_path.as_deref(), roots) {
                Replacement::None => continue,
                Replacement::KeepSpec => {
                    let spec = record.spec.clone();
                    Record { spec, ..package.into_record(roots) }
                }
                Replacement::Whole => package.into_record(roots),
            },
        };
        records.insert(plugin, record);
    }
}

fn relative_path(record: &Record, roots: &Roots) -> Option<String> {
    roots.relative(STATE_ROOT, record.install_path.as_ref()?.as_ref())
}

/// The one that the record is about, else the newest.
fn choose(candidates: Vec<Package>, recorded_path: Option<&str>) -> Option<Package> {
    candidates.into_iter().min_by_key(|package| {
        (
            recorded_path != Some(package.path.as_str()),
            Reverse(package.installed),
            Reverse(package.path.clone()),
        )
    })
}

/// How much of a plugin's record an installed package replaces.
enum Replacement {
    None,
    /// The spec still asks for this package.
    KeepSpec,
    Whole,
}

impl Package {
    /// Without an integrity hash: nothing says what npm downloaded.
    fn into_record(self, roots: &Roots) -> Record {
        Record {
            source: "npm".to_owned(),
            spec: Some(format!("{}@{}", self.name, self.range)),
            integrity: None,
            version: self.version,
            install_path: roots.describe(STATE_ROOT, &self.path).ok(),
        }
    }

    fn replaces(&self, record: &Record, recorded_path: Option<&str>, roots: &Roots) -> Replacement {
        let Some(recorded_path) = recorded_path.filter(|_| record.source == "npm") else {
            return Replacement::None;
        };
        if managed_package(recorded_path) == Some(&self.name) && !is_directory(roots, recorded_path)
        {
            let keeps = record.spec.as_deref().is_some_and(|spec| self.satisfies(spec));
            return if keeps { Replacement::KeepSpec } else { Replacement::Whole };
        }
        if recorded_path == self.path && self.version.is_some() && self.version != record.version {
            return Replacement::Whole;
        }
        Replacement::None
    }

    /// Whether a spec asks for this package, in a version that this may be.
    fn satisfies(&self, spec: &str) -> bool {
        let (name, selector) = match spec.rsplit_once('@') {
            Some((name, selector)) if !name.is_empty() => (name, trim(selector)),
            _ => (spec, ""),
        };
        let exact = selector.strip_prefix('v').unwrap_or(selector);
        let is_exact =
            exact.starts_with(|c: char| c.is_ascii_digit()) && exact.split('.').count() >= 3;
        name == self.name && (!is_exact || self.version.as_deref() == Some(exact))
    }
}

/// The name of the package, when the path is one in the npm folder.
fn managed_package(path: &str) -> Option<&str> {
    let below = path.strip_prefix(SHARED_PROJECT)?.strip_prefix('/')?;
    let in_project = match below.strip_prefix("projects/") {
        Some(project) => project.split_once('/')?.1,
        None => below,
    };
    in_project.strip_prefix("node_modules/")
}

fn is_directory(roots: &Roots, path: &str) -> bool {
    let Ok(Some(metadata)) = roots.stat(STATE_ROOT, path) else { return false };
    metadata.kind == FileKind::Directory
        || metadata.link.is_some_and(|link| link.target_kind == Some(FileKind::Directory))
}

//! Files that exist to hold secrets. Their content never goes to a check, whatever it was granted: no rule needs it, and
//! not reading is safer than any sealing.

use std::path::{Path, PathBuf};

use chitin_config::discover::{Locations, expand_user_path};
use chitin_config::{Config, Shape, Value};
use chitin_secret_vocabulary::files::{SECRET_DIRECTORIES, is_secret_file_name};

/// Roots that are such a file, or a directory of them.
const ROOTS: &[&str] = &["config", "credentials"];

/// The files that hold secrets in this run.
#[derive(Default)]
pub struct SecretFiles {
    /// Real paths of the config's files and of those that it names as holding a secret.
    paths: Vec<PathBuf>,
    /// Real paths of directories of secrets, which a root may be inside of.
    directories: Vec<PathBuf>,
}

impl SecretFiles {
    pub(super) fn of(locations: &Locations, config: &Config) -> Self {
        let mut named: Vec<PathBuf> = config.files.iter().map(|file| file.path.clone()).collect();
        named.extend(config.includes.iter().cloned());
        named.push(locations.config_path.clone());
        if let Some(document) = &config.document {
            collect_named(document, locations, &mut named);
        }
        let real = |paths: &[PathBuf]| -> Vec<PathBuf> {
            paths.iter().filter_map(|path| path.canonicalize().ok()).collect()
        };
        let mut directories = vec![locations.credentials_dir.clone()];
        directories.extend(SECRET_DIRECTORIES.iter().map(|name| locations.state_dir.join(name)));
        Self { paths: real(&named), directories: real(&directories) }
    }

    /// Whether a file holds secrets, by its path below a root and by its full path on this machine.
    pub fn contains(&self, root: &str, path: &str, full: &str) -> bool {
        let name = full.rsplit(['/', '\\']).next().unwrap_or_default();
        ROOTS.contains(&root)
            || root.starts_with("include:")
            || is_secret_file_name(name)
            || path.split('/').any(|part| SECRET_DIRECTORIES.contains(&part))
            || Path::new(full).canonicalize().is_ok_and(|real| {
                self.paths.contains(&real)
                    || self.directories.iter().any(|directory| real.starts_with(directory))
            })
    }
}

/// Adds the paths under `tokenFile` and the like, and of file providers; relative ones from each directory that they may
/// start from.
fn collect_named(value: &Value, locations: &Locations, named: &mut Vec<PathBuf>) {
    match &value.shape {
        Shape::List(items) => items.iter().for_each(|item| collect_named(item, locations, named)),
        Shape::Map(members) => {
            let is_file_provider = value.member("source").and_then(Value::text) == Some("file");
            for (key, member) in members {
                let names_a_file =
                    key.to_lowercase().ends_with("file") || is_file_provider && key == "path";
                if let (true, Shape::Text(text)) = (names_a_file, &member.shape) {
                    let base = locations.config_path.parent().unwrap_or(&locations.cwd);
                    for start in [&locations.cwd, &locations.state_dir, base] {
                        named.push(expand_user_path(&text.effective, &locations.home, start));
                    }
                }
                collect_named(member, locations, named);
            }
        }
        Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::Text(_) | Shape::Reference(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_path_and_name() {
        let secret_files = SecretFiles::default();
        for (root, path) in [
            ("config", ""),
            ("include:0", ""),
            ("credentials", "x.json"),
            ("state", "credentials/telegram.json"),
            ("state", "agents/main/agent/auth-profiles.json"),
            ("state", "openclaw.json.bak.1"),
            ("state", ".env.local"),
            ("state", "state/openclaw.sqlite"),
            ("extensions", "a/identity/key.PEM"),
        ] {
            assert!(secret_files.contains(root, path, &format!("/s/{path}")), "{root}:{path}");
        }
        for (root, path) in [
            ("state", "exec-approvals.json"),
            ("extensions", "a/package.json"),
            ("workspace:main", "skills/a/SKILL.md"),
        ] {
            assert!(!secret_files.contains(root, path, &format!("/s/{path}")), "{root}:{path}");
        }
    }

    #[test]
    fn a_root_in_a_directory_of_secrets_does_not_open_it() {
        let place = tempfile::tempdir().unwrap();
        let directory = place.path().canonicalize().unwrap();
        let secret_files =
            SecretFiles { directories: vec![directory.join("kept")], ..SecretFiles::default() };
        for name in ["kept", "open"] {
            std::fs::create_dir(directory.join(name)).unwrap();
            let file = directory.join(name).join("x.json");
            std::fs::write(&file, "{}").unwrap();
            let holds =
                secret_files.contains("skills:extra-0", "x.json", &file.display().to_string());
            assert_eq!(holds, name == "kept");
        }
    }
}

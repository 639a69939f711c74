//! Where this user's trust policy and modules are.

use std::ffi::OsString;
use std::path::PathBuf;

use thiserror::Error;

/// The directories that decide which modules are used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// `$XDG_CONFIG_HOME/chitin`: the user's `trust.toml`.
    pub config: PathBuf,
    /// `$XDG_DATA_HOME/chitin/modules`: installed modules and `modules.lock`.
    pub modules: PathBuf,
    /// `/etc/chitin`: the system's `trust.toml`.
    pub system: PathBuf,
}

#[derive(Debug, Error)]
#[error("there is no home directory; set XDG_CONFIG_HOME and XDG_DATA_HOME")]
pub struct NoHomeError;

impl Paths {
    /// The directories of the user with these environment variables.
    pub fn of_user(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self, NoHomeError> {
        let absolute =
            |name: &str| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let home = absolute("HOME").or_else(chitin_fs::paths::home_dir);
        let below = |name: &str, rest: &str| {
            absolute(name)
                .or_else(|| Some(home.as_ref()?.join(rest)))
                .map(|base| base.join("chitin"))
                .ok_or(NoHomeError)
        };
        Ok(Self {
            config: below("XDG_CONFIG_HOME", ".config")?,
            modules: below("XDG_DATA_HOME", ".local/share")?.join("modules"),
            system: PathBuf::from("/etc/chitin"),
        })
    }

    pub fn user_trust(&self) -> PathBuf {
        self.config.join("trust.toml")
    }

    pub fn system_trust(&self) -> PathBuf {
        self.system.join("trust.toml")
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn directories_follow_the_environment() {
        let paths = |variables: &[(&str, &str)]| {
            Paths::of_user(|name| {
                let found = variables.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| OsString::from(value))
            })
            .unwrap()
        };
        let home = paths(&[("HOME", "/home/a")]);
        assert_eq!(home.user_trust(), Path::new("/home/a/.config/chitin/trust.toml"));
        assert_eq!(home.modules, Path::new("/home/a/.local/share/chitin/modules"));
        assert_eq!(home.system_trust(), Path::new("/etc/chitin/trust.toml"));
        let set = paths(&[
            ("HOME", "/home/a"),
            ("XDG_CONFIG_HOME", "/c"),
            // The XDG specification says to ignore a relative path.
            ("XDG_DATA_HOME", "d"),
        ]);
        assert_eq!(set.config, Path::new("/c/chitin"));
        assert_eq!(set.modules, Path::new("/home/a/.local/share/chitin/modules"));
    }
}

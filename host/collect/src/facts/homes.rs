//! The home directories of the audited user.

use std::path::Path;

use super::host_path::HostPath;

/// Where a home directory may be named.
#[derive(Debug, Clone, Copy, Default)]
pub struct HomeSources<'a> {
    /// `OPENCLAW_HOME`, `HOME` and `USERPROFILE` as set.
    pub openclaw_home: Option<&'a str>,
    pub home: Option<&'a str>,
    pub user_profile: Option<&'a str>,
    /// The one that OpenClaw uses.
    pub effective: Option<&'a Path>,
    /// The one that the operating system knows.
    pub system: Option<&'a Path>,
}

/// Each distinct home as written and with links resolved. The root of the file system does not count.
pub fn homes(sources: &HomeSources<'_>) -> Vec<String> {
    let written = [sources.openclaw_home, sources.home, sources.user_profile];
    let known = [sources.effective, sources.system].map(|path| path.map(Path::to_string_lossy));
    let candidates = written.into_iter().flatten().chain(known.iter().flatten().map(AsRef::as_ref));

    let mut homes = Vec::new();
    for home in candidates.filter_map(HostPath::parse) {
        let resolved = home.resolve();
        for form in [home, resolved] {
            if !form.is_file_system_root() && !homes.contains(&form) {
                homes.push(form);
            }
        }
    }
    homes.into_iter().map(HostPath::into_string).collect()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn gives_each_home_once_as_written_and_resolved() {
        let base = tempfile::tempdir().unwrap();
        let base = std::fs::canonicalize(base.path()).unwrap();
        std::fs::create_dir(base.join("real")).unwrap();
        symlink("real", base.join("link")).unwrap();
        let (real, link) = (base.join("real"), base.join("link"));
        let with_slash = format!("{}/", link.display());
        let sources = HomeSources {
            openclaw_home: Some(&with_slash),
            home: link.to_str(),
            user_profile: Some(r"c:\Users\u"),
            effective: Some(&real),
            system: Some(Path::new("/no-such-home")),
        };
        let expected =
            [link.to_str().unwrap(), real.to_str().unwrap(), "C:/Users/u", "/no-such-home"];
        assert_eq!(homes(&sources), expected);
        std::fs::remove_dir_all(base).unwrap();
    }

    #[test]
    fn what_cannot_be_a_home_is_left_out() {
        let sources = HomeSources {
            openclaw_home: Some("~/x"),
            home: Some("/"),
            user_profile: Some(""),
            effective: Some(Path::new("relative")),
            system: Some(Path::new("//")),
        };
        assert!(homes(&sources).is_empty());
        assert!(homes(&HomeSources::default()).is_empty());
    }
}

//! Paths of the host as a bind mount names them: POSIX, or with a Windows drive. Text only: links are not followed.

use chitin_openclaw::host_path::normalized;

/// An absolute path without `.`, `..` and doubled separators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HostPath(String);

/// The text before the first `:` of a mount, after that of a drive; all of it without one.
pub(crate) fn source_of(spec: &str) -> &str {
    let behind_drive = if starts_with_drive(spec) { 2 } else { 0 };
    let (drive, rest) = spec.split_at(behind_drive);
    rest.find(':').map_or(spec, |colon| spec.split_at(drive.len() + colon).0)
}

impl HostPath {
    /// None when the path is not absolute.
    pub(crate) fn absolute(written: &str) -> Option<Self> {
        let path = without_namespace(written);
        let has_drive = starts_with_drive(path);
        if !has_drive && !path.starts_with('/') {
            return None;
        }
        let is_windows = has_drive || written.starts_with("//?/");
        let path = if is_windows { path.replace('\\', "/") } else { path.to_owned() };
        let (drive, rest) = path.split_at(if has_drive { 2 } else { 0 });
        Some(Self(format!("{}{}", drive.to_ascii_uppercase(), normalized(rest))))
    }

    /// The path of something below this one.
    pub(crate) fn join(&self, name: &str) -> Self {
        Self(format!("{}/{name}", self.0.trim_end_matches('/')))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn is_root(&self) -> bool {
        self.0 == "/"
    }

    /// Whether the other path is this one or below it. On a drive, case makes no difference.
    pub(crate) fn contains(&self, other: &Self) -> bool {
        let (own, other) = (self.folded(), other.folded());
        let below = other.strip_prefix(own.trim_end_matches('/'));
        below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
    }

    fn folded(&self) -> String {
        if starts_with_drive(&self.0) { self.0.to_lowercase() } else { self.0.clone() }
    }
}

/// `C:\` or `C:/`.
fn starts_with_drive(path: &str) -> bool {
    matches!(path.as_bytes(), [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic())
}

/// The path without the prefix that turns off Windows' path rules.
fn without_namespace(path: &str) -> &str {
    path.strip_prefix(r"\\?\").or_else(|| path.strip_prefix("//?/")).map_or(path, |rest| {
        // A network share is absolute only in the spelling that keeps its slash.
        let is_share = rest.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("UNC/"));
        if is_share { rest.split_at(3).1 } else { rest }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(path: &str) -> Option<String> {
        HostPath::absolute(path).map(|path| path.0)
    }

    #[test]
    fn the_source_of_a_mount() {
        for (spec, source) in [
            ("/etc:/x:ro", "/etc"),
            ("/etc", "/etc"),
            (":/x", ""),
            (r"C:\data:/d", r"C:\data"),
            ("c:/data:/d", "c:/data"),
            ("C:data:/d", "C"),
            (r"\\?\C:\data:/d", r"\\?\C"),
            ("", ""),
            ("é:/x", "é"),
        ] {
            assert_eq!(source_of(spec), source, "{spec}");
        }
    }

    #[test]
    fn absolute_paths_are_normalised() {
        for (path, normal) in [
            ("/", "/"),
            ("//", "/"),
            ("/etc/", "/etc"),
            ("/srv/../etc", "/etc"),
            ("/../..", "/"),
            ("/a//b/./c/", "/a/b/c"),
            (r"/a\b", r"/a\b"),
            (r"c:\data\..\x", "C:/x"),
            ("C:/", "C:/"),
            (r"\\?\C:\data", "C:/data"),
            ("//?/C:/data", "C:/data"),
            ("//?/UNC/server/share", "/server/share"),
        ] {
            assert_eq!(written(path).as_deref(), Some(normal), "{path}");
        }
        for path in ["", "data", "./x", "~/x", " /etc", "C:", "C:x", r"\\?\UNC\server\share", r"\x"]
        {
            assert_eq!(written(path), None, "{path}");
        }
    }

    #[test]
    fn containment_compares_whole_parts() {
        let contains = |outer: &str, inner: &str| {
            HostPath::absolute(outer).unwrap().contains(&HostPath::absolute(inner).unwrap())
        };
        assert!(contains("/etc", "/etc") && contains("/etc", "/etc/ssl") && contains("/", "/etc"));
        assert!(!contains("/etc", "/etcetera") && !contains("/etc/ssl", "/etc"));
        assert!(!contains("/etc", "/ETC"));
        assert!(contains("C:/Users", "c:/users/X/.aws") && contains("C:/", "C:/x"));
        assert!(!contains("C:/", "D:/x") && !contains("C:/", "/etc"));
    }
}

//! Where the source of a sandbox bind mount really leads.

use super::host_path::{HostPath, split_drive};

/// The resolved source of `SOURCE:TARGET[:OPTIONS]`. None when the source is not absolute, as for a named volume.
pub fn bind_source(spec: &str) -> Option<String> {
    Some(HostPath::parse(source(spec))?.resolve().into_string())
}

/// The text before the first colon, except that of a drive letter. Nothing is trimmed.
fn source(spec: &str) -> &str {
    let skip = if split_drive(spec).is_some() { 2 } else { 0 };
    let end =
        spec.bytes().skip(skip).position(|byte| byte == b':').map_or(spec.len(), |at| skip + at);
    spec.get(..end).unwrap_or(spec)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    fn leads(spec: &str) -> Option<String> {
        bind_source(spec)
    }

    #[test]
    fn finds_the_source() {
        assert_eq!(leads("/no-such/x:/x:ro").as_deref(), Some("/no-such/x"));
        assert_eq!(leads("/no-such").as_deref(), Some("/no-such"));
        assert_eq!(leads("/:/host").as_deref(), Some("/"));
        assert_eq!(leads("/no-such//a/./b/../c/:/x").as_deref(), Some("/no-such/a/c"));
        assert_eq!(leads("/../..:/x").as_deref(), Some("/"));
        assert_eq!(leads("//?//no-such:/x").as_deref(), Some("/no-such"));
    }

    #[test]
    fn windows_paths_are_kept_in_normal_form() {
        assert_eq!(leads(r"c:\data\..\x:/d").as_deref(), Some("C:/x"));
        assert_eq!(leads("C:/data/:/d:ro").as_deref(), Some("C:/data"));
        assert_eq!(leads(r"c:\").as_deref(), Some("C:/"));
    }

    #[test]
    fn what_is_not_absolute_has_none() {
        for spec in [
            "vol:/d",
            "~/x:/y",
            "./x:/y",
            ":/x",
            "",
            " /etc:/x",
            "C:data:/d",
            "//?/C:/x:/y",
            r"\\?\UNC\a\b:/x",
        ] {
            assert_eq!(leads(spec), None, "{spec:?}");
        }
    }

    #[test]
    fn resolves_through_the_deepest_directory_that_exists() {
        let base = tempfile::tempdir().unwrap();
        let base = fs::canonicalize(base.path()).unwrap();
        let path = |path: &str| base.join(path).to_str().unwrap().to_owned();
        fs::create_dir_all(path("real/deep")).unwrap();
        symlink("real", path("link")).unwrap();
        symlink(path("link"), path("absolute")).unwrap();
        symlink("missing/further", path("dangling")).unwrap();
        symlink("a", path("b")).unwrap();
        symlink("b", path("a")).unwrap();
        symlink("deep/..", path("real/up")).unwrap();
        for (spec, expected) in [
            ("link", "real"),
            ("absolute/deep", "real/deep"),
            ("link/none/more", "real/none/more"),
            ("dangling/x", "missing/further/x"),
            ("real/up/up", "real"),
            // The text is put into normal form first, as OpenClaw does.
            ("link/../x", "x"),
            // A loop leads nowhere, so the path stays as it is.
            ("a/x", "a/x"),
        ] {
            assert_eq!(leads(&format!("{}:/x", path(spec))), Some(path(expected)), "{spec}");
        }
        fs::remove_dir_all(&base).unwrap();
    }

    #[test]
    fn hostile_lengths_are_harmless() {
        let deep = "/a".repeat(1_000_000);
        assert_eq!(leads(&deep), Some(deep));
    }
}

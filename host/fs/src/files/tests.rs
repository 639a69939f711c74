//! Real directories, and paths that try to leave them.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use super::*;

mod links;
#[cfg(target_os = "linux")]
mod linux;

/// `inside` is the root `state`; `outside` holds a secret that no test may ever see.
struct Place {
    base: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let base = tempfile::tempdir().unwrap();
        for directory in ["inside/dir/sub", "outside/dir"] {
            fs::create_dir_all(base.path().join(directory)).unwrap();
        }
        let place = Self { base };
        place.write("inside/file", "inside");
        place.write("inside/dir/file", "deep");
        place.write("outside/secret", "canary");
        place.write("outside/dir/secret", "canary");
        place
    }

    fn path(&self, path: &str) -> PathBuf {
        self.base.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.path(path), text).unwrap();
    }

    fn link(&self, target: impl AsRef<Path>, path: &str) {
        symlink(target, self.path(path)).unwrap();
    }

    fn roots(&self) -> Roots {
        Roots::builder().add("state", self.path("inside")).build()
    }
}

fn text(content: &str) -> Content {
    Content::Bytes(content.into())
}

fn message<T: std::fmt::Debug>(result: Result<T, FilesError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn reads_and_bounds() {
    let place = Place::new();
    let roots = place.roots();
    assert_eq!(roots.read("state", "file", 6).unwrap(), text("inside"));
    assert_eq!(roots.read("state", "file", 5).unwrap(), Content::TooLarge);
    assert_eq!(roots.read("state", "dir/file", u64::MAX).unwrap(), text("deep"));
    assert_eq!(roots.read("state", "none", 9).unwrap(), Content::Missing);
    assert_eq!(roots.read("state", "file/none", 9).unwrap(), Content::Missing);
    assert_eq!(roots.read("state", "dir", 9).unwrap(), Content::NotAFile);
    assert_eq!(roots.read("state", "", 9).unwrap(), Content::NotAFile);
}

#[test]
fn describes() {
    let place = Place::new();
    let roots = place.roots();
    assert_eq!(roots.describe("state", "").unwrap(), place.path("inside").to_str().unwrap());
    assert_eq!(
        roots.describe("state", "dir/x").unwrap(),
        place.path("inside/dir/x").to_str().unwrap()
    );
    assert_eq!(message(roots.describe("nowhere", "")), "there is no root `nowhere`");
    assert_eq!(
        message(roots.describe("state", "../x")),
        "`../x` is not a path below a root: it contains a `..` segment"
    );
}

#[test]
fn refuses_paths_that_are_not_below_a_root() {
    let place = Place::new();
    let roots = place.roots();
    for path in [
        "..",
        "../outside/secret",
        "dir/../../outside/secret",
        "/etc/passwd",
        "dir//file",
        "./file",
    ] {
        let expected = format!("`{path}` is not a path below a root: it ");
        for message in [
            message(roots.read("state", path, 99)),
            message(roots.stat("state", path)),
            message(roots.list("state", path)),
        ] {
            assert!(message.starts_with(&expected), "{message}");
        }
    }
    let long = message(roots.stat("state", &"é".repeat(4000)));
    assert_eq!(
        long,
        format!("`{}…` is not a path below a root: it is longer than 4096 bytes", "é".repeat(100))
    );
}

#[test]
fn a_name_that_is_too_long_is_an_error() {
    let place = Place::new();
    let name = "a".repeat(300);
    assert_eq!(
        message(place.roots().stat("state", &name)),
        format!("unavailable: `state:{name}`: a name in the path is too long")
    );
}

#[test]
fn metadata_has_everything_about_a_file() {
    let place = Place::new();
    fs::set_permissions(place.path("inside/file"), fs::Permissions::from_mode(0o4640)).unwrap();
    fs::hard_link(place.path("inside/file"), place.path("inside/second")).unwrap();
    let metadata = place.roots().stat("state", "file").unwrap().unwrap();
    assert_eq!(metadata.kind, FileKind::File);
    assert_eq!(metadata.mode, Some(0o4640));
    assert_eq!(metadata.uid, Some(rustix::process::geteuid().as_raw()));
    assert_eq!(metadata.gid, Some(rustix::process::getegid().as_raw()));
    assert_eq!((metadata.size, metadata.hard_links), (6, 2));
    assert_eq!((metadata.link, metadata.acl), (None, None));
    assert_eq!(place.roots().stat("state", "none").unwrap(), None);
    assert_eq!(place.roots().stat("state", "file/none").unwrap(), None);
}

#[test]
fn lists_in_byte_order() {
    let place = Place::new();
    for name in ["b", "a", "B", "é", "a.b", "a-b"] {
        fs::write(place.path("inside/dir/sub").join(name), "").unwrap();
    }
    place.link("a", "inside/dir/sub/link");
    let listing = place.roots().list("state", "dir/sub").unwrap().unwrap();
    assert!(listing.complete);
    let names: Vec<_> = listing.entries.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["B", "a", "a-b", "a.b", "b", "link", "é"]);
    assert_eq!(listing.entries[5].kind, FileKind::Symlink);
    assert_eq!(place.roots().list("state", "file").unwrap(), None);
    assert_eq!(place.roots().list("state", "none").unwrap(), None);
}

#[test]
fn a_long_listing_is_cut_and_says_so() {
    let place = Place::new();
    for index in 0..=MAX_ENTRIES {
        fs::write(place.path("inside/dir/sub").join(index.to_string()), "").unwrap();
    }
    let listing = place.roots().list("state", "dir/sub").unwrap().unwrap();
    assert_eq!((listing.entries.len(), listing.complete), (MAX_ENTRIES, false));
    fs::remove_file(place.path("inside/dir/sub/0")).unwrap();
    let listing = place.roots().list("state", "dir/sub").unwrap().unwrap();
    assert_eq!((listing.entries.len(), listing.complete), (MAX_ENTRIES, true));
}

#[test]
fn a_root_may_be_a_file_or_absent() {
    let place = Place::new();
    let roots = Roots::builder()
        .add("file", place.path("inside/file"))
        .add("absent", place.path("none"))
        .build();
    assert_eq!(roots.read("file", "", 9).unwrap(), text("inside"));
    assert_eq!(roots.stat("file", "").unwrap().unwrap().kind, FileKind::File);
    assert_eq!(roots.read("file", "x", 9).unwrap(), Content::Missing);
    assert_eq!(roots.stat("file", "x").unwrap(), None);
    assert_eq!(roots.list("file", "").unwrap(), None);
    assert_eq!(roots.read("absent", "", 9).unwrap(), Content::Missing);
    assert_eq!(roots.read("absent", "x", 9).unwrap(), Content::Missing);
    assert_eq!(roots.stat("absent", "").unwrap(), None);
    assert_eq!(roots.list("absent", "").unwrap(), None);
    let names: Vec<_> = roots.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["absent", "file"]);
}

#[test]
fn missing_permission_is_an_error_and_not_an_absent_file() {
    if rustix::process::geteuid().is_root() {
        return; // Nothing is forbidden to root.
    }
    let place = Place::new();
    for path in ["inside/file", "inside/dir"] {
        fs::set_permissions(place.path(path), fs::Permissions::from_mode(0o000)).unwrap();
    }
    let roots = place.roots();
    assert_eq!(
        roots.read("state", "file", 9).unwrap(),
        Content::Unreadable("permission denied".to_owned())
    );
    assert_eq!(
        message(roots.stat("state", "dir/file")),
        "unavailable: `state:dir/file`: permission denied"
    );
    assert_eq!(message(roots.list("state", "dir")), "unavailable: `state:dir`: permission denied");
    fs::set_permissions(place.path("inside/dir"), fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn places_absolute_paths_below_a_root_by_their_text() {
    let place = Place::new();
    place.link("inside", "linked");
    let roots = Roots::builder().add("state", place.path("linked")).build();
    let relative = |path: PathBuf| roots.relative("state", &path);
    assert_eq!(relative(place.path("linked/a/b")), Some("a/b".to_owned()));
    assert_eq!(relative(place.path("inside/a")), Some("a".to_owned()));
    assert_eq!(relative(place.path("linked")), Some(String::new()));
    assert_eq!(relative(place.path("linked/a/../../outside/x")), None);
    assert_eq!(relative(place.path("linked-not/a")), None);
    assert_eq!(relative(PathBuf::from("a/b")), None);
}

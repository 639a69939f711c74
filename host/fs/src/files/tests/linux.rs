//! What not every system lets a test make: special files, files without a size, names that are not UTF-8.

use std::fs;
use std::os::unix::ffi::OsStrExt as _;

use super::*;

impl Place {
    fn fifo(&self, path: &str) {
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        rustix::fs::mknodat(rustix::fs::CWD, self.path(path), rustix::fs::FileType::Fifo, mode, 0)
            .unwrap();
    }
}

#[test]
fn reads_a_file_that_does_not_say_its_size() {
    let roots = Roots::builder().add("proc", "/proc/self").build();
    assert!(
        matches!(roots.read("proc", "status", 1 << 20).unwrap(), Content::Bytes(bytes) if !bytes.is_empty())
    );
    assert_eq!(roots.read("proc", "status", 10).unwrap(), Content::TooLarge);
}

#[test]
fn special_files_are_never_opened() {
    let place = Place::new();
    place.fifo("inside/fifo");
    place.link("fifo", "inside/fifo-link");
    let _socket = std::os::unix::net::UnixListener::bind(place.path("inside/socket")).unwrap();
    let roots = Roots::builder()
        .add("state", place.path("inside"))
        .add("fifo", place.path("inside/fifo"))
        .build();
    for path in ["fifo", "fifo-link", "socket"] {
        assert_eq!(roots.read("state", path, 9).unwrap(), Content::NotAFile);
        assert_eq!(roots.list("state", path).unwrap(), None);
    }
    for path in ["fifo", "socket"] {
        assert_eq!(roots.stat("state", path).unwrap().unwrap().kind, FileKind::Special);
    }
    assert_eq!(roots.read("fifo", "", 9).unwrap(), Content::NotAFile);
    assert_eq!(roots.list("fifo", "").unwrap(), None);
    assert_eq!(roots.stat("fifo", "").unwrap().unwrap().kind, FileKind::Special);
}

#[test]
fn names_that_are_not_utf8_are_shown_and_never_opened() {
    let place = Place::new();
    let name = std::ffi::OsStr::from_bytes(b"bad\xff");
    fs::write(place.path("inside/dir/sub").join(name), "one").unwrap();
    fs::write(place.path("inside/dir/sub/bad\u{fffd}"), "another").unwrap();
    let roots = place.roots();
    let listing = roots.list("state", "dir/sub").unwrap().unwrap();
    let entry = |is_utf8| Entry { name: "bad\u{fffd}".to_owned(), is_utf8, kind: FileKind::File };
    assert_eq!(listing.entries, [entry(true), entry(false)]);
    let error = message(roots.read("state", "dir/sub/bad\u{fffd}", 9));
    assert!(error.contains("a name that is not UTF-8"), "{error}");
}

#[test]
fn links_of_the_kernel_are_not_followed() {
    let place = Place::new();
    place.link("/proc/self/root", "inside/magic");
    let roots = place.roots();
    assert!(matches!(roots.list("state", "magic"), Err(FilesError::Outside { .. })));
    assert!(matches!(roots.read("state", "magic/etc/passwd", 9), Err(FilesError::Outside { .. })));
    let proc = Roots::builder().add("proc", "/proc/self").build();
    assert!(proc.list("proc", "root").is_err());
    assert!(proc.list("proc", "cwd").is_err());
}

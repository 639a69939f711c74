//! Archives as trees: what is in them, and what is wrong with them.

use std::ops::ControlFlow;

use rawzip::CompressionMethod;
use tokio_util::sync::CancellationToken;

use super::testing::{gzip, tarball, zipped};
use super::*;
use crate::files::FileKind;

fn open(bytes: &[u8]) -> Result<Option<Box<dyn Tree>>, ArchiveError> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("example-1.0.tgz");
    std::fs::write(&path, bytes).unwrap();
    open_archive(&path, &CancellationToken::new())
}

fn both(entries: &[(&str, &[u8])]) -> [Box<dyn Tree>; 2] {
    let zip = zipped(entries, CompressionMethod::DEFLATE);
    [gzip(&tarball(entries)), zip].map(|bytes| open(&bytes).unwrap().unwrap())
}

/// What reading these files gives, in the order in which it is given.
fn read(tree: &dyn Tree, paths: &[&str]) -> Vec<(usize, Result<Vec<u8>, TreeError>)> {
    let wanted: Vec<Wanted> = paths
        .iter()
        .map(|path| Wanted {
            path: (*path).to_owned(),
            size: tree.stat(path).unwrap().map_or(4, |stat| stat.size),
            links: LinkPolicy::StayInside,
        })
        .collect();
    let mut found = Vec::new();
    tree.read(&wanted, &mut |number, bytes| {
        found.push((number, bytes));
        ControlFlow::Continue(())
    });
    found
}

#[test]
fn an_archive_is_read_as_a_directory() {
    let entries: [(&str, &[u8]); 3] =
        [("package/a.js", b"first"), ("package/lib/b.js", b"second"), ("package/c", b"#!")];
    for tree in both(&entries) {
        assert_eq!((tree.name(), tree.shown("a.js")), ("example-1.0", "package/a.js".to_owned()));
        let listing = tree.list("").unwrap();
        let names: Vec<_> = listing.entries.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!((names, listing.complete), (vec!["a.js", "c", "lib"], true));
        assert_eq!(listing.entries[2].kind, FileKind::Directory);
        assert_eq!(tree.head("a.js").unwrap(), b"firs");
        assert_eq!(tree.head("c").unwrap(), b"#!");
        assert_eq!(tree.lookup("none", LinkPolicy::FollowAnywhere).unwrap(), Lookup::Missing);
        assert_eq!(tree.small("lib/b.js", 6).as_deref(), Some(&b"second"[..]));
        assert_eq!(tree.small("lib/b.js", 5), None);
        assert!(tree.issues().is_empty());
        let found = read(&*tree, &["lib/b.js", "a.js"]);
        assert!(found.contains(&(0, Ok(b"second".to_vec()))), "{found:?}");
        assert!(found.contains(&(1, Ok(b"first".to_vec()))), "{found:?}");
    }
}

#[test]
fn reading_ends_when_the_visitor_breaks() {
    let entries: [(&str, &[u8]); 3] = [("a", b"1"), ("b", b"2"), ("c", b"3")];
    for tree in both(&entries) {
        let wanted = ["a", "b", "c"].map(|path| Wanted {
            path: path.to_owned(),
            size: 1,
            links: LinkPolicy::StayInside,
        });
        let mut count = 0;
        tree.read(&wanted, &mut |_, bytes| {
            count += 1;
            assert!(bytes.is_ok());
            if count == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!(count, 2);
    }
}

fn issues(tree: &dyn Tree) -> Vec<(&str, EntryError)> {
    tree.issues().iter().map(|issue| (issue.path.as_str(), issue.error.clone())).collect()
}

#[test]
fn what_is_wrong_with_an_entry_is_an_issue() {
    for tree in both(&[("a.js", b"1"), ("a.js", b"2"), ("a.js/d", b"3")]) {
        let expected = [("a.js", EntryError::Duplicate), ("a.js/d", EntryError::Duplicate)];
        assert_eq!(issues(&*tree), expected);
        assert_eq!(read(&*tree, &["a.js"]), [(0, Ok(b"1".to_vec()))]);
    }
    // The writer of zip archives mends such names.
    let [tar, _] = both(&[("../up.js", b"1"), ("b\\c.js", b"2")]);
    let expected = [("../up.js", EntryError::ParentDirectory), ("b\\c.js", EntryError::Backslash)];
    assert_eq!(issues(&*tar), expected);
}

#[test]
fn a_bomb_is_an_issue() {
    let zeros = vec![0; 64 << 20];
    let [tar, zip] = both(&[("bomb", &zeros)]);
    assert_eq!(zip.issues(), [Issue { path: "bomb".to_owned(), error: EntryError::Ratio }]);
    let reason = UnpackLimitError::Ratio.to_string();
    let error = EntryError::ArchiveCutShort(reason);
    assert_eq!(tar.issues(), [Issue { path: String::new(), error }]);
}

#[test]
fn an_archive_that_is_cut_off_says_so() {
    let entries: [(&str, &[u8]); 2] = [("a", b"1"), ("b", b"2")];
    let tgz = gzip(&tarball(&entries));
    for length in (2..tgz.len() - 20).step_by(7) {
        let tree = open(&tgz[..length]).unwrap().unwrap();
        assert!(matches!(tree.issues(), [Issue { error: EntryError::ArchiveCutShort(_), .. }]));
    }
    let zip = zipped(&entries, CompressionMethod::STORE);
    for length in 4..zip.len() {
        assert!(matches!(open(&zip[..length]), Err(ArchiveError::Malformed(_))), "{length}");
    }
}

#[test]
fn a_changed_byte_is_found_and_never_panics() {
    let entries: [(&str, &[u8]); 1] = [("a", b"content")];
    let zip = zipped(&entries, CompressionMethod::STORE);
    let at = zip.windows(7).position(|bytes| bytes == b"content").unwrap();
    let mut changed = zip.clone();
    changed[at] = b'C';
    let tree = open(&changed).unwrap().unwrap();
    assert!(matches!(read(&*tree, &["a"])[..], [(0, Err(TreeError::Damaged(_)))]));
    for at in 0..zip.len() {
        let mut changed = zip.clone();
        changed[at] ^= 0xff;
        if let Ok(Some(tree)) = open(&changed) {
            let _either = read(&*tree, &["a"]);
        }
    }
}

#[test]
fn what_is_not_an_archive_has_no_tree() {
    for bytes in [&b""[..], b"P", b"PK", b"\0asm\x0d\0\x01\0", b"text"] {
        assert!(open(bytes).unwrap().is_none(), "{bytes:?}");
    }
    let missing = open_archive(std::path::Path::new("/no-such"), &CancellationToken::new());
    assert!(matches!(missing, Err(ArchiveError::Missing)));
}

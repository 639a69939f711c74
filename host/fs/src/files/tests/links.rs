//! Links that stay, links that lead out, links to nothing.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::*;

#[test]
fn follows_links_that_stay_inside() {
    let place = Place::new();
    place.link("dir", "inside/to-dir");
    place.link("../file", "inside/dir/up");
    place.link(place.path("inside/dir"), "inside/absolute");
    place.link(place.path("inside"), "inside/to-root");
    place.link("../inside/dir", "inside/out-and-in");
    let roots = place.roots();
    for path in ["to-dir/file", "absolute/file", "to-root/dir/file", "out-and-in/file"] {
        assert_eq!(roots.read("state", path, 99).unwrap(), text("deep"), "{path}");
        assert_eq!(roots.stat("state", path).unwrap().unwrap().kind, FileKind::File, "{path}");
    }
    assert_eq!(roots.read("state", "dir/up", 99).unwrap(), text("inside"));
    assert_eq!(roots.read("state", "to-root", 99).unwrap(), Content::NotAFile);
    for path in ["to-dir", "absolute", "to-root/dir", "out-and-in"] {
        let listing = roots.list("state", path).unwrap().unwrap();
        let names: Vec<_> = listing.entries.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, ["file", "sub", "up"], "{path}");
    }
    assert_eq!(roots.list("state", "to-root").unwrap(), roots.list("state", "").unwrap());
}

#[test]
fn refuses_links_that_lead_out() {
    let place = Place::new();
    place.link("../outside", "inside/relative");
    place.link(place.path("outside"), "inside/absolute");
    place.link("../outside/secret", "inside/file-link");
    place.link("dir/back", "inside/chain");
    place.link("../../outside", "inside/dir/back");
    let roots = place.roots();
    for path in
        ["relative/secret", "absolute/secret", "file-link", "chain/secret", "relative/dir/secret"]
    {
        let expected = format!("`state:{path}` leads out of its root through a link");
        assert_eq!(message(roots.read("state", path, 99)), expected);
    }
    for path in ["relative", "absolute", "chain", "relative/dir", "dir/back"] {
        let expected = format!("`state:{path}` leads out of its root through a link");
        assert_eq!(message(roots.list("state", path)), expected);
    }
    for path in ["relative/secret", "absolute/none", "chain/dir"] {
        let expected = format!("`state:{path}` leads out of its root through a link");
        assert_eq!(message(roots.stat("state", path)), expected);
    }
    assert!(roots.open("state", "file-link").is_err());
    assert_eq!(roots.modified("state", "file-link"), None);
}

#[test]
fn a_sibling_with_the_same_beginning_is_outside() {
    let place = Place::new();
    fs::create_dir(place.path("inside-not")).unwrap();
    place.write("inside-not/secret", "canary");
    place.link(place.path("inside-not"), "inside/sibling");
    let roots = place.roots();
    assert!(matches!(roots.read("state", "sibling/secret", 9), Err(FilesError::Outside { .. })));
    let link = roots.stat("state", "sibling").unwrap().unwrap().link.unwrap();
    assert!(!link.inside);
}

#[test]
fn a_dangling_link_is_nothing() {
    let place = Place::new();
    place.link("none", "inside/dangling");
    place.link("/nonexistent/none", "inside/dangling-out");
    let roots = place.roots();
    for path in ["dangling", "dangling-out"] {
        assert_eq!(roots.read("state", path, 9).unwrap(), Content::Missing);
        assert_eq!(roots.list("state", path).unwrap(), None);
        let metadata = roots.stat("state", path).unwrap().unwrap();
        assert_eq!(metadata.kind, FileKind::Symlink);
        assert_eq!(metadata.mode, Some(0o777));
        let link = metadata.link.unwrap();
        assert_eq!(
            (link.resolved, link.inside, link.target_kind, link.target_mode),
            (None, false, None, None)
        );
    }
}

#[test]
fn a_link_loop_is_an_error_but_can_be_looked_at() {
    let place = Place::new();
    place.link("b", "inside/a");
    place.link("a", "inside/b");
    let roots = place.roots();
    assert_eq!(roots.stat("state", "a").unwrap().unwrap().kind, FileKind::Symlink);
    assert_eq!(
        roots.read("state", "a", 9).unwrap(),
        Content::Unreadable("too many links in a row".to_owned())
    );
    assert_eq!(
        message(roots.list("state", "a")),
        "unavailable: `state:a`: too many links in a row"
    );
    assert_eq!(
        message(roots.stat("state", "a/x")),
        "unavailable: `state:a/x`: too many links in a row"
    );
}

#[test]
fn metadata_says_where_links_lead_even_out_of_the_root() {
    let place = Place::new();
    fs::set_permissions(place.path("outside/secret"), fs::Permissions::from_mode(0o606)).unwrap();
    fs::set_permissions(place.path("inside/dir"), fs::Permissions::from_mode(0o750)).unwrap();
    place.link("../outside/secret", "inside/out");
    place.link("dir", "inside/in");
    let roots = place.roots();
    let real = fs::canonicalize(place.base.path()).unwrap();
    let link = |path| roots.stat("state", path).unwrap().unwrap().link.unwrap();
    assert_eq!(
        link("out"),
        Link {
            target: "../outside/secret".to_owned(),
            resolved: Some(real.join("outside/secret").to_str().unwrap().to_owned()),
            inside: false,
            target_kind: Some(FileKind::File),
            target_mode: Some(0o606),
        }
    );
    assert_eq!(
        link("in"),
        Link {
            target: "dir".to_owned(),
            resolved: Some(real.join("inside/dir").to_str().unwrap().to_owned()),
            inside: true,
            target_kind: Some(FileKind::Directory),
            target_mode: Some(0o750),
        }
    );
}

#[test]
fn a_root_may_itself_be_a_link() {
    let place = Place::new();
    place.link("outside", "linked");
    place.link("inside/file", "linked-file");
    place.link("none", "dangling");
    let roots = Roots::builder()
        .add("dir", place.path("linked"))
        .add("file", place.path("linked-file"))
        .add("dangling", place.path("dangling"))
        .build();
    assert_eq!(roots.read("dir", "secret", 9).unwrap(), text("canary"));
    assert_eq!(roots.read("file", "", 9).unwrap(), text("inside"));
    assert_eq!(roots.read("dangling", "", 9).unwrap(), Content::Missing);
    for (root, kind) in
        [("dir", Some(FileKind::Directory)), ("file", Some(FileKind::File)), ("dangling", None)]
    {
        let metadata = roots.stat(root, "").unwrap().unwrap();
        assert_eq!(metadata.kind, FileKind::Symlink);
        let link = metadata.link.unwrap();
        assert_eq!((link.inside, link.target_kind), (kind.is_some(), kind));
    }
    assert_eq!(roots.describe("dir", "x").unwrap(), place.path("linked/x").to_str().unwrap());
}

#[test]
fn a_root_in_a_link_loop_is_unavailable() {
    let place = Place::new();
    place.link("loop", "loop");
    let roots = Roots::builder().add("loop", place.path("loop")).build();
    assert_eq!(roots.stat("loop", "").unwrap().unwrap().kind, FileKind::Symlink);
    assert_eq!(message(roots.stat("loop", "x")), "unavailable: `loop:x`: too many links in a row");
    assert_eq!(
        roots.read("loop", "x", 9).unwrap(),
        Content::Unreadable("too many links in a row".to_owned())
    );
}

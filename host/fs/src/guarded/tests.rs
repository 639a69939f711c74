use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

use super::*;

/// A directory with `a/b/trust.toml`, all of it safe.
fn place() -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().canonicalize().unwrap();
    fs::create_dir_all(root.join("a/b")).unwrap();
    for part in ["a", "a/b"] {
        mode(&root.join(part), 0o700);
    }
    let file = root.join("a/b/trust.toml");
    fs::write(&file, "text").unwrap();
    mode(&file, 0o600);
    (directory, root)
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn read(root: &Path, path: &str) -> Result<Option<Vec<u8>>, GuardedFileError> {
    read_guarded(&root.join(path), 100)
}

#[test]
fn what_only_its_owner_can_write_is_read() {
    let (_directory, root) = place();
    assert_eq!(read(&root, "a/b/trust.toml").unwrap().unwrap(), b"text");
    mode(&root.join("a/b/trust.toml"), 0o644);
    assert!(read(&root, "a/b/trust.toml").unwrap().is_some());
    assert!(read(&root, "a/b/other.toml").unwrap().is_none());
    assert!(read(&root, "a/c/trust.toml").unwrap().is_none());
    assert!(read(&root, "a/b/trust.toml/x").unwrap().is_none());
}

#[test]
fn a_trust_file_that_others_may_write_is_refused() {
    let (_directory, root) = place();
    let file = root.join("a/b/trust.toml");
    for bits in [0o620, 0o602, 0o666] {
        mode(&file, bits);
        let error = read(&root, "a/b/trust.toml").unwrap_err();
        let expected = format!("Run `chmod go-w {}`", file.display());
        assert!(error.to_string().contains(&expected), "{error}");
    }
}

#[test]
fn a_trust_file_below_a_directory_that_others_may_write_is_refused() {
    let (_directory, root) = place();
    for part in ["a/b", "a"] {
        mode(&root.join(part), 0o770);
        let error = read(&root, "a/b/trust.toml").unwrap_err();
        assert!(
            matches!(&error, GuardedFileError::Writable { path, .. } if *path == root.join(part)),
            "{error}"
        );
        mode(&root.join(part), 0o700);
    }
}

#[test]
fn a_sticky_directory_on_the_path_is_safe() {
    let (_directory, root) = place();
    mode(&root.join("a"), 0o1777);
    assert!(read(&root, "a/b/trust.toml").unwrap().is_some());
}

#[test]
fn the_directories_behind_a_link_are_checked() {
    let (_directory, root) = place();
    fs::create_dir(root.join("open")).unwrap();
    fs::write(root.join("open/trust.toml"), "other").unwrap();
    fs::remove_file(root.join("a/b/trust.toml")).unwrap();
    symlink("../../open/trust.toml", root.join("a/b/trust.toml")).unwrap();
    mode(&root.join("open/trust.toml"), 0o600);
    mode(&root.join("open"), 0o700);
    assert_eq!(read(&root, "a/b/trust.toml").unwrap().unwrap(), b"other");
    mode(&root.join("open"), 0o777);
    assert!(matches!(read(&root, "a/b/trust.toml"), Err(GuardedFileError::Writable { .. })));
    symlink(root.join("loop"), root.join("loop")).unwrap();
    assert!(matches!(read(&root, "loop"), Err(GuardedFileError::Loop { .. })));
}

#[test]
fn a_trust_file_of_another_user_is_refused() {
    // Only root can give a file away.
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let (_directory, root) = place();
    for part in ["a/b/trust.toml", "a"] {
        std::os::unix::fs::chown(root.join(part), Some(12_345), None).unwrap();
        let error = read(&root, "a/b/trust.toml").unwrap_err();
        assert!(matches!(&error, GuardedFileError::Owner { owner: 12_345, .. }), "{error}");
        std::os::unix::fs::chown(root.join(part), Some(0), None).unwrap();
    }
    symlink("b", root.join("a/c")).unwrap();
    std::os::unix::fs::lchown(root.join("a/c"), Some(12_345), None).unwrap();
    assert!(matches!(read(&root, "a/c/trust.toml"), Err(GuardedFileError::Owner { .. })));
}

#[test]
fn what_is_not_a_file_or_too_large_is_refused() {
    let (_directory, root) = place();
    assert!(matches!(read(&root, "a/b"), Err(GuardedFileError::NotRegular { .. })));
    fs::write(root.join("a/b/trust.toml"), [b' '; 101]).unwrap();
    assert!(matches!(
        read(&root, "a/b/trust.toml"),
        Err(GuardedFileError::TooLarge { limit: 100, .. })
    ));
    rustix::fs::mknodat(
        rustix::fs::CWD,
        root.join("a/pipe"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR,
        0,
    )
    .unwrap();
    assert!(matches!(
        read_given(&root.join("a/pipe"), 100),
        Err(GuardedFileError::NotRegular { .. })
    ));
}

#[test]
fn only_the_owner_can_read_what_is_written() {
    let (_directory, root) = place();
    let bits = |path: &str| fs::metadata(root.join(path)).unwrap().mode() & 0o7777;
    make_private(&root.join("x/y")).unwrap();
    assert_eq!((bits("x"), bits("x/y")), (0o700, 0o700));
    write_new(&root.join("x/key"), "secret").unwrap();
    assert_eq!(bits("x/key"), 0o600);
    let error = write_new(&root.join("x/key"), "other").unwrap_err();
    assert!(matches!(error, GuardedFileError::Exists { .. }), "{error}");
    assert_eq!(fs::read_to_string(root.join("x/key")).unwrap(), "secret");
    mode(&root.join("x/key"), 0o644);
    replace(&root.join("x/key"), b"new").unwrap();
    assert_eq!((bits("x/key"), fs::read(root.join("x/key")).unwrap()), (0o600, b"new".to_vec()));
    assert_eq!(names(&root.join("x")).unwrap(), ["key", "y"]);
}

#[test]
fn a_store_that_others_may_write_is_not_written_to() {
    let (_directory, root) = place();
    mode(&root.join("a"), 0o777);
    assert!(matches!(make_private(&root.join("a/b")), Err(GuardedFileError::Writable { .. })));
}

#[test]
fn two_runs_do_not_write_at_the_same_time() {
    let (_directory, root) = place();
    let first = lock_file(&root.join("a/.lock")).unwrap();
    let file = File::open(root.join("a/.lock")).unwrap();
    assert!(file.try_lock().is_err());
    drop(first);
    assert!(file.try_lock().is_ok());
}

//! Another process swaps links for what is being fixed, ten thousand times.

use std::fs;
use std::io::Write as _;
use std::os::fd::AsFd as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::fs::{Mode, OFlags};
use tempfile::TempDir;

use super::{CONFIG, Journal, NoFailpoints, apply, create_gateway, inputs, mode, plan};

const FIXES: usize = 10_000;
const SWAP_IN: &str = "CHITIN_TEST_SWAP_IN";
/// What is swapped, and for what: a file to edit, a directory to restrict, a directory on the path to others.
const PAIRS: [(&str, &str); 3] =
    [("openclaw.json", "file"), ("credentials", "dir"), ("agents/main", "main")];

/// Swaps a file for a symlink to someone else's and back, as fast as it can.
fn swap(path: &Path, victim: &Path, stop: &AtomicBool) {
    let (aside, link) = (path.with_extension("aside"), path.with_extension("link"));
    symlink(victim, &link).unwrap();
    let mut round = 0;
    while !stop.load(Ordering::Relaxed) {
        // Rests of all lengths, so some edits get through and others are caught at every point.
        round = round % 32 + 1;
        let rest = || std::thread::sleep(Duration::from_micros(round * 100));
        // A fix may have put a new file in between; then a step fails, and the next ones go on.
        drop(fs::rename(path, &aside));
        drop(fs::rename(&link, path));
        rest();
        drop(fs::rename(path, &link));
        drop(fs::rename(&aside, path));
        rest();
        if !link.is_symlink() {
            drop(fs::remove_file(&link));
            symlink(victim, &link).unwrap();
        }
    }
}

#[test]
#[ignore = "swaps files until it is told to stop; the test below runs it in a process of its own"]
fn swapper() {
    let root = PathBuf::from(std::env::var_os(SWAP_IN).unwrap());
    let stop = Arc::new(AtomicBool::new(false));
    let threads: Vec<_> = PAIRS
        .into_iter()
        .map(|(name, victim)| {
            let (path, victim) = (root.join("state").join(name), root.join("outside").join(victim));
            let stop = Arc::clone(&stop);
            std::thread::spawn(move || swap(&path, &victim, &stop))
        })
        .collect();
    while root.exists() && !root.join("stop").exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    stop.store(true, Ordering::Relaxed);
    for thread in threads {
        thread.join().unwrap();
    }
}

/// Gives others access again, but not through a symlink.
fn open_up(directory: &Path, name: &str, flags: OFlags) -> Option<fs::File> {
    let open = |below, name: &Path, flags| {
        rustix::fs::openat(below, name, flags | OFlags::NOFOLLOW, Mode::empty()).ok()
    };
    let directory = open(rustix::fs::CWD, directory, OFlags::DIRECTORY)?;
    let handle = open(directory.as_fd(), Path::new(name), flags)?;
    rustix::fs::fchmod(&handle, Mode::from_raw_mode(0o750)).unwrap();
    Some(handle.into())
}

/// In memory, if possible: ten thousand fixes wait for the disk about fifty thousand times.
fn place() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { TempDir::new_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

/// Every name, mode and byte outside.
fn stat(directory: &Path, found: &mut Vec<(PathBuf, u32, String)>) {
    let mut entries: Vec<_> =
        fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let text = fs::read_to_string(&path).unwrap_or_default();
        found.push((path.clone(), mode(path.clone()), text));
        if path.is_dir() {
            stat(&path, found);
        }
    }
}

#[test]
fn nothing_outside_is_written_while_another_process_swaps_links() {
    let place = place();
    let root = place.path();
    create_gateway(root);
    let outside = root.join("outside");
    for directory in ["state/agents/main/agent", "outside/dir", "outside/main/agent"] {
        fs::create_dir_all(root.join(directory)).unwrap();
    }
    fs::write(outside.join("file"), CONFIG).unwrap();
    for file in ["state/agents/main/agent", "outside/main/agent"] {
        fs::write(root.join(file).join("auth-profiles.json"), "{}").unwrap();
    }
    fs::write(outside.join("dir/a.json"), "{}").unwrap();
    let snapshot = || {
        let mut found = Vec::new();
        stat(&outside, &mut found);
        found
    };
    let before = snapshot();
    let mut swapper = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tests::race::swapper", "--ignored", "--nocapture", "-q"])
        .env(SWAP_IN, root)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let (mut skipped, mut changed, mut edited) = (0, 0, 0);
    for number in 0..FIXES {
        // A journal of ten thousand runs would be what is waited for.
        let journal = Journal::at(root.join(format!("journal-{}", number / 100)));
        let applied = apply(&plan(&inputs(root), &[]), &journal, &NoFailpoints).unwrap();
        skipped +=
            applied.actions.iter().filter(|action| action.skipped == Some("symlink")).count();
        changed += applied.actions.iter().filter(|action| action.ok).count();
        for (directory, name) in [("state", "credentials"), ("state/agents/main", "agent")] {
            open_up(&root.join(directory), name, OFlags::RDONLY);
        }
        // The next run has something to edit again.
        let flags = OFlags::WRONLY | OFlags::TRUNC;
        if let Some(mut config) = open_up(&root.join("state"), "openclaw.json", flags) {
            config.write_all(CONFIG.as_bytes()).unwrap();
        }
        edited += usize::from(applied.config_written);
        // A snapshot takes as long as a fix; whatever was written outside stays there until the next one.
        if number % 10 == 0 {
            assert_eq!(snapshot(), before);
        }
    }
    fs::write(root.join("stop"), "").unwrap();
    assert!(swapper.wait().unwrap().success());
    assert_eq!(snapshot(), before);
    assert!(changed > 0 && skipped > 0 && edited > 1, "{changed} {skipped} {edited}");
}

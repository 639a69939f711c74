//! What others can access while a fix is running: nothing that they could not access before.

use std::cell::RefCell;
use std::os::unix::fs::symlink;

use super::*;

/// Records the mode of every new file before each step.
struct Watcher<'r> {
    root: &'r Path,
    seen: RefCell<Vec<(&'static str, u32)>>,
}

impl Failpoints for Watcher<'_> {
    fn reach(&self, step: &'static str) {
        for name in leftovers(self.root) {
            self.seen.borrow_mut().push((step, mode(self.root.join("state").join(name))));
        }
    }
}

#[test]
fn a_new_file_is_private_until_it_is_complete_and_never_less_strict_than_the_old_one() {
    let place = gateway();
    let config = place.path().join("state/openclaw.json");
    fs::set_permissions(&config, Permissions::from_mode(0o664)).unwrap();
    let watcher = Watcher { root: place.path(), seen: RefCell::default() };
    fix(place.path(), &watcher);
    let (closed, whole) = (0o600, [0o664, 0o640]);
    let seen = watcher.seen.into_inner();
    for (step, mode) in &seen {
        let fits = match *step {
            "write" | "mode" => *mode == closed,
            "sync" | "rename" => whole.contains(mode),
            _ => false,
        };
        assert!(fits, "before {step}: {mode:o}");
    }
    assert_eq!(seen.len(), 2 * 4, "{seen:?}");
}

#[test]
fn a_directory_that_is_swapped_after_planning_is_not_followed() {
    let place = gateway();
    let root = place.path();
    let planned = plan(&inputs(root), &[]);
    let victim = root.join("victim");
    let copied = Command::new("cp").arg("-a").args([root.join("state"), victim.clone()]).status();
    assert!(copied.unwrap().success());
    fs::rename(root.join("state"), root.join("aside")).unwrap();
    symlink(&victim, root.join("state")).unwrap();

    let applied = apply(&planned, &journal(root), &NoFailpoints).unwrap();
    assert_eq!(applied.actions[0].skipped, Some("symlink"));
    let of = |directory: &str| {
        let directory = root.join(directory);
        let text = fs::read_to_string(directory.join("openclaw.json")).unwrap();
        (text, mode(directory.join("openclaw.json")), mode(directory.join("credentials")))
    };
    assert_eq!(of("victim"), (CONFIG.to_owned(), 0o644, 0o750));
    // The changes are made in the directory that was planned.
    assert_eq!(of("aside"), (CONFIG.replace("'open'", "'allowlist'"), 0o600, 0o700));

    // Undo finds other files at the old path, and leaves them alone.
    undo(&journal(root), None, None, &NoFailpoints).unwrap();
    assert_eq!(of("victim"), (CONFIG.to_owned(), 0o644, 0o750));
}

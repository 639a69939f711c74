//! What a fix run changed: the part of a report that `audit --fix` adds, and what `chitin fix` prints. One file per format.

mod gone;
pub(super) mod json;
mod text;

pub(super) use gone::gone;
pub use text::{Home, lines, section, verified};

#[cfg(test)]
mod samples {
    use std::path::PathBuf;

    use chitin_fix::{Action, Applied, Verb};

    pub(super) fn applied() -> Applied {
        let action = |name: &str, ok, skipped, error: Option<&str>| Action {
            verb: Verb::Chmod { mode: 0o600 },
            path: PathBuf::from("/home/u").join(name),
            ok,
            skipped,
            error: error.map(str::to_owned),
        };
        Applied {
            state_dir: "/home/u/.openclaw".into(),
            config_path: "/home/u/.openclaw/openclaw.json".into(),
            config_written: true,
            changes: vec!["channels.telegram.groupPolicy=open -> allowlist".to_owned()],
            actions: vec![
                action("a", true, None, None),
                action("b", false, Some("already"), None),
                action("c", false, None, Some("permission denied")),
            ],
            errors: vec!["/home/u/x and /home/user: bad\u{1b}".to_owned()],
            run: None,
        }
    }
}

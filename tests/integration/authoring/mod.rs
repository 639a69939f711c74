//! What authors of modules do: the whole way from a name to an audit, each step as a person takes it.

mod examples;
mod guide;
mod inspect;
mod other_language;
mod records;
mod template;
mod wrap;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use tempfile::TempDir;

/// The program under test.
const CHITIN: &str = env!("CARGO_BIN_EXE_chitin-under-test");

/// Where the built-in checks were compiled too, so the standard library is not compiled again.
fn target_dir() -> PathBuf {
    Path::new(CHITIN).ancestors().nth(2).unwrap().join("guests")
}

/// A command with the environment of a person at work: compilers are on the path.
fn command(program: impl AsRef<OsStr>, directory: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(directory)
        .env("CARGO_TARGET_DIR", target_dir())
        .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let of_a_cargo_run = text.starts_with("CARGO_")
            && text != "CARGO_HOME"
            && !["CARGO_HTTP_", "CARGO_NET_", "CARGO_REGISTR", "CARGO_SOURCE_", "CARGO_TARGET_DIR"]
                .iter()
                .any(|prefix| text.starts_with(prefix));
        if of_a_cargo_run || text.starts_with("OPENCLAW_") {
            command.env_remove(name);
        }
    }
    command
}

/// What a command of the program came to.
struct CommandOutput {
    exit: i32,
    stdout: String,
    stderr: String,
}

impl CommandOutput {
    fn of(output: Output) -> Self {
        Self {
            exit: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    #[track_caller]
    fn succeeds(self) -> Self {
        assert_eq!(self.exit, 0, "{}\n{}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    fn fails(self, with: &str) -> Self {
        assert_eq!(self.exit, 1, "{}\n{}", self.stdout, self.stderr);
        assert!(self.stderr.contains(with), "{}", self.stderr);
        self
    }
}

/// Runs `chitin module …` in a directory.
fn module(directory: &Path, arguments: &[&str]) -> CommandOutput {
    CommandOutput::of(command(CHITIN, directory).arg("module").args(arguments).output().unwrap())
}

/// The template, made and built once for all tests that look at it. Nobody writes into it.
fn template() -> &'static Path {
    static TEMPLATE: OnceLock<TempDir> = OnceLock::new();
    let workspace = TEMPLATE.get_or_init(|| {
        let workspace = tempfile::tempdir().unwrap();
        module(workspace.path(), &["new", "my-check", "--publisher", "tests"]).succeeds();
        module(&workspace.path().join("my-check"), &["build"]).succeeds();
        workspace
    });
    // What a static holds is never dropped; the directory is where temporary files are cleared up.
    Box::leak(workspace.path().join("my-check").into_boxed_path())
}

/// The template's component.
fn component() -> PathBuf {
    template().join("my-check.wasm")
}

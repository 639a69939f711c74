//! The guide for authors does what it says: its blocks are taken out of the page and run, in order, as a reader would.
//!
//! A `sh` block is run in the directory where the last one ended. Any other block is a file, whose path is in a comment
//! before it; or, as `text`, what the last `sh` block has printed, in whole lines.

use std::fs;
use std::path::{Path, PathBuf};

use super::{CHITIN, CommandOutput, command};

const GUIDE: &str = include_str!("../../../docs/module-guide.md");

/// The one command of the guide that is not run: it would build the program under test a second time. The program takes the
/// place of what it would install.
const INSTALL: &str = "cargo install --locked --path host/cli\n";

struct Block<'g> {
    language: &'g str,
    /// From the comment before it.
    file: Option<&'g str>,
    text: String,
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut file = None;
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let text = lines.by_ref().take_while(|line| *line != "```");
            let text = text.collect::<Vec<_>>().join("\n") + "\n";
            blocks.push(Block { language, file: file.take(), text });
        } else if let Some(comment) = line.strip_prefix("<!-- file: ") {
            file = comment.strip_suffix(" -->");
        }
    }
    blocks
}

/// A reader of the guide.
struct Reader {
    workspace: tempfile::TempDir,
    directory: PathBuf,
    printed: String,
}

impl Reader {
    fn new() -> Self {
        let workspace = tempfile::tempdir().unwrap();
        fs::create_dir(workspace.path().join("bin")).unwrap();
        std::os::unix::fs::symlink(CHITIN, workspace.path().join("bin/chitin")).unwrap();
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap();
        Self { workspace, directory: sources, printed: String::new() }
    }

    fn follow(&mut self, block: &Block<'_>) {
        match (block.language, block.file) {
            ("sh", None) => self.run(&block.text.replace(INSTALL, "")),
            ("text", None) => {
                for line in block.text.lines() {
                    let is_there = self.printed.lines().any(|printed| printed == line);
                    assert!(is_there, "`{line}` is not in\n{}", self.printed);
                }
            }
            (_, Some(file)) => {
                let path = self.directory.join(file);
                assert!(path.starts_with(self.workspace.path()), "{}", path.display());
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, &block.text).unwrap();
            }
            (language, None) => panic!("nobody runs a block of {language}:\n{}", block.text),
        }
    }

    fn run(&mut self, script: &str) {
        let ended = self.workspace.path().join("ended");
        let path = std::env::var("PATH").unwrap();
        let output = command("bash", &self.directory)
            .args(["-euo", "pipefail", "-c", &format!("{script}\npwd > \"$ENDED\"")])
            .env("PATH", format!("{}:{path}", self.workspace.path().join("bin").display()))
            .env("ENDED", &ended)
            .env("XDG_CONFIG_HOME", self.workspace.path().join("config"))
            .env("XDG_DATA_HOME", self.workspace.path().join("data"))
            .output()
            .unwrap();
        let told = CommandOutput::of(output);
        assert_eq!(told.exit, 0, "{script}\n{}\n{}", told.stdout, told.stderr);
        self.printed = told.stdout + &told.stderr;
        self.directory = PathBuf::from(fs::read_to_string(ended).unwrap().trim_end());
        // Nothing but the first commands happens in the sources.
        if !self.directory.starts_with(self.workspace.path()) {
            self.directory = self.workspace.path().to_owned();
        }
    }
}

#[test]
fn every_block_of_the_guide_does_what_it_says() {
    let blocks = blocks(GUIDE);
    assert!(blocks.iter().any(|block| block.text.contains(INSTALL)));
    let mut reader = Reader::new();
    for block in &blocks {
        reader.follow(block);
    }
}

/// Every command on the page is run by the test, or by the build script that installs the compiler for it.
#[test]
fn the_commands_of_the_other_language_are_those_of_its_test() {
    let page = include_str!("../../../sdk/assemblyscript/README.md");
    let tested = concat!(include_str!("other_language.rs"), include_str!("../../build.rs"));
    let tested = tested.replace(['"', ','], "");
    for block in blocks(page).iter().filter(|block| block.language == "sh") {
        for line in block.text.lines() {
            let words = line.split(" #").next().unwrap_or_default();
            let known =
                words.trim_end().trim_start_matches("chitin module ").trim_start_matches("npm ");
            assert!(tested.contains(known), "`{line}` is not in the test");
        }
    }
}

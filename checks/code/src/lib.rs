//! The code scanner: a pure function from one file to its findings.
//!
//! Programs are parsed, and names, aliases and constant strings are followed. So a comment or a string does not cause a
//! finding, and renaming a function does not hide a call. Documents, manifests and scripts have rules of their own.
//! Nothing here may read a file, ask for the time or keep state between calls.

mod bytes;
mod collector;
mod commands;
mod cryptomining;
mod denylist;
mod download_exec;
mod file_type;
#[cfg(target_family = "wasm")]
mod guest;
mod injection;
mod invisible_unicode;
mod javascript;
mod manifest;
mod markdown;
mod model;
mod obfuscation;
mod python;
mod rules;
mod shell;
mod skill;
mod source;
mod urls;

use std::borrow::Cow;

pub use model::{CodeFinding, Reading, Severity, SourceFile};
pub use rules::{ALL as RULES, Overflow, Repeat, Rule};

use collector::Collector;
use file_type::FileType;
use javascript::OnSyntaxError;
use source::Source;

/// Scans one file. A file that is not code, a document, a manifest or a script has no findings.
pub fn scan(file: &SourceFile) -> Reading {
    let Some(file_type) = FileType::of_path(&file.path) else { return Reading::default() };
    let text = match std::str::from_utf8(&file.bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(&file.bytes),
    };
    let source = Source::new(&text);
    let mut collector = Collector::default();
    let mut notes = Vec::new();
    match file_type {
        FileType::Code(language) => {
            if matches!(text, Cow::Owned(_)) {
                notes.push("is not UTF-8");
            }
            let outcome = javascript::scan(
                &text,
                0,
                language,
                OnSyntaxError::Search,
                &source,
                &mut collector,
            );
            notes.extend(outcome.note());
        }
        FileType::Skill => {
            skill::text(&text, &mut collector);
            skill::other_deletions(&text, &mut collector);
            skill::front_matter(&text, &file.directory, &mut collector);
            markdown::document(&source, &mut collector);
            markdown::code(&source, &mut collector);
        }
        FileType::Markdown => {
            markdown::plain(&source, &mut collector);
            markdown::document(&source, &mut collector);
        }
        FileType::Package => {
            manifest::scan(&text, &mut collector);
            manifest::package(&text, &file.directory, &mut collector);
        }
        FileType::Manifest => manifest::scan(&text, &mut collector),
        FileType::Shell => shell::scan(&text, &mut collector),
        FileType::Python => python::scan(&text, 0, &mut collector),
    }
    Reading {
        findings: collector.findings(&source),
        note: (!notes.is_empty()).then(|| notes.join("; ")),
    }
}

/// Applies OpenClaw's rules for the text of a skill to a text of any name.
pub fn skill_text(text: &str) -> Vec<CodeFinding> {
    let mut collector = Collector::default();
    skill::text(text, &mut collector);
    collector.findings(&Source::new(text))
}

/// Whether OpenClaw counts a file of this name as code.
pub fn is_scannable(path: &str) -> bool {
    matches!(FileType::of_path(path), Some(FileType::Code(_)))
}

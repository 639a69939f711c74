//! The code scanner: a pure function from one file to what is suspicious in it.
//!
//! Programs are parsed, and names, aliases and constant texts are followed, so that neither a comment nor a string fools it
//! and no new name hides a call. Documents, manifests and scripts are read by rules of their own. Nothing here reads a
//! file, asks for the time or keeps anything from one call to the next.

mod blocked;
mod commands;
#[cfg(target_family = "wasm")]
mod guest;
mod hidden;
mod hits;
mod injection;
mod javascript;
mod kinds;
mod manifest;
mod markdown;
mod mining;
mod model;
mod obfuscation;
mod pipes;
mod python;
mod rules;
mod secrets;
mod shell;
mod skill;
mod source;
mod text;
mod tree;
mod urls;

use std::borrow::Cow;

pub use model::{CodeFinding, Reading, Severity, Subject};
pub use rules::{ALL as RULES, Overflow, Repeat, Rule};

use hits::Hits;
use javascript::Otherwise;
use kinds::Kind;
use source::Source;

/// Looks at one file. A file that is neither code nor a document gives nothing.
pub fn scan(subject: &Subject) -> Reading {
    let Some(kind) = kinds::kind(&subject.path) else { return Reading::default() };
    let text = match std::str::from_utf8(&subject.bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(&subject.bytes),
    };
    let source = Source::new(&text);
    let mut hits = Hits::default();
    let mut notes = Vec::new();
    match kind {
        Kind::Code(language) => {
            if matches!(text, Cow::Owned(_)) {
                notes.push("is not UTF-8");
            }
            let outcome =
                javascript::scan(&text, 0, language, Otherwise::SearchWords, &source, &mut hits);
            notes.extend(outcome.note());
        }
        Kind::Skill => {
            skill::text(&text, &mut hits);
            skill::other_deletions(&text, &mut hits);
            skill::declarations(&text, &subject.directory, &mut hits);
            markdown::document(&source, &mut hits);
            markdown::code(&source, &mut hits);
        }
        Kind::Markdown => {
            markdown::plain(&source, &mut hits);
            markdown::document(&source, &mut hits);
        }
        Kind::Package => {
            manifest::scan(&text, &mut hits);
            manifest::package(&text, &subject.directory, &mut hits);
        }
        Kind::Manifest => manifest::scan(&text, &mut hits),
        Kind::Shell => shell::scan(&text, &mut hits),
        Kind::Python => python::scan(&text, 0, &mut hits),
    }
    Reading {
        findings: hits.findings(&source),
        note: (!notes.is_empty()).then(|| notes.join("; ")),
    }
}

/// The rules that OpenClaw has for the text of a skill, on a text of any name.
pub fn skill_text(text: &str) -> Vec<CodeFinding> {
    let mut hits = Hits::default();
    skill::text(text, &mut hits);
    hits.findings(&Source::new(text))
}

/// Whether OpenClaw counts a file as code, by its name.
pub fn is_scannable(path: &str) -> bool {
    matches!(kinds::kind(path), Some(Kind::Code(_)))
}

//! No text that a user can see has a phrase of `tests/data/refused_phrases.toml`: pages, manifests, help, messages.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::support::repository::{self, Page};
use crate::support::runner::Run;
use crate::support::workspace::Workspace;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Phrases {
    phrase: Vec<Phrase>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Phrase {
    refused: Vec<String>,
    instead: String,
    #[serde(default)]
    allowed: Vec<String>,
}

const ACCURACY: &str = "docs/accuracy.md";

static PHRASES: LazyLock<Phrases> =
    LazyLock::new(|| toml::from_str(include_str!("../../data/refused_phrases.toml")).unwrap());

/// The text in lower case and on one line, since a phrase may be split between lines.
fn normal(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where a phrase is in a text, as whole words.
fn positions(text: &str, phrase: &str) -> Vec<usize> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let found = text.match_indices(phrase).map(|(at, _)| at);
    let whole = |at: &usize| {
        let begins_apart = !phrase.starts_with(is_word) || !text[..*at].ends_with(is_word);
        begins_apart && !text[at + phrase.len()..].starts_with(is_word)
    };
    found.filter(whole).collect()
}

/// Every refused phrase of a text, with what is around it.
fn hits(name: &str, text: &str) -> Vec<String> {
    let text = normal(text);
    let mut hits = Vec::new();
    for Phrase { refused, instead, allowed } in &PHRASES.phrase {
        let allowed: Vec<_> = allowed
            .iter()
            .flat_map(|phrase| positions(&text, phrase).into_iter().map(|at| at..at + phrase.len()))
            .collect();
        for phrase in refused {
            for at in positions(&text, phrase) {
                if allowed.iter().any(|range| range.contains(&at)) {
                    continue;
                }
                let before: String = text[..at].chars().rev().take(40).collect();
                let around: String = before.chars().rev().collect();
                let after: String = text[at..].chars().take(50).collect();
                hits.push(format!("{name}: `{phrase}` (say: {instead})\n    {around}{after}"));
            }
        }
    }
    hits
}

#[track_caller]
fn assert_plain(texts: impl IntoIterator<Item = (String, String)>) {
    let (mut read, mut found) = (0, Vec::new());
    for (name, text) in texts {
        read += 1;
        found.extend(hits(&name, &text));
    }
    assert!(read > 0, "nothing was read");
    assert!(found.is_empty(), "{} phrases in {read} texts:\n{}", found.len(), found.join("\n"));
}

#[test]
fn a_phrase_is_found_across_lines_and_not_inside_of_words_or_allowed_phrases() {
    assert_eq!(hits("x", "It is\n  no file.").len(), 1);
    assert_eq!(hits("x", "There is no file. It is no longer there; this is nothing.").len(), 0);
    assert_eq!(hits("x", "Whoever reads it, so that it works").len(), 2);
    assert_eq!(hits("x", "it does so that way, and so that is done").len(), 0);
}

/// Pages that are written by hand, below a path. The scanner's tests write `docs/accuracy.md`.
fn pages_below(paths: &[&str]) -> Vec<(String, String)> {
    let by_hand = |page: &Page| page.path != Path::new(ACCURACY);
    let wanted = |page: &Page| paths.iter().any(|path| page.path.starts_with(path));
    let pages = repository::pages().into_iter().filter(|page| by_hand(page) && wanted(page));
    pages.map(|Page { path, text }| (path.display().to_string(), text)).collect()
}

#[test]
fn pages_have_no_refused_phrase() {
    assert_plain(pages_below(&["README.md", "docs", "sdk"]));
}

#[test]
fn pages_of_checks_have_no_refused_phrase() {
    assert_plain(pages_below(&["checks"]));
}

/// Files below a folder with this ending, without build output.
fn files(folder: &Path, ending: &str, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && name != "target" {
            files(&path, ending, found);
        } else if name.ends_with(ending) {
            let shown = path.strip_prefix(repository::root()).unwrap().display().to_string();
            found.push((shown, fs::read_to_string(path).unwrap()));
        }
    }
}

/// What a manifest says to people.
fn texts_of(value: &toml::Value, out: &mut String) {
    match value {
        toml::Value::String(text) => writeln!(out, "{text}\n").unwrap(),
        toml::Value::Array(values) => values.iter().for_each(|value| texts_of(value, out)),
        toml::Value::Table(table) => table.values().for_each(|value| texts_of(value, out)),
        _ => {}
    }
}

#[test]
fn manifests_and_generated_pages_have_no_refused_phrase() {
    let root = repository::root();
    let mut manifests = Vec::new();
    files(&root.join("checks"), "module.toml", &mut manifests);
    files(&root.join("sdk"), "module.toml", &mut manifests);
    files(&root.join("host"), "host_rules.toml", &mut manifests);
    assert!(manifests.len() > 14, "{}", manifests.len());
    for (_, text) in &mut manifests {
        let mut texts = String::new();
        texts_of(&toml::from_str(text).unwrap(), &mut texts);
        *text = texts;
    }
    files(&root.join("docs/rules"), ".md", &mut manifests);
    manifests.push((ACCURACY.to_owned(), fs::read_to_string(root.join(ACCURACY)).unwrap()));
    assert_plain(manifests);
}

/// The help of a command and of all commands below it.
fn help_of(command: &[&str], found: &mut Vec<(String, String)>) {
    let workspace = Workspace::new();
    let answer = Run::new(&workspace, command).arg("--help").go();
    assert_eq!(answer.exit, 0, "{command:?}: {}", answer.stderr);
    let commands = answer.stdout.split_once("\nCommands:\n").map(|(_, rest)| rest.to_owned());
    found.push((format!("chitin {} --help", command.join(" ")), answer.stdout));
    let rest = commands.unwrap_or_default();
    let lines = rest.lines().take_while(|line| !line.is_empty());
    // A name is indented by two; the text that goes on below it by more.
    let names: BTreeSet<&str> = lines
        .filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' ')))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    for name in names {
        help_of(&[command, &[name]].concat(), found);
    }
}

#[test]
fn help_has_no_refused_phrase() {
    let mut texts = Vec::new();
    help_of(&[], &mut texts);
    assert!(texts.len() > 15, "{}", texts.len());
    assert_plain(texts);
}

/// The string literals of a source file, without those of its tests and of comments.
fn literals(source: &str) -> String {
    let source = source.split("#[cfg(test)]\nmod tests").next().unwrap();
    let mut out = String::new();
    let mut rest = source;
    while let Some(at) = rest.find(['"', '/', '\'']) {
        let here = &rest[at..];
        if here.starts_with("//") {
            rest = here.split_once('\n').map_or("", |(_, below)| below);
        } else if here.starts_with('\'') {
            // A character, which may be a quote; otherwise a lifetime.
            let length =
                ["'\"'", "'\\\"'", "'\\''", "'\\\\'"].iter().find(|c| here.starts_with(**c));
            rest = &here[length.map_or(1, |c| c.len())..];
        } else if here.starts_with('"') {
            let hashes = rest[..at].chars().rev().take_while(|c| *c == '#').count();
            let raw = rest[..at - hashes].ends_with('r');
            let end = if raw { raw_end(here, hashes) } else { plain_end(here) };
            writeln!(out, "{}\n", here[1..end].replace("\\\n", "").replace("\\n", " ")).unwrap();
            rest = &here[end + 1..];
        } else {
            rest = &here[1..];
        }
    }
    out
}

fn raw_end(text: &str, hashes: usize) -> usize {
    let mark = format!("\"{}", "#".repeat(hashes));
    text[1..].find(&mark).map_or(text.len() - 1, |at| at + 1)
}

fn plain_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at,
            _ => {}
        }
    }
    text.len() - 1
}

#[test]
fn literals_are_found_and_comments_are_not() {
    let source = "// no \"comment\"\nlet a = \"one \\\"quoted\\\"\"; let b = '\"'; let c = r#\"two \"raw\"\"#; // \"x\"\n#[cfg(test)]\nmod tests { \"y\" }";
    let found: Vec<_> =
        literals(source).lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
    assert_eq!(found, ["one \\\"quoted\\\"", "two \"raw\""]);
}

/// What the sources below a folder can print. Their tests are left out.
fn printed_below(folder: &str) -> Vec<(String, String)> {
    let mut sources = Vec::new();
    files(&repository::root().join(folder), ".rs", &mut sources);
    let of_program = |path: &str| path.contains("/src/") && !path.contains("/tests/");
    sources.retain(|(path, _)| of_program(path) && !path.ends_with("tests.rs"));
    sources.into_iter().map(|(path, text)| (path, literals(&text))).collect()
}

/// Errors, warnings, reports: everything that the program can print is a literal somewhere.
#[test]
fn messages_have_no_refused_phrase() {
    assert_plain(printed_below("host"));
}

#[test]
fn findings_have_no_refused_phrase() {
    assert_plain(printed_below("checks"));
}

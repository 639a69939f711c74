//! Scans one text for the tests and lists the rules that hold.

use chitin_check_code::{Reading, SourceFile, scan};

pub(crate) fn reading(path: &str, text: &str) -> Reading {
    scan(&SourceFile {
        path: path.to_owned(),
        directory: "demo".to_owned(),
        bytes: text.as_bytes().to_vec(),
    })
}

/// OpenClaw's names of the rules that hold, each once.
pub(crate) fn aliases(path: &str, text: &str) -> Vec<&'static str> {
    let mut names: Vec<_> =
        reading(path, text).findings.iter().filter_map(|finding| finding.alias).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The rules that hold, each once.
pub(crate) fn rules(path: &str, text: &str) -> Vec<&'static str> {
    let mut names: Vec<_> =
        reading(path, text).findings.iter().map(|finding| finding.rule).collect();
    names.sort_unstable();
    names.dedup();
    names
}

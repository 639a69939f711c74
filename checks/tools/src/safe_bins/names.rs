//! Names of programs that are not safe binaries, from OpenClaw 2026.9.6, and how names are compared.

use std::collections::BTreeSet;

use chitin_sdk::{Node, text};

/// Sorted, for a binary search.
const INTERPRETERS: &[&str] = &[
    "ash",
    "awk",
    "bash",
    "bun",
    "busybox",
    "cmd",
    "cscript",
    "dash",
    "deno",
    "fish",
    "gawk",
    "gsed",
    "ksh",
    "lua",
    "mawk",
    "nawk",
    "node",
    "nodejs",
    "perl",
    "php",
    "powershell",
    "pwsh",
    "pypy",
    "python",
    "python2",
    "python3",
    "ruby",
    "sed",
    "sh",
    "toybox",
    "wscript",
    "zsh",
];

/// These also match with a version: `ruby2.7`.
const VERSIONED: &[&str] = &["python", "ruby", "perl", "php", "node"];

const WINDOWS_SUFFIXES: &[&str] = &[".exe", ".cmd", ".bat", ".com"];

/// The name of a program: without directories, and without a suffix that Windows adds. Takes lower case.
pub(crate) fn program(bin: &str) -> &str {
    let name = bin.rsplit(['/', '\\']).next().unwrap_or(bin);
    WINDOWS_SUFFIXES.iter().find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(name)
}

/// Whether a program runs code that it is given.
pub(crate) fn is_interpreter(name: &str) -> bool {
    INTERPRETERS.binary_search(&name).is_ok()
        || VERSIONED.iter().any(|base| name.strip_prefix(base).is_some_and(is_version))
}

/// `3` or `3.11`.
fn is_version(text: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once('.') {
        Some((major, minor)) => is_number(major) && is_number(minor),
        None => is_number(text),
    }
}

/// What a program can do besides filtering text, if OpenClaw never treats it as a safe binary.
pub(crate) fn broad(name: &str) -> Option<&'static str> {
    match name {
        "jq" => Some("can read the environment, and load code from modules and startup files"),
        "awk" | "gawk" | "mawk" | "nawk" => {
            Some("can run commands, read the environment and write files")
        }
        "sed" | "gsed" => Some("its scripts can run commands and write files"),
        _ => None,
    }
}

/// The programs that have a profile, whatever it contains.
pub(crate) fn profiled(profiles: &Node<'_>) -> BTreeSet<String> {
    let objects = profiles.members().into_iter().filter(|(_, profile)| profile.is_object());
    objects.map(|(name, _)| text::trim(name).to_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted() {
        assert!(INTERPRETERS.is_sorted());
    }

    #[test]
    fn versions_have_at_most_one_point() {
        for name in ["python3", "python3.11", "node20", "perl5.36", "ruby2", "php8.3"] {
            assert!(is_interpreter(name), "{name}");
        }
        for name in ["python3.11.2", "python3.", "python.3", "pythonx", "lua5.4", "jq", ""] {
            assert!(!is_interpreter(name), "{name}");
        }
    }

    #[test]
    fn one_suffix_goes() {
        assert_eq!(program("a.exe.cmd"), "a.exe");
        assert_eq!(program(r"c:\x/y.com"), "y");
        assert_eq!(program("/"), "");
    }
}

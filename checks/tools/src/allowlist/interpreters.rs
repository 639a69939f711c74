//! Which allowlist patterns name a program that runs code or commands from its arguments. Shells are not among them:
//! OpenClaw checks their command lines itself.

use chitin_sdk::text;

/// Sorted, for a binary search.
const NAMES: &[&str] = &[
    "awk",
    "bun",
    "clj",
    "clojure",
    "deno",
    "elixir",
    "erl",
    "expect",
    "find",
    "gawk",
    "gdb",
    "ghc",
    "ghci",
    "gmake",
    "groovy",
    "gsed",
    "guile",
    "iex",
    "julia",
    "lua",
    "make",
    "mawk",
    "nawk",
    "node",
    "nodejs",
    "osascript",
    "perl",
    "perl6",
    "php",
    "pypy",
    "pypy3",
    "python",
    "python2",
    "python3",
    "r",
    "raku",
    "rscript",
    "ruby",
    "scala",
    "scala-cli",
    "sed",
    "werl",
    "xargs",
];

const WINDOWS_SUFFIXES: &[&str] = &[".exe", ".cmd", ".bat", ".com"];

/// Whether a pattern names an interpreter, with or without directories, wildcards, a version or a suffix.
pub(crate) fn is_named_by(pattern: &str) -> bool {
    let pattern = text::trim(pattern).to_lowercase();
    is_interpreter(executable(&pattern)) || is_interpreter(&without_wildcards(&pattern))
}

/// The name of a program file: the last part of a path, without a suffix that Windows adds.
fn executable(pattern: &str) -> &str {
    let path = pattern.trim_end_matches(['/', '\\']);
    let name = match path.rsplit_once(['/', '\\']) {
        Some((_, name)) => name,
        None => without_drive(path),
    };
    WINDOWS_SUFFIXES.iter().find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(name)
}

/// `c:python` is a path too.
fn without_drive(path: &str) -> &str {
    path.split_once(':')
        .filter(|(drive, _)| {
            drive.len() == 1 && drive.starts_with(|c: char| c.is_ascii_alphabetic())
        })
        .map_or(path, |(_, name)| name)
}

/// The last part of a path pattern without its wildcards: `python3.*` is `python3`.
fn without_wildcards(pattern: &str) -> String {
    let name = pattern.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = name.strip_suffix(".exe").unwrap_or(name);
    let name = name.replace(['*', '?', '[', ']', '{', '}', '(', ')'], "");
    name.trim_end_matches(['.', '-']).to_owned()
}

fn is_interpreter(name: &str) -> bool {
    let is_listed = |name: &str| NAMES.binary_search(&name).is_ok();
    is_listed(name) || without_version(name).is_some_and(is_listed)
}

/// `python` of `python3.11`, `node` of `node-20`. None without a version, or if only one letter is left.
fn without_version(name: &str) -> Option<&str> {
    let mut rest = without_digits(name)?;
    while let Some(longer) = rest.strip_suffix('.').and_then(without_digits) {
        rest = longer;
    }
    let rest = rest.strip_suffix('-').unwrap_or(rest);
    (text::utf16_len(rest) >= 2).then_some(rest)
}

fn without_digits(text: &str) -> Option<&str> {
    let rest = text.trim_end_matches(|c: char| c.is_ascii_digit());
    (rest.len() < text.len()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted() {
        assert!(NAMES.is_sorted());
        assert_eq!(NAMES.len(), 43);
    }

    #[test]
    fn patterns_that_name_an_interpreter() {
        for pattern in [
            "/usr/bin/python3",
            "/usr/bin/python*",
            "**/python3.*",
            "ruby2.7",
            "python3.11.2",
            "node-20",
            " /opt/Node/ ",
            r"C:\Python\python.exe",
            "c:python.cmd",
            "scala-cli",
            "perl{5}",
            "r",
            "/usr/bin/xargs",
            "[n]ode",
            "python-",
        ] {
            assert!(is_named_by(pattern), "{pattern}");
        }
    }

    #[test]
    fn patterns_that_name_none() {
        for pattern in [
            "/opt/homebrew/bin/*",
            "/bin/bash",
            "/usr/bin/env",
            "/usr/bin/rg",
            "r4",
            "pythonic",
            "/",
            "*",
            "",
            "7",
            "1.2",
        ] {
            assert!(!is_named_by(pattern), "{pattern}");
        }
    }
}

//! The files that a plugin declares as its entries, in `openclaw.extensions` of its `package.json`, and where they are.
//! Paths are resolved as text; links are not followed here.

use chitin_scan_findings::joined;
use chitin_sdk::{Content, Format, Host, Kind, Node, Refusal, Tree, Value, text};

const FILE: &str = "package.json";
const PLUGIN_MANIFEST: &str = "openclaw.plugin.json";
/// What OpenClaw 2026.9.6 reads of a manifest.
const MAX_BYTES: u32 = 1_048_576;

/// What a manifest declares.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Declared {
    Entries(Vec<String>),
    /// The entries are unknown, for this reason.
    Unknown(String),
}

/// The entries of a plugin, trimmed and without blanks.
pub(crate) fn declared(host: &dyn Host, root: &str, plugin: &str) -> Result<Declared, Refusal> {
    let path = joined(plugin, FILE);
    let unknown = |reason: &str| Ok(Declared::Unknown(reason.to_owned()));
    match host.stat(root, &path) {
        Ok(None) => return Ok(Declared::Entries(Vec::new())),
        Ok(Some(metadata)) => match metadata.kind {
            Kind::File => {}
            Kind::Directory => return unknown("it is a directory"),
            Kind::Symlink => return unknown("it is a symbolic link"),
            Kind::Special => return unknown("it is not a regular file"),
        },
        Err(Refusal::Unavailable(reason)) => return unknown(&reason),
        Err(refusal) => return Err(refusal),
    }
    match host.read(root, &path, Format::Json, MAX_BYTES) {
        Ok(Content::Text(json)) => Ok(entries_in(&json)),
        Ok(Content::Missing) => Ok(Declared::Entries(Vec::new())),
        Ok(Content::NotAFile) => unknown("it is not a regular file"),
        Ok(Content::TooLarge) => unknown("it is larger than 1048576 bytes"),
        Ok(Content::Malformed) => match host.read(root, &path, Format::Text, MAX_BYTES) {
            // Without a text nothing is declared.
            Ok(Content::Text(text)) if text::trim(&text).is_empty() => {
                Ok(Declared::Entries(Vec::new()))
            }
            _ => unknown("it is not valid JSON"),
        },
        Ok(Content::Unreadable(reason)) | Err(Refusal::Unavailable(reason)) => unknown(&reason),
        Err(refusal) => Err(refusal),
    }
}

fn entries_in(json: &str) -> Declared {
    let manifest: Value = chitin_sdk::serde_json::from_str(json).unwrap_or_default();
    let manifest = Tree::new("", Some(manifest));
    let list = manifest.at(["openclaw", "extensions"]);
    // Such a path cannot be passed to the scan, and must not be skipped silently.
    let is_hidden = |item: &Node<'_>| {
        item.seal().is_some() || item.as_str().is_some_and(|entry| entry.contains("[sealed]"))
    };
    if list.items().iter().any(is_hidden) {
        return Declared::Unknown("an entry looks like a secret and is not shown".to_owned());
    }
    Declared::Entries(list.strings().into_iter().map(str::to_owned).collect())
}

/// Directories that the plugin declares for its skills and that a scan of the plugin leaves out, relative to it.
pub(crate) fn hidden_skills(
    host: &dyn Host,
    root: &str,
    plugin: &str,
) -> Result<Vec<String>, Refusal> {
    let path = joined(plugin, PLUGIN_MANIFEST);
    let Content::Text(json) = host.read(root, &path, Format::Json, MAX_BYTES)? else {
        return Ok(Vec::new());
    };
    let manifest: Value = chitin_sdk::serde_json::from_str(&json).unwrap_or_default();
    let manifest = Tree::new("", Some(manifest));
    let base = host.describe(root, plugin)?;
    Ok(manifest
        .at(["skills"])
        .strings()
        .into_iter()
        .filter(|declared| is_skipped(declared))
        .filter_map(|declared| inside(&base, declared))
        .filter(|relative| is_skipped(relative))
        .collect())
}

/// Whether a path has a part that a scan skips: hidden names and `node_modules`.
pub(crate) fn is_skipped(path: &str) -> bool {
    path.split(['/', '\\']).any(|segment| {
        segment == "node_modules" || segment.starts_with('.') && !matches!(segment, "." | "..")
    })
}

/// The path of an entry below the base; empty for the base itself, none for a path outside it.
pub(crate) fn inside(base: &str, entry: &str) -> Option<String> {
    // A base that does not begin with a slash is a Windows path, where both characters separate.
    let separators: &[char] = if base.starts_with('/') { &['/'] } else { &['/', '\\'] };
    let base: Vec<&str> = base.split(separators).filter(|part| !part.is_empty()).collect();
    let drive = base.first().is_some_and(|first| first.ends_with(':'));
    let is_absolute = entry.starts_with(separators)
        || drive && entry.as_bytes().get(1).is_some_and(|byte| *byte == b':');
    let mut resolved = if is_absolute { Vec::new() } else { base.clone() };
    for part in entry.split(separators) {
        match part {
            "" | "." => {}
            ".." => {
                resolved.pop();
            }
            part => resolved.push(part),
        }
    }
    resolved.strip_prefix(base.as_slice()).map(|below| below.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_inside_by_its_text() {
        for (entry, expected) in [
            ("index.js", Some("index.js")),
            ("./dist/index.js", Some("dist/index.js")),
            ("a/../b.js", Some("b.js")),
            ("..foo/x.js", Some("..foo/x.js")),
            ("../p/x.js", Some("x.js")),
            ("/s/extensions/p/x.js", Some("x.js")),
            ("/s/extensions/p/../p/./x.js", Some("x.js")),
            (".", Some("")),
            ("..", None),
            ("../outside.js", None),
            ("../p2/x.js", None),
            ("a/../../x.js", None),
            ("/etc/x.js", None),
            ("/s/extensions/pp/x.js", None),
            ("/", None),
        ] {
            assert_eq!(inside("/s/extensions/p", entry).as_deref(), expected, "{entry}");
        }
        assert_eq!(inside("/", "x").as_deref(), Some("x"));
        assert_eq!(inside(r"C:\s\p", r"dist\x.js").as_deref(), Some("dist/x.js"));
        assert_eq!(inside(r"C:\s\p", r"..\x.js"), None);
        assert_eq!(inside(r"C:\s\p", r"D:\x.js"), None);
    }

    #[test]
    fn a_path_is_skipped_by_a_segment() {
        for path in [
            ".hidden/index.js",
            "dist/node_modules/x.js",
            "./.a/b.js",
            "..foo/x.js",
            r"a\.b\c.js",
            ".x.js",
            "node_modules",
        ] {
            assert!(is_skipped(path), "{path}");
        }
        for path in
            ["./dist/index.js", "dist/../src/i.js", "a.b/c", "node_modules2/x", "../x.js", ""]
        {
            assert!(!is_skipped(path), "{path}");
        }
    }
}

//! The files that a plugin's `package.json` has OpenClaw load.

use serde_json::Value;

use super::request::NamedFile;
use chitin_fs::tree::{LinkPolicy, Lookup, Tree};

const MANIFEST: &str = "package.json";
const MAX_SIZE: u64 = 4 << 20;
/// No plugin has more entries than this.
const MAX_ENTRIES: usize = 10_000;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What `package.json` says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Package {
    /// The entries of `openclaw.extensions`. They are read wherever they are below the tree, but never outside of it:
    /// anyone may have written the file.
    pub(super) entries: Vec<NamedFile>,
    /// Why entries may be missing here.
    pub(super) problem: Option<String>,
}

impl Package {
    pub(super) fn of(tree: &dyn Tree) -> Self {
        let Ok(Lookup::File(_)) = tree.lookup(MANIFEST, LinkPolicy::StayInside) else {
            return Self::default();
        };
        match tree.small(MANIFEST, MAX_SIZE) {
            Some(bytes) => Self::parse(&bytes),
            None => Self::unknown(&format!("it cannot be read, or has more than {MAX_SIZE} bytes")),
        }
    }

    fn parse(bytes: &[u8]) -> Self {
        let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        let document: Value = match serde_json::from_slice(text) {
            Ok(document) => document,
            Err(error) => return Self::unknown(&format!("it is not valid JSON ({error})")),
        };
        let extensions = document.pointer("/openclaw/extensions").and_then(Value::as_array);
        let paths: Vec<&str> = extensions.into_iter().flatten().filter_map(Value::as_str).collect();
        let named =
            |path: &&str| NamedFile { path: (*path).to_owned(), links: LinkPolicy::StayInside };
        let problem = (paths.len() > MAX_ENTRIES)
            .then(|| format!("it has {} entries; the first {MAX_ENTRIES} are read", paths.len()));
        Self { entries: paths.iter().take(MAX_ENTRIES).map(named).collect(), problem }
    }

    fn unknown(reason: &str) -> Self {
        let problem = format!("{reason}, so the entries that OpenClaw would load are not known");
        Self { entries: Vec::new(), problem: Some(problem) }
    }

    /// The problem as something that was not scanned.
    pub(super) fn left_out(&self) -> Option<(&'static str, &str)> {
        self.problem.as_deref().map(|problem| (MANIFEST, problem))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(package: &Package) -> Vec<&str> {
        package.entries.iter().map(|entry| entry.path.as_str()).collect()
    }

    #[test]
    fn a_byte_order_mark_hides_no_entry() {
        let package =
            Package::parse("\u{feff}{\"openclaw\":{\"extensions\":[\"a.js\"]}}".as_bytes());
        assert_eq!((names(&package), &package.problem), (vec!["a.js"], &None));
    }

    #[test]
    fn entries_after_many_others_are_there() {
        let list: Vec<String> = (0..5000).map(|number| format!("{number}.js")).collect();
        let json = serde_json::json!({"openclaw": {"extensions": list}}).to_string();
        let package = Package::parse(json.as_bytes());
        assert_eq!(names(&package).last(), Some(&"4999.js"));
        assert_eq!(package.problem, None);
    }

    #[test]
    fn more_entries_than_the_limit_are_told() {
        let list = vec!["a.js"; MAX_ENTRIES + 1];
        let json = serde_json::json!({"openclaw": {"extensions": list}}).to_string();
        let package = Package::parse(json.as_bytes());
        assert_eq!(package.entries.len(), MAX_ENTRIES);
        assert!(package.problem.is_some_and(|problem| problem.contains("10001 entries")));
    }

    #[test]
    fn a_manifest_that_is_not_json_is_told() {
        let package = Package::parse(b"{oops");
        assert!(package.problem.is_some_and(|problem| problem.contains("not valid JSON")));
    }
}

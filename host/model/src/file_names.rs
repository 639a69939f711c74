//! Which files a scanner reads, by their names.

use serde::Deserialize;

const MAX_NAMES: usize = 200;
const MAX_LENGTH: usize = 64;

/// Endings (`.js`) and whole names (`SKILL.md`), as a scanner's manifest lists them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileNames {
    /// Files of code.
    #[serde(default)]
    pub code: Vec<String>,
    /// Documents and manifests, which are read as text.
    #[serde(default)]
    pub text: Vec<String>,
}

/// What a scanner makes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Code,
    /// A document that is named in full, and counts among the scanned files.
    Document,
    /// Any other text.
    Text,
}

impl FileNames {
    pub(super) fn check(&self) -> Result<(), &'static str> {
        let mut names = self.code.iter().chain(&self.text);
        if self.code.len() + self.text.len() > MAX_NAMES {
            return Err("more than 200 names");
        }
        let well_formed = |name: &String| {
            let bare = name.strip_prefix('.').unwrap_or(name);
            (1..=MAX_LENGTH).contains(&bare.len())
                && bare.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
                && !bare.starts_with('.')
                // Only the last ending of a file's name is looked at.
                && (bare.len() == name.len() || !bare.contains('.'))
        };
        if names.all(well_formed) {
            Ok(())
        } else {
            Err("a name is an ending like `.js` or a whole name like `SKILL.md`")
        }
    }

    /// What a file of this name is to the scanner; none when it is not read.
    pub fn role(&self, name: &str) -> Option<Role> {
        // As Node has it: a name that only begins with a dot has no ending.
        let ending = name.rfind('.').filter(|at| *at > 0).and_then(|at| name.get(at..));
        let is_ending =
            |listed: &String| ending.is_some_and(|ending| ending.eq_ignore_ascii_case(listed));
        let is_whole = |listed: &String| !listed.starts_with('.') && listed == name;
        if self.code.iter().any(|listed| is_ending(listed) || is_whole(listed)) {
            Some(Role::Code)
        } else if self.text.iter().any(is_whole) {
            Some(Role::Document)
        } else if self.text.iter().any(is_ending) {
            Some(Role::Text)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> FileNames {
        let own = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect();
        FileNames { code: own(&[".js", ".d"]), text: own(&["SKILL.md", ".md"]) }
    }

    #[test]
    fn the_last_ending_counts_in_any_case() {
        for (name, role) in [
            ("a.js", Some(Role::Code)),
            ("FILE.JS", Some(Role::Code)),
            ("a.min.js", Some(Role::Code)),
            ("run.js.txt", None),
            (".js", None),
            ("js", None),
            ("SKILL.md", Some(Role::Document)),
            ("skill.md", Some(Role::Text)),
            ("README.md", Some(Role::Text)),
            ("logo.png", None),
        ] {
            assert_eq!(names().role(name), role, "{name}");
        }
    }

    #[test]
    fn malformed_names_are_refused() {
        assert_eq!(names().check(), Ok(()));
        for name in ["", ".", "..", "a/b", ".tar.gz", "../x", "a b", &"x".repeat(65)] {
            let names = FileNames { code: vec![name.to_owned()], text: Vec::new() };
            assert!(names.check().is_err(), "{name}");
        }
    }
}

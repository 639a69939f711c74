//! The rules for a path below a root. Text only: nothing here looks at the disk.

use std::path::Path;

use thiserror::Error;

/// Longer and deeper paths than these are not opened.
const MAX_BYTES: usize = 4096;
const MAX_SEGMENTS: usize = 64;

/// Which rule a path below a root breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PathRuleError {
    #[error("it is longer than 4096 bytes")]
    TooLong,
    #[error("it is absolute")]
    Absolute,
    #[error("it contains a NUL byte")]
    Nul,
    #[error("it contains a replacement character, which stands for a name that is not UTF-8")]
    NotUtf8,
    #[error("it contains a character that separates paths on Windows")]
    Separator,
    #[error("it contains an empty segment")]
    EmptySegment,
    #[error("it contains a `.` segment")]
    CurrentSegment,
    #[error("it contains a `..` segment")]
    ParentSegment,
    #[error("it is deeper than 64 segments")]
    TooDeep,
}

/// A path that cannot name anything above its root. The empty one is the root itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct RelativePath<'a>(&'a str);

impl<'a> RelativePath<'a> {
    /// The error says which rule the text breaks.
    pub(super) fn parse(text: &'a str) -> Result<Self, PathRuleError> {
        if text.is_empty() {
            return Ok(Self(text));
        }
        if text.len() > MAX_BYTES {
            return Err(PathRuleError::TooLong);
        }
        if text.starts_with('/') {
            return Err(PathRuleError::Absolute);
        }
        if text.contains('\0') {
            return Err(PathRuleError::Nul);
        }
        // A listing shows a name that is not UTF-8 with this character. Another file could really have the name that is
        // written so; neither is opened.
        if text.contains(char::REPLACEMENT_CHARACTER) {
            return Err(PathRuleError::NotUtf8);
        }
        if cfg!(windows) && text.contains(['\\', ':']) {
            return Err(PathRuleError::Separator);
        }
        for (index, segment) in text.split('/').enumerate() {
            match segment {
                "" => return Err(PathRuleError::EmptySegment),
                "." => return Err(PathRuleError::CurrentSegment),
                ".." => return Err(PathRuleError::ParentSegment),
                _ if index == MAX_SEGMENTS => return Err(PathRuleError::TooDeep),
                _ => {}
            }
        }
        Ok(Self(text))
    }

    pub(super) fn is_root(self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn as_path(self) -> &'a Path {
        Path::new(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_plain_paths() {
        for text in ["", "a", "a/b", "..a", "a..", "...", "a b/c\n", "é", ".hidden/x"] {
            assert!(RelativePath::parse(text).is_ok(), "{text:?}");
        }
        assert!(RelativePath::parse(&["a"; 64].join("/")).is_ok());
        assert!(RelativePath::parse(&"a".repeat(4096)).is_ok());
    }

    #[test]
    fn names_the_rule_that_is_broken() {
        let deep = ["a"; 65].join("/");
        let long = "a".repeat(4097);
        for (text, part) in [
            ("/", "absolute"),
            ("/etc", "absolute"),
            ("..", "`..`"),
            ("a/../b", "`..`"),
            ("a/..", "`..`"),
            (".", "`.` segment"),
            ("a/./b", "`.` segment"),
            ("a//b", "empty segment"),
            ("a/", "empty segment"),
            ("a\0b", "NUL"),
            ("a\u{fffd}b", "replacement character"),
            (deep.as_str(), "64 segments"),
            (long.as_str(), "4096 bytes"),
        ] {
            let reason = RelativePath::parse(text).unwrap_err().to_string();
            assert!(reason.contains(part), "{text:?}: {reason}");
        }
    }
}

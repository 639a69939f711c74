//! Paths as text, without a look at the disk.

use std::path::{Component, Path, PathBuf};

/// A path without `.` and `..`; the latter goes back to the directory that is written before it.
pub fn normalized(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalizes() {
        let cases = [
            ("/a/./b//c/", "/a/b/c"),
            ("/a/../../b", "/b"),
            ("/", "/"),
            ("/a/..", "/"),
            ("/a/...", "/a/..."),
        ];
        for (path, expected) in cases {
            assert_eq!(normalized(Path::new(path)), Path::new(expected), "{path}");
        }
    }
}

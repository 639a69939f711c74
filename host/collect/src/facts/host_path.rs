//! Paths of the host as OpenClaw 2026.9.6 compares them for sandbox mounts: their normal form, and where they lead.
//!
//! Only link targets are read here, never content.

use std::ffi::OsString;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Paths longer than this lead nowhere, so their links are not looked for.
const MAX_BYTES: usize = 4096;
/// As many links in a row as Linux follows.
const MAX_LINKS: usize = 40;

/// An absolute path in normal form: no `.`, `..`, double or trailing slash; a drive letter in upper case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HostPath(String);

impl HostPath {
    /// None when the path is not absolute.
    pub(super) fn parse(raw: &str) -> Option<Self> {
        let (path, is_namespaced) = without_namespace(raw);
        if let Some((drive, rest)) = split_drive(&path) {
            let rest = normal_form(&rest.replace('\\', "/"));
            return Some(Self(format!("{}:{rest}", drive.to_ascii_uppercase())));
        }
        if !path.starts_with('/') {
            return None;
        }
        let backslashes_separate = cfg!(windows) || is_namespaced;
        Some(Self(if backslashes_separate {
            normal_form(&path.replace('\\', "/"))
        } else {
            normal_form(&path)
        }))
    }

    pub(super) fn into_string(self) -> String {
        self.0
    }

    pub(super) fn is_file_system_root(&self) -> bool {
        self.0 == "/"
    }

    /// Where the path leads on this machine. What does not exist stays as it is written, so a link counts even when nothing
    /// is at its end yet.
    pub(super) fn resolve(&self) -> Self {
        let foreign = split_drive(&self.0).is_some() != cfg!(windows);
        if foreign || self.0.len() > MAX_BYTES {
            return self.clone();
        }
        resolve(Path::new(&self.0))
            .and_then(|path| Self::parse(&path.to_string_lossy()))
            .unwrap_or_else(|| self.clone())
    }
}

/// None when there are too many links on the path.
fn resolve(path: &Path) -> Option<PathBuf> {
    let mut resolved = PathBuf::new();
    let mut pending = Vec::new();
    let mut links = 0;
    enter(path, &mut resolved, &mut pending);
    while let Some(segment) = pending.pop() {
        if segment == ".." {
            resolved.pop();
            continue;
        }
        let next = resolved.join(&segment);
        match fs::read_link(&next) {
            Ok(target) => {
                links += 1;
                if links > MAX_LINKS {
                    return None;
                }
                enter(&target, &mut resolved, &mut pending);
            }
            // Not a link, or nothing, or something that may not be looked at.
            Err(_) => resolved = next,
        }
    }
    Some(resolved)
}

/// Puts the segments of a path in front of those that are still to be walked. An absolute one starts over.
fn enter(path: &Path, resolved: &mut PathBuf, pending: &mut Vec<OsString>) {
    if path.is_absolute() {
        resolved.clear();
    }
    for component in path.components().rev() {
        match component {
            Component::Normal(_) | Component::ParentDir => {
                pending.push(component.as_os_str().to_owned());
            }
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir => {
                *resolved = Path::new(component.as_os_str()).join(&resolved);
            }
        }
    }
}

/// The path without the prefix of a Windows namespace, and whether there was one.
fn without_namespace(raw: &str) -> (String, bool) {
    for (prefix, unc, unc_root) in [(r"\\?\", r"UNC\", r"\\"), ("//?/", "UNC/", "//")] {
        let Some(rest) = raw.strip_prefix(prefix) else { continue };
        return match rest.split_at_checked(unc.len()) {
            Some((start, share)) if start.eq_ignore_ascii_case(unc) => {
                (format!("{unc_root}{share}"), true)
            }
            _ => (rest.to_owned(), true),
        };
    }
    (raw.to_owned(), false)
}

/// The drive letter and the rest, which begins with a separator.
pub(super) fn split_drive(path: &str) -> Option<(char, &str)> {
    let mut chars = path.chars();
    let drive = chars.next().filter(char::is_ascii_alphabetic)?;
    let rest = chars.as_str().strip_prefix(':')?;
    rest.starts_with(['/', '\\']).then_some((drive, rest))
}

/// Of a path that begins with a slash.
fn normal_form(path: &str) -> String {
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            other => segments.push(other),
        }
    }
    format!("/{}", segments.join("/"))
}

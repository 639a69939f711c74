//! The search for skills below a workspace's `skills` directory: breadth first, each real directory once, within
//! limits. It tells what it saw; what that means is not decided here.

use std::collections::{BTreeSet, VecDeque};

use chitin_sdk::{Entry, Host, Kind, Link, Metadata, Refusal, Root};

/// Where a workspace keeps its skills.
pub(crate) const SKILLS: &str = "skills";
/// The file that makes a directory a skill.
const SKILL_FILE: &str = "SKILL.md";

/// How far a search goes. Both are tested between directories.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) skills: usize,
    /// Directories taken from the queue, also those that turn out to be known already.
    pub(crate) steps: usize,
}

impl Limits {
    /// Those of OpenClaw 2026.9.6.
    pub(crate) const DEFAULT: Self = Self { skills: 2_000, steps: 40_000 };
}

/// A link that makes a skill of something outside the workspace.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Escape {
    /// The link, relative to the workspace.
    pub(crate) path: String,
    /// Where it leads.
    pub(crate) target: String,
}

/// Why a part of the tree was not searched.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Gap {
    /// A limit ended the search with this many directories waiting.
    Waiting(usize),
    /// Only the beginning of this directory was listed.
    Long(String),
    /// The place, and the reason why there was no answer.
    Unreadable(String, String),
}

/// What a search found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) escapes: Vec<Escape>,
    pub(crate) gaps: Vec<Gap>,
}

/// Searches the `skills` directory of one workspace.
///
/// When `skills` is itself a link, `OpenClaw` does not search it; that it leads out of the workspace is still seen.
pub(crate) fn workspace(host: &dyn Host, root: &Root, limits: Limits) -> Result<Found, Refusal> {
    let mut search = Search::new(host, root, limits);
    match host.stat(&root.name, SKILLS) {
        Ok(Some(Metadata { kind: Kind::Directory, .. })) => search.run(),
        Ok(Some(Metadata { link: Some(link), .. }))
            if !link.inside && link.target_kind == Some(Kind::Directory) =>
        {
            search.escape(SKILLS.to_owned(), link);
        }
        Ok(_) => {}
        // What no workspace may be asked has not been searched at all, and is no gap in a search.
        Err(refusal @ Refusal::NotGranted(_)) => return Err(refusal),
        Err(refusal) => search.unreadable(SKILLS, &refusal),
    }
    Ok(search.found)
}

/// A directory that waits to be searched.
struct Directory {
    /// Relative to the workspace.
    path: String,
    /// The real path, as far as the host told it.
    real: String,
}

struct Search<'a> {
    host: &'a dyn Host,
    root: &'a Root,
    limits: Limits,
    queue: VecDeque<Directory>,
    visited: BTreeSet<String>,
    skills: usize,
    found: Found,
}

impl<'a> Search<'a> {
    fn new(host: &'a dyn Host, root: &'a Root, limits: Limits) -> Self {
        let start = Directory { path: SKILLS.to_owned(), real: format!("{}/{SKILLS}", root.path) };
        Self {
            host,
            root,
            limits,
            queue: VecDeque::from([start]),
            visited: BTreeSet::new(),
            skills: 0,
            found: Found::default(),
        }
    }

    fn run(&mut self) {
        for _ in 0..self.limits.steps {
            if self.skills >= self.limits.skills {
                break;
            }
            let Some(directory) = self.queue.pop_front() else { break };
            if self.visited.insert(directory.real.clone()) {
                self.enter(&directory);
            }
        }
        if !self.queue.is_empty() {
            self.found.gaps.push(Gap::Waiting(self.queue.len()));
        }
    }

    fn enter(&mut self, directory: &Directory) {
        let listing = match self.host.list(&self.root.name, &directory.path) {
            Ok(Some(listing)) => listing,
            Ok(None) => return,
            Err(refusal) => return self.unreadable(&directory.path, &refusal),
        };
        if !listing.complete {
            self.found.gaps.push(Gap::Long(directory.path.clone()));
        }
        for entry in &listing.entries {
            if !entry.name.starts_with('.') && entry.name != "node_modules" {
                self.entry(directory, entry);
            }
        }
    }

    fn entry(&mut self, directory: &Directory, entry: &Entry) {
        let path = format!("{}/{}", directory.path, entry.name);
        match entry.kind {
            Kind::Directory => {
                let real = format!("{}/{}", directory.real, entry.name);
                self.queue.push_back(Directory { path, real });
            }
            Kind::Symlink => match self.host.stat(&self.root.name, &path) {
                Ok(Some(Metadata { link: Some(link), .. })) => self.link(path, &entry.name, link),
                Ok(_) => {}
                Err(refusal) => self.unreadable(&path, &refusal),
            },
            Kind::File if entry.name == SKILL_FILE => self.skills += 1,
            Kind::File | Kind::Special => {}
        }
    }

    /// A link whose end does not exist has no kind there and is left alone.
    fn link(&mut self, path: String, name: &str, link: Link) {
        match link.target_kind {
            Some(Kind::Directory) if link.inside => {
                let real = link.resolved.unwrap_or_else(|| path.clone());
                self.queue.push_back(Directory { path, real });
            }
            // The host does not look behind a link that leaves the workspace, so whether there are skills cannot be
            // known; OpenClaw would enter it.
            Some(Kind::Directory) => self.escape(path, link),
            Some(Kind::File) if name == SKILL_FILE => {
                self.skills += 1;
                if !link.inside {
                    self.escape(path, link);
                }
            }
            _ => {}
        }
    }

    fn escape(&mut self, path: String, link: Link) {
        let target = link.resolved.unwrap_or(link.target);
        self.found.escapes.push(Escape { path, target });
    }

    fn unreadable(&mut self, path: &str, refusal: &Refusal) {
        self.found.gaps.push(Gap::Unreadable(path.to_owned(), refusal.reason().to_owned()));
    }
}

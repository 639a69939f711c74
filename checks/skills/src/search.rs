//! The search for skills below a workspace's `skills` directory: breadth first, each real directory once, within
//! limits. It reports what it found; what that means is not decided here.

use std::collections::{BTreeSet, VecDeque};

use chitin_scan_findings::joined;
use chitin_sdk::{Entry, Host, Kind, Link, Metadata, Refusal, Root};

use crate::discover::relative;

/// The beginning of the names of roots that links in a workspace's skills lead to.
const LINK_TARGETS: &str = "link-target:";
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

/// A link to a skill outside the workspace.
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
    /// The directory, and why it could not be listed.
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
pub(crate) fn workspace(
    host: &dyn Host,
    root: &Root,
    roots: &[Root],
    limits: Limits,
) -> Result<Found, Refusal> {
    let mut search = Search::new(host, root, roots, limits);
    match host.stat(&root.name, SKILLS) {
        Ok(Some(Metadata { kind: Kind::Directory, .. })) => search.run(),
        Ok(Some(Metadata { link: Some(link), .. }))
            if !link.inside && link.target_kind == Some(Kind::Directory) =>
        {
            search.escape(SKILLS.to_owned(), link.resolved.unwrap_or(link.target));
        }
        Ok(_) => {}
        // Without the grant nothing was searched at all, so it is not a gap in a search.
        Err(refusal @ Refusal::NotGranted(_)) => return Err(refusal),
        Err(refusal) => search.unreadable(SKILLS, &refusal),
    }
    Ok(search.found)
}

/// A directory that waits to be searched.
struct Directory {
    /// As it was reached, relative to the workspace.
    path: String,
    /// The real path, if the host reported it.
    real: String,
    /// The root, and the path below it, by which the host is asked.
    at: (String, String),
    side: Side,
}

/// Whether something is really inside or outside the workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Inside,
    Outside,
}

impl Directory {
    fn below(&self, name: &str) -> Self {
        Self {
            path: format!("{}/{name}", self.path),
            real: format!("{}/{name}", self.real),
            at: (self.at.0.clone(), joined(&self.at.1, name)),
            side: self.side,
        }
    }
}

struct Search<'a> {
    host: &'a dyn Host,
    root: &'a Root,
    roots: &'a [Root],
    limits: Limits,
    queue: VecDeque<Directory>,
    visited: BTreeSet<String>,
    skills: usize,
    found: Found,
}

impl<'a> Search<'a> {
    fn new(host: &'a dyn Host, root: &'a Root, roots: &'a [Root], limits: Limits) -> Self {
        let start = Directory {
            path: SKILLS.to_owned(),
            real: format!("{}/{SKILLS}", root.path),
            at: (root.name.clone(), SKILLS.to_owned()),
            side: Side::Inside,
        };
        Self {
            host,
            root,
            roots,
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
        let listing = match self.host.list(&directory.at.0, &directory.at.1) {
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
        let below = directory.below(&entry.name);
        match entry.kind {
            Kind::Directory => self.queue.push_back(below),
            Kind::Symlink => match self.host.stat(&below.at.0, &below.at.1) {
                Ok(Some(Metadata { link: Some(link), .. })) => self.link(below, &entry.name, link),
                Ok(_) => {}
                Err(refusal) => self.unreadable(&below.path, &refusal),
            },
            Kind::File if entry.name == SKILL_FILE => {
                self.skills += 1;
                if directory.side == Side::Outside {
                    self.escape(below.path, below.real);
                }
            }
            Kind::File | Kind::Special => {}
        }
    }

    /// A link whose end does not exist has no kind there and is left alone.
    fn link(&mut self, below: Directory, name: &str, link: Link) {
        let side = self.side(&below, &link);
        let target = link.resolved.unwrap_or(link.target);
        match link.target_kind {
            Some(Kind::Directory) if link.inside => {
                self.queue.push_back(Directory { real: target, side, ..below });
            }
            Some(Kind::Directory) if side == Side::Outside => match self.behind(&target) {
                Some(at) => self.queue.push_back(Directory { real: target, at, side, ..below }),
                // The host does not look there, so whether there are skills cannot be known; OpenClaw would enter it.
                None => self.escape(below.path, target),
            },
            Some(Kind::File) if name == SKILL_FILE => {
                self.skills += 1;
                if side == Side::Outside {
                    self.escape(below.path, target);
                }
            }
            _ => {}
        }
    }

    /// Where a link leads. One that was found outside may lead back into the workspace.
    fn side(&self, below: &Directory, link: &Link) -> Side {
        let resolved = link.resolved.as_deref().unwrap_or_default();
        let is_inside = if below.at.0 == self.root.name {
            link.inside
        } else {
            relative(&self.root.path, resolved).is_some()
        };
        if is_inside { Side::Inside } else { Side::Outside }
    }

    /// The place by which the host shows a directory outside of the workspace, if it does.
    fn behind(&self, target: &str) -> Option<(String, String)> {
        let mut targets = self.roots.iter().filter(|root| root.name.starts_with(LINK_TARGETS));
        targets.find_map(|root| Some((root.name.clone(), relative(&root.path, target)?.to_owned())))
    }

    fn escape(&mut self, path: String, target: String) {
        self.found.escapes.push(Escape { path, target });
    }

    fn unreadable(&mut self, path: &str, refusal: &Refusal) {
        self.found.gaps.push(Gap::Unreadable(path.to_owned(), refusal.reason().to_owned()));
    }
}

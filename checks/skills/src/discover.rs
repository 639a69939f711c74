//! The skills below one root, found as OpenClaw 2026.9.6 finds them, and every reason why a part of the root was not
//! searched. The name of a skill, and whether it is loaded, is not decided here.

use std::collections::{BTreeSet, VecDeque};

use chitin_scan_findings::{cut, joined};
use chitin_sdk::{Entry, Host, Kind, Link, Metadata, Refusal, Root};

use crate::sources::Source;

pub(crate) const SKILL_FILE: &str = "SKILL.md";
const SKILLS: &str = "skills";
/// How deep directories may group skills.
const DEPTH: usize = 6;
/// The same in a directory that the config names and that is not called `skills`.
const EXTRA_DEPTH: usize = 2;

/// A directory, by its root and the path below that.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) root: String,
    pub(crate) path: String,
}

impl Place {
    pub(crate) fn below(&self, name: &str) -> Self {
        Self { root: self.root.clone(), path: joined(&self.path, name) }
    }
}

/// Why a part of a root was not searched.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) place: Place,
    pub(crate) reason: String,
}

/// A directory with a `SKILL.md`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) place: Place,
    /// As it was reached from the root, for the order of loading.
    pub(crate) name: String,
}

#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) problems: Vec<Problem>,
    /// The root beside its `skills`: if it is loaded, it is the only skill.
    pub(crate) whole: Option<Candidate>,
    /// The only candidate is where the search began.
    pub(crate) is_skill: bool,
}

/// How many directories are searched.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Of one directory.
    pub(crate) candidates: usize,
    pub(crate) skills: usize,
}

/// Searches one root. `roots` are all roots of the run, some of which a link may lead to.
pub(crate) fn skills(
    host: &dyn Host,
    source: Source,
    root: &str,
    roots: &[Root],
    limits: Limits,
) -> Result<Found, Refusal> {
    let start = Place { root: root.to_owned(), path: String::new() };
    let mut search = Search {
        host,
        source,
        roots,
        limits,
        scans_left: limits.candidates.saturating_mul(DEPTH),
        reached_limit: false,
        seen: BTreeSet::new(),
        found: Found::default(),
    };
    search.run(&start)?;
    Ok(search.found)
}

struct Search<'a> {
    host: &'a dyn Host,
    source: Source,
    roots: &'a [Root],
    limits: Limits,
    scans_left: usize,
    reached_limit: bool,
    /// Real paths, if the host reports them.
    seen: BTreeSet<String>,
    found: Found,
}

/// A directory that waits to be searched.
struct Waiting {
    place: Place,
    name: String,
    depth: usize,
}

impl Search<'_> {
    fn run(&mut self, start: &Place) -> Result<(), Refusal> {
        let base = if self.source == Source::Workshop {
            start.clone()
        } else {
            let base = self.base(start)?;
            let itself = |place: &Place| Candidate { place: place.clone(), name: String::new() };
            if self.has_skill(&base) {
                self.found.candidates.push(itself(&base));
                self.found.is_skill = true;
                return Ok(());
            }
            self.found.whole = self.has_skill(start).then(|| itself(start));
            base
        };
        self.children(start, &base)?;
        if self.reached_limit {
            let reason = format!(
                "the search reached its limit of {} directories; look at the remaining skills yourself",
                self.limits.candidates
            );
            self.problem(start, reason);
        }
        self.found.candidates.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(())
    }

    /// The directory that the search begins in: `skills` below the root, when only that holds skills.
    fn base(&mut self, start: &Place) -> Result<Place, Refusal> {
        let nested = match self.host.stat(&start.root, SKILLS) {
            Ok(Some(Metadata { kind: Kind::Directory, .. })) => start.below(SKILLS),
            Ok(Some(Metadata { link: Some(link), .. }))
                if link.target_kind == Some(Kind::Directory) =>
            {
                match self.behind(&start.below(SKILLS), &link) {
                    Some(place) => place,
                    None => return Ok(start.clone()),
                }
            }
            Err(refusal @ Refusal::NotGranted(_)) => return Err(refusal),
            _ => return Ok(start.clone()),
        };
        let beside = !self.has_skill(start) && self.holds_skills(start, Beside::Skills);
        let use_nested = !beside && self.holds_skills(&nested, Beside::Nothing);
        Ok(if use_nested { nested } else { start.clone() })
    }

    fn children(&mut self, start: &Place, base: &Place) -> Result<(), Refusal> {
        let mut queue = VecDeque::new();
        for (place, name) in self.directories(base)? {
            // If `skills` is not itself a skill, it is not a level of grouping.
            let depth = usize::from(name != SKILLS || self.has_skill(&place));
            queue.push_back(Waiting { place, name, depth });
        }
        if self.limits.skills == 0 && !queue.is_empty() {
            let reason = "skills.limits.maxSkillsLoadedPerSource is 0, so no skill is loaded";
            self.problem(start, reason.to_owned());
            return Ok(());
        }
        while let Some(waiting) = queue.pop_front() {
            if self.has_skill(&waiting.place) {
                let Waiting { place, name, .. } = waiting;
                self.found.candidates.push(Candidate { place, name });
            } else if waiting.depth < self.deepest(base, &waiting) {
                for (place, name) in self.directories(&waiting.place)? {
                    let name = format!("{}/{name}", waiting.name);
                    queue.push_back(Waiting { place, name, depth: waiting.depth + 1 });
                }
            }
        }
        Ok(())
    }

    fn deepest(&self, base: &Place, waiting: &Waiting) -> usize {
        let in_skills = waiting.name.split('/').next() == Some(SKILLS);
        let path = self.host.describe(&base.root, &base.path).unwrap_or_default();
        let named_so = path.rsplit(['/', '\\']).next() == Some(SKILLS);
        if self.source == Source::Extra && !in_skills && !named_so { EXTRA_DEPTH } else { DEPTH }
    }

    /// The directories in a directory that were not searched yet, including links to directories, in name order.
    fn directories(&mut self, place: &Place) -> Result<Vec<(Place, String)>, Refusal> {
        if self.scans_left == 0 {
            self.reached_limit = true;
            return Ok(Vec::new());
        }
        self.scans_left -= 1;
        let listing = match self.host.list(&place.root, &place.path) {
            Ok(Some(listing)) => listing,
            Ok(None) => return Ok(Vec::new()),
            Err(refusal @ (Refusal::NotGranted(_) | Refusal::NotHere(_))) => return Err(refusal),
            Err(refusal) => {
                self.problem(place, refusal.reason().to_owned());
                return Ok(Vec::new());
            }
        };
        self.reached_limit |= !listing.complete;
        let mut directories = Vec::new();
        let mut has_skills = false;
        for entry in listing.entries.iter().filter(|entry| !is_skipped(&entry.name)) {
            let Some(found) = self.directory(place, entry) else { continue };
            // `skills` is always searched, whatever the limit.
            let within = directories.len() < self.limits.candidates
                || entry.name == SKILLS && !has_skills && self.limits.candidates > 0;
            has_skills |= entry.name == SKILLS;
            if !within {
                self.reached_limit = true;
            } else if self.seen.insert(self.real(&found)) {
                directories.push((found, entry.name.clone()));
            }
        }
        Ok(directories)
    }

    /// Where an entry leads, if it is a directory that may be entered.
    fn directory(&mut self, parent: &Place, entry: &Entry) -> Option<Place> {
        let place = parent.below(&entry.name);
        match entry.kind {
            Kind::Directory => Some(place),
            Kind::File | Kind::Special => None,
            Kind::Symlink => match self.host.stat(&place.root, &place.path) {
                Ok(Some(Metadata { link: Some(link), .. })) => match link.target_kind {
                    Some(Kind::Directory) => {
                        let behind = self.behind(&place, &link);
                        if behind.is_none() {
                            let target = link.resolved.unwrap_or(link.target);
                            let reason =
                                format!("the link leads out of its root, to {}", cut(&target));
                            self.problem(&place, reason);
                        }
                        behind
                    }
                    Some(_) => None,
                    None => {
                        let reason = format!("the link is broken: {}", cut(&link.target));
                        self.problem(&place, reason);
                        None
                    }
                },
                Ok(_) => None,
                Err(refusal) => {
                    self.problem(&place, refusal.reason().to_owned());
                    None
                }
            },
        }
    }

    /// Where a link to a directory may be followed. Out of a root only to another root that was made for such links.
    fn behind(&self, place: &Place, link: &Link) -> Option<Place> {
        if link.inside {
            return Some(place.clone());
        }
        let target = link.resolved.as_deref()?;
        let kind = self.source.link_targets()?;
        self.roots.iter().filter(|root| root.name.starts_with(kind)).find_map(|root| {
            let path = relative(&root.path, target)?;
            Some(Place { root: root.name.clone(), path: path.to_owned() })
        })
    }

    /// The real path of a directory, as far as it is known without a request for every part of it.
    fn real(&self, place: &Place) -> String {
        let resolved = self.host.stat(&place.root, &place.path).ok().flatten();
        resolved
            .and_then(|metadata| metadata.link?.resolved)
            .or_else(|| self.host.describe(&place.root, &place.path).ok())
            .unwrap_or_else(|| format!("{}:{}", place.root, place.path))
    }

    /// Whether a directory has an entry with the name of a skill's file. If that cannot be read, it may have one.
    fn has_skill(&self, place: &Place) -> bool {
        !matches!(self.host.stat(&place.root, &joined(&place.path, SKILL_FILE)), Ok(None))
    }

    /// Whether there is a skill in a directory or below it, without following links.
    fn holds_skills(&self, start: &Place, beside: Beside) -> bool {
        let mut queue = VecDeque::from([(start.clone(), 0)]);
        let mut scans = self.limits.candidates.saturating_mul(DEPTH);
        while let Some((place, depth)) = queue.pop_front() {
            let counts = depth > 0 || beside == Beside::Nothing;
            if counts && self.has_skill(&place) {
                return true;
            }
            if depth >= DEPTH || scans == 0 {
                continue;
            }
            scans -= 1;
            let Ok(Some(listing)) = self.host.list(&place.root, &place.path) else { continue };
            let is_other = |entry: &&Entry| {
                let left_aside = beside == Beside::Skills && depth == 0 && entry.name == SKILLS;
                !is_skipped(&entry.name) && !left_aside
            };
            for entry in listing.entries.iter().filter(is_other).take(self.limits.candidates) {
                match entry.kind {
                    Kind::Directory => queue.push_back((place.below(&entry.name), depth + 1)),
                    // A link beside `skills` may lead to a skill.
                    Kind::Symlink if beside == Beside::Skills => return true,
                    Kind::File | Kind::Symlink | Kind::Special => {}
                }
            }
        }
        false
    }

    fn problem(&mut self, place: &Place, reason: String) {
        self.found.problems.push(Problem { place: place.clone(), reason });
    }
}

/// What a search for any skill skips.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    Nothing,
    /// The directory itself, and `skills` in it.
    Skills,
}

fn is_skipped(name: &str) -> bool {
    name.starts_with('.') || name == "node_modules"
}

/// The part of a path below a directory; empty for the directory itself.
pub(crate) fn relative<'p>(directory: &str, path: &'p str) -> Option<&'p str> {
    let rest = path.strip_prefix(directory.trim_end_matches(['/', '\\']))?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix(['/', '\\']) }
}

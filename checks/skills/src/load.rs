//! The skills of all sources as OpenClaw 2026.9.6 loads them, and the reasons why something was not loaded. Their code is
//! not checked here.

use std::collections::BTreeSet;

use chitin_scan_findings::joined;
use chitin_sdk::{Content, Format, Host, Kind, Node, Refusal, Root, text};

use crate::discover::{self, Candidate, Limits, Place, Problem, SKILL_FILE, relative};
use crate::front_matter::{self, FrontMatter};
use crate::sources::{Library, Named, Source, libraries, shadows};

const DEFAULT_CANDIDATES: u64 = 300;
const DEFAULT_LOADED: u64 = 200;
/// What OpenClaw reads of a skill's text when it audits, and by default when it loads.
const MAX_TEXT: u64 = 256_000;
/// More text than this is not read in one run.
const MAX_TOTAL: u64 = 48 << 20;
/// The upper limit of a search, whatever the config says.
const MOST: u64 = 20_000;

/// A skill whose code is to be scanned.
#[derive(Debug)]
pub(crate) struct Skill {
    pub(crate) place: Place,
    /// The full path of its directory.
    pub(crate) path: String,
    pub(crate) name: String,
    source: Source,
    agent: Option<String>,
    /// The directory that OpenClaw uses instead.
    pub(crate) shadowed_by: Option<String>,
}

/// A problem, with the source that it is in.
#[derive(Debug)]
pub(crate) struct Gap {
    pub(crate) source: Source,
    pub(crate) problem: Problem,
}

/// Everything that was found.
#[derive(Debug, Default)]
pub(crate) struct Inventory {
    pub(crate) skills: Vec<Skill>,
    pub(crate) gaps: Vec<Gap>,
}

/// The part of `skills.limits` that an audit uses.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    candidates: u64,
    loaded: u64,
    bytes: u64,
}

impl Bounds {
    const DEFAULT: Self =
        Self { candidates: DEFAULT_CANDIDATES, loaded: DEFAULT_LOADED, bytes: MAX_TEXT };

    fn of(limits: &Node<'_>) -> Self {
        let number = |key: &str, default| {
            let value = limits.get(key);
            value.value().as_u64().or_else(|| is_negative(&value).then_some(0)).unwrap_or(default)
        };
        Self {
            candidates: number("maxCandidatesPerRoot", DEFAULT_CANDIDATES).min(MOST),
            loaded: number("maxSkillsLoadedPerSource", DEFAULT_LOADED).min(MOST),
            bytes: number("maxSkillFileBytes", MAX_TEXT),
        }
    }

    /// A workshop is searched whatever the config says, and all of it is loaded.
    fn for_source(self, source: Source) -> Self {
        if source != Source::Workshop {
            return self;
        }
        let candidates = self.candidates.max(DEFAULT_CANDIDATES);
        Self { candidates, loaded: u64::MAX, bytes: MAX_TEXT }
    }

    fn search(self) -> Limits {
        let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        Limits { candidates: size(self.candidates), skills: size(self.loaded) }
    }
}

fn is_negative(value: &Node<'_>) -> bool {
    value.value().as_f64().is_some_and(|number| number < 0.0)
}

/// Finds and loads the skills of all sources.
pub(crate) fn inventory(host: &dyn Host) -> Result<Inventory, Refusal> {
    let bounds = match host.effective("/skills/limits") {
        Ok(limits) => Bounds::of(&limits.root()),
        // Skills are scanned without a config, too.
        Err(Refusal::Unavailable(_)) => Bounds::DEFAULT,
        Err(refusal) => return Err(refusal),
    };
    let roots = host.roots()?;
    let libraries = libraries(&roots);
    let mut loader = Loader {
        host,
        roots: &roots,
        extensions: host.describe("extensions", "").ok(),
        seen: BTreeSet::new(),
        bytes_left: MAX_TOTAL,
        found: Inventory::default(),
    };
    for library in &libraries {
        loader.library(library, bounds.for_source(library.source))?;
    }
    let mut found = loader.found;
    mark_shadowed(&mut found.skills, &libraries);
    Ok(found)
}

fn mark_shadowed(skills: &mut [Skill], libraries: &[Library]) {
    let in_workspace = |library: &&Library| library.source == Source::Workspace;
    let agents: Vec<&str> = libraries
        .iter()
        .filter(in_workspace)
        .filter_map(|library| library.agent.as_deref())
        .collect();
    let named: Vec<Named<'_>> = skills
        .iter()
        .map(|skill| Named {
            name: &skill.name,
            source: skill.source,
            agent: skill.agent.as_deref(),
            path: &skill.path,
        })
        .collect();
    let shadows: Vec<Option<String>> =
        shadows(&named, &agents).into_iter().map(|path| path.map(str::to_owned)).collect();
    for (skill, shadow) in skills.iter_mut().zip(shadows) {
        skill.shadowed_by = shadow;
    }
}

struct Loader<'a> {
    host: &'a dyn Host,
    roots: &'a [Root],
    extensions: Option<String>,
    /// Full paths.
    seen: BTreeSet<String>,
    bytes_left: u64,
    found: Inventory,
}

/// The result for a candidate.
enum Loaded {
    /// With its name, unless it has its directory's.
    Skill { name: Option<String> },
    /// OpenClaw does not load it.
    No,
}

impl Loader<'_> {
    fn library(&mut self, library: &Library, bounds: Bounds) -> Result<(), Refusal> {
        let found = discover::skills(
            self.host,
            library.source,
            &library.root,
            self.roots,
            bounds.search(),
        )?;
        for problem in found.problems {
            self.gap(library, problem);
        }
        if let Some(whole) = &found.whole
            && self.candidate(library, whole, bounds)?
        {
            return Ok(());
        }
        let most = if found.is_skill { u64::MAX } else { bounds.loaded };
        let mut loaded = 0;
        for (at, candidate) in found.candidates.iter().enumerate() {
            if loaded >= most {
                let left = found.candidates.len() - at;
                let place = Place { root: library.root.clone(), path: String::new() };
                let reason = format!(
                    "{} beyond the limit skills.limits.maxSkillsLoadedPerSource={most}: neither loaded nor scanned",
                    text::count(left, "skill is", "skills are")
                );
                self.gap(library, Problem { place, reason });
                break;
            }
            loaded += u64::from(self.candidate(library, candidate, bounds)?);
        }
        Ok(())
    }

    /// Whether the candidate is loaded.
    fn candidate(
        &mut self,
        library: &Library,
        candidate: &Candidate,
        bounds: Bounds,
    ) -> Result<bool, Refusal> {
        let place = &candidate.place;
        let path = match self.host.describe(&place.root, &place.path) {
            Ok(path) => path,
            Err(refusal @ Refusal::NotGranted(_)) => return Err(refusal),
            Err(refusal) => {
                self.problem(library, place, refusal.reason());
                return Ok(false);
            }
        };
        let Loaded::Skill { name } = self.read(library, place, bounds)? else {
            return Ok(false);
        };
        let covered = self.extensions.as_deref().is_some_and(|base| is_covered(base, &path));
        if covered || !self.seen.insert(path.clone()) {
            return Ok(true);
        }
        let directory = path.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or_default();
        let name = name.unwrap_or_else(|| text::trim(directory).to_owned());
        self.found.skills.push(Skill {
            place: place.clone(),
            path,
            name,
            source: library.source,
            agent: library.agent.clone(),
            shadowed_by: None,
        });
        Ok(true)
    }

    /// Reads the text of a skill. A text that is not valid does not keep the code beside it from being scanned; a text that
    /// may not be read at all cannot be scanned either.
    fn read(
        &mut self,
        library: &Library,
        place: &Place,
        bounds: Bounds,
    ) -> Result<Loaded, Refusal> {
        let file = place.below(SKILL_FILE);
        let metadata = match self.host.stat(&file.root, &file.path) {
            Ok(None) => return Ok(Loaded::No),
            Ok(Some(metadata)) => metadata,
            Err(refusal @ Refusal::NotGranted(_)) => return Err(refusal),
            Err(refusal) => {
                self.problem(library, &file, refusal.reason());
                return Ok(Loaded::No);
            }
        };
        if let Some(link) = &metadata.link
            && !link.inside
        {
            let reason = match &link.resolved {
                Some(target) => format!("the link leads out of its root, to {target}"),
                None => format!("the link is broken: {}", link.target),
            };
            self.problem(library, &file, &reason);
            return Ok(Loaded::No);
        }
        if library.source == Source::Workshop
            && metadata.kind == Kind::File
            && metadata.hard_links > 1
        {
            self.problem(library, &file, "it has a second name (a hard link) and is not loaded");
            return Ok(Loaded::No);
        }
        let size = metadata.size;
        if metadata.kind == Kind::File && size > bounds.bytes {
            let reason = format!("it is larger than {} bytes and is not loaded", bounds.bytes);
            self.problem(library, &file, &reason);
            return Ok(Loaded::Skill { name: None });
        }
        if size > MAX_TEXT {
            self.problem(library, &file, "it is larger than 256000 bytes, too large to be scanned");
            return Ok(Loaded::Skill { name: None });
        }
        if size > self.bytes_left {
            self.problem(library, &file, "the limit of text that is read in one audit was reached");
            return Ok(Loaded::Skill { name: None });
        }
        self.bytes_left -= size;
        let most = u32::try_from(bounds.bytes.min(MAX_TEXT)).unwrap_or(u32::MAX);
        self.content(library, &file, most)
    }

    fn content(&mut self, library: &Library, file: &Place, most: u32) -> Result<Loaded, Refusal> {
        let reason = match self.host.read(&file.root, &file.path, Format::Text, most) {
            Ok(Content::Text(content)) => match front_matter::read(&content) {
                FrontMatter::Skill { name } => return Ok(Loaded::Skill { name }),
                FrontMatter::Invalid(reason) => {
                    self.problem(library, file, &format!("{reason}, so it is not loaded"));
                    return Ok(Loaded::No);
                }
            },
            Ok(Content::Missing) => return Ok(Loaded::No),
            Ok(Content::NotAFile) => "it is not a regular file".to_owned(),
            Ok(Content::TooLarge) => format!("it is larger than {most} bytes and is not loaded"),
            Ok(Content::Malformed) => "it has zero bytes and is not a text".to_owned(),
            Err(refusal @ Refusal::NotGranted(_)) => return Err(refusal),
            Ok(Content::Unreadable(reason))
            | Err(
                Refusal::Unavailable(reason)
                | Refusal::OverLimit(reason)
                | Refusal::NotHere(reason),
            ) => {
                self.problem(library, file, &reason);
                return Ok(Loaded::No);
            }
        };
        self.problem(library, file, &reason);
        Ok(Loaded::Skill { name: None })
    }

    fn problem(&mut self, library: &Library, place: &Place, reason: &str) {
        self.gap(library, Problem { place: place.clone(), reason: reason.to_owned() });
    }

    fn gap(&mut self, library: &Library, problem: Problem) {
        let place = &problem.place;
        let path = joined(&place.root, &place.path);
        // Agents may share a directory.
        let known = self.host.describe(&place.root, &place.path).unwrap_or(path);
        if self.seen.insert(format!("{known}: {}", problem.reason)) {
            self.found.gaps.push(Gap { source: library.source, problem });
        }
    }
}

/// Whether the scan of a plugin in the extensions directory sees a directory.
fn is_covered(extensions: &str, path: &str) -> bool {
    relative(extensions, path).is_some_and(|below| {
        let is_seen = |part: &str| !part.starts_with('.') && part != "node_modules";
        below.contains(['/', '\\']) && below.split(['/', '\\']).all(is_seen)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_scan_of_a_plugin_sees_is_covered() {
        for path in ["/s/extensions/p/skills/s", "/s/extensions/p/s"] {
            assert!(is_covered("/s/extensions", path), "{path}");
        }
        for path in [
            "/s/extensions",
            "/s/extensions/p",
            "/s/extensions2/p/s",
            "/s/extensions/p/.hidden/s",
            "/s/extensions/.p/s",
            "/s/extensions/p/node_modules/s",
            "/s/skills/s",
        ] {
            assert!(!is_covered("/s/extensions", path), "{path}");
        }
    }
}

//! Where skills come from, and which of two skills with one name OpenClaw uses.

use std::collections::BTreeMap;

use chitin_sdk::Root;

/// A source of skills, in the order in which a later one wins over an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// `skills.load.extraDirs`.
    Extra,
    /// `skills` in the state directory.
    Managed,
    /// `.agents/skills` in the user's home.
    Personal,
    /// `.agents/skills` in a workspace.
    Project,
    /// `skills` in a workspace.
    Workspace,
    /// What an agent wrote itself. It does not shadow the others.
    Workshop,
}

impl Source {
    /// The prefix of the names of other roots that a link in this source may lead to.
    pub(crate) fn link_targets(self) -> Option<&'static str> {
        match self {
            Self::Managed | Self::Personal => Some("skills:linked-"),
            Self::Extra | Self::Project | Self::Workspace => Some("skills:allowed-"),
            Self::Workshop => None,
        }
    }
}

/// A root with skills.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Library {
    pub(crate) source: Source,
    /// Among the extra directories.
    number: usize,
    /// Whose workspace or workshop it is.
    pub(crate) agent: Option<String>,
    pub(crate) root: String,
}

/// The roots with skills, earlier ones first.
pub(crate) fn libraries(roots: &[Root]) -> Vec<Library> {
    let mut libraries: Vec<Library> = roots.iter().filter_map(|root| library(&root.name)).collect();
    libraries.sort();
    libraries
}

fn library(root: &str) -> Option<Library> {
    let place = root.strip_prefix("skills:")?;
    let (sort, instance) = place.split_once('-').unwrap_or((place, ""));
    let source = match sort {
        "extra" => Source::Extra,
        "managed" => Source::Managed,
        "personal" => Source::Personal,
        "project" => Source::Project,
        "workspace" => Source::Workspace,
        "workshop" => Source::Workshop,
        _ => return None,
    };
    let of_agent = matches!(source, Source::Project | Source::Workspace | Source::Workshop);
    Some(Library {
        source,
        number: instance.parse().unwrap_or_default(),
        agent: of_agent.then(|| instance.to_owned()),
        root: root.to_owned(),
    })
}

/// A skill as far as precedence goes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Named<'s> {
    pub(crate) name: &'s str,
    pub(crate) source: Source,
    pub(crate) agent: Option<&'s str>,
    /// The directory.
    pub(crate) path: &'s str,
}

/// For each skill the directory that OpenClaw uses instead, if no agent gets the skill itself. Skills
/// come in the order of their libraries.
pub(crate) fn shadows<'s>(skills: &[Named<'s>], agents: &[&str]) -> Vec<Option<&'s str>> {
    let audiences: Vec<Option<&str>> = if agents.is_empty() {
        vec![None]
    } else {
        agents.iter().map(|agent| Some(*agent)).collect()
    };
    let seen: Vec<(Option<&str>, BTreeMap<&str, &str>)> =
        audiences.into_iter().map(|agent| (agent, winners(skills, agent))).collect();
    let shadow = |skill: &Named<'s>| {
        if skill.source == Source::Workshop {
            return None;
        }
        let mut taken = seen
            .iter()
            .filter(|(agent, _)| skill.agent.is_none() || skill.agent == *agent)
            .filter_map(|(_, winners)| winners.get(skill.name).copied());
        let first = taken.clone().next()?;
        taken.all(|path| path != skill.path).then_some(first)
    };
    skills.iter().map(shadow).collect()
}

/// The directory that an agent uses for each name.
fn winners<'s>(skills: &[Named<'s>], agent: Option<&str>) -> BTreeMap<&'s str, &'s str> {
    skills
        .iter()
        .filter(|skill| skill.source != Source::Workshop)
        .filter(|skill| skill.agent.is_none() || skill.agent == agent)
        .map(|skill| (skill.name, skill.path))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_are_in_the_order_of_precedence() {
        let names = [
            "link-target:0",
            "skills:allowed-0",
            "skills:extra-10",
            "skills:extra-2",
            "skills:linked-0",
            "skills:managed",
            "skills:personal",
            "skills:project-a-b",
            "skills:workshop-a-b",
            "skills:workspace-a-b",
            "workspace:a-b",
        ];
        let root = |name: &&str| Root { name: (*name).to_owned(), path: String::new() };
        let roots: Vec<Root> = names.iter().map(root).collect();
        let libraries = libraries(&roots);
        let order: Vec<&str> = libraries.iter().map(|library| library.root.as_str()).collect();
        assert_eq!(
            order,
            [
                "skills:extra-2",
                "skills:extra-10",
                "skills:managed",
                "skills:personal",
                "skills:project-a-b",
                "skills:workspace-a-b",
                "skills:workshop-a-b",
            ]
        );
        assert_eq!(libraries[4].agent.as_deref(), Some("a-b"));
        assert_eq!(libraries[0].agent, None);
    }

    fn named<'s>(source: Source, agent: Option<&'s str>, path: &'s str) -> Named<'s> {
        Named { name: "s", source, agent, path }
    }

    #[test]
    fn a_later_source_shadows_an_earlier_one() {
        let skills = [
            named(Source::Extra, None, "/e1"),
            named(Source::Extra, None, "/e2"),
            named(Source::Managed, None, "/m"),
            named(Source::Project, Some("a"), "/p"),
            named(Source::Workspace, Some("a"), "/w"),
            named(Source::Workshop, Some("a"), "/shop"),
        ];
        assert_eq!(
            shadows(&skills, &["a"]),
            [Some("/w"), Some("/w"), Some("/w"), Some("/w"), None, None]
        );
        assert_eq!(shadows(&skills[..2], &[]), [Some("/e2"), None]);
    }

    #[test]
    fn a_skill_that_one_agent_gets_is_not_shadowed() {
        let skills = [
            named(Source::Managed, None, "/m"),
            named(Source::Workspace, Some("a"), "/a"),
            Named { name: "other", ..named(Source::Workspace, Some("b"), "/b") },
        ];
        assert_eq!(shadows(&skills, &["a", "b"]), [None, None, None]);
        assert_eq!(shadows(&skills[..2], &["a", "b"]), [None, None]);
        assert_eq!(shadows(&skills[..2], &["a"]), [Some("/a"), None]);
    }
}

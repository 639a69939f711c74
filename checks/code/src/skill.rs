//! Rules on a skill's SKILL.md: OpenClaw's five rules on its text, and what its front matter asks for.

use crate::bytes::{find_words_ignore_case, is_word_boundary, starts_with_ignore_case};
use crate::collector::Collector;
use crate::commands;
use crate::denylist::is_denied;
use crate::download_exec;
use crate::rules::{
    DENYLISTED_NAME, DESTRUCTIVE_DELETE, DESTRUCTIVE_DELETE_OTHER, INSTALL_SOURCE,
    PRIVILEGED_ALWAYS, SECRET_EXFILTRATION, SECRET_LITERAL, SHELL_PIPE, UNSAFE_PERMISSIONS,
};
use crate::urls;
use chitin_lenient_yaml::{self as lenient_yaml, Dialect, FrontMatter, Tree};
use chitin_secret_vocabulary::credentials;

/// Keys below `metadata` that OpenClaw reads.
const PLATFORMS: &[&str] = &["openclaw", "clawdbot", "clawdis"];
/// Words for sending, and the most characters between `env` and one of them.
const SENDING: &[&str] = &["fetch", "curl", "wget", "https", "http"];
const REACH: usize = 80;

/// The rules on the text of a skill, whatever the file's name.
pub(crate) fn text(text: &str, collector: &mut Collector) {
    let bytes = text.as_bytes();
    let rules = [
        (&SECRET_LITERAL, credentials::find(text)),
        (&SHELL_PIPE, download_exec::shell_pipe(bytes)),
        (&SECRET_EXFILTRATION, environment_and_sending(text)),
        (&DESTRUCTIVE_DELETE, commands::rm_rf(bytes)),
        (&UNSAFE_PERMISSIONS, commands::chmod_777(bytes)),
    ];
    for (rule, found) in rules {
        if let Some(at) = found {
            collector.add(rule, at);
        }
    }
}

/// Deletions in spellings that OpenClaw's rule does not know, of more than a build directory.
pub(crate) fn other_deletions(text: &str, collector: &mut Collector) {
    if collector.contains(&DESTRUCTIVE_DELETE) {
        return;
    }
    let is_outside = |target: &str| {
        target.starts_with(['/', '~'])
            || target.starts_with("$HOME")
            || target.starts_with("${HOME}")
    };
    if let Some(delete) =
        commands::deletes(text).into_iter().find(|delete| is_outside(delete.target))
    {
        collector.add(&DESTRUCTIVE_DELETE_OTHER, delete.at);
    }
}

/// `env` or `process.env` as a word, with a word for sending soon after it on the same line.
fn environment_and_sending(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut places = find_words_ignore_case(bytes, "env");
    let at = places.find(|at| {
        let rest = text.get(at + 3..).unwrap_or_default();
        rest.char_indices()
            .take_while(|(_, character)| *character != '\n')
            .take(REACH + 1)
            .map(|(offset, _)| at + 3 + offset)
            .any(|place| {
                SENDING.iter().any(|word| {
                    starts_with_ignore_case(bytes, place, word)
                        && is_word_boundary(bytes, place)
                        && is_word_boundary(bytes, place + word.len())
                })
            })
    })?;
    let process = "process.".len();
    let named = at >= process
        && starts_with_ignore_case(bytes, at - process, "process.")
        && is_word_boundary(bytes, at - process);
    Some(if named { at - process } else { at })
}

/// The rules on a skill's name and front matter.
pub(crate) fn front_matter(text: &str, directory: &str, collector: &mut Collector) {
    if is_denied(directory) {
        collector.add(&DENYLISTED_NAME, 0);
    }
    let Ok(matter) = FrontMatter::of(text, Dialect::Lenient) else { return };
    let tree = lenient_yaml::block(matter.text, matter.at);
    for key in ["name", "description"] {
        if let Some(Tree::Text { text, at }) = tree.get(key)
            && is_denied(text)
        {
            collector.add(&DENYLISTED_NAME, *at);
        }
    }
    let metadata = tree.get("metadata").map(parsed_metadata);
    if let Some(at) = asks_for_always(&tree, metadata.as_ref()) {
        collector.add(&PRIVILEGED_ALWAYS, at);
    }
    if let Some(at) = metadata.as_ref().and_then(shortened_link) {
        collector.add(&INSTALL_SOURCE, at);
    }
}

/// Metadata is a mapping, or a string that contains JSON.
fn parsed_metadata(metadata: &Tree) -> Tree {
    match metadata {
        Tree::Text { text, at } if text.trim_start().starts_with('{') => {
            lenient_yaml::flow(text, *at)
        }
        tree => tree.clone(),
    }
}

/// Where `always` is set: at the top level or for OpenClaw.
fn asks_for_always(tree: &Tree, metadata: Option<&Tree>) -> Option<usize> {
    let platforms = PLATFORMS
        .iter()
        .flat_map(|name| [metadata.and_then(|metadata| metadata.get(name)), tree.get(name)]);
    std::iter::once(Some(tree)).chain(platforms).flatten().find_map(|tree| {
        match tree.get("always") {
            // An alias may stand for `true`.
            Some(Tree::Text { text, at })
                if text.eq_ignore_ascii_case("true") || text.starts_with('*') =>
            {
                Some(*at)
            }
            _ => None,
        }
    })
}

/// The offset of the first text with a shortened link.
pub(crate) fn shortened_link(tree: &Tree) -> Option<usize> {
    tree.texts().into_iter().find_map(|(text, at)| urls::shortened(text).map(|_| at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environment_near_sending() {
        for text in
            ["set `env` KEY, see https://example.com", "process.env and fetch", "ENV x curl"]
        {
            assert!(environment_and_sending(text).is_some(), "{text}");
        }
        for text in ["environment https://x", "env\nhttps://x", "https://x env", "env prefetch"] {
            assert!(environment_and_sending(text).is_none(), "{text}");
        }
        let near = format!("env{}curl", " ".repeat(80));
        assert!(environment_and_sending(&near).is_some());
        let far = format!("env{}curl", " ".repeat(81));
        assert!(environment_and_sending(&far).is_none());
        assert_eq!(environment_and_sending("a process.env curl"), Some(2));
    }
}

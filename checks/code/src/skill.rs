//! What a skill says: the five rules that OpenClaw has for the text of SKILL.md, and what its front matter asks for.

use crate::blocked::is_blocked;
use crate::commands;
use crate::hits::Hits;
use crate::pipes;
use crate::rules::{
    BLOCKED_SIGNATURE, DESTRUCTIVE_DELETE, DESTRUCTIVE_DELETE_OTHER, INSTALL_SOURCE,
    PRIVILEGED_ALWAYS, SECRET_EXFILTRATION, SECRET_LITERAL, SHELL_PIPE, UNSAFE_PERMISSIONS,
};
use crate::secrets;
use crate::text::{boundary, starts_with_ignoring_case, words_ignoring_case};
use crate::tree::{self, Tree};
use crate::urls;

/// Names below `metadata` under which a skill speaks to OpenClaw.
const PLATFORMS: &[&str] = &["openclaw", "clawdbot", "clawdis"];
/// Words that stand for sending, and how far they may be from the environment.
const SENDING: &[&str] = &["fetch", "curl", "wget", "https", "http"];
const REACH: usize = 80;

/// The rules on any skill's text, whatever the file is called.
pub(crate) fn text(text: &str, hits: &mut Hits) {
    let bytes = text.as_bytes();
    let rules = [
        (&SECRET_LITERAL, secrets::find(text)),
        (&SHELL_PIPE, pipes::shell_pipe(bytes)),
        (&SECRET_EXFILTRATION, environment_and_sending(text)),
        (&DESTRUCTIVE_DELETE, commands::plain_delete(bytes)),
        (&UNSAFE_PERMISSIONS, commands::open_permissions(bytes)),
    ];
    for (rule, found) in rules {
        if let Some(at) = found {
            hits.add(rule, at);
        }
    }
}

/// Deletions in spellings that the plain rule does not know, of more than a build directory.
pub(crate) fn other_deletions(text: &str, hits: &mut Hits) {
    if hits.holds(&DESTRUCTIVE_DELETE) {
        return;
    }
    let far = |target: &str| {
        target.starts_with(['/', '~'])
            || target.starts_with("$HOME")
            || target.starts_with("${HOME}")
    };
    if let Some(delete) = commands::deletes(text).into_iter().find(|delete| far(delete.target)) {
        hits.add(&DESTRUCTIVE_DELETE_OTHER, delete.at);
    }
}

/// `env` or `process.env` as a word, and one for sending soon after it on the same line.
fn environment_and_sending(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut places = words_ignoring_case(bytes, "env");
    let at = places.find(|at| {
        let rest = text.get(at + 3..).unwrap_or_default();
        rest.char_indices()
            .take_while(|(_, character)| *character != '\n')
            .take(REACH + 1)
            .map(|(offset, _)| at + 3 + offset)
            .any(|place| {
                SENDING.iter().any(|word| {
                    starts_with_ignoring_case(bytes, place, word)
                        && boundary(bytes, place)
                        && boundary(bytes, place + word.len())
                })
            })
    })?;
    let process = "process.".len();
    let named = at >= process
        && starts_with_ignoring_case(bytes, at - process, "process.")
        && boundary(bytes, at - process);
    Some(if named { at - process } else { at })
}

/// The front matter of a Markdown text: what it holds and where that begins.
pub(crate) fn front_matter(text: &str) -> Option<(&str, usize)> {
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let rest = text.get(start..)?;
    let first = rest.split_inclusive('\n').next()?;
    if first.trim_end() != "---" {
        return None;
    }
    let begin = start + first.len();
    let mut end = begin;
    for line in text.get(begin..)?.split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            return Some((text.get(begin..end)?, begin));
        }
        end += line.len();
    }
    None
}

/// What the front matter of a skill asks for, and what the skill is called.
pub(crate) fn declarations(text: &str, directory: &str, hits: &mut Hits) {
    if is_blocked(directory) {
        hits.add(&BLOCKED_SIGNATURE, 0);
    }
    let Some((matter, base)) = front_matter(text) else { return };
    let tree = tree::block(matter, base);
    for key in ["name", "description"] {
        if let Some(Tree::Text { text, at }) = tree.get(key)
            && is_blocked(text)
        {
            hits.add(&BLOCKED_SIGNATURE, *at);
        }
    }
    let metadata = tree.get("metadata").map(written_out);
    if let Some(at) = asks_for_always(&tree, metadata.as_ref()) {
        hits.add(&PRIVILEGED_ALWAYS, at);
    }
    if let Some(at) = metadata.as_ref().and_then(shortened_link) {
        hits.add(&INSTALL_SOURCE, at);
    }
}

/// Metadata may be data, or a text that holds data.
fn written_out(metadata: &Tree) -> Tree {
    match metadata {
        Tree::Text { text, at } if text.trim_start().starts_with('{') => tree::flow(text, *at),
        tree => tree.clone(),
    }
}

/// `always` at the top, or for the platform.
fn asks_for_always(tree: &Tree, metadata: Option<&Tree>) -> Option<usize> {
    let platforms = PLATFORMS
        .iter()
        .flat_map(|name| [metadata.and_then(|metadata| metadata.get(name)), tree.get(name)]);
    std::iter::once(Some(tree)).chain(platforms).flatten().find_map(|tree| {
        match tree.get("always") {
            // A reference to an anchor is worth the same look.
            Some(Tree::Text { text, at })
                if text.eq_ignore_ascii_case("true") || text.starts_with('*') =>
            {
                Some(*at)
            }
            _ => None,
        }
    })
}

/// The first shortened link in data.
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

    #[test]
    fn front_matters() {
        assert_eq!(front_matter("---\na: 1\n---\nx"), Some(("a: 1\n", 4)));
        assert_eq!(front_matter("\u{feff}---\r\na: 1\r\n---\r\n"), Some(("a: 1\r\n", 8)));
        assert_eq!(front_matter("---\na: 1\n"), None);
        assert_eq!(front_matter("x\n---\n"), None);
    }
}

//! What a model's name shows about its generation and tier, without a catalogue of models.
//!
//! Versions are compared as numbers, so a model that is newer than this file is not called old. A name without a version
//! says nothing. OpenClaw 2026.9.6 matches texts instead: it takes `claude-5` and `gpt-6` for old models.

/// Why a model counts as legacy, if it does.
pub(crate) fn legacy(id: &str) -> Option<&'static str> {
    let id = id.to_ascii_lowercase();
    if has_word(&id, "gpt-3.5") {
        Some("GPT-3.5 family")
    } else if has_word(&id, "claude-instant") || has_word(&id, "claude-2") {
        Some("Claude 2/Instant family")
    } else if has_word(&id, "gpt-4-0314") || has_word(&id, "gpt-4-0613") {
        Some("Legacy GPT-4 snapshots")
    } else {
        None
    }
}

/// A version: major, minor.
type Version = (u32, u32);

const GPT_5: Version = (5, 0);
const CLAUDE_4_5: Version = (4, 5);

/// Why a model counts as weak; empty when it does not.
pub(crate) fn weak(id: &str) -> Vec<&'static str> {
    let id = id.to_ascii_lowercase();
    let mut reasons = Vec::new();
    if has_word(&id, "haiku") {
        reasons.push("Haiku tier (smaller model)");
    }
    if gpt_version(&id).is_some_and(|version| version < GPT_5) {
        reasons.push("Below GPT-5 family");
    }
    if claude_version(&id).is_some_and(|version| version < CLAUDE_4_5) {
        reasons.push("Below Claude 4.5");
    }
    reasons
}

/// What follows each occurrence of some text that begins where a word begins.
fn after<'t>(text: &'t str, wanted: &'t str) -> impl Iterator<Item = &'t str> {
    text.match_indices(wanted).filter_map(move |(at, _)| {
        let (before, from) = text.split_at(at);
        let begins = !before.ends_with(is_word_character);
        begins.then(|| from.strip_prefix(wanted)).flatten()
    })
}

/// Whether a text occurs between two word boundaries.
fn has_word(text: &str, wanted: &str) -> bool {
    after(text, wanted).any(ends_word)
}

fn ends_word(rest: &str) -> bool {
    !rest.starts_with(is_word_character)
}

fn is_word_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The version of a GPT model: `gpt-4o`, `gpt-4.1-mini`, `gpt-5-codex`, and Azure's `gpt-35-turbo`.
fn gpt_version(id: &str) -> Option<Version> {
    after(id, "gpt-").find_map(|name| {
        let digits = name.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(name.len());
        match version_of(name.get(..digits)?)? {
            (35, 0) => Some((3, 5)),
            version => Some(version),
        }
    })
}

/// The version of a Claude model, before or after the name of its tier: `claude-3-5-sonnet-20241022`,
/// `claude-opus-4-6`, `claude-sonnet-4.5`, `claude-v2:1`.
fn claude_version(id: &str) -> Option<Version> {
    let segments = id.split(|c: char| c.is_whitespace() || c == '/');
    segments.filter_map(|segment| after(segment, "claude-").next()).find_map(|name| {
        let parts: Vec<&str> =
            name.split(|c: char| !c.is_ascii_alphanumeric() && c != '.').collect();
        let numbers = parts.iter().map(|part| version_of(part.strip_prefix('v').unwrap_or(part)));
        let numbers: Vec<Option<Version>> = numbers.collect();
        let at = numbers.iter().position(Option::is_some)?;
        let (major, minor) = (*numbers.get(at)?)?;
        match numbers.get(at + 1) {
            Some(Some((next, 0))) if minor == 0 => Some((major, *next)),
            _ => Some((major, minor)),
        }
    })
}

/// `4`, `4.5` and the like. A longer number is a date.
fn version_of(text: &str) -> Option<Version> {
    let number = |text: &str| text.parse().ok().filter(|_| text.len() <= 2);
    match text.split_once('.') {
        Some((major, minor)) => Some((number(major)?, number(minor)?)),
        None => Some((number(text)?, 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legacy_families() {
        for (id, reason) in [
            ("openai/gpt-3.5-turbo", "GPT-3.5 family"),
            ("OPENAI/GPT-3.5", "GPT-3.5 family"),
            ("anthropic/claude-2.1", "Claude 2/Instant family"),
            ("claude-2-100k", "Claude 2/Instant family"),
            ("claude-instant-1", "Claude 2/Instant family"),
            ("gpt-4-0613", "Legacy GPT-4 snapshots"),
            ("azure/gpt-4-0314-eu", "Legacy GPT-4 snapshots"),
        ] {
            assert_eq!(legacy(id), Some(reason), "{id}");
        }
        for id in
            ["claude-20", "gpt-4-turbo", "gpt-35-turbo", "xgpt-3.5", "gpt-3.50", "gpt-3x5", ""]
        {
            assert_eq!(legacy(id), None, "{id}");
        }
    }

    #[test]
    fn gpt_below_5() {
        for id in
            ["gpt-4o", "gpt-4.1", "gpt-4-turbo", "gpt-3.5-turbo", "azure/gpt-35-turbo", "gpt-4"]
        {
            assert_eq!(weak(id), ["Below GPT-5 family"], "{id}");
        }
        for id in [
            "gpt-5",
            "openai/gpt-5.2",
            "gpt-5-mini",
            "GPT-5",
            "chatgpt-4o-latest",
            "o3",
            "openai/gpt-6",
            "gpt-6.1-codex",
            "gpt-10",
            "gpt-oss-120b",
            "gpt-image-1",
            "gpt-realtime",
        ] {
            assert!(weak(id).is_empty(), "{id}");
        }
    }

    #[test]
    fn claude_below_4_5() {
        for id in [
            "claude-opus-4",
            "claude-opus-4-1",
            "claude-sonnet-4-20250514",
            "claude-2.1",
            "claude-3.7-sonnet",
            "claude-3-5-sonnet-20241022",
            "claude-3-7-sonnet-latest",
            "anthropic.claude-v2:1",
            "anthropic.claude-3-sonnet-20240229-v1:0",
            "claude-4-sonnet",
        ] {
            assert_eq!(weak(id), ["Below Claude 4.5"], "{id}");
        }
        for id in [
            "anthropic/claude-opus-4-6",
            "claude-sonnet-4-5",
            "claude-sonnet-4-5-20250929",
            "claude-opus-4-10",
            "anthropic/claude-5-sonnet",
            "claude-5",
            "claude-6-1-opus",
            "claude-code",
            "claude-opus-latest",
            "claude-opus-5",
            "claude-opus-5.1",
            "claude-opus-4.6",
            "claude-4.5-opus",
            "myclaude-2",
        ] {
            assert!(weak(id).is_empty(), "{id}");
        }
    }

    #[test]
    fn haiku_is_weak_of_any_version() {
        assert_eq!(weak("claude-haiku-4-5"), ["Haiku tier (smaller model)"]);
        assert_eq!(weak("Claude-3-Haiku"), ["Haiku tier (smaller model)", "Below Claude 4.5"]);
        assert!(weak("haikus").is_empty());
    }

    #[test]
    fn any_text_is_taken() {
        for id in ["", "-", "claude-", "gpt-", "claude-é-5", "日本claude-4.", "claude--4-"] {
            let _reasons = (legacy(id), weak(id));
        }
    }
}

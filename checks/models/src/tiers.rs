//! What a model's name shows about its generation and tier. Text matching only, without a catalogue of models.
//!
//! The boundaries are those of OpenClaw 2026.9.6, oddities included: `claude-5` and `gpt-6` count as old, because the
//! patterns look for what followed them at the time, and `claude-3-5-…` counts as new, because of its `-5`.

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

/// Why a model counts as weak; empty when it does not.
pub(crate) fn weak(id: &str) -> Vec<&'static str> {
    let id = id.to_ascii_lowercase();
    let mut reasons = Vec::new();
    if has_word(&id, "haiku") {
        reasons.push("Haiku tier (smaller model)");
    }
    if after(&id, "gpt-").next().is_some() && !has_word(&id, "gpt-5") {
        reasons.push("Below GPT-5 family");
    }
    if after(&id, "claude-").next().is_some() && !is_claude_4_5_or_later(&id) {
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

/// Whether a version 4.5 or later can be read between `claude-` and the next blank or slash.
fn is_claude_4_5_or_later(id: &str) -> bool {
    // Within one segment the first `claude-` sees everything that a later one sees.
    id.split(|c: char| c.is_whitespace() || c == '/')
        .filter_map(|segment| after(segment, "claude-").next())
        .any(|name| name.char_indices().any(|(at, _)| begins_with_version(name.split_at(at).1)))
}

fn begins_with_version(text: &str) -> bool {
    let minor = text
        .strip_prefix("-4-")
        .or_else(|| text.strip_prefix("-4"))
        .or_else(|| text.strip_prefix("4."));
    minor.is_some_and(is_minor_5_or_later) || text.strip_prefix('-').is_some_and(is_major_5_to_9)
}

/// `5` to `99`, followed by the end of the word.
fn is_minor_5_or_later(text: &str) -> bool {
    match leading_word(text).as_bytes() {
        [digit] => matches!(digit, b'5'..=b'9'),
        [tens, ones] => matches!(tens, b'1'..=b'9') && ones.is_ascii_digit(),
        _ => false,
    }
}

/// `5` to `9`, followed by the end of the word.
fn is_major_5_to_9(text: &str) -> bool {
    matches!(leading_word(text).as_bytes(), [b'5'..=b'9'])
}

fn leading_word(text: &str) -> &str {
    text.split(|c| !is_word_character(c)).next().unwrap_or_default()
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
        for id in ["gpt-4o", "gpt-4.1", "gpt-oss-120b", "gpt-5x", "gpt-50", "gpt-6-mini", "gpt-5_1"]
        {
            assert_eq!(weak(id), ["Below GPT-5 family"], "{id}");
        }
        for id in ["gpt-5", "openai/gpt-5.2", "gpt-5-mini", "GPT-5", "chatgpt-4o-latest", "o3"] {
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
            "claude-instant-1",
            "claude-3.7-sonnet",
            "claude-5",
            "claude-opus-4-100",
            "claude-opus-4-04",
            "claude-x/y-5",
            "claude-x y-5",
        ] {
            assert_eq!(weak(id), ["Below Claude 4.5"], "{id}");
        }
        for id in [
            "anthropic/claude-opus-4-6",
            "claude-sonnet-4-5",
            "claude-sonnet-4-5-20250929",
            "claude-opus-4-10",
            "claude-opus-45",
            "claude-opus-5",
            "claude-opus-5.1",
            "claude-opus-4.6",
            "claude-4.5-opus",
            "claude-3-5-sonnet-20241022",
            "claude-3-7-sonnet",
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

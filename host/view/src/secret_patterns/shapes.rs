//! Secrets within a text: what has the shape of one, and what stands behind the name of one. Rules only; `seal` applies them.

use chitin_secret_vocabulary::credentials::{
    PEM_BEGIN, PEM_DASHES, PEM_PRIVATE_KEY, SHORTEST, starts_like_credential,
};
use chitin_secret_vocabulary::names::{
    is_ambiguous_secret_name, is_secret_assignment, is_secret_key_name, is_secret_parameter,
    is_secret_tree,
};

/// Characters that a credential is made of.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.+/=~".contains(&byte)
}

/// The byte ranges of a text that have a secret's shape, in order and apart.
pub(crate) fn shapes(text: &str) -> Vec<(usize, usize)> {
    let mut found = private_keys(text);
    found.extend(url_parts(text));
    found.extend(assignments(text));
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !is_word(bytes[at]) && bytes[at] != b':' {
            at += 1;
            continue;
        }
        let end = bytes[at..]
            .iter()
            .position(|byte| !is_word(*byte) && *byte != b':')
            .map_or(bytes.len(), |length| at + length);
        let word = &text[at..end];
        found.extend(word_shape(word).map(|(start, stop)| (at + start, at + stop)));
        at = end;
    }
    merge(found)
}

/// The part of one word that is a credential.
fn word_shape(word: &str) -> Option<(usize, usize)> {
    // Nearly every word of a report is shorter.
    if word.len() < SHORTEST {
        return None;
    }
    let mut before = b' ';
    for (start, byte) in word.bytes().enumerate() {
        // A prefix begins the word, or a part of it.
        let is_start = !before.is_ascii_alphanumeric() && word.is_char_boundary(start);
        if is_start && starts_like_credential(&word[start..]) {
            return Some((start, word.len()));
        }
        before = byte;
    }
    if let Some((number, key)) = word.split_once(':') {
        // A Telegram bot token: the bot's number, then its key.
        let is_number = number.len() >= 6 && number.bytes().all(|byte| byte.is_ascii_digit());
        if is_number && key.len() >= 30 && !key.contains(['/', ':']) {
            return Some((0, word.len()));
        }
    }
    is_random(word).then_some((0, word.len()))
}

/// A long word without structure, as generators make them.
fn is_random(word: &str) -> bool {
    if word.len() < 32 || word.bytes().any(|byte| b"/:.~".contains(&byte)) {
        return false;
    }
    let has = |test: fn(&u8) -> bool| word.bytes().any(|byte| test(&byte));
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let hex = word.bytes().all(|byte| byte.is_ascii_hexdigit());
    // Names in words keep their separators close together; a generated text has long runs.
    let longest = word.split(['-', '_']).map(str::len).max().unwrap_or(0);
    longest >= 20
        && digits >= 4
        && (hex && has(u8::is_ascii_alphabetic)
            || has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase))
}

/// PEM blocks of private keys, or as much of one as is there.
fn private_keys(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices(PEM_BEGIN) {
        let label = at + PEM_BEGIN.len();
        let Some(label_end) = text[label..].find(PEM_DASHES).map(|length| label + length) else {
            continue;
        };
        if text[label..label_end].ends_with(PEM_PRIVATE_KEY) {
            let key = label_end + PEM_DASHES.len();
            let end = text[key..].find("-----END").map_or(text.len(), |length| key + length);
            found.push((key, end));
        }
    }
    found
}

/// `user:password` before the host, and the values of secret parameters.
fn url_parts(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("://") {
        let start = at + 3;
        let end = text[start..]
            .find(|c: char| c.is_whitespace() || "\"'<>`".contains(c))
            .map_or(text.len(), |length| start + length);
        let authority = text[start..end].find(['/', '?', '#']).map_or(end, |length| start + length);
        if let Some(length) = text[start..authority].rfind('@') {
            found.push((start, start + length));
        }
    }
    found
}

/// The byte ranges of a file's text that are secrets by their name or by their shape. Both are looked for in the whole
/// text: once a part is blanked out, the other rule would no longer know the rest.
pub(crate) fn document_values(text: &str) -> Vec<(usize, usize)> {
    let mut found = named_values(text);
    found.extend(shapes(text));
    merge(found)
}

/// In a file's text, the values after a secret's name and a colon or an equals sign: of settings in any notation, of
/// documents that do not parse, of code. A value in brackets counts to its end.
fn named_values(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (at, mark) in text.match_indices([':', '=']) {
        let before = text[..at].trim_end_matches([' ', '\t', '"', '\'', '`', ']']);
        let start = before
            .rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')
            .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
        let name = before[start..].trim_start_matches('-');
        let is_secret =
            is_secret_key_name(name) || is_ambiguous_secret_name(name) || is_secret_tree(name);
        if !name.is_empty() && (is_secret || mark == "=" && is_secret_parameter(name)) {
            found.extend(whole_value(text, at + 1));
        }
    }
    merge(found)
}

/// The value that begins after white space: to its closing quote or bracket, or to the end of the word or text.
fn whole_value(text: &str, at: usize) -> Option<(usize, usize)> {
    let start = at + text[at..].len() - text[at..].trim_start_matches([' ', '\t', '=']).len();
    let rest = &text[start..];
    let first = rest.chars().next()?;
    let end = match first {
        '"' | '\'' | '`' => {
            let closing = rest[1..].find([first, '\n']).map_or(rest.len(), |length| length + 1);
            return (closing > 1).then_some((start + 1, start + closing));
        }
        '{' | '[' => {
            let mut depth = 0_usize;
            rest.char_indices()
                .find(|(_, c)| {
                    match c {
                        '{' | '[' => depth += 1,
                        '}' | ']' => depth -= 1,
                        _ => {}
                    }
                    depth == 0
                })
                .map_or(rest.len(), |(at, _)| at + 1)
        }
        _ => rest.find(|c: char| c.is_whitespace() || ",;}])".contains(c)).unwrap_or(rest.len()),
    };
    (end > 0).then_some((start, start + end))
}

/// `name=value` with a secret's name, in queries, arguments and shell text, and `Bearer value`.
fn assignments(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('=') {
        let name_start = text[..at]
            .rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')
            .map_or(0, |before| before + text[before..].chars().next().map_or(1, char::len_utf8));
        let name = text[name_start..at].trim_start_matches('-');
        if !name.is_empty() && is_secret_assignment(name) {
            found.extend(value_after(text, at + 1));
        }
    }
    for (at, word) in text.match_indices("Bearer ") {
        found.extend(value_after(text, at + word.len()));
    }
    found
}

/// The value that begins here, without its quotes; nothing for a reference such as `$NAME`.
fn value_after(text: &str, at: usize) -> Option<(usize, usize)> {
    let start = at + text[at..].len() - text[at..].trim_start_matches(['"', '\'']).len();
    let end = text[start..]
        .find(|c: char| c.is_whitespace() || "\"'&;#`,)".contains(c))
        .map_or(text.len(), |length| start + length);
    (end > start && !text[start..].starts_with('$')).then_some((start, end))
}

/// Ranges in order, with those that touch put together.
pub(crate) fn merge(mut ranges: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    ranges.sort_unstable();
    let mut merged: Vec<(usize, usize)> = Vec::new();
    for (start, end) in ranges {
        match merged.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blanked(text: &str) -> String {
        let mut out = text.to_owned();
        for (start, end) in shapes(text).into_iter().rev() {
            out.replace_range(start..end, "#");
        }
        out
    }

    #[test]
    fn shapes_of_secrets() {
        let long = "a".repeat(40);
        for (text, expected) in [
            ("http://user:pw@host:9222/x".to_owned(), "http://#@host:9222/x"),
            ("https://h/x?token=abc&y=1".to_owned(), "https://h/x?token=#&y=1"),
            ("node x.js --api-key=abc next".to_owned(), "node x.js --api-key=# next"),
            (format!("key ghp_{long}."), "key #"),
            (
                "curl -H 'Authorization: Bearer abc.def'".to_owned(),
                "curl -H 'Authorization: Bearer #'",
            ),
            (format!("123456789:AAE{long}"), "#"),
            (
                "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----".to_owned(),
                "-----BEGIN RSA PRIVATE KEY-----#-----END RSA PRIVATE KEY-----",
            ),
            ("3f786850e387550fdab836ed7e6dc881de23001b".to_owned(), "#"),
            ("PASSWORD=$OTHER".to_owned(), "PASSWORD=$OTHER"),
        ] {
            assert_eq!(blanked(&text), expected, "{text}");
        }
    }

    #[test]
    fn named_values_of_documents() {
        let blanked = |text: &str| {
            let mut out = text.to_owned();
            for (start, end) in named_values(text).into_iter().rev() {
                out.replace_range(start..end, "#");
            }
            out
        };
        for (text, expected) in [
            (r#"{"token": "a b", "name": "x"}"#, r##"{"token": "#", "name": "x"}"##),
            ("{token: 'a', n: 1}", "{token: '#', n: 1}"),
            ("password: abc\nname: x", "password: #\nname: x"),
            ("export DB_PASSWORD='a b'", "export DB_PASSWORD='#'"),
            ("env: {A: 'x', B: ['y']}, c: 1", "env: #, c: 1"),
            ("token: \"breaks off", "token: \"#"),
            ("const apiKey = `a`;", "const apiKey = `#`;"),
            ("headers: {", "headers: #"),
            ("mode: token", "mode: token"),
            ("a: b = c", "a: b = c"),
        ] {
            assert_eq!(blanked(text), expected, "{text}");
        }
    }

    #[test]
    fn a_name_does_not_hide_a_shape() {
        let text = "x Authorization: Bearer abc.def\n";
        let ranges = document_values(text);
        assert_eq!(
            ranges.iter().map(|(start, end)| &text[*start..*end]).collect::<Vec<_>>(),
            ["Bearer", "abc.def"]
        );
    }

    #[test]
    fn ordinary_text_stays() {
        for text in [
            "anthropic/claude-sonnet-4-5-20250929",
            "sk-short",
            "/usr/local/bin",
            "http://127.0.0.1:9222",
            "sha512-short",
            "agents.defaults.sandbox.docker",
            "channels.telegram.accounts.main",
            "-1001234567890",
            "openrouter/meta-llama/llama-3.1-405b-instruct",
            "a=b",
            "2026-05-12-cdp-relay-auth",
            "sessions_*",
            "my-very-long-agent-name-with-many-parts-2026-11",
            "key: value",
            "ünïcödé = ß",
        ] {
            assert_eq!(blanked(text), text);
        }
    }
}

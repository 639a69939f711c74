//! Values that stand in for a secret: examples from documentation, what templates have, what redaction leaves behind.
//! Everyone knows them, whatever their length.

/// Example values from published documentation, which look like a secret otherwise.
const PUBLISHED: &[&str] =
    &["change-me-to-a-long-random-token", "change-me-now", "change-me-to-a-strong-password"];

/// Words that say that the value is not the real one.
const MARKERS: &[&str] = &[
    "your",
    "my",
    "replace",
    "replaceme",
    "change",
    "changeme",
    "changethis",
    "insert",
    "enter",
    "put",
    "fill",
    "example",
    "sample",
    "dummy",
    "fake",
    "placeholder",
    "todo",
    "fixme",
    "tbd",
    "redacted",
    "removed",
    "hidden",
    "masked",
    "sanitized",
    "omitted",
    "censored",
    "generated",
    "generate",
    "test",
    "testing",
    "demo",
    "default",
    "paste",
    "required",
    "foo",
    "bar",
];

/// Words that go with a marker: what the secret is for, and grammar.
const OTHERS: &[&str] = &[
    "secret",
    "token",
    "password",
    "passwd",
    "pass",
    "pw",
    "key",
    "api",
    "apikey",
    "gateway",
    "openclaw",
    "clawdbot",
    "moltbot",
    "claw",
    "bot",
    "bottoken",
    "auth",
    "access",
    "hook",
    "hooks",
    "webhook",
    "admin",
    "user",
    "strong",
    "random",
    "long",
    "secure",
    "safe",
    "real",
    "own",
    "new",
    "auto",
    "automatically",
    "at",
    "on",
    "least",
    "chars",
    "characters",
    "value",
    "string",
    "text",
    "here",
    "this",
    "that",
    "with",
    "me",
    "a",
    "an",
    "the",
    "to",
    "some",
    "in",
    "of",
    "for",
    "and",
    "or",
    "is",
    "be",
    "it",
    "by",
    "from",
    "env",
    "abc",
    "xyz",
    "telegram",
    "discord",
    "slack",
    "openai",
    "anthropic",
    "google",
    "credential",
    "credentials",
    "login",
    "goes",
    "please",
    "very",
    "only",
    "not",
    "use",
    "hex",
    "uuid",
    "please",
    "one",
    "id",
    "client",
];

/// Brackets that templates put around a name.
const BRACKETS: &[(&str, &str)] =
    &[("<", ">"), ("[", "]"), ("{{", "}}"), ("{", "}"), ("__", "__"), ("%", "%"), ("«", "»")];

/// Whether a value is a placeholder and no secret. Exact: a value with one word of its own is a secret.
pub fn is_placeholder(value: &str) -> bool {
    let value = value.trim();
    if value.is_empty() {
        return false;
    }
    PUBLISHED.contains(&value)
        || is_repeated(value)
        || BRACKETS.iter().any(|(open, close)| is_in_brackets(value, open, close))
        || is_made_of_known_words(value)
}

/// Dots, stars, crosses and dashes: what redaction leaves.
fn is_repeated(value: &str) -> bool {
    let is_filler = |c: char| {
        matches!(c, '.' | '*' | 'x' | 'X' | '-' | '_' | '•' | '…' | '#' | '█' | '0' | '?')
    };
    value.chars().count() >= 3 && value.chars().all(is_filler)
}

/// A name in brackets: words, and no text that a generator could have made.
fn is_in_brackets(value: &str, open: &str, close: &str) -> bool {
    let inside = value.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    inside.is_some_and(|name| {
        let is_name = |c: char| c.is_alphanumeric() || " _-.:/'".contains(c);
        let digits = name.chars().filter(char::is_ascii_digit).count();
        !name.is_empty() && name.chars().all(is_name) && digits <= 2
    })
}

fn is_made_of_known_words(value: &str) -> bool {
    let words = words(value);
    let is_marker = |word: &String| MARKERS.contains(&word.as_str()) || is_crosses(word);
    let is_known =
        |word: &String| is_marker(word) || OTHERS.contains(&word.as_str()) || is_count(word);
    words.iter().any(is_marker) && words.iter().all(is_known)
}

/// The words of a value, in lower case: separated by anything, or by capitals.
fn words(value: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    let mut characters = value.chars().peekable();
    while let Some(c) = characters.next() {
        let is_last_capital = characters.peek().is_some_and(|next| next.is_lowercase());
        let begins = !before.is_alphanumeric()
            || c.is_uppercase() && (before.is_lowercase() || is_last_capital)
            || c.is_ascii_digit() != before.is_ascii_digit();
        if c.is_alphanumeric() {
            match words.last_mut() {
                Some(word) if !begins => word.extend(c.to_lowercase()),
                _ => words.push(c.to_lowercase().collect()),
            }
        }
        before = c;
    }
    words
}

/// `xxx`, as in `xxx_TOKEN_xxx`.
fn is_crosses(word: &str) -> bool {
    word.len() >= 3 && word.bytes().all(|byte| byte == b'x')
}

/// `1`, `123`, `1234567890`: numbers that count up, or short ones.
fn is_count(word: &str) -> bool {
    word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit())
        || "12345678901234567890".starts_with(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_of_templates_documentation_and_redaction() {
        for value in [
            "YOUR_GATEWAY_TOKEN",
            "<YOUR_TOKEN>",
            "[REDACTED]",
            "REPLACE_WITH_YOUR_TOKEN",
            "xxx_TOKEN_xxx",
            "changeme",
            "test-token-123",
            "{{GATEWAY_TOKEN}}",
            "<Auto Generated>",
            "your-secure-token-here",
            "change-me-now",
            "change-me-to-a-long-random-token",
            "********",
            "xxxxxxxxxxxxxxxx",
            "__OPENCLAW_TOKEN__",
            "%GATEWAY_TOKEN%",
            "insert your token here",
            "replaceMeWithARandomString",
            "my-secret-token",
            "example-password",
            "REDACTED",
            "<redacted>",
            "{token}",
            "dummy",
            "TODO",
            "YourTokenHere",
            "your_token_1234",
            " changeme ",
        ] {
            assert!(is_placeholder(value), "{value}");
        }
    }

    #[test]
    fn secrets_that_only_look_like_one() {
        for value in [
            "",
            " ",
            "hunter2",
            "correct-horse-battery-staple",
            "test-7f3a9c1e",
            "your-mothers-maiden-name",
            "a8f3c2",
            "[4f1c9d2e7b6a5038]",
            "sk-proj-test",
            "my-dog-rex-2019",
            "token",
            "secret",
            "password",
            "{4f1c9d2e}",
            "0123456789abcdef",
            "change-is-constant-77",
            "<3f9a-44b1-90cd>",
            "example.com-prod-91",
        ] {
            assert!(!is_placeholder(value), "{value}");
        }
    }
}

//! The syntax of dotenv files, as npm's `dotenv` 17 reads it.

use std::collections::BTreeMap;

use crate::ecma::{is_space, trim};

/// The assignments of a file. A later one of the same name replaces an earlier one.
pub fn parse(text: &str) -> BTreeMap<String, String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut found = BTreeMap::new();
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let Some((name, value, after)) = assignment(rest) else {
            rest = after_line(rest);
            continue;
        };
        found.insert(name.to_owned(), unquoted(value));
        rest = after_line(after);
    }
    found
}

fn after_line(text: &str) -> &str {
    text.split_once('\n').map_or("", |(_, rest)| rest)
}

/// The assignment that a text begins with: its name, its value with quotes, and what follows the value.
fn assignment(text: &str) -> Option<(&str, &str, &str)> {
    let text = text.trim_start_matches(is_space);
    named(text).or_else(|| {
        let unexported = text.strip_prefix("export")?;
        named(unexported.trim_start_matches(is_space)).filter(|_| unexported.starts_with(is_space))
    })
}

fn named(text: &str) -> Option<(&str, &str, &str)> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    let end = text.find(|c| !is_name(c)).filter(|end| *end > 0)?;
    let (name, rest) = text.split_at(end);
    let rest = match rest.trim_start_matches(is_space).strip_prefix('=') {
        Some(rest) => rest,
        None => rest.strip_prefix(':').filter(|rest| rest.starts_with(is_space))?,
    };
    let (value, after) = value(rest);
    Some((name, value, after))
}

/// The value at the start of a text, and what follows. A quoted value may run over several lines, but only a comment
/// may follow it on its last; otherwise the quotes are part of a plain value, which ends with the line or at `#`.
fn value(text: &str) -> (&str, &str) {
    let start = text.trim_start_matches(is_space);
    let quoted = start.chars().next().filter(|c| matches!(c, '"' | '\'' | '`')).and_then(|quote| {
        closings(start, quote).into_iter().find(|end| start.get(*end..).is_some_and(ends_line))
    });
    if let Some(end) = quoted {
        return start.split_at(end);
    }
    let end = text.find(['#', '\n']).unwrap_or(text.len());
    text.split_at(end)
}

/// The possible ends of the quoted string at the start of a text, the likeliest first: an escaped quote closes it only
/// where no other does.
fn closings(text: &str, quote: char) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut previous = quote;
    for (at, c) in text.char_indices().skip(1) {
        if c == quote {
            ends.push(at + 1);
            if previous != '\\' {
                break;
            }
        }
        previous = c;
    }
    ends.reverse();
    ends
}

fn ends_line(text: &str) -> bool {
    let rest = text.trim_start_matches([' ', '\t']);
    rest.is_empty() || rest.starts_with(['\n', '#'])
}

fn unquoted(value: &str) -> String {
    let value = trim(value);
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
    let inside =
        quote.and_then(|quote| value.strip_prefix(quote)?.strip_suffix(quote)).unwrap_or(value);
    match quote {
        Some('"') => inside.replace("\\n", "\n").replace("\\r", "\r"),
        _ => inside.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_assignments() {
        let text = concat!(
            "\u{feff}A=1\r\n  export B = two words # comment\n# C=3\nD: 4\nE=\nF=#x\n",
            "G='single \\n # kept'\nH=\"a\\nb\" # comment\nI=`back`\nJ=\"x\"y\nK='multi\nline'\n",
            "nothing here\nL=\"open\nM='it\\'s'\nN='end\\'\nexport=1\nO.P-Q=dots\nA=last",
        );
        let expected = [
            ("A", "last"),
            ("B", "two words"),
            ("D", "4"),
            ("E", ""),
            ("F", ""),
            ("G", "single \\n # kept"),
            ("H", "a\nb"),
            ("I", "back"),
            ("J", "\"x\"y"),
            ("K", "multi\nline"),
            ("L", "\"open"),
            ("M", "it\\'s"),
            ("N", "end\\"),
            ("O.P-Q", "dots"),
            ("export", "1"),
        ];
        let found = parse(text);
        let found: Vec<(&str, &str)> =
            found.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_quoted_value_may_begin_on_the_next_line() {
        assert_eq!(parse("A=\n 'x'\nB=\nC=1").into_values().collect::<Vec<_>>(), ["x", "", "1"]);
    }
}

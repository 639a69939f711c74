//! Name and description in the front matter of a `SKILL.md`: as much of YAML as is needed to decide whether OpenClaw
//! 2026.9.6 loads the skill. In doubt the answer is yes, so the skill's code is scanned.

use chitin_sdk::text;

/// The content of the front matter.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum FrontMatter {
    /// It has a description. Without a name the skill has its directory's.
    Skill { name: Option<String> },
    /// OpenClaw does not load the skill, for this reason.
    Invalid(&'static str),
}

/// Reads the front matter of a text.
pub(crate) fn read(content: &str) -> FrontMatter {
    let content = content.strip_prefix('\u{feff}').unwrap_or(content);
    let content = content.replace("\r\n", "\n").replace('\r', "\n");
    let mut lines = content.split('\n');
    if !lines.next().is_some_and(is_delimiter) {
        return FrontMatter::Invalid("it has no description: the front matter is missing");
    }
    let lines: Vec<&str> = lines.collect();
    let Some(end) = lines.iter().position(|line| is_delimiter(line)) else {
        return FrontMatter::Invalid("its front matter has no end");
    };
    let fields = Fields::of(lines.get(..end).unwrap_or_default());
    match fields {
        // A mapping on one line, or one with complex keys.
        Fields { is_plain: false, .. } => FrontMatter::Skill { name: None },
        Fields { description: Some(_), name, .. } => FrontMatter::Skill { name },
        Fields { description: None, .. } => FrontMatter::Invalid("it has no description"),
    }
}

fn is_delimiter(line: &str) -> bool {
    line.strip_prefix("---").is_some_and(|rest| text::trim(rest).is_empty())
}

#[derive(Debug, Default)]
struct Fields {
    /// Whether it has the usual form, a key on each line.
    is_plain: bool,
    name: Option<String>,
    description: Option<String>,
}

impl Fields {
    fn of(lines: &[&str]) -> Self {
        let is_said = |line: &&&str| {
            let line = text::trim(line);
            !line.is_empty() && !line.starts_with('#')
        };
        let first = lines.iter().find(is_said).copied().unwrap_or_default();
        let indent = first.len() - first.trim_start_matches(' ').len();
        let mut fields = Self { is_plain: true, ..Self::default() };
        let first = text::trim(first);
        if first.starts_with(['{', '?', '&', '!']) {
            fields.is_plain = false;
        }
        for (at, line) in lines.iter().enumerate() {
            let Some((key, value)) = line.get(indent..).and_then(key_and_value) else { continue };
            let slot = match key {
                "name" => &mut fields.name,
                "description" => &mut fields.description,
                _ => continue,
            };
            let below = lines.get(at + 1..).unwrap_or_default();
            let value = whole_value(value, &below_of(below, indent));
            *slot = Some(value).filter(|value| !text::trim(value).is_empty());
        }
        fields
    }
}

/// `key: value` at the beginning of a line; the key may be quoted.
fn key_and_value(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    if !(value.is_empty() || value.starts_with([' ', '\t'])) {
        return None;
    }
    Some((without_quotes(key.trim_end_matches([' ', '\t'])), text::trim(value)))
}

/// The lines that belong to the field above them, trimmed.
fn below_of<'l>(lines: &[&'l str], indent: usize) -> Vec<&'l str> {
    lines
        .iter()
        .take_while(|line| {
            let depth = line.len() - line.trim_start_matches([' ', '\t']).len();
            text::trim(line).is_empty() || depth > indent
        })
        .map(|line| text::trim(line))
        .collect()
}

/// A value with what continues it.
fn whole_value(value: &str, below: &[&str]) -> String {
    let is_block = value.starts_with(['|', '>'])
        && value.bytes().skip(1).all(|byte| matches!(byte, b'+' | b'-' | b'1'..=b'9'));
    let below = below.iter().copied().filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
    if value.is_empty() || is_block {
        return below;
    }
    if below.is_empty() || without_quotes(value).len() < value.len() {
        return text::trim(without_quotes(value)).to_owned();
    }
    let whole = format!("{value} {below}");
    text::trim(without_quotes(&whole)).to_owned()
}

fn without_quotes(value: &str) -> &str {
    let inner = |quote| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inner('"').or_else(|| inner('\'')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(content: &str) -> Option<String> {
        match read(content) {
            FrontMatter::Skill { name } => name,
            FrontMatter::Invalid(reason) => panic!("{reason}: {content}"),
        }
    }

    fn is_loaded(content: &str) -> bool {
        matches!(read(content), FrontMatter::Skill { .. })
    }

    #[test]
    fn name_and_description_are_read() {
        assert_eq!(named("---\nname: a b\ndescription: d\n---\n").as_deref(), Some("a b"));
        assert_eq!(named("---\r\nname: 'a'\r\ndescription: d\r\n---").as_deref(), Some("a"));
        assert_eq!(
            named("\u{feff}--- \n\"name\": \"a\"\ndescription: d\n--- \nx").as_deref(),
            Some("a")
        );
        assert_eq!(named("---\n  name: a\n  description: d\n---\n").as_deref(), Some("a"));
        assert_eq!(named("---\nname: \" \"\ndescription: d\n---\n"), None);
        assert_eq!(named("---\ndescription: d\n---\n"), None);
        assert_eq!(named("---\nmetadata:\n  name: other\ndescription: d\n---\n"), None);
    }

    #[test]
    fn any_way_to_write_a_description_counts() {
        for description in [
            "d",
            "'d'",
            "\"use: this\"",
            "with: a colon",
            "|\n  one\n  two",
            ">-\n  one",
            "\n  on the next line",
            "over\n  two lines",
            "[a, b]",
            "42",
            "null",
            "~",
            "\"over\n  two lines\"",
            "[unclosed",
        ] {
            assert!(
                is_loaded(&format!("---\ndescription: {description}\nname: x\n---\n")),
                "{description}"
            );
        }
        assert!(is_loaded("---\n{name: a, description: b}\n---\n"));
        assert!(is_loaded("---\n# first\n\ndescription:\td\n---\n"));
    }

    #[test]
    fn without_a_description_there_is_no_skill() {
        for content in [
            "",
            "# Title\n",
            "---\nname: a\n---\n",
            "---\nname: a\ndescription:\n---\n",
            "---\nname: a\ndescription: \"\"\n---\n",
            "---\nname: a\ndescription: ' '\n---\n",
            "---\nname: a\ndescription: |\n\n---\n",
            "---\nDescription: d\n---\n",
            "---\n  x:\n    description: d\n---\n",
            "---\ndescription:no space\n---\n",
            "---\ndescription: d\n",
            "\n---\ndescription: d\n---\n",
            " ---\ndescription: d\n---\n",
            "----\ndescription: d\n---\n",
            "---\n---\ndescription: d\n---\n",
        ] {
            assert!(!is_loaded(content), "{content:?}");
        }
    }

    #[test]
    fn no_text_makes_it_fail() {
        for content in
            ["---", "---\n:\n---", "---\n\u{e4}: x\n  \u{e4}\n---", "---\n \n---", "---\n\"\n---"]
        {
            read(content);
        }
        read(&format!("---\n{}\n---", "a:\n".repeat(10_000)));
    }
}

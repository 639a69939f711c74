//! Whether OpenClaw 2026.9.6 loads a skill, by the name and the description in the front matter of its `SKILL.md`. In
//! doubt the answer is yes, so the skill's code is scanned.

use chitin_lenient_yaml::{self as lenient_yaml, Dialect, Fields, FrontMatterError};

/// The content of the front matter.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum FrontMatter {
    /// It has a description. Without a name, the skill is called by its directory's name.
    Skill { name: Option<String> },
    /// OpenClaw does not load the skill, for this reason.
    Invalid(&'static str),
}

/// Reads the front matter of a text.
pub(crate) fn read(content: &str) -> FrontMatter {
    let content = content.replace("\r\n", "\n").replace('\r', "\n");
    let matter = match lenient_yaml::FrontMatter::of(&content, Dialect::OpenClaw) {
        Ok(matter) => matter,
        Err(FrontMatterError::Missing) => {
            return FrontMatter::Invalid("it has no description: the front matter is missing");
        }
        Err(FrontMatterError::Unclosed) => {
            return FrontMatter::Invalid("its front matter has no end");
        }
    };
    let fields = Fields::of(matter.text, Dialect::OpenClaw);
    if !fields.is_block_mapping() {
        return FrontMatter::Skill { name: None };
    }
    let (mut name, mut description) = (None, None);
    for field in fields.iter() {
        let slot = match field.key {
            "name" => &mut name,
            "description" => &mut description,
            _ => continue,
        };
        *slot = Some(field.value()).filter(|value| !value.is_empty());
    }
    match description {
        Some(_) => FrontMatter::Skill { name },
        None => FrontMatter::Invalid("it has no description"),
    }
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
    fn hostile_texts_end() {
        for content in
            ["---", "---\n:\n---", "---\n\u{e4}: x\n  \u{e4}\n---", "---\n \n---", "---\n\"\n---"]
        {
            read(content);
        }
        read(&format!("---\n{}\n---", "a:\n".repeat(10_000)));
    }
}

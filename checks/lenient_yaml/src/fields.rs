//! The fields at the top of front matter, as they are written: no escape, number or collection is decoded. That is enough
//! to tell whether a field has a value, and never wrong about it.

use crate::Dialect;

/// The lines of front matter and how far its top level is indented.
#[derive(Debug, Clone)]
pub struct Fields<'t> {
    lines: Vec<&'t str>,
    indent: usize,
    dialect: Dialect,
}

impl<'t> Fields<'t> {
    /// Splits front matter into lines. Lines end at `\n`.
    pub fn of(front_matter: &'t str, dialect: Dialect) -> Self {
        let text = front_matter.strip_suffix('\n').unwrap_or(front_matter);
        let mut fields = Self { lines: text.split('\n').collect(), indent: 0, dialect };
        let first = fields.first_line();
        fields.indent = first.len() - first.trim_start_matches(' ').len();
        fields
    }

    /// Whether each field starts on a line of its own. It is not so for a mapping in braces, one with complex keys and
    /// one behind a tag or an anchor.
    pub fn is_block_mapping(&self) -> bool {
        !self.dialect.trim(self.first_line()).starts_with(['{', '?', '&', '!'])
    }

    /// The fields of the top level, in the order in which they are written. A key may occur more than once.
    pub fn iter(&self) -> impl Iterator<Item = Field<'_>> {
        self.lines.iter().enumerate().filter_map(|(at, line)| {
            let (key, value) = self.dialect.key(line.get(self.indent..)?)?;
            let value = self.dialect.trim(value);
            let following = self.lines.get(at + 1..).unwrap_or_default();
            Some(Field { key, value, following, indent: self.indent, dialect: self.dialect })
        })
    }

    /// The first line that is neither blank nor a comment.
    fn first_line(&self) -> &'t str {
        let has_content = |line: &&&str| {
            let line = self.dialect.trim(line);
            !line.is_empty() && !line.starts_with('#')
        };
        self.lines.iter().find(has_content).copied().unwrap_or_default()
    }
}

/// A field of the top level.
#[derive(Debug, Clone, Copy)]
pub struct Field<'f> {
    /// Without its quotes.
    pub key: &'f str,
    value: &'f str,
    /// All lines below the key's.
    following: &'f [&'f str],
    indent: usize,
    dialect: Dialect,
}

impl Field<'_> {
    /// The value with the lines that continue it, on one line and without its outer quotes.
    pub fn value(&self) -> String {
        let value = self.value;
        let is_block = value.starts_with(['|', '>'])
            && value.bytes().skip(1).all(|byte| matches!(byte, b'+' | b'-' | b'1'..=b'9'));
        let below = self.continuation();
        if value.is_empty() || is_block {
            return below;
        }
        if below.is_empty() || without_quotes(value).len() < value.len() {
            return self.dialect.trim(without_quotes(value)).to_owned();
        }
        let whole = format!("{value} {below}");
        self.dialect.trim(without_quotes(&whole)).to_owned()
    }

    /// The lines below that are blank or indented further, joined by blanks.
    fn continuation(&self) -> String {
        let lines = self.following.iter().take_while(|line| {
            let depth = line.len() - line.trim_start_matches([' ', '\t']).len();
            self.dialect.trim(line).is_empty() || depth > self.indent
        });
        let lines = lines.map(|line| self.dialect.trim(line)).filter(|line| !line.is_empty());
        lines.collect::<Vec<_>>().join(" ")
    }
}

fn without_quotes(value: &str) -> &str {
    let inner = |quote| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inner('"').or_else(|| inner('\'')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str, key: &str) -> Option<String> {
        let fields = Fields::of(text, Dialect::OpenClaw);
        fields.iter().filter(|field| field.key == key).last().map(|field| field.value())
    }

    #[test]
    fn values_are_read_as_written() {
        let text =
            "name: \"a\"\nfolded: >-\n  one\n\n  two\nlong: one\n  two\nlist: [a, b]\nempty:\n";
        assert_eq!(value(text, "name").as_deref(), Some("a"));
        assert_eq!(value(text, "folded").as_deref(), Some("one two"));
        assert_eq!(value(text, "long").as_deref(), Some("one two"));
        assert_eq!(value(text, "list").as_deref(), Some("[a, b]"));
        assert_eq!(value(text, "empty").as_deref(), Some(""));
        assert_eq!(value(text, "missing"), None);
    }

    #[test]
    fn only_the_top_level_counts() {
        assert_eq!(value("a:\n  b: 1\n", "b"), None);
        assert_eq!(value("  a: 1\n  b: 2\n", "b").as_deref(), Some("2"));
        assert!(!Fields::of("{a: 1}\n", Dialect::OpenClaw).is_block_mapping());
        assert!(Fields::of("# x\na: 1\n", Dialect::OpenClaw).is_block_mapping());
    }

    #[test]
    fn hostile_texts_end() {
        for text in ["", ":", "\n", "\u{e4}: x\n  \u{e4}", "\"", "a:\n".repeat(10_000).as_str()] {
            let fields = Fields::of(text, Dialect::OpenClaw);
            assert!(fields.iter().filter(|field| field.key == "b").count() == 0);
        }
    }
}

//! YAML in block style: lists and maps by indentation.

use crate::flow::Flow;
use crate::{Dialect, MAX_DEPTH, Tree};

/// Reads YAML in block style, with flow values in it. `base` is the offset of the text in its file.
pub fn block(text: &str, base: usize) -> Tree {
    let mut lines = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end();
        let indent = content.len() - content.trim_start_matches(' ').len();
        lines.push(Line { indent, content: content.trim_start(), at: at + indent });
        at += line.len();
    }
    Block { text, base, lines, next: 0 }.value(0, 0)
}

struct Line<'t> {
    indent: usize,
    content: &'t str,
    at: usize,
}

struct Block<'t> {
    text: &'t str,
    base: usize,
    lines: Vec<Line<'t>>,
    next: usize,
}

impl<'t> Block<'t> {
    /// The next line that is neither blank nor a comment.
    fn line(&mut self) -> Option<&Line<'t>> {
        while self
            .lines
            .get(self.next)
            .is_some_and(|line| line.content.is_empty() || line.content.starts_with('#'))
        {
            self.next += 1;
        }
        self.lines.get(self.next)
    }

    /// A list or a map whose lines are indented by `least` blanks or more.
    fn value(&mut self, least: usize, depth: usize) -> Tree {
        let Some(line) = self.line() else { return Tree::Map(Vec::new()) };
        let indent = line.indent;
        if indent < least || depth > MAX_DEPTH {
            return Tree::Map(Vec::new());
        }
        if line.content == "-" || line.content.starts_with("- ") {
            return self.list(indent, depth);
        }
        if line.content.starts_with(['{', '[']) {
            let at = line.at;
            return self.flow_here(at);
        }
        self.map(indent, depth)
    }

    fn list(&mut self, indent: usize, depth: usize) -> Tree {
        let mut items = Vec::new();
        while let Some(line) = self.line() {
            if line.indent != indent || !(line.content == "-" || line.content.starts_with("- ")) {
                break;
            }
            let at = line.at;
            let rest = line.content.get(1..).unwrap_or_default();
            let inner = rest.trim_start();
            if inner.is_empty() {
                self.next += 1;
                items.push(self.value(indent + 1, depth + 1));
                continue;
            }
            // The item's first line is read as a line of its own, indented further.
            let shift = 1 + rest.len() - inner.len();
            let is_entry = Dialect::Lenient.key(inner).is_some();
            if let Some(line) = self.lines.get_mut(self.next) {
                *line = Line { indent: indent + shift, content: inner, at: at + shift };
            }
            items.push(if is_entry {
                self.value(indent + 1, depth + 1)
            } else {
                self.next += 1;
                self.scalar(inner, at + shift, indent)
            });
        }
        Tree::List(items)
    }

    fn map(&mut self, indent: usize, depth: usize) -> Tree {
        let mut entries = Vec::new();
        while let Some(line) = self.line() {
            if line.indent < indent {
                break;
            }
            let (content, at) = (line.content, line.at);
            self.next += 1;
            let Some((key, value)) = Dialect::Lenient.key(content) else { continue };
            let value = value.trim_start();
            let value_at = at + content.len() - value.len();
            let value = without_tags(value);
            let tree = if value.is_empty() {
                match self.line() {
                    Some(line) if line.indent > indent => self.value(indent + 1, depth + 1),
                    Some(line) if line.indent == indent && line.content.starts_with("- ") => {
                        self.list(indent, depth + 1)
                    }
                    _ => Tree::Text { text: String::new(), at: self.base + value_at },
                }
            } else {
                self.scalar(value, value_at, indent)
            };
            entries.push((key.to_owned(), tree));
        }
        Tree::Map(entries)
    }

    /// The scalar behind a key or a dash. Lines that are indented further continue it.
    fn scalar(&mut self, value: &str, at: usize, indent: usize) -> Tree {
        if value.starts_with(['{', '[']) {
            return self.flow_here(at);
        }
        let absolute = self.base + at;
        if value.starts_with(['"', '\'']) {
            let rest = self.text.get(at..).unwrap_or_default();
            let mut flow = Flow { text: rest, base: absolute, at: 0 };
            let tree = flow.scalar();
            self.skip_to(at + flow.at);
            return tree;
        }
        let mut text = if value.starts_with(['|', '>']) {
            String::new()
        } else {
            without_comment(value).to_owned()
        };
        while let Some(line) = self.lines.get(self.next) {
            if !line.content.is_empty() && line.indent <= indent {
                break;
            }
            text.push(' ');
            text.push_str(line.content);
            self.next += 1;
        }
        Tree::Text { text: text.trim().to_owned(), at: absolute }
    }

    fn flow_here(&mut self, at: usize) -> Tree {
        let rest = self.text.get(at..).unwrap_or_default();
        let mut flow = Flow { text: rest, base: self.base + at, at: 0 };
        let tree = flow.value(0);
        self.skip_to(at + flow.at);
        tree
    }

    /// Continues behind the line that contains an offset.
    fn skip_to(&mut self, at: usize) {
        while self.lines.get(self.next).is_some_and(|line| line.at < at) {
            self.next += 1;
        }
    }
}

/// The value without tags and anchors before it.
fn without_tags(value: &str) -> &str {
    let mut value = value;
    while value.starts_with(['!', '&']) {
        value = value.split_once(' ').map_or("", |(_, rest)| rest.trim_start());
    }
    if value.starts_with('#') { "" } else { value }
}

fn without_comment(value: &str) -> &str {
    value.split_once(" #").map_or(value, |(value, _)| value).trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow;

    fn at<'t>(tree: &'t Tree, path: &str) -> Option<&'t str> {
        match path.split('.').try_fold(tree, |tree, key| tree.get(key))? {
            Tree::Text { text, .. } => Some(text),
            _ => None,
        }
    }

    #[test]
    fn blocks() {
        let text = "name: demo # x\ndescription: >\n  two\n  lines\nalways: true\nmetadata:\n  openclaw:\n    always: true\n    \
                    install:\n      - id: a\n        url: https://x.invalid/a\n      - plain\nlast: \"a: b\"\n";
        let tree = block(text, 0);
        assert_eq!(at(&tree, "name"), Some("demo"));
        assert_eq!(at(&tree, "description"), Some("two lines"));
        assert_eq!(at(&tree, "metadata.openclaw.always"), Some("true"));
        assert_eq!(at(&tree, "last"), Some("a: b"));
        let urls: Vec<_> = tree.texts().into_iter().map(|(text, _)| text.to_owned()).collect();
        assert!(urls.contains(&"https://x.invalid/a".to_owned()), "{urls:?}");
    }

    #[test]
    fn flows() {
        let text = "metadata: {\"openclaw\":{\"always\":true, /* c */ emoji: 'x',}}\nmore:\n  {\n    a: [1, {b: 2}],\n  }\nz: 1\n";
        let tree = block(text, 0);
        assert_eq!(at(&tree, "metadata.openclaw.always"), Some("true"));
        assert_eq!(at(&tree, "z"), Some("1"));
        let url = flow("{\"install\": [{\"url\": \"https://bit.ly/x\"}], always: !!1}", 10);
        assert_eq!(url.texts()[0], ("https://bit.ly/x", 31));
    }

    #[test]
    fn hostile_texts_end() {
        for text in [
            "{".repeat(100_000),
            "[".repeat(100_000),
            "- ".repeat(100_000),
            "{a:".repeat(50_000),
            "a:\n ".repeat(1000),
            "\"".to_owned(),
            "{\"a".to_owned(),
            "\\u12".to_owned(),
            "{:::}".to_owned(),
            "]}".to_owned(),
            "? x\n: y".to_owned(),
        ] {
            flow(&text, 0);
            block(&text, 0);
        }
    }
}

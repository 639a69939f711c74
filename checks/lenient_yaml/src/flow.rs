//! Values in brackets: JSON, the liberties of JSON5, and YAML's flow style.

use crate::{MAX_DEPTH, Tree};

/// Reads JSON, JSON5 or a flow value of YAML. `base` is the offset of the text in its file.
pub fn flow(text: &str, base: usize) -> Tree {
    Flow { text, base, at: 0 }.value(0)
}

/// A value that is being read.
pub(crate) struct Flow<'t> {
    pub(crate) text: &'t str,
    /// The offset of the text in its file.
    pub(crate) base: usize,
    pub(crate) at: usize,
}

impl Flow<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(crate) fn value(&mut self, depth: usize) -> Tree {
        self.skip();
        match self.peek() {
            Some(b'{') if depth < MAX_DEPTH => self.map(depth),
            Some(b'[') if depth < MAX_DEPTH => self.list(depth),
            _ => self.scalar(),
        }
    }

    fn map(&mut self, depth: usize) -> Tree {
        self.at += 1;
        let mut entries = Vec::new();
        loop {
            self.skip();
            match self.peek() {
                None => break,
                Some(b'}') => {
                    self.at += 1;
                    break;
                }
                Some(b',') => self.at += 1,
                Some(_) => {
                    let start = self.at;
                    let Tree::Text { text: key, .. } = self.scalar() else { break };
                    self.skip();
                    if self.peek() == Some(b':') {
                        self.at += 1;
                        entries.push((key, self.value(depth + 1)));
                    } else if self.at == start {
                        self.at += 1;
                    }
                }
            }
        }
        Tree::Map(entries)
    }

    fn list(&mut self, depth: usize) -> Tree {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip();
            match self.peek() {
                None => break,
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                Some(b',') => self.at += 1,
                Some(_) => {
                    let start = self.at;
                    items.push(self.value(depth + 1));
                    if self.at == start {
                        self.at += 1;
                    }
                }
            }
        }
        Tree::List(items)
    }

    pub(crate) fn scalar(&mut self) -> Tree {
        let at = self.base + self.at;
        let text = match self.peek() {
            Some(quote @ (b'"' | b'\'')) => self.quoted(quote),
            _ => self.plain(),
        };
        Tree::Text { text, at }
    }

    fn quoted(&mut self, quote: u8) -> String {
        let rest = self.text.get(self.at + 1..).unwrap_or_default();
        let mut text = String::new();
        let mut characters = rest.char_indices();
        while let Some((at, character)) = characters.next() {
            if character == char::from(quote) {
                self.at += at + 2;
                return text;
            }
            if character != '\\' {
                text.push(character);
                continue;
            }
            match characters.next().map(|(_, escaped)| escaped) {
                Some('n') => text.push('\n'),
                Some('t') => text.push('\t'),
                Some('u') => {
                    let digits: String =
                        characters.clone().take(4).map(|(_, digit)| digit).collect();
                    let code = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
                    if let Some(code) = code {
                        text.push(code);
                        characters.by_ref().take(3).for_each(drop);
                        characters.next();
                    }
                }
                Some(escaped) => text.push(escaped),
                None => break,
            }
        }
        self.at = self.text.len();
        text
    }

    fn plain(&mut self) -> String {
        let rest = self.text.get(self.at..).unwrap_or_default();
        // A colon inside a URL is part of the text.
        let end = rest.char_indices().find(|(at, character)| match character {
            ',' | '}' | ']' | '\n' => true,
            ':' => !rest[at + 1..].starts_with(|next: char| next == '/' || next.is_alphanumeric()),
            _ => false,
        });
        let length = end.map_or(rest.len(), |(at, _)| at);
        self.at += length;
        rest[..length].trim().to_owned()
    }

    /// Blanks and comments.
    fn skip(&mut self) {
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let blanks = rest.bytes().take_while(u8::is_ascii_whitespace).count();
            self.at += blanks;
            let rest = rest.get(blanks..).unwrap_or_default();
            let length = if rest.starts_with("//") || rest.starts_with('#') {
                rest.find('\n').unwrap_or(rest.len())
            } else if rest.starts_with("/*") {
                rest.find("*/").map_or(rest.len(), |end| end + 2)
            } else if rest.starts_with('\u{feff}') {
                3
            } else {
                return;
            };
            self.at += length;
        }
    }
}

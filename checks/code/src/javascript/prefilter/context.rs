//! The context of a word: whether it is part of a sentence or of code, and how the code uses it. What that means for the
//! file is decided in `keywords`.

use crate::bytes::{is_identifier_byte, run_length, skip_whitespace};

/// How many bytes of comments before a word are skipped at most.
const MAX_COMMENT_BYTES: usize = 4096;
/// Keywords that may precede a value.
const LEADING: &[&[u8]] = &[
    b"await",
    b"case",
    b"const",
    b"default",
    b"delete",
    b"do",
    b"else",
    b"export",
    b"extends",
    b"import",
    b"in",
    b"instanceof",
    b"let",
    b"new",
    b"of",
    b"return",
    b"throw",
    b"typeof",
    b"var",
    b"void",
    b"yield",
    b"as",
    b"satisfies",
    b"async",
    b"is",
    b"using",
];
/// Keywords that may follow a value.
const TRAILING: &[&[u8]] =
    &[b"as", b"extends", b"implements", b"in", b"instanceof", b"is", b"of", b"satisfies"];

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// A word and the text around it.
pub(super) struct Context<'t> {
    pub(super) text: &'t [u8],
    pub(super) at: usize,
    /// Where the word ends.
    pub(super) after: usize,
}

impl<'t> Context<'t> {
    /// The next byte after the word that is not white space.
    pub(super) fn next(&self) -> Option<u8> {
        self.text.get(skip_whitespace(self.text, self.after)).copied()
    }

    fn rest(&self) -> &'t [u8] {
        self.text.get(skip_whitespace(self.text, self.after)..).unwrap_or_default()
    }

    pub(super) fn is_quoted(&self) -> bool {
        self.text.get(self.after).copied().is_some_and(is_quote)
    }

    /// Whether the word may end a module's name.
    pub(super) fn ends_module(&self) -> bool {
        matches!(self.text.get(self.after), Some(b'\'' | b'"' | b'`' | b'/' | b'-'))
    }

    /// The word before this one on the same line, with blanks between them.
    fn word_before(&self) -> &'t [u8] {
        let line = self.text.get(..self.at).unwrap_or_default();
        let blanks = line.iter().rev().take_while(|byte| is_space(**byte)).count();
        let line = line.get(..line.len() - blanks).unwrap_or_default();
        let length =
            line.iter().rev().take(16).take_while(|byte| is_identifier_byte(**byte)).count();
        if blanks == 0 { &[] } else { line.get(line.len() - length..).unwrap_or_default() }
    }

    fn word_after(&self) -> &'t [u8] {
        let blanks = run_length(self.text, self.after, is_space);
        let start = self.after + blanks;
        let length = run_length(self.text, start, is_identifier_byte);
        if blanks == 0 { &[] } else { self.text.get(start..start + length).unwrap_or_default() }
    }

    /// Whether another word is next to this one, as in a sentence and never in code.
    pub(super) fn is_prose(&self) -> bool {
        let behind = self.word_after();
        if !behind.is_empty() && !TRAILING.contains(&behind) {
            return true;
        }
        let front = self.word_before();
        !front.is_empty() && !LEADING.contains(&front)
    }

    /// Whether the value of the name may be called, read or passed on here.
    pub(super) fn is_used_as_value(&self) -> bool {
        let rest = self.rest();
        let called =
            matches!(rest.first(), Some(b'(' | b'[' | b'.' | b'`')) || rest.starts_with(b"?.");
        let compared = rest.starts_with(b"!=") || rest.starts_with(b"=") || self.is_compared();
        let asked = matches!(self.word_before(), b"typeof" | b"instanceof");
        called || !(compared || asked || self.is_prose())
    }

    /// Whether a comparison precedes the word.
    fn is_compared(&self) -> bool {
        let front = self.text.get(..self.at).unwrap_or_default().trim_ascii_end();
        front.ends_with(b"==")
    }

    /// The name of the member that is read.
    pub(super) fn member(&self) -> Option<&'t [u8]> {
        let rest = self.rest();
        let rest = rest.strip_prefix(b"?.").or_else(|| rest.strip_prefix(b"."))?;
        let start = skip_whitespace(rest, 0);
        let length = run_length(rest, start, is_identifier_byte);
        rest.get(start..start + length).filter(|name| !name.is_empty())
    }

    /// `Function.prototype.toString` and the like, but nothing that calls or binds.
    pub(super) fn is_function_member(&self) -> bool {
        match self.member() {
            Some(b"prototype") => {
                let start = skip_whitespace(self.text, self.after) + 1;
                let end = skip_whitespace(self.text, start) + b"prototype".len();
                self.text.get(end) == Some(&b'.')
            }
            Some(name) => !matches!(name, b"call" | b"apply" | b"bind" | b"constructor"),
            None => false,
        }
    }

    /// `Reflect.ownKeys` and the like, and the members that decorators add.
    pub(super) fn is_reflection_query(&self) -> bool {
        matches!(
            self.member(),
            Some(
                b"ownKeys"
                    | b"has"
                    | b"decorate"
                    | b"metadata"
                    | b"defineProperty"
                    | b"getMetadata"
                    | b"defineMetadata"
                    | b"deleteProperty"
                    | b"isExtensible"
            )
        )
    }

    /// `typeof require`, `require.resolve(…)`.
    pub(super) fn is_only_queried(&self) -> bool {
        let asked = self.word_before() == b"typeof"
            && !matches!(self.next(), Some(b'(' | b'[' | b'.' | b'?'));
        asked || self.member() == Some(b"resolve")
    }

    /// Whether `constructor` may be read from an object: as a member, by a string or by a pattern.
    pub(super) fn takes_constructor(&self) -> bool {
        let rest = self.rest();
        match self.code_before() {
            Some(b'.') => {
                let compared = rest.starts_with(b"==") || rest.starts_with(b"!=");
                let assigned = rest.starts_with(b"=") && !rest.starts_with(b"==");
                let passed = self.member().is_some_and(|name| {
                    !matches!(name, b"call" | b"apply" | b"bind" | b"constructor")
                });
                !(compared || assigned || passed)
            }
            Some(b'"' | b'\'' | b'`' | b'[') => true,
            _ => rest.first() == Some(&b':'),
        }
    }

    /// The last byte of code before the word. Where that is not clear, the dot of a member.
    fn code_before(&self) -> Option<u8> {
        let start = self.at.saturating_sub(MAX_COMMENT_BYTES);
        let mut front = self.text.get(start..self.at).unwrap_or_default().trim_ascii_end();
        while !front.is_empty() {
            if let Some(comment) = front.strip_suffix(b"*/") {
                let Some(open) = comment.windows(2).rposition(|pair| pair == b"/*") else {
                    return Some(b'.');
                };
                front = front.get(..open).unwrap_or_default().trim_ascii_end();
                continue;
            }
            let line = front.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
            let (above, line) = front.split_at(line);
            let slashes = line.windows(2).enumerate().filter(|(_, pair)| *pair == b"//");
            let codes = slashes.map(|(at, _)| line.get(..at).unwrap_or_default().trim_ascii_end());
            let mut is_comment = false;
            for code in codes {
                if code.ends_with(b".") {
                    return Some(b'.');
                }
                is_comment |= code.is_empty();
            }
            if !is_comment {
                return front.last().copied();
            }
            front = above.trim_ascii_end();
        }
        (start > 0).then_some(b'.')
    }

    /// Whether a call with one plain literal follows.
    pub(super) fn takes_literal(&self) -> bool {
        let text = self.text;
        let open = skip_whitespace(text, self.after);
        let quote = skip_whitespace(text, open + 1);
        if text.get(open) != Some(&b'(') {
            return false;
        }
        let Some(&delimiter @ (b'"' | b'\'')) = text.get(quote) else { return false };
        let end = quote
            + 1
            + run_length(text, quote + 1, |byte| {
                byte != delimiter && byte != b'\n' && byte != b'\\'
            });
        text.get(end) == Some(&delimiter) && text.get(skip_whitespace(text, end + 1)) == Some(&b')')
    }

    /// Whether a call follows whose first argument is an inline function or the resolver of a promise.
    pub(super) fn takes_function(&self) -> bool {
        let text = self.text;
        let open = skip_whitespace(text, self.after);
        if text.get(open) != Some(&b'(') {
            return false;
        }
        let start = skip_whitespace(text, open + 1);
        let rest = text.get(start..).unwrap_or_default();
        if rest.starts_with(b"function") || rest.starts_with(b"()") || rest.starts_with(b"async") {
            return true;
        }
        let name = rest.get(..run_length(rest, 0, is_identifier_byte)).unwrap_or_default();
        !name.is_empty()
            && (text
                .get(skip_whitespace(text, start + name.len())..)
                .is_some_and(|rest| rest.starts_with(b"=>"))
                || self.resolves_promise(name))
    }

    /// `new Promise((NAME) => setTimeout(NAME`
    fn resolves_promise(&self, name: &[u8]) -> bool {
        let front = self.text.get(self.at.saturating_sub(80)..self.at).unwrap_or_default();
        let strip = |front: &'t [u8], end: &[u8]| front.trim_ascii_end().strip_suffix(end);
        let front = front.trim_ascii_end();
        let front = front.strip_suffix(b"{").unwrap_or(front);
        let Some(front) = strip(front, b"=>") else { return false };
        let front = front.trim_ascii_end();
        let (front, closed) =
            front.strip_suffix(b")").map_or((front, false), |front| (front, true));
        let Some(front) = strip(front, name) else { return false };
        let front = if closed { strip(front, b"(") } else { Some(front) };
        front
            .and_then(|front| strip(front, b"("))
            .and_then(|front| strip(front, b"Promise"))
            .is_some_and(|front| front.trim_ascii_end().ends_with(b"new"))
    }
}

pub(super) fn is_quote(byte: u8) -> bool {
    matches!(byte, b'\'' | b'"' | b'`')
}

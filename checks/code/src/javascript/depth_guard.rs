//! Estimates how deeply a program is nested, before it is parsed.
//!
//! The parser and the passes over its tree recurse, and a sandbox has little stack. So this counts brackets and what
//! nests without them: chains of operators, of prefixes, of `else if`, of JSX elements. If the estimate is too high, the
//! file is only searched by keyword. It is too low only where a string or a regular expression is mistaken for code or
//! the other way round; then the sandbox traps on that file, which is reported and never counts as clean.

use crate::bytes::{byte_before, is_identifier_byte};

/// The stack that a program may need, in bytes. A sandbox has 512 KiB; the costs below were measured natively.
const LIMIT: usize = 300 * 1024;
const BRACKET: usize = 1800;
const ELEMENT: usize = 900;
const ARROW: usize = 1000;
const ASSIGNMENT: usize = 650;
const CHOICE: usize = 320;
const POWER: usize = 300;
const OPERATOR: usize = 110;

/// Words that continue the statement before them, also on a new line.
const CONTINUING: &[&[u8]] = &[
    b"else",
    b"catch",
    b"finally",
    b"while",
    b"from",
    b"in",
    b"of",
    b"instanceof",
    b"as",
    b"satisfies",
    b"extends",
];
/// Words that nest what follows them, and the stack that each costs.
const NESTING: &[(&[u8], usize)] = &[
    (b"new", 300),
    (b"typeof", 110),
    (b"void", 110),
    (b"delete", 110),
    (b"await", 200),
    (b"yield", 600),
    (b"in", 110),
    (b"of", 110),
    (b"instanceof", 110),
    (b"else", 200),
    (b"if", 600),
    (b"for", 600),
    (b"while", 600),
    (b"do", 600),
    (b"with", 600),
    (b"as", 300),
    (b"satisfies", 300),
    (b"keyof", 600),
    (b"extends", 600),
    (b"infer", 600),
    (b"readonly", 300),
    (b"unique", 300),
    (b"async", 110),
    (b"return", 0),
    (b"throw", 0),
    (b"is", 300),
    (b"asserts", 300),
];

/// For each first byte: a bit for each length of the words above that start with it.
const LENGTHS: [u16; 256] = {
    let mut lengths = [0; 256];
    let mut at = 0;
    while at < CONTINUING.len() {
        lengths[CONTINUING[at][0] as usize] |= 1 << CONTINUING[at].len();
        at += 1;
    }
    let mut at = 0;
    while at < NESTING.len() {
        lengths[NESTING[at].0[0] as usize] |= 1 << NESTING[at].0.len();
        at += 1;
    }
    // `case` and `default`
    lengths[b'c' as usize] |= 1 << 4;
    lengths[b'd' as usize] |= 1 << 7;
    lengths
};

/// Whether the text is safe to parse.
pub(super) fn is_bounded(text: &str) -> bool {
    Estimator::new(text.as_bytes()).run()
}

/// The state around an open bracket.
struct Level {
    /// The cost of the links since the statement or the list element started.
    links: usize,
    /// Whether its `}` continues a template literal.
    template: bool,
}

struct Estimator<'t> {
    text: &'t [u8],
    at: usize,
    levels: Vec<Level>,
    /// The cost of the links on this level.
    links: usize,
    /// The cost of the links on all outer levels.
    outer_links: usize,
    elements: usize,
    /// Whether the last token ends an operand, so a `/` divides.
    operand: bool,
    /// Whether a line ended since the last token.
    new_line: bool,
    /// Whether the last token is `}`.
    block: bool,
    /// How many more failed searches for the end of a regular expression are allowed. Keeps the time linear.
    searches: u32,
}

impl<'t> Estimator<'t> {
    fn new(text: &'t [u8]) -> Self {
        Self {
            text,
            at: 0,
            levels: Vec::new(),
            links: 0,
            outer_links: 0,
            elements: 0,
            operand: false,
            new_line: true,
            block: false,
            searches: 1000,
        }
    }

    fn run(mut self) -> bool {
        while let Some(&byte) = self.text.get(self.at) {
            self.token(byte);
            let brackets = self.levels.len() * BRACKET + self.elements * ELEMENT;
            if self.links + self.outer_links + brackets > LIMIT {
                return false;
            }
        }
        true
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.get(self.at + ahead).copied()
    }

    fn token(&mut self, byte: u8) {
        match byte {
            b'\n' => {
                self.new_line = true;
                self.at += 1;
            }
            b' ' | b'\t' | b'\r' => self.skip_blanks(),
            b'/' if self.peek(1) == Some(b'/') => self.skip_line(),
            b'/' if self.peek(1) == Some(b'*') => self.skip_comment(),
            b'/' if !self.operand && self.skip_regex() => self.after(true),
            b'"' | b'\'' => {
                self.starts_statement();
                self.string(byte);
                self.after(true);
            }
            b'`' => {
                self.at += 1;
                self.template();
            }
            b'(' | b'[' | b'{' => self.open(byte),
            b')' | b']' | b'}' => self.close(byte),
            b';' | b',' => {
                self.links = 0;
                self.at += 1;
                self.after(false);
            }
            b'<' => self.less_than(),
            _ if is_identifier_byte(byte) || byte >= 0x80 => self.word(),
            b'!' | b'~' | b'+' | b'-' => self.operator(1, OPERATOR),
            _ => {
                let length = crate::bytes::run_length(self.text, self.at, is_operator).max(1);
                let operator = self.text.get(self.at..self.at + length).unwrap_or_default();
                self.operator(length, cost(operator));
            }
        }
    }

    fn after(&mut self, operand: bool) {
        self.operand = operand;
        self.new_line = false;
        self.block = false;
    }

    fn operator(&mut self, length: usize, cost: usize) {
        // A self-closing element.
        if self.text.get(self.at..).is_some_and(|rest| rest.starts_with(b"/>")) {
            self.elements = self.elements.saturating_sub(1);
        }
        self.at += length;
        self.links += cost;
        self.after(false);
    }

    /// Ends the chain of links if the next token starts a new statement.
    fn starts_statement(&mut self) {
        if (self.new_line && (self.operand || self.elements > 0)) || self.block {
            self.links = 0;
        }
    }

    fn word(&mut self) {
        let length = crate::bytes::run_length(self.text, self.at, |byte| {
            is_identifier_byte(byte) || byte >= 0x80
        });
        let word = self.text.get(self.at..self.at + length).unwrap_or_default();
        if !is_keyword(word) {
            self.starts_statement();
            self.at += length;
            return self.after(true);
        }
        let property = byte_before(self.text, self.at) == Some(b'.');
        if !property && !CONTINUING.contains(&word) {
            self.starts_statement();
        }
        if word == b"case" || word == b"default" {
            self.links = 0;
        }
        let nesting = NESTING.iter().find(|(name, _)| *name == word && !property);
        self.links += nesting.map_or(0, |(_, cost)| *cost);
        self.at += length;
        self.after(nesting.is_none());
    }

    /// `<` opens an element where no operand precedes it.
    fn less_than(&mut self) {
        let next = self.peek(1);
        if next == Some(b'/') {
            self.elements = self.elements.saturating_sub(1);
            self.at += 1;
        } else if !self.operand && next.is_some_and(|byte| is_identifier_byte(byte) || byte == b'>')
        {
            self.starts_statement();
            self.elements += 1;
        }
        self.operator(1, OPERATOR);
    }

    fn open(&mut self, bracket: u8) {
        if bracket == b'{' {
            self.starts_statement();
        }
        self.at += 1;
        self.push(false);
    }

    fn push(&mut self, template: bool) {
        self.levels.push(Level { links: self.links, template });
        self.outer_links += self.links;
        self.links = 0;
        self.after(false);
    }

    fn close(&mut self, bracket: u8) {
        self.at += 1;
        let Some(level) = self.levels.pop() else { return self.after(true) };
        self.outer_links -= level.links;
        self.links = level.links;
        if level.template && bracket == b'}' {
            return self.template();
        }
        self.after(true);
        self.block = bracket == b'}';
    }

    /// A template literal up to its end or the next `${`.
    fn template(&mut self) {
        while let Some(byte) = self.peek(0) {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'`' => return self.after(true),
                b'$' if self.peek(0) == Some(b'{') => {
                    self.at += 1;
                    return self.push(true);
                }
                _ => {}
            }
        }
    }

    fn skip_blanks(&mut self) {
        self.at += crate::bytes::run_length(self.text, self.at, |byte| {
            matches!(byte, b' ' | b'\t' | b'\r')
        });
    }

    fn skip_line(&mut self) {
        self.at += crate::bytes::run_length(self.text, self.at, |byte| byte != b'\n');
    }

    fn skip_comment(&mut self) {
        self.at += 2;
        while let Some(byte) = self.peek(0) {
            self.at += 1;
            self.new_line |= byte == b'\n';
            if byte == b'*' && self.peek(0) == Some(b'/') {
                self.at += 1;
                return;
            }
        }
    }

    /// A string, if its quote is closed on this line. In the text of an element, a quote is only an apostrophe.
    fn string(&mut self, quote: u8) {
        let mut at = self.at + 1;
        while let Some(&byte) = self.text.get(at) {
            match byte {
                b'\\' => at += 1,
                b'\n' => break,
                _ if byte == quote => {
                    self.at = at + 1;
                    return;
                }
                _ => {}
            }
            at += 1;
        }
        self.at += 1;
    }

    /// Skips a regular expression, if one ends on this line.
    fn skip_regex(&mut self) -> bool {
        let mut at = self.at + 1;
        let mut class = false;
        if self.searches == 0 {
            return false;
        }
        while let Some(&byte) = self.text.get(at) {
            at += 1;
            match byte {
                b'\\' => at += 1,
                b'\n' => break,
                b'[' => class = true,
                b']' => class = false,
                b'/' if !class => {
                    self.at = at;
                    return true;
                }
                _ => {}
            }
        }
        self.searches -= 1;
        false
    }
}

/// Whether a word may be one of those that nest or continue.
fn is_keyword(word: &[u8]) -> bool {
    let first = word.first().copied().unwrap_or_default();
    word.len() < 16 && LENGTHS[usize::from(first)] & (1 << word.len()) != 0
}

/// The cost of each operator in a chain.
fn cost(operator: &[u8]) -> usize {
    match operator {
        b"=>" => ARROW,
        b"?" | b":" => CHOICE,
        b"**" => POWER,
        b"==" | b"===" | b">=" | b"!=" => OPERATOR,
        [.., b'='] => ASSIGNMENT,
        _ => OPERATOR,
    }
}

fn is_operator(byte: u8) -> bool {
    matches!(byte, b'=' | b'>' | b'&' | b'|' | b'*' | b'%' | b'^' | b'?' | b':' | b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(open: &str, middle: &str, close: &str, depth: usize) -> String {
        format!("{}{middle}{}", open.repeat(depth), close.repeat(depth))
    }

    #[test]
    fn deep_nesting_of_every_kind_is_rejected() {
        for (open, middle, close) in [
            ("(", "1", ")"),
            ("[", "", "]"),
            ("{", "", "}"),
            ("[(", "1", ")]"),
            ("`${", "1", "}`"),
            ("!", "a", ""),
            ("- ", "a", ""),
            ("typeof ", "a", ""),
            ("new ", "a", ""),
            ("await ", "a", ""),
            ("a=>", "a", ""),
            ("a=", "a", ""),
            ("a?b:", "c", ""),
            ("a.", "b", ""),
            ("a+", "b", ""),
            ("a\n+", "b", ""),
            ("a**", "b", ""),
            ("if(a)", ";", ""),
            ("if(a){}else ", "{}", ""),
            ("for(;;)", ";", ""),
            ("a:", ";", ""),
            ("<a>", "", "</a>"),
            ("<a>\n", "", "</a>\n"),
            ("f(", "", ")"),
            ("a[", "0", "]"),
            ("function f(){", "", "}"),
            ("class A{m(){", "", "}}"),
            ("let x: A<", "B", ">"),
            ("a as b as ", "c", ""),
            ("do ", ";", " while(0)"),
        ] {
            assert!(!is_bounded(&nested(open, middle, close, 100_000)), "{open}");
        }
    }

    #[test]
    fn ordinary_programs_pass() {
        let statements = "const a = b.c + d(e, { f: [1, 2] })\n".repeat(5000);
        let minified = "if(a){b.c()}else{d=e?f:g}var h=function(){return!0};".repeat(5000);
        let cases = format!("switch (a) {{{}}}", "case 'x':\n".repeat(3000));
        let elements = "<p className=\"x\">don't</p>\n".repeat(3000);
        let long = "{a: \"it's\", /* ( */ // [\n b: /[(]/g},\n".repeat(3000);
        for text in [statements, minified, cases, format!("<div>{elements}</div>"), long] {
            assert!(is_bounded(&text), "{}", &text[..60]);
        }
    }
}

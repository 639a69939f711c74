//! Code that does not parse, searched by its words. Comments are taken out first; strings are not, so this finds more than
//! the rules on a parsed program do, and is only used where there is none.

use crate::hits::Hits;
use crate::mining;
use crate::obfuscation::{is_encoded_payload, readable_escapes};
use crate::rules::{
    CRYPTO_MINING, DANGEROUS_EXEC, DYNAMIC_CODE, ENV_HARVESTING, INSECURE_TLS, NONSTANDARD_NETWORK,
    OBFUSCATED_BASE64, OBFUSCATED_HEX, POTENTIAL_EXFILTRATION,
};
use crate::source::Source;
use crate::text::{
    before, boundary, find_all_ignoring_case, is_base64, is_identifier, is_word, run, skip_blanks,
    starts_with_ignoring_case,
};

use super::network::has_unusual_port;

const STARTS: &[&str] = &["execFileSync", "execFile", "execSync", "exec", "spawnSync", "spawn"];
const NAMESPACES: &[&str] = &["cp", "childProcess", "child_process"];
const WINDOW: usize = 8;

pub(super) fn scan(code: &str, base: usize, source: &Source<'_>, hits: &mut Hits) {
    let text = without_comments(code.as_bytes());
    let mut words = Words { text: &text, base, hits };
    words.starts_of_programs();
    words.dynamic_code();
    words.mining(code);
    words.websockets();
    words.obfuscation();
    words.switches();
    words.flows(source);
}

struct Words<'t> {
    text: &'t [u8],
    base: usize,
    hits: &'t mut Hits,
}

impl Words<'_> {
    /// Places of a word that is not part of a longer one.
    fn words(&self, word: &'static str) -> Vec<usize> {
        let text = self.text;
        find_all_ignoring_case(text, word)
            .filter(|at| text.get(*at..at + word.len()) == Some(word.as_bytes()))
            .filter(|at| boundary(text, *at) && boundary(text, at + word.len()))
            .collect()
    }

    fn is_called(&self, at: usize, word: &str) -> bool {
        self.text.get(skip_blanks(self.text, at + word.len())) == Some(&b'(')
    }

    /// The identifier that ends at an offset.
    fn identifier_before(&self, end: usize) -> &[u8] {
        let text = self.text.get(..end).unwrap_or_default();
        let length = text.iter().rev().take_while(|byte| is_identifier(**byte)).count();
        text.get(end - length..).unwrap_or_default()
    }

    fn starts_of_programs(&mut self) {
        if self.words("child_process").is_empty() {
            return;
        }
        for start in STARTS {
            for at in self.words(start) {
                let dotted = before(self.text, at) == Some(b'.');
                let receiver = self.identifier_before(at.saturating_sub(1));
                let known = NAMESPACES.iter().any(|name| name.as_bytes() == receiver)
                    || self.loads_module(at);
                let counts = !dotted || *start != "exec" || known;
                if counts && self.is_called(at, start) {
                    self.hits.add(&DANGEROUS_EXEC, self.base + at);
                }
            }
        }
    }

    /// `require("child_process").` before an offset.
    fn loads_module(&self, at: usize) -> bool {
        let start = at.saturating_sub(40);
        let text = self.text.get(start..at).unwrap_or_default();
        text.ends_with(b").") && find_all_ignoring_case(text, "child_process").next().is_some()
    }

    fn dynamic_code(&mut self) {
        for at in self.words("eval") {
            let free = !matches!(before(self.text, at), Some(b'.' | b'$' | b'-'));
            if free && self.is_called(at, "eval") {
                self.hits.add(&DYNAMIC_CODE, self.base + at);
            }
        }
        for at in self.words("Function") {
            let end = self.text.get(..at).unwrap_or_default();
            let blanks = end.iter().rev().take_while(|byte| byte.is_ascii_whitespace()).count();
            let start = at - blanks;
            let made = blanks > 0 && self.identifier_before(start) == b"new";
            if made && self.is_called(at, "Function") {
                self.hits.add(&DYNAMIC_CODE, self.base + start - "new".len());
            }
        }
    }

    fn mining(&mut self, code: &str) {
        let mut start = 0;
        for line in code.split_inclusive('\n') {
            if mining::is_named(line) {
                let kept = self.text.get(start..start + line.len()).unwrap_or_default();
                let kept = String::from_utf8_lossy(kept);
                if mining::is_use(&kept) {
                    self.hits.add(&CRYPTO_MINING, self.base + start);
                }
            }
            start += line.len();
        }
    }

    fn websockets(&mut self) {
        for at in self.words("WebSocket") {
            let open = skip_blanks(self.text, at + "WebSocket".len());
            let quote = skip_blanks(self.text, open + 1);
            let Some(delimiter) =
                self.text.get(quote).copied().filter(|byte| b"'\"`".contains(byte))
            else {
                continue;
            };
            let length = run(self.text, quote + 1, |byte| byte != delimiter && byte != b'\n');
            let address = self.text.get(quote + 1..quote + 1 + length).unwrap_or_default();
            if self.text.get(open) == Some(&b'(')
                && has_unusual_port(&String::from_utf8_lossy(address))
            {
                self.hits.add(&NONSTANDARD_NETWORK, self.base + at);
            }
        }
    }

    fn obfuscation(&mut self) {
        if let Some(at) = readable_escapes(self.text) {
            self.hits.add(&OBFUSCATED_HEX, self.base + at);
        }
        let decoders = self.words("atob").into_iter().map(|at| (at, at + "atob".len()));
        let buffers = self.words("Buffer").into_iter().map(|at| (at, at + "Buffer.from".len()));
        let large = decoders.chain(buffers).find(|(_, end)| {
            let open = skip_blanks(self.text, *end);
            let quote = skip_blanks(self.text, open + 1);
            let length = run(self.text, quote + 1, is_base64);
            let literal = self.text.get(quote + 1..quote + 1 + length).unwrap_or_default();
            self.text.get(open) == Some(&b'(')
                && is_encoded_payload(&String::from_utf8_lossy(literal))
        });
        if let Some((at, _)) = large {
            self.hits.add(&OBFUSCATED_BASE64, self.base + at);
        }
    }

    fn switches(&mut self) {
        for at in self.words("rejectUnauthorized") {
            let colon = skip_blanks(self.text, at + "rejectUnauthorized".len());
            let value = skip_blanks(self.text, colon + 1);
            let off = starts_with_ignoring_case(self.text, value, "false");
            if off && matches!(self.text.get(colon), Some(b':' | b'=')) {
                self.hits.add(&INSECURE_TLS, self.base + at);
            }
        }
    }

    fn flows(&mut self, source: &Source<'_>) {
        let sends = self.sends();
        if sends.is_empty() {
            return;
        }
        let read = find_all_ignoring_case(self.text, "readFile")
            .find(|at| self.text.get(*at..at + 8) == Some(b"readFile"));
        if let Some(at) = read {
            self.hits.add(&POTENTIAL_EXFILTRATION, self.base + at);
        }
        let mut lines: Vec<usize> = sends.iter().map(|at| source.line_of(self.base + at)).collect();
        lines.sort_unstable();
        let harvest = find_all_ignoring_case(self.text, "process.env").find(|at| {
            let line = source.line_of(self.base + at);
            let next = lines.partition_point(|send| send + WINDOW < line);
            lines.get(next).is_some_and(|send| *send <= line + WINDOW)
        });
        if let Some(at) = harvest {
            self.hits.add(&ENV_HARVESTING, self.base + at);
        }
    }

    /// Calls named `fetch` or `post`, and `http.request`.
    fn sends(&self) -> Vec<usize> {
        let text = self.text;
        let called =
            |at: &usize, word: &str| text.get(skip_blanks(text, at + word.len())) == Some(&b'(');
        let mut sends = Vec::new();
        for word in ["fetch", "post"] {
            let places = find_all_ignoring_case(text, word)
                .filter(|at| !before(text, *at).is_some_and(is_word));
            sends.extend(places.filter(|at| called(at, word)));
        }
        for word in ["http.request", "https.request"] {
            let places = find_all_ignoring_case(text, word);
            sends.extend(places.filter(|at| called(at, word)));
        }
        sends
    }
}

/// The text with its comments blanked. Only strings are known, no regular expressions; an unpaired quote makes a string
/// of the rest.
fn without_comments(code: &[u8]) -> Vec<u8> {
    let mut text = code.to_vec();
    let mut quote = None;
    let mut at = 0;
    while let Some(&byte) = code.get(at) {
        let next = code.get(at + 1);
        match (quote, byte) {
            (Some(_), b'\\') => at += 1,
            (Some(open), _) if byte == open => quote = None,
            (None, b'\'' | b'"' | b'`') => quote = Some(byte),
            (None, b'/') if next == Some(&b'/') => {
                let length = run(code, at, |byte| byte != b'\n');
                blank(&mut text, at, at + length);
                at += length;
                continue;
            }
            (None, b'/') if next == Some(&b'*') => {
                let rest = code.get(at + 2..).unwrap_or_default();
                let length = rest
                    .windows(2)
                    .position(|pair| pair == b"*/")
                    .map_or(rest.len(), |end| end + 2);
                blank(&mut text, at, at + 2 + length);
                at += 2 + length;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    text
}

fn blank(text: &mut [u8], start: usize, end: usize) {
    for byte in text.get_mut(start..end).into_iter().flatten() {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
}

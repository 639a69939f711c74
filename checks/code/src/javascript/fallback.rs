//! The fallback for code that does not parse: a search by keyword. Comments are blanked first, strings are not. So this
//! reports more than the rules on a parsed program do, and is only used where there is none.

use crate::bytes::{
    byte_before, find_all_ignore_case, is_base64_byte, is_identifier_byte, is_word_boundary,
    is_word_byte, run_length, skip_whitespace, starts_with_ignore_case,
};
use crate::collector::Collector;
use crate::cryptomining;
use crate::obfuscation::{is_encoded_payload, readable_escapes};
use crate::rules::{
    CRYPTO_MINING, DANGEROUS_EXEC, DYNAMIC_CODE, ENV_HARVESTING, HARVEST_WINDOW, INSECURE_TLS,
    NONSTANDARD_NETWORK, OBFUSCATED_BASE64, OBFUSCATED_HEX, POTENTIAL_EXFILTRATION,
};
use crate::source::Source;

use super::network::has_unusual_port;
use super::process::{EXEC_FUNCTIONS, NAMESPACES};

pub(super) fn scan(code: &str, base: usize, source: &Source<'_>, collector: &mut Collector) {
    let text = without_comments(code.as_bytes());
    let mut scan = FallbackScan { text: &text, base, collector };
    scan.child_processes();
    scan.dynamic_code();
    scan.mining(code);
    scan.websockets();
    scan.obfuscation();
    scan.insecure_tls();
    scan.exfiltration(source);
}

struct FallbackScan<'t> {
    text: &'t [u8],
    base: usize,
    collector: &'t mut Collector,
}

impl FallbackScan<'_> {
    /// The offsets of a whole word, case-sensitive.
    fn words(&self, word: &'static str) -> Vec<usize> {
        let text = self.text;
        find_all_ignore_case(text, word)
            .filter(|at| text.get(*at..at + word.len()) == Some(word.as_bytes()))
            .filter(|at| is_word_boundary(text, *at) && is_word_boundary(text, at + word.len()))
            .collect()
    }

    fn is_called(&self, at: usize, word: &str) -> bool {
        self.text.get(skip_whitespace(self.text, at + word.len())) == Some(&b'(')
    }

    /// The identifier that ends at an offset.
    fn identifier_before(&self, end: usize) -> &[u8] {
        let text = self.text.get(..end).unwrap_or_default();
        let length = text.iter().rev().take_while(|byte| is_identifier_byte(**byte)).count();
        text.get(end - length..).unwrap_or_default()
    }

    fn child_processes(&mut self) {
        if self.words("child_process").is_empty() {
            return;
        }
        for start in EXEC_FUNCTIONS {
            for at in self.words(start) {
                let dotted = byte_before(self.text, at) == Some(b'.');
                let receiver = self.identifier_before(at.saturating_sub(1));
                let known = NAMESPACES.iter().any(|name| name.as_bytes() == receiver)
                    || self.loads_module(at);
                let counts = !dotted || *start != "exec" || known;
                if counts && self.is_called(at, start) {
                    self.collector.add(&DANGEROUS_EXEC, self.base + at);
                }
            }
        }
    }

    /// `require("child_process").` before an offset.
    fn loads_module(&self, at: usize) -> bool {
        let start = at.saturating_sub(40);
        let text = self.text.get(start..at).unwrap_or_default();
        text.ends_with(b").") && find_all_ignore_case(text, "child_process").next().is_some()
    }

    fn dynamic_code(&mut self) {
        for at in self.words("eval") {
            let free = !matches!(byte_before(self.text, at), Some(b'.' | b'$' | b'-'));
            if free && self.is_called(at, "eval") {
                self.collector.add(&DYNAMIC_CODE, self.base + at);
            }
        }
        for at in self.words("Function") {
            let end = self.text.get(..at).unwrap_or_default();
            let blanks = end.iter().rev().take_while(|byte| byte.is_ascii_whitespace()).count();
            let start = at - blanks;
            let made = blanks > 0 && self.identifier_before(start) == b"new";
            if made && self.is_called(at, "Function") {
                self.collector.add(&DYNAMIC_CODE, self.base + start - "new".len());
            }
        }
    }

    fn mining(&mut self, code: &str) {
        let mut start = 0;
        for line in code.split_inclusive('\n') {
            if cryptomining::mentions_miner(line) {
                let kept = self.text.get(start..start + line.len()).unwrap_or_default();
                let kept = String::from_utf8_lossy(kept);
                if cryptomining::is_use(&kept) {
                    self.collector.add(&CRYPTO_MINING, self.base + start);
                }
            }
            start += line.len();
        }
    }

    fn websockets(&mut self) {
        for at in self.words("WebSocket") {
            let open = skip_whitespace(self.text, at + "WebSocket".len());
            let quote = skip_whitespace(self.text, open + 1);
            let Some(delimiter) =
                self.text.get(quote).copied().filter(|byte| b"'\"`".contains(byte))
            else {
                continue;
            };
            let length =
                run_length(self.text, quote + 1, |byte| byte != delimiter && byte != b'\n');
            let address = self.text.get(quote + 1..quote + 1 + length).unwrap_or_default();
            if self.text.get(open) == Some(&b'(')
                && has_unusual_port(&String::from_utf8_lossy(address))
            {
                self.collector.add(&NONSTANDARD_NETWORK, self.base + at);
            }
        }
    }

    fn obfuscation(&mut self) {
        if let Some(at) = readable_escapes(self.text) {
            self.collector.add(&OBFUSCATED_HEX, self.base + at);
        }
        let decoders = self.words("atob").into_iter().map(|at| (at, at + "atob".len()));
        let buffers = self.words("Buffer").into_iter().map(|at| (at, at + "Buffer.from".len()));
        let large = decoders.chain(buffers).find(|(_, end)| {
            let open = skip_whitespace(self.text, *end);
            let quote = skip_whitespace(self.text, open + 1);
            let length = run_length(self.text, quote + 1, is_base64_byte);
            let literal = self.text.get(quote + 1..quote + 1 + length).unwrap_or_default();
            self.text.get(open) == Some(&b'(')
                && is_encoded_payload(&String::from_utf8_lossy(literal))
        });
        if let Some((at, _)) = large {
            self.collector.add(&OBFUSCATED_BASE64, self.base + at);
        }
    }

    fn insecure_tls(&mut self) {
        for at in self.words("rejectUnauthorized") {
            let colon = skip_whitespace(self.text, at + "rejectUnauthorized".len());
            let value = skip_whitespace(self.text, colon + 1);
            let off = starts_with_ignore_case(self.text, value, "false");
            if off && matches!(self.text.get(colon), Some(b':' | b'=')) {
                self.collector.add(&INSECURE_TLS, self.base + at);
            }
        }
    }

    fn exfiltration(&mut self, source: &Source<'_>) {
        let sends = self.sends();
        if sends.is_empty() {
            return;
        }
        let read = find_all_ignore_case(self.text, "readFile")
            .find(|at| self.text.get(*at..at + 8) == Some(b"readFile"));
        if let Some(at) = read {
            self.collector.add(&POTENTIAL_EXFILTRATION, self.base + at);
        }
        let mut lines: Vec<usize> = sends.iter().map(|at| source.line_of(self.base + at)).collect();
        lines.sort_unstable();
        let harvest = find_all_ignore_case(self.text, "process.env").find(|at| {
            let line = source.line_of(self.base + at);
            let next = lines.partition_point(|send| send + HARVEST_WINDOW < line);
            lines.get(next).is_some_and(|send| *send <= line + HARVEST_WINDOW)
        });
        if let Some(at) = harvest {
            self.collector.add(&ENV_HARVESTING, self.base + at);
        }
    }

    /// Calls named `fetch` or `post`, and `http.request`.
    fn sends(&self) -> Vec<usize> {
        let text = self.text;
        let called = |at: &usize, word: &str| {
            text.get(skip_whitespace(text, at + word.len())) == Some(&b'(')
        };
        let mut sends = Vec::new();
        for word in ["fetch", "post"] {
            let places = find_all_ignore_case(text, word)
                .filter(|at| !byte_before(text, *at).is_some_and(is_word_byte));
            sends.extend(places.filter(|at| called(at, word)));
        }
        for word in ["http.request", "https.request"] {
            let places = find_all_ignore_case(text, word);
            sends.extend(places.filter(|at| called(at, word)));
        }
        sends
    }
}

/// The text with its comments blanked. It knows strings but not regular expressions; an unpaired quote turns the rest
/// into a string.
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
                let length = run_length(code, at, |byte| byte != b'\n');
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

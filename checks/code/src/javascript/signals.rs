//! A look at the raw bytes that tells which rules can hold at all. Most files give no signal and are never parsed.
//!
//! Why nothing hides from it: every rule needs a *sink*, and a sink is reached in one of three ways.
//!
//! 1. By its name. The names are looked for everywhere, in comments and strings too. An escape (`\x65val`,
//!    `\u0065val`) is itself a signal.
//! 2. By a text that is built at run time. To become a sink, such a text has to be handed to something that takes names:
//!    `require` and `import` with anything but one plain literal, `process`, `module`, a name of the global object,
//!    `this[…]`, a timer that is not given a function, or a computed member that is called. Each of these is a signal, however
//!    the text was built.
//! 3. Through `constructor`, which every object has. A class's own `constructor(` is common and no signal; a member or a
//!    string of that name is one.
//!
//! Texts that are glued together from literals, joined or called upon are signals as well, for rules that look at texts.
//! What stays hidden: a computed member whose key is built without any of this and whose result is only called later.

use crate::text::{before, is_base64, is_identifier, run, skip_blanks};

/// What a text may contain that only the parsed program can judge.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Signals {
    /// Bytes or characters written as escapes.
    pub(super) escapes: bool,
    /// A miner's or a mining protocol's name, or literals that could form one.
    pub(super) mining: bool,
    /// Names as an obfuscator makes them.
    pub(super) mangled: bool,
}

/// Words that are a signal wherever they stand.
const NAMES: &[&str] = &[
    "eval",
    "Function",
    "child_process",
    "spawn_sync",
    "process_wrap",
    "process",
    "readFile",
    "readFileSync",
    "createReadStream",
    "WebSocket",
    "ws",
    "atob",
    "vm",
    "Worker",
    "globalThis",
    "global",
    "window",
    "self",
    "Reflect",
    "getBuiltinModule",
    "createRequire",
    "_load",
    "_compile",
    "fromCharCode",
    "fromCodePoint",
    "unescape",
    "rejectUnauthorized",
    "NODE_TLS_REJECT_UNAUTHORIZED",
    "AsyncFunction",
    "GeneratorFunction",
    "getPrototypeOf",
    "__proto__",
];
const TIMERS: &[&str] = &["setTimeout", "setInterval", "setImmediate"];
/// Literals of this many characters of base64 may be a part of a large one.
const LONG: usize = 60;

/// Looks at a text once.
pub(super) fn look(text: &str) -> Option<Signals> {
    let bytes = text.as_bytes();
    let mut signals = Signals::default();
    let (mut any, mut buffer, mut long) = (false, false, false);
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if !is_identifier(byte) {
            match byte {
                b'\\' => signals.escapes |= matches!(bytes.get(at + 1), Some(b'x' | b'u')),
                b'\'' | b'"' | b'`' => any |= glued(bytes, at),
                b']' => any |= computed(bytes, at),
                _ => {}
            }
            at += 1;
            continue;
        }
        let length = run(bytes, at, is_identifier);
        let word = bytes.get(at..at + length).unwrap_or_default();
        any |= !any && is_signal(bytes, at, word);
        signals.mining |= !signals.mining && length >= 5 && is_mining(word);
        signals.mangled |= word.starts_with(b"_0x");
        buffer |= word == b"Buffer";
        long |= length >= LONG || (length >= 20 && begins_long(bytes, at));
        at += length;
    }
    any |= signals.escapes || signals.mining || signals.mangled || (buffer && long);
    signals.mining |= any && may_be_glued(bytes);
    any.then_some(signals)
}

fn is_signal(text: &[u8], at: usize, word: &[u8]) -> bool {
    let after = at + word.len();
    match word {
        b"require" => !takes_literal(text, after),
        b"import" => {
            text.get(skip_blanks(text, after)) == Some(&b'(') && !takes_literal(text, after)
        }
        b"constructor" => matches!(before(text, at), Some(b'.' | b'"' | b'\'' | b'`' | b'[')),
        b"module" => !text.get(after..).is_some_and(|rest| rest.starts_with(b".exports")),
        b"this" => text.get(skip_blanks(text, after)) == Some(&b'['),
        _ => {
            NAMES.iter().any(|name| name.as_bytes() == word)
                || (TIMERS.iter().any(|name| name.as_bytes() == word)
                    && !takes_function(text, after))
        }
    }
}

fn begins_long(text: &[u8], at: usize) -> bool {
    text.get(at..at + LONG).is_some_and(|part| part.iter().all(|byte| is_base64(*byte)))
}

/// Whether a call with one plain literal follows.
fn takes_literal(text: &[u8], at: usize) -> bool {
    let open = skip_blanks(text, at);
    let quote = skip_blanks(text, open + 1);
    if text.get(open) != Some(&b'(') {
        return false;
    }
    let Some(&delimiter @ (b'"' | b'\'')) = text.get(quote) else { return false };
    let end = quote
        + 1
        + run(text, quote + 1, |byte| byte != delimiter && byte != b'\n' && byte != b'\\');
    text.get(end) == Some(&delimiter) && text.get(skip_blanks(text, end + 1)) == Some(&b')')
}

/// Whether a call follows whose first argument is a function written out.
fn takes_function(text: &[u8], at: usize) -> bool {
    let open = skip_blanks(text, at);
    if text.get(open) != Some(&b'(') {
        return false;
    }
    let rest = text.get(skip_blanks(text, open + 1)..).unwrap_or_default();
    rest.starts_with(b"function") || rest.starts_with(b"()") || rest.starts_with(b"async")
}

/// Whether literals are glued together at this quote, or something is called upon one.
fn glued(text: &[u8], at: usize) -> bool {
    let next = skip_blanks(text, at + 1);
    match text.get(next) {
        Some(b'+') => matches!(text.get(skip_blanks(text, next + 1)), Some(b'\'' | b'"' | b'`')),
        Some(b'.') => text.get(next + 1).is_some_and(u8::is_ascii_lowercase) && next == at + 1,
        _ => false,
    }
}

/// Whether a computed member is called at this bracket, or a list joined.
fn computed(text: &[u8], at: usize) -> bool {
    let rest = text.get(skip_blanks(text, at + 1)..).unwrap_or_default();
    rest.starts_with(b"(") || rest.starts_with(b".join") || rest.starts_with(b"?.(")
}

fn is_mining(word: &[u8]) -> bool {
    const WORDS: [&[u8]; 4] = [b"coinhive", b"cryptonight", b"xmrig", b"stratum"];
    word.iter().enumerate().any(|(at, byte)| {
        matches!(byte | 0x20, b'c' | b'x' | b's')
            && WORDS.iter().any(|name| {
                word.get(at..at + name.len()).is_some_and(|part| part.eq_ignore_ascii_case(name))
            })
    })
}

/// Whether literals are put together anywhere.
fn may_be_glued(text: &[u8]) -> bool {
    text.iter().enumerate().any(|(at, byte)| match byte {
        b'\'' | b'"' | b'`' => glued(text, at),
        b']' => computed(text, at),
        b'\\' => matches!(text.get(at + 1), Some(b'x' | b'u')),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_a_sink_is_a_signal() {
        for text in [
            "eval(x)",
            "\\u0065val(x)",
            "g['ev' + 'al'](x)",
            "const k = 'ev' + 'al'",
            "const k = ['ev', 'al'].join('')",
            "const k = 'lave'.split('').reverse().join('')",
            "require(name)",
            "require('child' + '_process')",
            "require(`child_process`)",
            "const r = require",
            "import(x)",
            "import ( `a` )",
            "x.constructor('code')",
            "x['constructor']",
            "setTimeout(code, 1)",
            "setTimeout('code', 1)",
            "module[k]",
            "this[k]",
            "f[k](x)",
            "const {spawn} = require('node:child_process')",
            "const pool = 'stratum+tcp://pool.invalid'",
            "XMRig()",
            "var _0x12ab = 1",
            "process.env",
        ] {
            assert!(look(text).is_some(), "{text}");
        }
    }

    #[test]
    fn ordinary_code_gives_none() {
        let text = "import a from './a.js';\nconst b = require('./b');\nclass C { constructor() { this.x = [1]; } }\n\
                    setTimeout(() => done(), 10);\nmodule.exports = { C, text: \"it's\" };\n";
        assert_eq!(look(text), None);
    }
}

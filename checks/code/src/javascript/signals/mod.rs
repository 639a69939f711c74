//! A look at the raw bytes that tells which rules can hold at all. Most files give no signal and are never parsed.
//!
//! Why nothing hides from it: every rule needs a *sink*, and a sink is reached in one of three ways.
//!
//! 1. By its name. The names are looked for everywhere, in comments and strings too. An escape (`\x65val`,
//!    `\u0065val`) is itself a signal.
//! 2. By a text that is built at run time. To become a sink, such a text has to be handed to something that takes names:
//!    `require` and `import` with anything but one plain literal, `process`, `module`, the global object, `this[…]`, a
//!    timer that is not given a function, or a computed member that is called. Each of these is a signal, however the text
//!    was built. `words` says where such a name is no signal, because nothing can be asked of it there.
//! 3. Through `constructor`, which every object has. A class's own `constructor(` is common and no signal; a member, a
//!    string or a pattern of that name is one, and so are literals that are glued to that name.
//!
//! Two rules need two things of one file: what is read, from files or from the environment, and something that sends. A
//! file that has only one of them gives no signal for them.
//!
//! Lists that are joined and literals that methods are called upon are signals as well, for rules that look at texts.
//! What stays hidden: a computed member whose key is built without any of this and whose result is only called later.

mod glue;
mod place;
mod words;

use crate::text::is_base64;

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

/// Literals of this many characters of base64 may be a part of a large one.
const LONG: usize = 60;

/// What a byte may begin.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Nothing,
    Word,
    Quote,
    Bracket,
    Escape,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Nothing; 256];
    let mut byte = 0;
    while byte < 256 {
        if LETTERS[byte] != 0 {
            classes[byte] = Class::Word;
        }
        byte += 1;
    }
    classes[b'\'' as usize] = Class::Quote;
    classes[b'"' as usize] = Class::Quote;
    classes[b'`' as usize] = Class::Quote;
    classes[b']' as usize] = Class::Bracket;
    classes[b'\\' as usize] = Class::Escape;
    classes
};

/// A bit for each letter, in any case, and one for the rest of what identifiers consist of.
const LETTERS: [u32; 256] = {
    let mut letters = [0; 256];
    let mut letter = 0;
    while letter < 26 {
        letters[b'a' as usize + letter] = 1 << letter;
        letters[b'A' as usize + letter] = 1 << letter;
        letter += 1;
    }
    let mut digit = b'0' as usize;
    while digit <= b'9' as usize {
        letters[digit] = 1 << 26;
        digit += 1;
    }
    letters[b'_' as usize] = 1 << 27;
    letters[b'$' as usize] = 1 << 28;
    letters
};

/// Miners and their protocols, each with its letters.
const MINERS: [(&[u8], u32); 4] = [
    (b"coinhive", letters(b"coinhive")),
    (b"cryptonight", letters(b"cryptonight")),
    (b"xmrig", letters(b"xmrig")),
    (b"stratum", letters(b"stratum")),
];

const fn letters(word: &[u8]) -> u32 {
    let (mut all, mut at) = (0, 0);
    while at < word.len() {
        all |= LETTERS[word[at] as usize];
        at += 1;
    }
    all
}

/// What was seen of a text so far.
#[derive(Default)]
#[allow(clippy::struct_excessive_bools)] // A set of marks, each set once.
struct Seen {
    signals: Signals,
    /// Something that only the parsed program can judge.
    any: bool,
    /// Literals that are put together anyhow.
    pieces: bool,
    /// Files or the environment are read.
    reads: bool,
    /// Something may be sent.
    sends: bool,
    buffer: bool,
    /// A literal that may be a part of a large one.
    long: bool,
}

/// Looks at a text once.
pub(super) fn look(text: &str) -> Option<Signals> {
    let text = text.as_bytes();
    let mut seen = Seen::default();
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        at = match CLASSES[usize::from(byte)] {
            Class::Nothing => at + 1,
            Class::Word => seen.word(text, at),
            Class::Quote => seen.quote(text, at),
            Class::Bracket => seen.bracket(text, at),
            Class::Escape => {
                seen.signals.escapes |= matches!(text.get(at + 1), Some(b'x' | b'u'));
                at + 1
            }
        };
    }
    seen.conclusion()
}

impl Seen {
    fn word(&mut self, text: &[u8], at: usize) -> usize {
        let (mut length, mut letters) = (0, 0);
        for byte in text.get(at..).unwrap_or_default() {
            let letter = LETTERS[usize::from(*byte)];
            if letter == 0 {
                break;
            }
            letters |= letter;
            length += 1;
        }
        let word = text.get(at..at + length).unwrap_or_default();
        // Once it is clear that the text will be parsed, only what the rules want to know of it still counts.
        if !self.any {
            self.judge(text, at, word);
        }
        self.signals.mining |= !self.signals.mining && is_mining(word, letters);
        self.signals.mangled |= word.starts_with(b"_0x");
        at + length
    }

    fn judge(&mut self, text: &[u8], at: usize, word: &[u8]) {
        match words::judge(text, at, word) {
            words::Says::Nothing => {}
            words::Says::Signal => self.any = true,
            words::Says::Reads => self.reads = true,
            words::Says::Sends => self.sends = true,
            words::Says::Buffer => self.buffer = true,
        }
        self.long |= word.len() >= LONG || (word.len() >= 20 && begins_long(text, at));
    }

    fn quote(&mut self, text: &[u8], at: usize) -> usize {
        if !(self.any && self.pieces) && glue::is_glued(text, at) {
            self.pieces = true;
            self.any |= glue::may_name(text, at);
        }
        at + 1
    }

    fn bracket(&mut self, text: &[u8], at: usize) -> usize {
        if !(self.any && self.pieces) && glue::is_computed(text, at) {
            self.pieces = true;
            self.any |= !glue::is_plain_key(text, at);
        }
        at + 1
    }

    fn conclusion(mut self) -> Option<Signals> {
        let Signals { escapes, mining, mangled } = self.signals;
        self.any |= escapes || mining || mangled;
        self.any |= (self.reads && self.sends) || (self.buffer && self.long);
        self.signals.mining |= self.any && (self.pieces || escapes);
        self.any.then_some(self.signals)
    }
}

fn begins_long(text: &[u8], at: usize) -> bool {
    text.get(at..at + LONG).is_some_and(|part| part.iter().all(|byte| is_base64(*byte)))
}

/// Whether a word that consists of some letters contains the name of a miner.
fn is_mining(word: &[u8], letters: u32) -> bool {
    MINERS.iter().any(|(name, all)| {
        letters & all == *all
            && word.windows(name.len()).any(|part| part.eq_ignore_ascii_case(name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_a_sink_is_a_signal() {
        for text in [
            "eval(x)",
            "(window)[k](x)",
            "f(window)",
            "const w = globalThis",
            "window.frames[k]",
            "const F = (() => {})['const' + 'ructor']",
            "const { constructor: F } = f",
            "const m = module",
            "module\n[k]",
            "const p = process",
            "x = process\nfoo",
            "for (const k in process) f(k)",
            "(module as any)[k]",
            "import p from 'node:process'",
            "process.binding('x')",
            "process.mainModule",
            "new Function ('x')",
            "class A extends Function {}",
            "Function.prototype[k]",
            "Reflect.apply(f, a)",
            "const r = Reflect",
            "import vm from 'node:vm'",
            "const W = require('ws')",
            "(r => setTimeout(r, 1))('code')",
            "fs.readFile(a, b => axios.post(u, b))",
            "const { readFile } = fs; import got from 'got'",
            "'rotc'.concat('urtsnoc')",
            "x[`constructor`]",
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
            "x.\n  constructor('code')",
            "x. /* a */ constructor('code')",
            "x. // a\n // b\n constructor('code')",
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
            "process.env.KEY; fetch(address)",
        ] {
            assert!(look(text).is_some(), "{text}");
        }
    }

    #[test]
    fn ordinary_code_gives_none() {
        let text = "import a from './a.js';\nconst b = require('./b');\nclass C { constructor() { this.x = [1]; } }\n\
                    setTimeout(() => done(), 10);\nmodule.exports = { C, text: \"it's\" };\n";
        assert_eq!(look(text), None);
        for text in [
            "// the process of this module has a global scope of its own",
            "const w = typeof window !== 'undefined' && window.document",
            "var self = this; self.x = 1",
            "if (process.env.NODE_ENV !== 'production') process.exit(1)",
            "fs.readFileSync(path, 'utf8')",
            "await new Promise((resolve) => setTimeout(resolve, 10))",
            "Function.prototype.toString.call(f); x instanceof Function; x.constructor.name",
            "const text = 'one ' +\n 'two'",
            "a[0](x); a['b'](x)",
            "class A { a = 1;\n // it's made.\n /** here. */\n constructor(a) {} }",
            "f.constructor === Object; F.prototype.constructor = F",
        ] {
            assert_eq!(look(text), None, "{text}");
        }
    }
}

//! The prefilter: one pass over the raw bytes that decides which rules can hold at all. Most files have no signal and are
//! never parsed. It must never miss a file in which a rule holds.
//!
//! Every rule needs a *sink*, and code reaches a sink in one of three ways.
//!
//! 1. By its name. Names are searched everywhere, also in comments and strings. An escape (`\x65val`, `\u0065val`) is
//!    itself a signal.
//! 2. By a string that is built at run time. To reach a sink, the string must be passed to something that looks up names:
//!    `require` and `import` with anything but one plain literal, `process`, `module`, the global object, `this[…]`, a
//!    timer without a function, or a computed member that is called. Each of these is a signal, however the string was
//!    built. `keywords` decides where such a name is not a signal because nothing is looked up there.
//! 3. Through `constructor`, which every object has. A class's own `constructor(` is common and not a signal; a member, a
//!    string or a pattern of that name is one, and so are literals that are concatenated to it.
//!
//! Two rules need two things in one file: something that is read, from files or from the environment, and something that
//! sends. A file that has only one of them has no signal for these rules.
//!
//! Joined arrays and literals with method calls are signals as well, for the rules on strings.
//! Known gap: a computed member whose key is built without any of this and whose result is only called later.

mod concat;
mod context;
mod keywords;

use crate::bytes::is_base64_byte;
use crate::cryptomining::MINERS;

/// What a text may contain that only a rule on the parsed program can decide.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Signals {
    /// Bytes or characters written as escapes.
    pub(super) escapes: bool,
    /// The name of a miner or a mining protocol, or literals that could form one.
    pub(super) mining: bool,
    /// Names in an obfuscator's style.
    pub(super) obfuscator_names: bool,
}

/// A literal of this many base64 characters may be part of a large one.
const LONG: usize = 60;

/// What a byte may start.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ByteClass {
    Nothing,
    Word,
    Quote,
    Bracket,
    Escape,
}

const CLASSES: [ByteClass; 256] = {
    let mut classes = [ByteClass::Nothing; 256];
    let mut byte = 0;
    while byte < 256 {
        if LETTERS[byte] != 0 {
            classes[byte] = ByteClass::Word;
        }
        byte += 1;
    }
    classes[b'\'' as usize] = ByteClass::Quote;
    classes[b'"' as usize] = ByteClass::Quote;
    classes[b'`' as usize] = ByteClass::Quote;
    classes[b']' as usize] = ByteClass::Bracket;
    classes[b'\\' as usize] = ByteClass::Escape;
    classes
};

/// A bit for each letter, in any case, one for digits, one for `_` and one for `$`.
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

/// The first word of each miner or protocol name, with its letters.
const MINER_WORDS: [(&[u8], u32); MINERS.len()] = {
    let mut words: [(&[u8], u32); MINERS.len()] = [(b"", 0); MINERS.len()];
    let mut at = 0;
    while at < MINERS.len() {
        let word = first_word(MINERS[at].as_bytes());
        words[at] = (word, letters(word));
        at += 1;
    }
    words
};

/// `stratum` of `stratum+tcp`.
const fn first_word(name: &[u8]) -> &[u8] {
    let mut length = 0;
    while length < name.len() && LETTERS[name[length] as usize] != 0 {
        length += 1;
    }
    name.split_at(length).0
}

const fn letters(word: &[u8]) -> u32 {
    let (mut all, mut at) = (0, 0);
    while at < word.len() {
        all |= LETTERS[word[at] as usize];
        at += 1;
    }
    all
}

/// What the pass has seen so far.
#[derive(Default)]
#[allow(clippy::struct_excessive_bools)] // A set of flags, each set once.
struct State {
    signals: Signals,
    /// There is a signal, so the text will be parsed.
    any: bool,
    /// Strings are built from parts in some way.
    built_strings: bool,
    /// Files or the environment are read.
    reads: bool,
    /// Something may be sent.
    sends: bool,
    buffer: bool,
    /// There is a literal that may be part of a large one.
    long: bool,
}

/// The signals of a text, or nothing if no rule can hold.
pub(super) fn signals(text: &str) -> Option<Signals> {
    let text = text.as_bytes();
    let mut state = State::default();
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        at = match CLASSES[usize::from(byte)] {
            ByteClass::Nothing => at + 1,
            ByteClass::Word => state.word(text, at),
            ByteClass::Quote => state.quote(text, at),
            ByteClass::Bracket => state.bracket(text, at),
            ByteClass::Escape => {
                state.signals.escapes |= matches!(text.get(at + 1), Some(b'x' | b'u'));
                at + 1
            }
        };
    }
    state.conclusion()
}

impl State {
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
        // Once the text will be parsed anyway, only the marks in `Signals` still matter.
        if !self.any {
            self.judge(text, at, word);
        }
        self.signals.mining |= !self.signals.mining && is_mining(word, letters);
        self.signals.obfuscator_names |= word.starts_with(b"_0x");
        at + length
    }

    fn judge(&mut self, text: &[u8], at: usize, word: &[u8]) {
        match keywords::classify(text, at, word) {
            keywords::Keyword::None => {}
            keywords::Keyword::Signal => self.any = true,
            keywords::Keyword::Reads => self.reads = true,
            keywords::Keyword::Sends => self.sends = true,
            keywords::Keyword::Buffer => self.buffer = true,
        }
        self.long |= word.len() >= LONG || (word.len() >= 20 && starts_long(text, at));
    }

    fn quote(&mut self, text: &[u8], at: usize) -> usize {
        if !(self.any && self.built_strings) && concat::is_concatenated(text, at) {
            self.built_strings = true;
            self.any |= concat::may_form_keyword(text, at);
        }
        at + 1
    }

    fn bracket(&mut self, text: &[u8], at: usize) -> usize {
        if !(self.any && self.built_strings) && concat::is_computed_call(text, at) {
            self.built_strings = true;
            self.any |= !concat::is_constant_key(text, at);
        }
        at + 1
    }

    fn conclusion(mut self) -> Option<Signals> {
        let Signals { escapes, mining, obfuscator_names } = self.signals;
        self.any |= escapes || mining || obfuscator_names;
        self.any |= (self.reads && self.sends) || (self.buffer && self.long);
        self.signals.mining |= self.any && (self.built_strings || escapes);
        self.any.then_some(self.signals)
    }
}

fn starts_long(text: &[u8], at: usize) -> bool {
    text.get(at..at + LONG).is_some_and(|part| part.iter().all(|byte| is_base64_byte(*byte)))
}

/// Whether a word with these letters contains the name of a miner.
fn is_mining(word: &[u8], letters: u32) -> bool {
    MINER_WORDS.iter().any(|(name, all)| {
        letters & all == *all
            && word.windows(name.len()).any(|part| part.eq_ignore_ascii_case(name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_to_a_sink_is_a_signal() {
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
            assert!(signals(text).is_some(), "{text}");
        }
    }

    #[test]
    fn ordinary_code_has_no_signal() {
        let text = "import a from './a.js';\nconst b = require('./b');\nclass C { constructor() { this.x = [1]; } }\n\
                    setTimeout(() => done(), 10);\nmodule.exports = { C, text: \"it's\" };\n";
        assert_eq!(signals(text), None);
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
            assert_eq!(signals(text), None, "{text}");
        }
    }
}

//! What single words say, where they stand.
//!
//! A name is no signal where nothing can be asked of it:
//!
//! - In a sentence: JavaScript never has two names beside each other on a line, unless one of them is a keyword.
//! - As the object of a plain member, if that member's own name is looked for as well: of `window.x` only `x` matters.
//! - After `typeof` or `instanceof`, or beside a comparison: the value goes nowhere.
//! - Where it is assigned to: then it is the file's own name.
//!
//! A module such as `vm` is only reached through the literal of its name, and whatever the file calls it is no signal.

use super::place::Place;
use crate::text::before;

/// What a word says of its file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    Nothing,
    Signal,
    /// Files or the environment are read, which matters if something is sent.
    Reads,
    Sends,
    Buffer,
}

/// Words that are a signal wherever they stand.
const SIGNALS: &[&str] = &[
    "eval",
    "child_process",
    "spawn_sync",
    "process_wrap",
    "WebSocket",
    "atob",
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
/// Words that are judged by what stands around them.
const IN_CONTEXT: &[&str] = &[
    "Buffer",
    "Function",
    "Reflect",
    "Worker",
    "ajax",
    "constructor",
    "createReadStream",
    "global",
    "globalThis",
    "import",
    "module",
    "process",
    "readFile",
    "readFileSync",
    "require",
    "self",
    "sendBeacon",
    "setImmediate",
    "setInterval",
    "setTimeout",
    "this",
    "vm",
    "window",
    "ws",
];
/// Modules that send, by the last word of their names. Those that end in `fetch` or `request` are known by that.
const SENDING: &[&str] = &[
    "axios",
    "got",
    "ky",
    "superagent",
    "needle",
    "undici",
    "phin",
    "bent",
    "http",
    "https",
    "http2",
    "net",
    "tls",
    "dns",
    "promise",
    "native",
];

/// For the first byte of a word: a bit for each length that words with this beginning have.
const LENGTHS: [u32; 256] = {
    let mut lengths = [0; 256];
    note(&mut lengths, SIGNALS);
    note(&mut lengths, IN_CONTEXT);
    note(&mut lengths, SENDING);
    lengths
};

const fn note(lengths: &mut [u32; 256], words: &[&str]) {
    let mut at = 0;
    while at < words.len() {
        let word = words[at].as_bytes();
        lengths[word[0] as usize] |= 1 << word.len();
        at += 1;
    }
}

/// What a word says that stands at an offset.
#[inline]
pub(super) fn judge(text: &[u8], at: usize, word: &[u8]) -> Says {
    let first = word.first().copied().unwrap_or_default();
    let length = u32::try_from(word.len()).unwrap_or(u32::MAX);
    let is_known = length < u32::BITS && LENGTHS[usize::from(first)] & (1 << length) != 0;
    let says = if is_known { known(text, at, word) } else { Says::Nothing };
    match says {
        Says::Nothing if ends_in_sending(word) => Says::Sends,
        says => says,
    }
}

fn known(text: &[u8], at: usize, word: &[u8]) -> Says {
    let place = Place { text, at, after: at + word.len() };
    let signal = |holds: bool| if holds { Says::Signal } else { Says::Nothing };
    match word {
        b"Buffer" => Says::Buffer,
        b"readFile" | b"readFileSync" | b"createReadStream" => Says::Reads,
        b"ajax" | b"sendBeacon" => Says::Sends,
        b"constructor" => signal(place.takes_constructor()),
        b"Function" => signal(place.is_value() && !place.asks_a_function()),
        b"Reflect" => signal(place.is_value() && !place.only_describes()),
        b"Worker" => signal(!place.is_prose()),
        b"global" | b"globalThis" | b"self" | b"window" => {
            signal(place.is_value() && place.member().is_none_or(|name| name == b"frames"))
        }
        b"import" => signal(place.next() == Some(b'(') && !place.takes_literal()),
        b"module" => signal(place.is_value() && place.member().is_none()),
        b"process" => process(&place),
        b"require" => signal(!place.takes_literal() && !place.is_prose() && !place.is_asked_for()),
        b"setImmediate" | b"setInterval" | b"setTimeout" => {
            signal(!place.takes_function() && !place.is_prose())
        }
        b"this" => signal(place.next() == Some(b'[')),
        b"vm" => signal(place.is_quoted()),
        b"ws" => signal(place.is_quoted() || before(text, at).is_some_and(is_quote)),
        _ if SIGNALS.iter().any(|name| name.as_bytes() == word) => Says::Signal,
        _ if SENDING.iter().any(|name| name.as_bytes() == word) && place.ends_module() => {
            Says::Sends
        }
        _ => Says::Nothing,
    }
}

/// `fetch`, `post` and `request`, also at the end of a longer name.
#[inline]
fn ends_in_sending(word: &[u8]) -> bool {
    let ends = |name: &[u8]| {
        word.len()
            .checked_sub(name.len())
            .and_then(|start| word.get(start..))
            .is_some_and(|end| end.eq_ignore_ascii_case(name))
    };
    match word.last() {
        Some(b't' | b'T') => ends(b"post") || ends(b"request"),
        Some(b'h' | b'H') => ends(b"fetch"),
        _ => false,
    }
}

pub(super) fn is_quote(byte: u8) -> bool {
    matches!(byte, b'\'' | b'"' | b'`')
}

/// Asking `process` for one of its other members gives nothing that a rule asks about.
fn process(place: &Place<'_>) -> Says {
    match place.member() {
        Some(b"env") => Says::Reads,
        Some(b"binding" | b"_linkedBinding" | b"mainModule" | b"default" | b"process") => {
            Says::Signal
        }
        None if place.is_value() => Says::Signal,
        _ => Says::Nothing,
    }
}

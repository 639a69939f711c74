//! The keywords of the prefilter, and where they are signals.
//!
//! A name is not a signal where it cannot lead to a sink:
//!
//! - In a sentence: JavaScript never has two names side by side on a line, unless one of them is a keyword.
//! - As the object of a plain member, if that member's own name is a keyword too: in `window.x` only `x` matters.
//! - After `typeof` or `instanceof`, or next to a comparison: the value is not used otherwise.
//! - Where it is assigned to: then it is the file's own name.
//!
//! A module such as `vm` can only be reached through the literal of its name; the name that the file gives it is not a
//! signal.

use super::context::{Context, is_quote};
use crate::bytes::byte_before;

/// What a word means for its file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keyword {
    None,
    Signal,
    /// Reads files or the environment, which matters if the file also sends.
    Reads,
    Sends,
    Buffer,
}

/// Words that are a signal everywhere.
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
/// Words whose meaning depends on their context.
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
/// Modules that send, by the last word of their names. Names that end in `fetch` or `request` are recognized by that.
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

/// For each first byte: a bit for each length of the words above that start with it.
const LENGTHS: [u32; 256] = {
    let mut lengths = [0; 256];
    add_lengths(&mut lengths, SIGNALS);
    add_lengths(&mut lengths, IN_CONTEXT);
    add_lengths(&mut lengths, SENDING);
    lengths
};

const fn add_lengths(lengths: &mut [u32; 256], words: &[&str]) {
    let mut at = 0;
    while at < words.len() {
        let word = words[at].as_bytes();
        lengths[word[0] as usize] |= 1 << word.len();
        at += 1;
    }
}

/// Classifies the word at an offset.
#[inline]
pub(super) fn classify(text: &[u8], at: usize, word: &[u8]) -> Keyword {
    let first = word.first().copied().unwrap_or_default();
    let length = u32::try_from(word.len()).unwrap_or(u32::MAX);
    let is_known = length < u32::BITS && LENGTHS[usize::from(first)] & (1 << length) != 0;
    let keyword = if is_known { known(text, at, word) } else { Keyword::None };
    match keyword {
        Keyword::None if ends_in_sending(word) => Keyword::Sends,
        keyword => keyword,
    }
}

fn known(text: &[u8], at: usize, word: &[u8]) -> Keyword {
    let context = Context { text, at, after: at + word.len() };
    let signal = |holds: bool| if holds { Keyword::Signal } else { Keyword::None };
    match word {
        b"Buffer" => Keyword::Buffer,
        b"readFile" | b"readFileSync" | b"createReadStream" => Keyword::Reads,
        b"ajax" | b"sendBeacon" => Keyword::Sends,
        b"constructor" => signal(context.takes_constructor()),
        b"Function" => signal(context.is_used_as_value() && !context.is_function_member()),
        b"Reflect" => signal(context.is_used_as_value() && !context.is_reflection_query()),
        b"Worker" => signal(!context.is_prose()),
        b"global" | b"globalThis" | b"self" | b"window" => signal(
            context.is_used_as_value() && context.member().is_none_or(|name| name == b"frames"),
        ),
        b"import" => signal(context.next() == Some(b'(') && !context.takes_literal()),
        b"module" => signal(context.is_used_as_value() && context.member().is_none()),
        b"process" => process(&context),
        b"require" => {
            signal(!context.takes_literal() && !context.is_prose() && !context.is_only_queried())
        }
        b"setImmediate" | b"setInterval" | b"setTimeout" => {
            signal(!context.takes_function() && !context.is_prose())
        }
        b"this" => signal(context.next() == Some(b'[')),
        b"vm" => signal(context.is_quoted()),
        b"ws" => signal(context.is_quoted() || byte_before(text, at).is_some_and(is_quote)),
        _ if SIGNALS.iter().any(|name| name.as_bytes() == word) => Keyword::Signal,
        _ if SENDING.iter().any(|name| name.as_bytes() == word) && context.ends_module() => {
            Keyword::Sends
        }
        _ => Keyword::None,
    }
}

/// Whether a name is or ends in `fetch`, `post` or `request`.
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

/// Other members of `process` do not matter to any rule.
fn process(context: &Context<'_>) -> Keyword {
    match context.member() {
        Some(b"env") => Keyword::Reads,
        Some(b"binding" | b"_linkedBinding" | b"mainModule" | b"default" | b"process") => {
            Keyword::Signal
        }
        None if context.is_used_as_value() => Keyword::Signal,
        _ => Keyword::None,
    }
}

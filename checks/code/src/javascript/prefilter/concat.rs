//! Concatenated literals and computed members, recognized in the raw bytes.

use crate::bytes::{is_identifier_byte, skip_whitespace};
use crate::cryptomining::MINERS;

/// Names that are a sink or lead to one, beside the names of miners. Concatenated literals may form them.
const NAMES: &[&str] = &[
    "constructor",
    "eval",
    "function",
    "asyncfunction",
    "generatorfunction",
    "child_process",
    "process",
    "mainmodule",
    "module",
    "require",
    "global",
    "globalthis",
    "window",
    "self",
    "frames",
    "spawn_sync",
    "process_wrap",
    "getbuiltinmodule",
    "createrequire",
    "_load",
    "_compile",
    "readfile",
    "createreadstream",
    "websocket",
    "reflect",
    "rejectunauthorized",
    "node_tls_reject_unauthorized",
    "worker",
    "atob",
    "__proto__",
    "prototype",
];
/// Methods of a string that do not return a string.
const QUERY_METHODS: &[&[u8]] = &[
    b"length",
    b"indexOf",
    b"lastIndexOf",
    b"includes",
    b"startsWith",
    b"endsWith",
    b"charCodeAt",
    b"codePointAt",
    b"localeCompare",
];

/// Whether literals are concatenated at this quote, or a method of one is called.
pub(super) fn is_concatenated(text: &[u8], at: usize) -> bool {
    let next = skip_whitespace(text, at + 1);
    match text.get(next) {
        Some(b'+') => {
            matches!(text.get(skip_whitespace(text, next + 1)), Some(b'\'' | b'"' | b'`'))
        }
        Some(b'.') => text.get(next + 1).is_some_and(u8::is_ascii_lowercase) && next == at + 1,
        _ => false,
    }
}

/// Whether the literals that are concatenated at this quote may form one of the names.
pub(super) fn may_form_keyword(text: &[u8], at: usize) -> bool {
    let next = skip_whitespace(text, at + 1);
    if text.get(next) == Some(&b'.') {
        let rest = text.get(next + 1..).unwrap_or_default();
        return !QUERY_METHODS.iter().any(|name| {
            rest.starts_with(name) && !rest.get(name.len()).copied().is_some_and(is_identifier_byte)
        });
    }
    let left = text.get(..at).unwrap_or_default();
    let right = text.get(skip_whitespace(text, next + 1) + 1..).unwrap_or_default();
    // The meaning of an escape or a placeholder is unknown here.
    matches!(right.first(), Some(b'\\' | b'$' | b'\'' | b'"' | b'`'))
        || matches!(left, [.., b'}' | b'\'' | b'"' | b'`'] | [.., b'\\', _])
        || MINERS.iter().chain(NAMES).any(|name| spans_concatenation(name.as_bytes(), left, right))
}

/// Whether a name may start at the end of one literal and continue at the start of the next.
fn spans_concatenation(name: &[u8], left: &[u8], right: &[u8]) -> bool {
    let (Some(last), Some(first)) = (left.last(), right.first()) else { return true };
    (1..name.len()).any(|cut| {
        let (head, tail) = name.split_at(cut);
        head.last() == Some(&last.to_ascii_lowercase())
            && tail.first() == Some(&first.to_ascii_lowercase())
            && left
                .len()
                .checked_sub(cut)
                .and_then(|start| left.get(start..))
                .is_some_and(|end| end.eq_ignore_ascii_case(head))
    })
}

/// Whether a computed member is called at this bracket, or an array is joined.
pub(super) fn is_computed_call(text: &[u8], at: usize) -> bool {
    let rest = text.get(skip_whitespace(text, at + 1)..).unwrap_or_default();
    rest.starts_with(b"(") || rest.starts_with(b".join") || rest.starts_with(b"?.(")
}

/// Whether the brackets hold one number or one literal of plain letters, which is the same as a named member.
pub(super) fn is_constant_key(text: &[u8], at: usize) -> bool {
    if text.get(skip_whitespace(text, at + 1)) == Some(&b'.') {
        return false;
    }
    let front = text.get(..at).unwrap_or_default();
    let open = if let Some(quote @ (b'\'' | b'"')) = front.last() {
        let literal = front.get(..front.len() - 1).unwrap_or_default();
        before_run(literal, is_identifier_byte).strip_suffix(&[*quote])
    } else {
        let start = before_run(front, |byte| byte.is_ascii_digit());
        (start.len() < front.len()).then_some(start)
    };
    open.is_some_and(|open| open.ends_with(b"["))
}

/// The text without the bytes at its end that satisfy a condition.
fn before_run(text: &[u8], condition: impl Fn(u8) -> bool) -> &[u8] {
    let length = text.iter().rev().take_while(|byte| condition(**byte)).count();
    text.get(..text.len() - length).unwrap_or_default()
}

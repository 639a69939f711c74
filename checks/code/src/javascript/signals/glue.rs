//! Literals that are put together, and members that are computed.

use crate::text::{is_identifier, skip_blanks};

/// Names that glued literals may form, and that are a sink or lead to one.
const NAMES: &[&str] = &[
    "stratum+tcp",
    "stratum+ssl",
    "coinhive",
    "cryptonight",
    "xmrig",
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
/// Methods of a literal that give no text.
const ASKING: &[&[u8]] = &[
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

/// Whether literals are glued together at this quote, or something is called upon one.
pub(super) fn is_glued(text: &[u8], at: usize) -> bool {
    let next = skip_blanks(text, at + 1);
    match text.get(next) {
        Some(b'+') => {
            matches!(text.get(skip_blanks(text, next + 1)), Some(b'\'' | b'"' | b'`'))
        }
        Some(b'.') => text.get(next + 1).is_some_and(u8::is_ascii_lowercase) && next == at + 1,
        _ => false,
    }
}

/// Whether what is glued at this quote may be one of the names.
pub(super) fn may_name(text: &[u8], at: usize) -> bool {
    let next = skip_blanks(text, at + 1);
    if text.get(next) == Some(&b'.') {
        let rest = text.get(next + 1..).unwrap_or_default();
        return !ASKING.iter().any(|name| {
            rest.starts_with(name) && !rest.get(name.len()).copied().is_some_and(is_identifier)
        });
    }
    let left = text.get(..at).unwrap_or_default();
    let right = text.get(skip_blanks(text, next + 1) + 1..).unwrap_or_default();
    // What an escape or a placeholder stands for is not known here.
    matches!(right.first(), Some(b'\\' | b'$' | b'\'' | b'"' | b'`'))
        || matches!(left, [.., b'}' | b'\'' | b'"' | b'`'] | [.., b'\\', _])
        || NAMES.iter().any(|name| goes_across(name.as_bytes(), left, right))
}

/// Whether a name may begin at the end of one literal and go on at the beginning of the next.
fn goes_across(name: &[u8], left: &[u8], right: &[u8]) -> bool {
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

/// Whether a computed member is called at this bracket, or a list joined.
pub(super) fn is_computed(text: &[u8], at: usize) -> bool {
    let rest = text.get(skip_blanks(text, at + 1)..).unwrap_or_default();
    rest.starts_with(b"(") || rest.starts_with(b".join") || rest.starts_with(b"?.(")
}

/// Whether the bracket closes over one number or one literal of plain letters, which is like a member that is named.
pub(super) fn is_plain_key(text: &[u8], at: usize) -> bool {
    if text.get(skip_blanks(text, at + 1)) == Some(&b'.') {
        return false;
    }
    let front = text.get(..at).unwrap_or_default();
    let open = if let Some(quote @ (b'\'' | b'"')) = front.last() {
        let literal = front.get(..front.len() - 1).unwrap_or_default();
        before_run(literal, is_identifier).strip_suffix(&[*quote])
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

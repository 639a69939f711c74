//! Edits of a config text: where the bytes of a value are, what replaces them, and the proof that nothing else changes.
//! Works on text only; no file is read or written here.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use thiserror::Error;

use chitin_config::ConfigLimits;
use chitin_config::parse::parse;
use chitin_config::spans::{Outline, segments};

/// A change of one value in one file. Pointers are those of the file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Edit {
    Replace {
        pointer: String,
        value: Json,
    },
    /// A new member next to an existing one.
    Insert {
        beside: String,
        key: String,
        value: Json,
    },
}

impl Edit {
    /// The value that is replaced, or that a new one is added beside.
    pub(super) fn pointer(&self) -> &str {
        match self {
            Self::Replace { pointer, .. } => pointer,
            Self::Insert { beside, .. } => beside,
        }
    }

    /// Whether it replaces the value at a pointer, a part of it, or something around it.
    pub(super) fn replaces_within(&self, pointer: &str) -> bool {
        let contains = |outer: &str, inner: &str| {
            inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        matches!(self, Self::Replace { pointer: own, .. } if contains(own, pointer) || contains(pointer, own))
    }
}

/// Bytes of the old text and what replaces them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Splice {
    pub(super) start: usize,
    pub(super) old: String,
    pub(super) new: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(super) enum EditError {
    #[error("the file does not parse")]
    Syntax,
    #[error("there is no value at `{0}`")]
    NotThere(String),
    #[error("two changes overlap")]
    Overlap,
    #[error("parsing the result does not prove that only this value changes")]
    NotProven,
}

/// The splices that make these edits, in text order. Parsing the result proves that it is the old value with these edits.
pub(super) fn splices(text: &str, edits: &[Edit]) -> Result<Vec<Splice>, EditError> {
    let limits = ConfigLimits::default();
    let mut wanted = parse(text, &limits).map_err(|_| EditError::Syntax)?.json;
    let outline = Outline::of(text, limits.nesting).ok_or(EditError::Syntax)?;
    let mut found = Vec::new();
    for edit in edits {
        match edit {
            Edit::Replace { pointer, value } => {
                let (_, at) = find(&outline, pointer)?;
                let old = slice(text, at.clone())?;
                found.push(splice(at.start, old, &to_json5(value, quote_of(old).unwrap_or('"'))));
            }
            Edit::Insert { beside, key, value } => {
                found.extend(insertion(text, &outline, beside, key, value)?);
            }
        }
        apply_to_value(&mut wanted, edit)?;
    }
    found.sort_by_key(|splice| splice.start);
    if found.windows(2).any(|pair| matches!(pair, [a, b] if a.start + a.old.len() > b.start)) {
        return Err(EditError::Overlap);
    }
    let result = apply(text, &found).ok_or(EditError::NotProven)?;
    let proven = parse(&result, &limits).is_ok_and(|parsed| parsed.json == wanted);
    if proven { Ok(found) } else { Err(EditError::NotProven) }
}

/// The text with the splices applied. None if the old bytes are not where a splice expects them.
pub(super) fn apply(text: &str, splices: &[Splice]) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for splice in splices {
        out.push_str(text.get(copied..splice.start)?);
        text.get(splice.start..)?.starts_with(&splice.old).then_some(())?;
        out.push_str(&splice.new);
        copied = splice.start + splice.old.len();
    }
    out.push_str(text.get(copied..)?);
    Some(out)
}

/// The splices that turn the new text into the old one. None for impossible splices, which a damaged journal may have.
pub(super) fn reversed(splices: &[Splice]) -> Option<Vec<Splice>> {
    let (mut grown, mut shrunk) = (0_usize, 0_usize);
    splices
        .iter()
        .map(|splice| {
            let start = splice.start.checked_add(grown)?.checked_sub(shrunk)?;
            grown += splice.new.len();
            shrunk += splice.old.len();
            Some(Splice { start, old: splice.new.clone(), new: splice.old.clone() })
        })
        .collect()
}

/// Makes the edit in the parsed value: what the edited text has to parse to.
fn apply_to_value(document: &mut Json, edit: &Edit) -> Result<(), EditError> {
    match edit {
        Edit::Replace { pointer, value } => {
            let at = document
                .pointer_mut(pointer)
                .ok_or_else(|| EditError::NotThere(pointer.clone()))?;
            *at = value.clone();
        }
        Edit::Insert { beside, key, value } => {
            let parent = beside.rsplit_once('/').map_or("", |(parent, _)| parent);
            let members = document
                .pointer_mut(parent)
                .and_then(Json::as_object_mut)
                .ok_or_else(|| EditError::NotThere(beside.clone()))?;
            if members.insert(key.clone(), value.clone()).is_some() {
                return Err(EditError::Overlap);
            }
        }
    }
    Ok(())
}

fn find(outline: &Outline, pointer: &str) -> Result<(usize, Range<usize>), EditError> {
    outline.find(pointer).ok_or_else(|| EditError::NotThere(pointer.to_owned()))
}

fn slice(text: &str, at: Range<usize>) -> Result<&str, EditError> {
    text.get(at).ok_or(EditError::Syntax)
}

fn splice(start: usize, old: &str, new: &str) -> Splice {
    Splice { start, old: old.to_owned(), new: new.to_owned() }
}

/// A new member, written like its neighbour: on a line of its own below the neighbour if the neighbour begins a line, else
/// right behind it.
fn insertion(
    text: &str,
    outline: &Outline,
    beside: &str,
    key: &str,
    value: &Json,
) -> Result<Vec<Splice>, EditError> {
    let (start, at) = find(outline, beside)?;
    let own_key = slice(text, start..at.start)?;
    let value_quote = quote_of(slice(text, at.clone())?);
    let quoted_key = match quote_of(own_key) {
        Some(quote) => to_json5(&Json::String(key.to_owned()), quote),
        None => key.to_owned(),
    };
    let name = segments(beside).last().unwrap_or_default();
    let colon = own_key.find([':']).filter(|_| !name.contains(':'));
    let space = colon.and_then(|colon| own_key.get(colon + 1..)).is_none_or(|gap| !gap.is_empty());
    let gap = if space { " " } else { "" };
    let member = format!("{quoted_key}:{gap}{}", to_json5(value, value_quote.unwrap_or('"')));

    let comma = Comma::after(text, at.end);
    match (indent_of(text, start), comma.line_end) {
        (Some(indent), Some((end, line_end))) => {
            let last = if comma.is_there { "," } else { "" };
            let line = splice(end, "", &format!("{line_end}{indent}{member}{last}"));
            Ok(if comma.is_there { vec![line] } else { vec![splice(at.end, "", ","), line] })
        }
        _ => Ok(vec![splice(at.end, "", &format!(",{gap}{member}"))]),
    }
}

/// The indent of a member that begins its line. None for one that does not.
///
/// Reads no more than necessary: a large config may be one line.
fn indent_of(text: &str, start: usize) -> Option<&str> {
    let before = text.get(..start)?;
    let outside = before.trim_end_matches([' ', '\t']);
    outside.ends_with('\n').then(|| before.get(outside.len()..)).flatten()
}

/// What follows a value on its line.
struct Comma<'t> {
    is_there: bool,
    /// Where the line ends, and how, if nothing but a comment comes before that.
    line_end: Option<(usize, &'t str)>,
}

impl Comma<'_> {
    fn after(text: &str, at: usize) -> Self {
        const BLANKS: [char; 2] = [' ', '\t'];
        let rest = text.get(at..).unwrap_or_default().trim_start_matches(BLANKS);
        let (is_there, rest) = match rest.strip_prefix(',') {
            Some(rest) => (true, rest.trim_start_matches(BLANKS)),
            None => (false, rest),
        };
        let comment = if rest.starts_with("//") { rest.find('\n') } else { Some(0) };
        let line_end = comment.and_then(|length| {
            let (before, end) = rest.split_at_checked(length)?;
            let has_return = before.ends_with('\r') || end.starts_with("\r\n");
            let end = if before.ends_with('\r') { length - 1 } else { length };
            let is_end = has_return || rest.get(end..)?.starts_with('\n');
            let offset = text.len() - rest.len() + end;
            is_end.then_some((offset, if has_return { "\r\n" } else { "\n" }))
        });
        Self { is_there, line_end }
    }
}

fn quote_of(literal: &str) -> Option<char> {
    literal.chars().next().filter(|c| matches!(c, '"' | '\''))
}

/// A value as JSON5, with strings in these quotes.
fn to_json5(value: &Json, quote: char) -> String {
    match value {
        Json::String(text) if quote == '\'' => {
            let json = Json::String(text.clone()).to_string();
            let inside = json.get(1..json.len() - 1).unwrap_or_default();
            format!("'{}'", inside.replace("\\\"", "\"").replace('\'', "\\'"))
        }
        Json::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| to_json5(item, quote)).collect();
            format!("[{}]", items.join(", "))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;

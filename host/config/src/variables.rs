//! `${NAME}` in strings.

use super::document::{Shape, Text, Value};
use super::ecma::trim;
use super::limits::ConfigSizeError;
use crate::environment::Environment;

/// What a string is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'a> {
    Plain(&'a str),
    /// The name of a `${NAME}`.
    Reference(&'a str),
    /// The `${NAME}` that a `$${NAME}` stands for.
    Escaped(&'a str),
}

fn pieces(mut text: &str) -> impl Iterator<Item = Piece<'_>> {
    std::iter::from_fn(move || {
        if text.is_empty() {
            return None;
        }
        let (piece, length) = if let Some(name) = reference_at(text) {
            (Piece::Reference(name), name.len() + 3)
        } else if let Some(name) = text.strip_prefix('$').and_then(reference_at) {
            let length = name.len() + 3;
            (Piece::Escaped(text.get(1..=length)?), length + 1)
        } else {
            // A dollar sign that does not begin a reference is plain, and so is everything up to the next one.
            let next = text.char_indices().skip(1).find(|(_, c)| *c == '$');
            let length = next.map_or(text.len(), |(at, _)| at);
            (Piece::Plain(text.get(..length)?), length)
        };
        text = text.get(length..)?;
        Some(piece)
    })
}

/// The name, if the text begins with `${NAME}`.
fn reference_at(text: &str) -> Option<&str> {
    let inside = text.strip_prefix("${")?;
    let end = inside.find(|c: char| !matches!(c, 'A'..='Z' | '0'..='9' | '_'))?;
    let (name, rest) = inside.split_at(end);
    let valid = rest.starts_with('}') && name.starts_with(|c: char| !c.is_ascii_digit());
    valid.then_some(name)
}

/// Whether a text has a reference that is not escaped.
pub(super) fn has_reference(text: &str) -> bool {
    pieces(text).any(|piece| matches!(piece, Piece::Reference(_)))
}

/// The name, if the trimmed text as a whole is `${NAME}` or `$NAME` and so refers to a secret in the environment.
pub(super) fn whole_reference(text: &str) -> Option<&str> {
    let inside = trim(text).strip_prefix('$')?;
    let name = inside.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(inside);
    is_secret_variable(name).then_some(name)
}

/// Whether a `SecretRef` may name this variable.
pub(super) fn is_secret_variable(name: &str) -> bool {
    name.len() <= 128
        && name.bytes().next().is_some_and(|b| b.is_ascii_uppercase())
        && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

/// Puts the values of variables into every string of a tree, and notes which variables are missing. The results
/// together may take up `bytes`.
pub(super) fn substitute(
    value: &mut Value,
    environment: &Environment,
    bytes: &mut usize,
) -> Result<(), ConfigSizeError> {
    match &mut value.shape {
        Shape::Text(text) => substitute_text(text, environment, bytes),
        Shape::List(items) => {
            items.iter_mut().try_for_each(|item| substitute(item, environment, bytes))
        }
        Shape::Map(members) => {
            members.iter_mut().try_for_each(|(_, member)| substitute(member, environment, bytes))
        }
        Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::Reference(_) => Ok(()),
    }
}

fn substitute_text(
    text: &mut Text,
    environment: &Environment,
    bytes: &mut usize,
) -> Result<(), ConfigSizeError> {
    if !text.authored.contains('$') {
        return Ok(());
    }
    let mut effective = String::with_capacity(text.authored.len());
    for piece in pieces(&text.authored) {
        let before = effective.len();
        match piece {
            Piece::Plain(plain) | Piece::Escaped(plain) => effective.push_str(plain),
            Piece::Reference(name) => {
                note(&mut text.variables, name);
                if let Some(value) = environment.raw(name).filter(|value| !value.is_empty()) {
                    effective.push_str(value);
                } else {
                    note(&mut text.missing, name);
                    effective.extend(["${", name, "}"]);
                }
            }
        }
        *bytes = bytes.checked_sub(effective.len() - before).ok_or(ConfigSizeError::Derived)?;
    }
    if let Some(name) = whole_reference(&text.authored).filter(|_| text.variables.is_empty()) {
        // `$NAME` stays as it is in the string, but is known to refer to a secret.
        note(&mut text.variables, name);
        if environment.get(name).is_none() {
            note(&mut text.missing, name);
        }
    }
    text.effective = effective;
    Ok(())
}

fn note(names: &mut Vec<String>, name: &str) {
    if !names.iter().any(|noted| noted == name) {
        names.push(name.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::SourceLocation;

    fn substituted(text: &str) -> Text {
        let environment =
            Environment::from_pairs([("A", "1"), ("B_2", "two"), ("EMPTY", ""), ("BLANK", " ")]);
        let mut value =
            Value { shape: Shape::Text(Text::written(text)), location: SourceLocation::default() };
        substitute(&mut value, &environment, &mut 1000).unwrap();
        match value.shape {
            Shape::Text(text) => text,
            _ => unreachable!(),
        }
    }

    #[test]
    fn puts_values_in() {
        let cases = [
            ("${A}", "1", &["A"][..], &[][..]),
            ("x${A}y${B_2}z${A}", "x1ytwoz1", &["A", "B_2"], &[]),
            ("$${A}${A}", "${A}1", &["A"], &[]),
            ("$$${A}", "$${A}", &[], &[]),
            ("$$$${A}", "$$${A}", &[], &[]),
            (
                "${_X} ${EMPTY} ${BLANK}",
                "${_X} ${EMPTY}  ",
                &["_X", "EMPTY", "BLANK"],
                &["_X", "EMPTY"],
            ),
            ("${lower} ${A-B} ${} ${1A} ${A $A $", "${lower} ${A-B} ${} ${1A} ${A $A $", &[], &[]),
            ("${${A}}", "${1}", &["A"], &[]),
            ("é$é${A}", "é$é1", &["A"], &[]),
            (" $B_2 ", " $B_2 ", &["B_2"], &[]),
            ("$NOT_SET", "$NOT_SET", &["NOT_SET"], &["NOT_SET"]),
            ("$BLANK", "$BLANK", &["BLANK"], &["BLANK"]),
            ("$lower", "$lower", &[], &[]),
            ("plain", "plain", &[], &[]),
        ];
        for (authored, effective, variables, missing) in cases {
            let text = substituted(authored);
            assert_eq!(text.authored, authored);
            assert_eq!(text.effective, effective, "{authored}");
            assert_eq!(text.variables, variables, "{authored}");
            assert_eq!(text.missing, missing, "{authored}");
        }
    }

    #[test]
    fn finds_references() {
        assert!(has_reference("a${A}b"));
        for text in ["$${A}", "$A", "${a}", "", "$", "${A"] {
            assert!(!has_reference(text), "{text}");
        }
        assert_eq!(whole_reference("\u{feff}${A_1}\n"), Some("A_1"));
        assert_eq!(whole_reference("$A"), Some("A"));
        for text in ["${_A}", "${A}x", "$a", "$$A", "$", "${}", "$A}", "${A"] {
            assert_eq!(whole_reference(text), None, "{text}");
        }
        assert_eq!(whole_reference(&format!("${}", "A".repeat(129))), None);
    }

    #[test]
    fn a_small_text_cannot_grow_without_limit() {
        let environment = Environment::from_pairs([("BIG", "x".repeat(1000))]);
        let shape = Shape::Text(Text::written(&"${BIG}".repeat(100)));
        let mut value = Value { shape, location: SourceLocation::default() };
        assert_eq!(
            substitute(&mut value, &environment, &mut 50_000),
            Err(ConfigSizeError::Derived)
        );
    }
}

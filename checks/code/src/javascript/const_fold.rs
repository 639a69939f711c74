//! Constant folding: strings that a program builds from constants, and the built-in functions that build them. Bounded:
//! a string that grows too long is unknown.

use std::rc::Rc;

use super::abstract_value::{Value, string};

/// The longest string that is built, in bytes.
pub(super) const MAX_TEXT: usize = 1 << 20;
/// The longest string that is split or sliced, in bytes.
const MAX_PARTS: usize = 1 << 14;
/// The placeholder for an unknown part of a string.
pub(super) const UNKNOWN_PART: char = '\u{fffc}';

/// A value converted to a string; an unknown value becomes the placeholder.
pub(super) fn to_text(value: &Value<'_>) -> String {
    match value {
        Value::String(text) => text.to_string(),
        Value::Number(number) => number.to_string(),
        _ => UNKNOWN_PART.to_string(),
    }
}

pub(super) fn join<'a>(parts: impl Iterator<Item = String>) -> Value<'a> {
    let mut whole = String::new();
    for part in parts {
        whole.push_str(&part);
        if whole.len() > MAX_TEXT {
            return Value::Unknown;
        }
    }
    string(&whole)
}

/// The result of a string's method.
pub(super) fn string_method<'a>(subject: &str, method: &str, arguments: &[Value<'a>]) -> Value<'a> {
    let first = arguments.first().and_then(Value::as_str);
    match (method, first) {
        ("toString" | "valueOf" | "normalize", _) => string(subject),
        ("toLowerCase" | "toLocaleLowerCase", _) => string(&subject.to_lowercase()),
        ("toUpperCase" | "toLocaleUpperCase", _) => string(&subject.to_uppercase()),
        ("trim", _) => string(subject.trim()),
        ("concat", _) => {
            join(std::iter::once(subject.to_owned()).chain(arguments.iter().map(to_text)))
        }
        ("split", Some(separator)) => split(subject, separator),
        ("replace", Some(pattern)) => replace(subject, pattern, arguments.get(1), 1),
        ("replaceAll", Some(pattern)) => replace(subject, pattern, arguments.get(1), usize::MAX),
        ("slice" | "substring" | "substr", _) => slice(subject, method, arguments),
        ("charAt" | "at", _) => char_at(subject, number(arguments.first()).unwrap_or(0)),
        ("repeat", _) => repeat(subject, number(arguments.first())),
        _ => Value::Unknown,
    }
}

/// The result of a method of an array of strings.
pub(super) fn array_method<'a>(
    subject: &[Rc<str>],
    method: &str,
    arguments: &[Value<'a>],
) -> Value<'a> {
    match method {
        "join" => {
            let separator =
                arguments.first().map_or(",", |value| value.as_str().unwrap_or_default());
            let last = subject.len().saturating_sub(1);
            join(subject.iter().enumerate().map(|(at, part)| {
                if at == last { part.to_string() } else { format!("{part}{separator}") }
            }))
        }
        "reverse" | "toReversed" => Value::Strings(subject.iter().rev().cloned().collect()),
        "slice" | "flat" | "filter" if arguments.is_empty() => Value::Strings(Rc::from(subject)),
        "at" => number(arguments.first())
            .and_then(|at| usize::try_from(at).ok())
            .and_then(|at| subject.get(at))
            .map_or(Value::Unknown, |part| Value::String(part.clone())),
        _ => Value::Unknown,
    }
}

/// Global functions that turn one string into another.
pub(super) const FUNCTIONS: &[&str] =
    &["atob", "unescape", "decodeURIComponent", "decodeURI", "String"];

/// The result of such a function for a constant.
pub(super) fn global_function<'a>(name: &str, argument: &Value<'a>) -> Value<'a> {
    match (name, argument) {
        ("atob", Value::String(encoded)) => decoded(base64(encoded)),
        ("String", value @ (Value::String(_) | Value::Number(_))) => string(&to_text(value)),
        ("unescape" | "decodeURIComponent" | "decodeURI", Value::String(encoded)) => {
            percent(encoded)
        }
        _ => Value::Unknown,
    }
}

/// `String.fromCharCode`
pub(super) fn characters<'a>(codes: &[Value<'a>]) -> Value<'a> {
    let units: Option<Vec<char>> = codes
        .iter()
        .map(|code| number(Some(code)).and_then(|code| char::from_u32(u32::try_from(code).ok()?)))
        .collect();
    units.map_or(Value::Unknown, |units| string(&units.iter().collect::<String>()))
}

/// `Buffer.from(text, encoding)`, as the string that it holds.
pub(super) fn buffer<'a>(encoded: &str, encoding: Option<&str>) -> Value<'a> {
    match encoding {
        Some("base64" | "base64url") => decoded(base64(encoded)),
        Some("hex") => decoded(hex(encoded)),
        Some("utf8" | "utf-8" | "ascii" | "latin1" | "binary") | None => string(encoded),
        Some(_) => Value::Unknown,
    }
}

fn decoded<'a>(bytes: Option<Vec<u8>>) -> Value<'a> {
    bytes.map_or(Value::Unknown, |bytes| string(&String::from_utf8_lossy(&bytes)))
}

/// Decodes base64, standard or URL-safe. Characters outside the alphabet are skipped, as browsers and Node do.
fn base64(encoded: &str) -> Option<Vec<u8>> {
    if encoded.len() > MAX_TEXT {
        return None;
    }
    let mut bytes = Vec::with_capacity(encoded.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for byte in encoded.bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            _ => continue,
        };
        bits = (bits << 6) | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 0xff).unwrap_or_default());
        }
    }
    Some(bytes)
}

fn hex(encoded: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = encoded
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect();
    Some(digits?.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

fn percent<'a>(encoded: &str) -> Value<'a> {
    let bytes = encoded.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let code = (byte == b'%').then(|| encoded.get(at + 1..at + 3)).flatten();
        if let Some(code) = code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            plain.push(code);
            at += 3;
        } else {
            plain.push(byte);
            at += 1;
        }
    }
    string(&String::from_utf8_lossy(&plain))
}

fn number(value: Option<&Value<'_>>) -> Option<i64> {
    match value {
        #[allow(clippy::cast_possible_truncation)]
        Some(Value::Number(number)) if number.abs() < 1e9 => Some(*number as i64),
        _ => None,
    }
}

fn split<'a>(subject: &str, separator: &str) -> Value<'a> {
    if subject.len() > MAX_PARTS {
        return Value::Unknown;
    }
    let parts: Rc<[Rc<str>]> = if separator.is_empty() {
        subject.chars().map(|part| Rc::from(part.to_string())).collect()
    } else {
        subject.split(separator).map(Rc::from).collect()
    };
    Value::Strings(parts)
}

fn replace<'a>(subject: &str, pattern: &str, with: Option<&Value<'a>>, times: usize) -> Value<'a> {
    let Some(with) = with.and_then(Value::as_str) else { return Value::Unknown };
    if pattern.is_empty() || subject.len() > MAX_PARTS || with.len() > 64 {
        return Value::Unknown;
    }
    string(&subject.replacen(pattern, with, times))
}

/// `slice`, `substring` and `substr`, which treat negative positions differently.
fn slice<'a>(subject: &str, method: &str, arguments: &[Value<'a>]) -> Value<'a> {
    if subject.len() > MAX_PARTS {
        return Value::Unknown;
    }
    let characters: Vec<char> = subject.chars().collect();
    let Ok(length) = i64::try_from(characters.len()) else { return Value::Unknown };
    let place = |value: i64| {
        let from_end = value < 0 && method != "substring";
        (if from_end { value + length } else { value }).clamp(0, length)
    };
    let start = place(number(arguments.first()).unwrap_or(0));
    let end = match number(arguments.get(1)) {
        None => length,
        Some(count) if method == "substr" => (start + count).clamp(0, length),
        Some(end) => place(end),
    };
    let (start, end) =
        if method == "substring" && end < start { (end, start) } else { (start, end) };
    let range = usize::try_from(start).unwrap_or(0)..usize::try_from(end).unwrap_or(0);
    characters
        .get(range)
        .map_or_else(|| string(""), |part| string(&part.iter().collect::<String>()))
}

pub(super) fn char_at<'a>(subject: &str, at: i64) -> Value<'a> {
    let character = usize::try_from(at).ok().and_then(|at| subject.chars().nth(at));
    character.map_or(Value::Unknown, |character| string(&character.to_string()))
}

fn repeat<'a>(subject: &str, times: Option<i64>) -> Value<'a> {
    match times.and_then(|times| usize::try_from(times).ok()) {
        Some(times) if subject.len().saturating_mul(times) <= MAX_PARTS => {
            string(&subject.repeat(times))
        }
        _ => Value::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(value: &Value<'_>) -> String {
        to_text(value)
    }

    #[test]
    fn strings_are_concatenated() {
        assert_eq!(
            folded(&string_method("child", "concat", &[string("_process")])),
            "child_process"
        );
        assert_eq!(
            folded(&string_method("xevalx", "slice", &[Value::Number(1.0), Value::Number(-1.0)])),
            "eval"
        );
        assert_eq!(
            folded(&string_method("eval", "substr", &[Value::Number(0.0), Value::Number(2.0)])),
            "ev"
        );
        assert_eq!(
            folded(&string_method("e_v_al", "replaceAll", &[string("_"), string("")])),
            "eval"
        );
        let Value::Strings(parts) = string_method("lave", "split", &[string("")]) else { panic!() };
        let Value::Strings(parts) = array_method(&parts, "reverse", &[]) else { panic!() };
        assert_eq!(folded(&array_method(&parts, "join", &[string("")])), "eval");
    }

    #[test]
    fn strings_are_decoded() {
        assert_eq!(folded(&global_function("atob", &string("ZXZhbA=="))), "eval");
        assert_eq!(folded(&buffer("6576616c", Some("hex"))), "eval");
        assert_eq!(folded(&global_function("unescape", &string("%65val"))), "eval");
        assert_eq!(folded(&characters(&[Value::Number(101.0), Value::Number(118.0)])), "ev");
    }

    #[test]
    fn hostile_arguments_give_unknown() {
        let long = "x".repeat(MAX_PARTS + 1);
        assert!(matches!(split(&long, ""), Value::Unknown));
        assert!(matches!(repeat("xx", Some(1 << 30)), Value::Unknown));
        assert!(matches!(repeat("xx", Some(-1)), Value::Unknown));
        assert_eq!(folded(&slice("abc", "slice", &[Value::Number(9.0), Value::Number(-9.0)])), "");
    }
}

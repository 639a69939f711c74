//! Texts that a program puts together from constants, and the functions that do so. Bounded: a text that grows too long
//! is not known.

use std::rc::Rc;

use super::value::{Value, text};

/// No text that is put together may be longer.
pub(super) const MOST_TEXT: usize = 1 << 20;
/// Texts longer than this are not taken apart.
const MOST_PARTS: usize = 1 << 14;
/// Stands for a part that is not known.
pub(super) const HOLE: char = '\u{fffc}';

/// How a value reads as a text, a part of one that is not known as a hole.
pub(super) fn reading(value: &Value<'_>) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        Value::Number(number) => number.to_string(),
        _ => HOLE.to_string(),
    }
}

pub(super) fn join<'a>(parts: impl Iterator<Item = String>) -> Value<'a> {
    let mut whole = String::new();
    for part in parts {
        whole.push_str(&part);
        if whole.len() > MOST_TEXT {
            return Value::Unknown;
        }
    }
    text(&whole)
}

/// What a method of a text gives.
pub(super) fn text_method<'a>(subject: &str, method: &str, arguments: &[Value<'a>]) -> Value<'a> {
    let first = arguments.first().and_then(Value::as_text);
    match (method, first) {
        ("toString" | "valueOf" | "normalize", _) => text(subject),
        ("toLowerCase" | "toLocaleLowerCase", _) => text(&subject.to_lowercase()),
        ("toUpperCase" | "toLocaleUpperCase", _) => text(&subject.to_uppercase()),
        ("trim", _) => text(subject.trim()),
        ("concat", _) => {
            join(std::iter::once(subject.to_owned()).chain(arguments.iter().map(reading)))
        }
        ("split", Some(separator)) => split(subject, separator),
        ("replace", Some(pattern)) => replace(subject, pattern, arguments.get(1), 1),
        ("replaceAll", Some(pattern)) => replace(subject, pattern, arguments.get(1), usize::MAX),
        ("slice" | "substring" | "substr", _) => slice(subject, method, arguments),
        ("charAt" | "at", _) => text_at(subject, number(arguments.first()).unwrap_or(0)),
        ("repeat", _) => repeat(subject, number(arguments.first())),
        _ => Value::Unknown,
    }
}

/// What a method of a list of texts gives.
pub(super) fn list_method<'a>(
    subject: &[Rc<str>],
    method: &str,
    arguments: &[Value<'a>],
) -> Value<'a> {
    match method {
        "join" => {
            let separator =
                arguments.first().map_or(",", |value| value.as_text().unwrap_or_default());
            let last = subject.len().saturating_sub(1);
            join(subject.iter().enumerate().map(|(at, part)| {
                if at == last { part.to_string() } else { format!("{part}{separator}") }
            }))
        }
        "reverse" | "toReversed" => Value::Texts(subject.iter().rev().cloned().collect()),
        "slice" | "flat" | "filter" if arguments.is_empty() => Value::Texts(Rc::from(subject)),
        "at" => number(arguments.first())
            .and_then(|at| usize::try_from(at).ok())
            .and_then(|at| subject.get(at))
            .map_or(Value::Unknown, |part| Value::Text(part.clone())),
        _ => Value::Unknown,
    }
}

/// Functions of the language that make a text of one.
pub(super) const FUNCTIONS: &[&str] =
    &["atob", "unescape", "decodeURIComponent", "decodeURI", "String"];

/// What such a function makes of a constant.
pub(super) fn global_function<'a>(name: &str, argument: &Value<'a>) -> Value<'a> {
    match (name, argument) {
        ("atob", Value::Text(encoded)) => decoded(base64(encoded)),
        ("String", value @ (Value::Text(_) | Value::Number(_))) => text(&reading(value)),
        ("unescape" | "decodeURIComponent" | "decodeURI", Value::Text(encoded)) => percent(encoded),
        _ => Value::Unknown,
    }
}

/// `String.fromCharCode`
pub(super) fn characters<'a>(codes: &[Value<'a>]) -> Value<'a> {
    let units: Option<Vec<char>> = codes
        .iter()
        .map(|code| number(Some(code)).and_then(|code| char::from_u32(u32::try_from(code).ok()?)))
        .collect();
    units.map_or(Value::Unknown, |units| text(&units.iter().collect::<String>()))
}

/// `Buffer.from(text, encoding)`, taken for the text that it holds.
pub(super) fn buffer<'a>(encoded: &str, encoding: Option<&str>) -> Value<'a> {
    match encoding {
        Some("base64" | "base64url") => decoded(base64(encoded)),
        Some("hex") => decoded(hex(encoded)),
        Some("utf8" | "utf-8" | "ascii" | "latin1" | "binary") | None => text(encoded),
        Some(_) => Value::Unknown,
    }
}

fn decoded<'a>(bytes: Option<Vec<u8>>) -> Value<'a> {
    bytes.map_or(Value::Unknown, |bytes| text(&String::from_utf8_lossy(&bytes)))
}

/// Decodes base64; characters outside the alphabet are passed over, as the platform's decoders do.
pub(crate) fn base64(encoded: &str) -> Option<Vec<u8>> {
    if encoded.len() > MOST_TEXT {
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
    text(&String::from_utf8_lossy(&plain))
}

fn number(value: Option<&Value<'_>>) -> Option<i64> {
    match value {
        #[allow(clippy::cast_possible_truncation)]
        Some(Value::Number(number)) if number.abs() < 1e9 => Some(*number as i64),
        _ => None,
    }
}

fn split<'a>(subject: &str, separator: &str) -> Value<'a> {
    if subject.len() > MOST_PARTS {
        return Value::Unknown;
    }
    let parts: Rc<[Rc<str>]> = if separator.is_empty() {
        subject.chars().map(|part| Rc::from(part.to_string())).collect()
    } else {
        subject.split(separator).map(Rc::from).collect()
    };
    Value::Texts(parts)
}

fn replace<'a>(subject: &str, pattern: &str, with: Option<&Value<'a>>, times: usize) -> Value<'a> {
    let Some(with) = with.and_then(Value::as_text) else { return Value::Unknown };
    if pattern.is_empty() || subject.len() > MOST_PARTS || with.len() > 64 {
        return Value::Unknown;
    }
    text(&subject.replacen(pattern, with, times))
}

/// `slice`, `substring` and `substr`, with their different ideas of a negative position.
fn slice<'a>(subject: &str, method: &str, arguments: &[Value<'a>]) -> Value<'a> {
    if subject.len() > MOST_PARTS {
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
    characters.get(range).map_or_else(|| text(""), |part| text(&part.iter().collect::<String>()))
}

pub(super) fn text_at<'a>(subject: &str, at: i64) -> Value<'a> {
    let character = usize::try_from(at).ok().and_then(|at| subject.chars().nth(at));
    character.map_or(Value::Unknown, |character| text(&character.to_string()))
}

fn repeat<'a>(subject: &str, times: Option<i64>) -> Value<'a> {
    match times.and_then(|times| usize::try_from(times).ok()) {
        Some(times) if subject.len().saturating_mul(times) <= MOST_PARTS => {
            text(&subject.repeat(times))
        }
        _ => Value::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(value: &Value<'_>) -> String {
        reading(value)
    }

    #[test]
    fn texts_are_put_together() {
        assert_eq!(folded(&text_method("child", "concat", &[text("_process")])), "child_process");
        assert_eq!(
            folded(&text_method("xevalx", "slice", &[Value::Number(1.0), Value::Number(-1.0)])),
            "eval"
        );
        assert_eq!(
            folded(&text_method("eval", "substr", &[Value::Number(0.0), Value::Number(2.0)])),
            "ev"
        );
        assert_eq!(folded(&text_method("e_v_al", "replaceAll", &[text("_"), text("")])), "eval");
        let Value::Texts(parts) = text_method("lave", "split", &[text("")]) else { panic!() };
        let Value::Texts(parts) = list_method(&parts, "reverse", &[]) else { panic!() };
        assert_eq!(folded(&list_method(&parts, "join", &[text("")])), "eval");
    }

    #[test]
    fn texts_are_decoded() {
        assert_eq!(folded(&global_function("atob", &text("ZXZhbA=="))), "eval");
        assert_eq!(folded(&buffer("6576616c", Some("hex"))), "eval");
        assert_eq!(folded(&global_function("unescape", &text("%65val"))), "eval");
        assert_eq!(folded(&characters(&[Value::Number(101.0), Value::Number(118.0)])), "ev");
    }

    #[test]
    fn hostile_arguments_give_nothing() {
        let long = "x".repeat(MOST_PARTS + 1);
        assert!(matches!(split(&long, ""), Value::Unknown));
        assert!(matches!(repeat("xx", Some(1 << 30)), Value::Unknown));
        assert!(matches!(repeat("xx", Some(-1)), Value::Unknown));
        assert_eq!(folded(&slice("abc", "slice", &[Value::Number(9.0), Value::Number(-9.0)])), "");
    }
}

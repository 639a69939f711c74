//! The number of parameters in a model's name: `llama3.1:8b` has 8 billion.

/// The largest `<number>b` in a name, in billions. None without such a number: the size is then unknown.
///
/// A number counts when it is a separate word or follows a single letter (`e4b`, `a22b`), so `8x7b` and `8bit` do not.
pub(crate) fn billions(name: &str) -> Option<f64> {
    let name = name.to_lowercase();
    let starts = name.char_indices().filter(|(_, c)| !c.is_ascii_alphanumeric());
    let starts = starts.map(|(at, c)| at + c.len_utf8());
    let mut taken = None;
    let mut largest: Option<f64> = None;
    for start in std::iter::once(0).chain(starts) {
        // The part after the point in `3.8b` is not another number.
        if taken.is_some_and(|end| start <= end) {
            continue;
        }
        if let Some((size, length)) = number_of_b(name.split_at(start).1) {
            taken = Some(start + length);
            largest =
                largest.into_iter().chain((size > 0.0).then_some(size)).max_by(f64::total_cmp);
        }
    }
    largest
}

/// The number at the start of a text, if it is followed by `b` and then by the end of the word; and the length of both.
fn number_of_b(text: &str) -> Option<(f64, usize)> {
    let number = text.strip_prefix(|c: char| c.is_ascii_lowercase()).unwrap_or(text);
    let whole = digits(number)?;
    let fraction = number.strip_prefix(whole)?.strip_prefix('.').and_then(digits);
    let length = whole.len() + fraction.map_or(0, |fraction| fraction.len() + 1);
    let (number, rest) = number.split_at_checked(length)?;
    let rest = rest.strip_prefix('b')?;
    if rest.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let size = number.parse().ok().filter(|size: &f64| size.is_finite())?;
    Some((size, text.len() - rest.len()))
}

fn digits(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).map(|(digits, _)| digits).filter(|digits| !digits.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_a_size() {
        for (name, size) in [
            ("llama3.1:8b", 8.0),
            ("llama-7B", 7.0),
            ("gpt-oss:120b", 120.0),
            ("x-300b", 300.0),
            ("llama-3.1-405b", 405.0),
            ("qwen3-235b-a22b", 235.0),
            ("gemma3n-e4b", 4.0),
            ("phi-3.8b", 3.8),
            ("qwen3:0.6b", 0.6),
            ("foo_8b_it", 8.0),
            ("tiny.5b", 5.0),
            ("35b/70b", 70.0),
            ("7b-70b", 70.0),
            ("70b-3.8b", 70.0),
            ("1.2.3b", 2.3),
            ("é9b", 9.0),
        ] {
            assert_eq!(billions(name), Some(size), "{name}");
        }
    }

    #[test]
    fn names_without_a_size() {
        for name in [
            "mixtral-8x7b",
            "8bit",
            "mlx-8bit",
            "model-8b4",
            "ab7b",
            "model-0b",
            "glm-4.5-air",
            "b",
            "8",
            "8.b",
            "",
        ] {
            assert_eq!(billions(name), None, "{name}");
        }
    }
}

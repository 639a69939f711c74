//! Text for findings, and the rules by which OpenClaw reads text.

pub use chitin_document::text::{is_space, trim, utf16_len};

/// `1 thing`, `2 things`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// The first `shown` items on a line each, and how many are left.
pub fn bullets<T: AsRef<str>>(items: &[T], shown: usize) -> String {
    let mut lines: Vec<String> =
        items.iter().take(shown).map(|item| format!("- {}", item.as_ref())).collect();
    if items.len() > shown {
        lines.push(format!("- …{} more", items.len() - shown));
    }
    lines.join("\n")
}

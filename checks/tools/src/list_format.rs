//! Lists in a finding that show where they were cut.

/// The first `shown` items on a line each, and how many are left.
pub(crate) fn lines(items: &[String], shown: usize) -> String {
    let mut lines: Vec<String> = items.iter().take(shown).map(|item| format!("- {item}")).collect();
    if items.len() > shown {
        lines.push(format!("- +{} more", items.len() - shown));
    }
    lines.join("\n")
}

/// The first `shown` items on one line, and how many are left.
pub(crate) fn names(items: &[String], shown: usize) -> String {
    let mut names: Vec<String> = items.iter().take(shown).cloned().collect();
    if items.len() > shown {
        names.push(format!("+{} more", items.len() - shown));
    }
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_is_shown() {
        let items = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(lines(&items, 3), "- a\n- b\n- c");
        assert_eq!(lines(&items, 2), "- a\n- b\n- +1 more");
        assert_eq!(names(&items, 3), "a, b, c");
        assert_eq!(names(&items, 1), "a, +2 more");
    }
}

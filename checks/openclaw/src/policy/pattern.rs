//! One entry of an allow or deny list: a name, or a glob in which `*` stands for any run of characters. Nothing else
//! is special.

#[derive(Debug, Clone)]
pub(super) enum Pattern {
    Exact(String),
    /// The texts between the `*`s; at least two.
    Glob(Vec<String>),
}

impl Pattern {
    pub(super) fn new(entry: &str) -> Self {
        if entry.contains('*') {
            Self::Glob(entry.split('*').map(str::to_owned).collect())
        } else {
            Self::Exact(entry.to_owned())
        }
    }

    pub(super) fn matches(&self, name: &str) -> bool {
        match self {
            Self::Exact(exact) => exact == name,
            Self::Glob(parts) => matches_parts(parts, name),
        }
    }
}

/// The first part at the start, the last one at the end, the others in between, each as early as possible.
fn matches_parts(parts: &[String], name: &str) -> bool {
    let [first, middle @ .., last] = parts else {
        return false;
    };
    let Some(inner) =
        name.strip_prefix(first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str()))
    else {
        return false;
    };
    let mut rest = inner;
    for part in middle {
        let Some((_, after)) = rest.split_once(part.as_str()) else {
            return false;
        };
        rest = after;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_star_is_special() {
        for (pattern, name, expected) in [
            ("*", "", true),
            ("*", "exec", true),
            ("sessions_*", "sessions_send", true),
            ("sessions_*", "sessions_", true),
            ("sessions_*", "session_status", false),
            ("*_list", "agents_list", true),
            ("a*b*c", "a-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("ab*ba", "aba", false),
            ("a**b", "ab", true),
            ("exec", "exec2", false),
            ("ex?c", "exec", false),
            ("[e]xec", "exec", false),
            ("e.*", "exec", false),
        ] {
            assert_eq!(Pattern::new(pattern).matches(name), expected, "{pattern} on {name}");
        }
    }
}

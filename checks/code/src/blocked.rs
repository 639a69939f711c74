//! Listings that were taken down because they were malicious.

use crate::text::contains_ignoring_case;

/// Names, in any case, anywhere in a skill's or a plugin's name or description.
const NAMES: &[&str] = &["ClawdAuthenticatorTool"];

pub(crate) fn is_blocked(text: &str) -> bool {
    NAMES.iter().any(|name| contains_ignoring_case(text, name))
}

//! Listings that were taken down because they were malicious.

use crate::bytes::contains_ignore_case;

/// Matched in any case, anywhere in the name or the description of a skill or plugin.
const NAMES: &[&str] = &["ClawdAuthenticatorTool"];

pub(crate) fn is_denied(text: &str) -> bool {
    NAMES.iter().any(|name| contains_ignore_case(text, name))
}

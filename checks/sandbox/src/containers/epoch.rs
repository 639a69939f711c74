//! The security epoch that OpenClaw writes on the sandbox browser containers it makes.

/// Since 2026.5.12.
const CURRENT: &str = "2026-05-12-cdp-relay-auth";

/// What earlier versions wrote.
const PREVIOUS: &str = "2026-02-28-no-sandbox-env";

/// The first version that writes [`CURRENT`]; epochs are named after the day of their introduction.
const CURRENT_SINCE: [u32; 3] = [2026, 5, 12];

/// The epochs that are right for a config, by the version that wrote it last. A container of an older OpenClaw is up to
/// date with its own epoch as long as that OpenClaw runs.
pub(crate) fn expected(last_touched: Option<&str>) -> &'static [&'static str] {
    let is_older = last_touched.and_then(version).is_some_and(|version| version < CURRENT_SINCE);
    if is_older { &[CURRENT, PREVIOUS] } else { &[CURRENT] }
}

/// Year, month and day of `2026.3.8`, `v2026.3.8`, `2026.3.8-1` or `2026.3.8-beta.2`.
fn version(text: &str) -> Option<[u32; 3]> {
    let text = text.trim();
    let text = text.strip_prefix('v').unwrap_or(text);
    let mut numbers = text.split(['-', '+']).next()?.split('.').map(str::parse);
    let mut next = || numbers.next()?.ok();
    Some([next()?, next()?, next()?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_older_version_widens_the_expectation() {
        for older in ["2026.3.8", "v2026.5.11", " 2026.5.11-beta.2 ", "2025.12.31"] {
            assert_eq!(expected(Some(older)), [CURRENT, PREVIOUS], "{older}");
        }
        for other in ["2026.5.12", "2026.9.6", "2026.10.1", "2027.1.1", "2026.3", "old", ""] {
            assert_eq!(expected(Some(other)), [CURRENT], "{other}");
        }
        assert_eq!(expected(None), [CURRENT]);
    }
}

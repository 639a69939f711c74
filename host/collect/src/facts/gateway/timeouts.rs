//! How long the steps of the handshake may take, each within the limit of the whole.

use std::time::Duration;

use chitin_config::ecma::trim;
use chitin_config::environment::Environment;

const DEFAULT: Duration = Duration::from_secs(15);
const LEAST: Duration = Duration::from_millis(250);

pub(super) struct Timeouts {
    /// For the answer to the request for a WebSocket.
    pub(super) upgrade: Duration,
    /// For the gateway's challenge, from then on.
    pub(super) challenge: Duration,
}

impl Timeouts {
    pub(super) fn of(environment: &Environment) -> Self {
        let set = |name: &str| environment.raw(name).and_then(milliseconds);
        let upgrade = set("OPENCLAW_HANDSHAKE_TIMEOUT_MS").unwrap_or(DEFAULT);
        let challenge = set("OPENCLAW_CONNECT_CHALLENGE_TIMEOUT_MS").unwrap_or(upgrade);
        Self { upgrade, challenge: challenge.max(LEAST) }
    }
}

fn milliseconds(text: &str) -> Option<Duration> {
    let text = trim(text);
    let digits = text.strip_prefix('+').unwrap_or(text);
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    let milliseconds = digits.parse().ok().filter(|value: &u32| is_number && *value > 0)?;
    Some(Duration::from_millis(milliseconds.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(handshake: &str, challenge: &str) -> (u128, u128) {
        let timeouts = Timeouts::of(&Environment::from_pairs([
            ("OPENCLAW_HANDSHAKE_TIMEOUT_MS", handshake),
            ("OPENCLAW_CONNECT_CHALLENGE_TIMEOUT_MS", challenge),
        ]));
        (timeouts.upgrade.as_millis(), timeouts.challenge.as_millis())
    }

    #[test]
    fn variables_change_the_limits() {
        assert_eq!(limits("", ""), (15_000, 15_000));
        assert_eq!(limits("300", ""), (300, 300));
        assert_eq!(limits("10", ""), (10, 250));
        assert_eq!(limits("", " +400 "), (15_000, 400));
        assert_eq!(limits("20000", "1"), (20_000, 250));
        for wrong in ["0", "-1", "1.5", "x", "1e3", "++1", "99999999999"] {
            assert_eq!(limits(wrong, wrong), (15_000, 15_000), "{wrong}");
        }
    }
}

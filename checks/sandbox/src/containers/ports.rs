//! The lines of `docker port`: `9222/tcp -> 127.0.0.1:49153`.

use chitin_sdk::text;

/// The lines with an address other than loopback. A line that cannot be read is skipped.
pub(crate) fn beyond_loopback(lines: &[String]) -> Vec<&str> {
    let is_open = |line: &&str| address(line).is_some_and(|address| !is_loopback(address));
    lines.iter().map(|line| text::trim(line)).filter(is_open).collect()
}

/// The host's address: what is behind the last arrow, without the port.
fn address(line: &str) -> Option<&str> {
    let published = text::trim(line.rsplit("->").next().unwrap_or(line));
    let (address, port) = published.rsplit_once(':')?;
    if port.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let bracketed = address.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match bracketed {
        Some(inner) => (!inner.is_empty() && !inner.contains(']')).then_some(inner),
        None => (!address.is_empty() && !address.contains(':')).then_some(address),
    }
}

fn is_loopback(address: &str) -> bool {
    matches!(text::trim(address).to_lowercase().as_str(), "127.0.0.1" | "::1" | "localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_open(line: &str) -> bool {
        !beyond_loopback(&[line.to_owned()]).is_empty()
    }

    #[test]
    fn three_addresses_are_loopback() {
        for line in [
            "9222/tcp -> 127.0.0.1:49153",
            "9222/tcp -> [::1]:49153",
            "9222/tcp -> LocalHost:1",
            "127.0.0.1:1",
        ] {
            assert!(!is_open(line), "{line}");
        }
        for line in [
            "9222/tcp -> 0.0.0.0:49153",
            "9222/tcp -> [::]:49153",
            "9222/tcp -> 127.0.0.2:1",
            "a -> 127.0.0.1:1 -> 10.0.0.1:1",
            "0.0.0.0:1",
        ] {
            assert!(is_open(line), "{line}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_skipped() {
        for line in [":::49153", "0.0.0.0", "0.0.0.0:", "0.0.0.0:x", "[]:1", "-> ", "", ":1"] {
            assert!(!is_open(line), "{line}");
        }
    }
}

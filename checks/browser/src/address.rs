//! Which hosts are not part of the public internet. The ranges are those that OpenClaw 2026.9.6 keeps requests away
//! from, after the IANA special-purpose registries.

use std::net::{Ipv4Addr, Ipv6Addr};

const INTERNAL_NAMES: &[&str] = &["localhost", "localhost.localdomain", "metadata.google.internal"];

/// First address and number of leading bits.
const SPECIAL_V4: &[(Ipv4Addr, u32)] = &[
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    // Multicast, reserved and broadcast.
    (Ipv4Addr::new(224, 0, 0, 0), 3),
];

const SPECIAL_V6: &[(Ipv6Addr, u32)] = &[
    (Ipv6Addr::UNSPECIFIED, 128),
    (Ipv6Addr::LOCALHOST, 128),
    // Translation for local use.
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48),
    // Discard.
    (Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 0), 64),
    // Benchmarks.
    (Ipv6Addr::new(0x2001, 2, 0, 0, 0, 0, 0, 0), 48),
    // ORCHIDv2.
    (Ipv6Addr::new(0x2001, 0x20, 0, 0, 0, 0, 0, 0), 28),
    // Documentation.
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
    // Unique local, link-local and the old site-local addresses.
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10),
    (Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0), 10),
    // Multicast.
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8),
];

pub(crate) fn is_special_v4(address: Ipv4Addr) -> bool {
    SPECIAL_V4.iter().any(|(first, bits)| {
        let differing = address.to_bits() ^ first.to_bits();
        differing.leading_zeros() >= *bits
    })
}

pub(crate) fn is_special_v6(address: Ipv6Addr) -> bool {
    let in_range = SPECIAL_V6.iter().any(|(first, bits)| {
        let differing = address.to_bits() ^ first.to_bits();
        differing.leading_zeros() >= *bits
    });
    in_range || embedded_v4(address).is_some_and(is_special_v4)
}

/// The IPv4 address inside an IPv6 address of a transition technique.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let joined =
        |high: u16, low: u16| Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low));
    match address.segments() {
        // Teredo hides the address by inverting it.
        [0x2001, 0, .., high, low] => Some(joined(!high, !low)),
        // In this order: compatible and mapped addresses, translated ones, NAT64, 6to4, ISATAP.
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..]
        | [_, _, _, _, 0 | 0x200, 0x5efe, high, low] => Some(joined(high, low)),
        _ => None,
    }
}

/// A name is not looked up. One with an empty label, or of labels that look like numbers, is an address in an
/// unusual spelling.
pub(crate) fn is_internal_name(name: &str) -> bool {
    INTERNAL_NAMES.contains(&name) || looks_like_address(name.trim_end_matches('.'))
}

fn looks_like_address(name: &str) -> bool {
    let labels: Vec<&str> = name.split('.').collect();
    let is_number =
        |label: &&str| label.starts_with("0x") || label.bytes().all(|byte| byte.is_ascii_digit());
    labels.len() <= 4 && (labels.contains(&"") || labels.iter().all(is_number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_and_special_addresses_are_internal() {
        for address in [
            "10.1.2.3",
            "172.31.0.1",
            "192.168.1.1",
            "100.64.0.1",
            "169.254.169.254",
            "0.0.0.0",
            "198.19.0.1",
            "224.0.0.1",
            "255.255.255.255",
        ] {
            assert!(is_special_v4(address.parse().unwrap()), "{address}");
        }
        for address in
            ["8.8.8.8", "172.32.0.1", "100.128.0.1", "192.0.1.1", "198.20.0.1", "11.0.0.1"]
        {
            assert!(!is_special_v4(address.parse().unwrap()), "{address}");
        }
        for address in [
            "::",
            "::1",
            "fd00::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "::10.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
            "2001:0:1:1:1:1:f5ff:fffe",
            "fe80::5efe:a00:1",
            "2001:db8::1",
            "2600::5efe:a00:1",
        ] {
            assert!(is_special_v6(address.parse().unwrap()), "{address}");
        }
        for address in ["2606:4700::1111", "::ffff:8.8.8.8", "2002:808:808::", "64:ff9b::808:808"] {
            assert!(!is_special_v6(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn names_are_internal_only_when_known_or_malformed() {
        for name in ["localhost.localdomain", "metadata.google.internal", "a..b", "0xzz"] {
            assert!(is_internal_name(name), "{name}");
        }
        for name in ["example.com", "example.com.", "chrome.internal", "nas.local", "a.b..c.d"] {
            assert!(!is_internal_name(name), "{name}");
        }
    }
}

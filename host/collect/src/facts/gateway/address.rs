//! Which hosts are this machine, and which are on a private network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The host of a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Host {
    /// `localhost`, which must resolve to this machine.
    Localhost,
    Name(String),
    Address(IpAddr),
}

impl Host {
    /// The host as a URL has it, addresses of version 6 in brackets.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Some(inside) = text.strip_prefix('[') {
            let address: Ipv6Addr = inside.strip_suffix(']')?.parse().ok()?;
            return Some(Self::Address(address.into()));
        }
        if let Ok(address) = text.parse::<Ipv4Addr>() {
            return Some(Self::Address(address.into()));
        }
        let name = text.trim_end_matches('.').to_ascii_lowercase();
        let is_name =
            name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        if name.is_empty() || !is_name || ends_in_number(&name) {
            return None;
        }
        Some(if name == "localhost" { Self::Localhost } else { Self::Name(name) })
    }

    pub(super) fn is_this_machine(&self) -> bool {
        match self {
            Self::Localhost => true,
            Self::Name(_) => false,
            Self::Address(address) => address.to_canonical().is_loopback(),
        }
    }

    /// Whether this host can be on a private network that the operator trusts: a private address, or a name, of which
    /// that cannot be known.
    pub(super) fn may_be_private(&self) -> bool {
        match self {
            Self::Localhost | Self::Name(_) => true,
            Self::Address(address) => is_private(address.to_canonical()),
        }
    }
}

/// Resolvers read `127.1`, `0x7f000001` and `2130706433` as addresses. What is not an address here must not be one there.
fn ends_in_number(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    let digits = last.strip_prefix("0x").unwrap_or(last);
    last.bytes().all(|byte| byte.is_ascii_digit())
        || digits.len() < last.len() && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            let is_shared = first == 100 && (64..128).contains(&second);
            address.is_loopback() || address.is_private() || address.is_link_local() || is_shared
        }
        IpAddr::V6(address) => {
            let is_site_local = address.segments()[0] & 0xffc0 == 0xfec0;
            address.is_loopback()
                || address.is_unique_local()
                || address.is_unicast_link_local()
                || is_site_local
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_known_by_its_addresses_and_one_name() {
        for host in
            ["localhost", "LOCALHOST.", "127.0.0.1", "127.9.9.9", "[::1]", "[::ffff:127.0.0.1]"]
        {
            assert!(Host::parse(host).unwrap().is_this_machine(), "{host}");
        }
        for host in ["localhost.evil.example", "128.0.0.1", "0.0.0.0", "[::]", "[::2]", "10.0.0.5"]
        {
            assert!(!Host::parse(host).unwrap().is_this_machine(), "{host}");
        }
    }

    #[test]
    fn what_a_resolver_might_read_as_an_address_is_not_a_host() {
        for host in [
            "127.1",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "a.0x",
            "1.2.3.256",
            "1.2.3.4.5",
            "",
            ".",
            "[127.0.0.1]",
            "[::1",
            "[fe80::1%eth0]",
            "a b",
            "a/b",
            "ä",
            "a:b",
            "%6c",
        ] {
            assert_eq!(Host::parse(host), None, "{host}");
        }
    }

    #[test]
    fn private_networks() {
        for host in [
            "10.0.0.5",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.1.1",
            "100.64.0.1",
            "[fd00::1]",
            "[fe80::1]",
            "[fec0::1]",
            "[::ffff:10.0.0.1]",
            "gateway.lan",
        ] {
            assert!(Host::parse(host).unwrap().may_be_private(), "{host}");
        }
        for host in ["8.8.8.8", "100.128.0.1", "172.32.0.1", "[2001:db8::1]", "[::]", "[ff02::1]"] {
            assert!(!Host::parse(host).unwrap().may_be_private(), "{host}");
        }
    }
}

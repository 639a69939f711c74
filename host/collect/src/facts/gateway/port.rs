//! The port of a gateway on this machine.

use thiserror::Error;

use chitin_config::ecma::trim;
use chitin_config::environment::Environment;
use chitin_config::{Config, Shape};

const DEFAULT: u16 = 18789;

/// A port in the config that is not one, as it is written.
#[derive(Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub(super) struct InvalidPortError(String);

/// The port, as OpenClaw 2026.9.6 finds it.
pub(super) fn of(config: &Config, environment: &Environment) -> Result<u16, InvalidPortError> {
    if let Some(port) = environment.get("OPENCLAW_GATEWAY_PORT").and_then(in_variable) {
        return Ok(port);
    }
    if let Some(Shape::Number(number)) = config.value("/gateway/port").map(|value| &value.shape)
        && number.as_f64().is_some_and(|number| number > 0.0)
    {
        return whole(number).ok_or_else(|| InvalidPortError(number.to_string()));
    }
    Ok(environment.get("OPENCLAW_PROFILE").and_then(of_profile).unwrap_or(DEFAULT))
}

/// `8080` and `8080.0` are the same number in JSON5.
fn whole(number: &serde_json::Number) -> Option<u16> {
    let text = number.to_string();
    text.strip_suffix(".0").unwrap_or(&text).parse().ok()
}

/// `port`, `host:port` or `[v6]:port`.
fn in_variable(text: &str) -> Option<u16> {
    let text = trim(text);
    let digits = match text.strip_prefix('[') {
        Some(bracketed) => bracketed.split_once("]:").filter(|(host, _)| !host.is_empty())?.1,
        None => match text.split_once(':') {
            Some((host, port)) if !host.is_empty() => port,
            Some(_) => return None,
            None => text,
        },
    };
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|port| is_number && *port > 0)
}

/// Each named profile has a port of its own, by a hash of its name.
fn of_profile(name: &str) -> Option<u16> {
    let mut bytes = name.bytes();
    let is_name = name.len() <= 64
        && bytes.next().is_some_and(|byte| byte.is_ascii_alphanumeric())
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    if !is_name || name.eq_ignore_ascii_case("default") {
        return None;
    }
    let hash = name
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    u16::try_from(20_000 + hash % 40_000).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::gateway::tests::config;

    fn port(text: &str, variables: &[(&str, &str)]) -> Result<u16, InvalidPortError> {
        of(&config(text), &Environment::from_pairs(variables.iter().copied()))
    }

    #[test]
    fn the_variable_wins() {
        for (value, expected) in [
            ("1234", 1234),
            (" 0.0.0.0:1234 ", 1234),
            ("[::1]:1234", 1234),
            ("0", 7),
            ("65536", 7),
            ("+1", 7),
            (":1", 7),
            ("a:b:1", 7),
            ("[]:1", 7),
            ("1234x", 7),
        ] {
            let port = port("{gateway: {port: 7}}", &[("OPENCLAW_GATEWAY_PORT", value)]);
            assert_eq!(port, Ok(expected), "{value}");
        }
    }

    #[test]
    fn the_config_comes_next() {
        assert_eq!(port("{gateway: {port: 1e3}}", &[("OPENCLAW_PROFILE", "work")]), Ok(1000));
        assert_eq!(port("{gateway: {port: 8080.0}}", &[]), Ok(8080));
        assert_eq!(
            port("{gateway: {port: 70000}}", &[]),
            Err(InvalidPortError("70000".to_owned()))
        );
        assert_eq!(port("{gateway: {port: 1.5}}", &[]), Err(InvalidPortError("1.5".to_owned())));
        for text in ["{gateway: {port: 0}}", "{gateway: {port: -1}}", "{gateway: {port: '1'}}"] {
            assert_eq!(port(text, &[]), Ok(DEFAULT), "{text}");
        }
    }

    #[test]
    fn a_profile_has_a_port_of_its_own() {
        let of_profile = |name: &str| port("{}", &[("OPENCLAW_PROFILE", name)]).unwrap();
        // FNV-1a of "a" is 0xe40c292c.
        assert_eq!(u32::from(of_profile("a")), 20_000 + 0xe40c_292c_u32 % 40_000);
        for name in ["default", "Default", " ", "-a", "a b", "ä"] {
            assert_eq!(of_profile(name), DEFAULT, "{name}");
        }
    }
}

//! The policy for requested fixes: a change must be known to make the gateway stricter. Everything else is refused.

use serde_json::Value as Json;
use thiserror::Error;

use chitin_config::spans::segments;

/// Why a requested change is against the policy.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(super) enum Violation {
    #[error("a fix never changes `{0}`")]
    Protected(String),
    #[error("it would add a wildcard")]
    AddsWildcard,
    #[error("it would add to a list of who or what is allowed")]
    WidensList,
    #[error("it is not known to make anything stricter")]
    NotStricter,
    #[error("it would allow more than mode {0:04o}")]
    WidensMode(u32),
    #[error("it would take permissions away from the owner")]
    RestrictsOwner,
}

/// Parts of the config that no fix changes.
const PROTECTED: [&str; 10] = [
    "auth",
    "token",
    "password",
    "bind",
    "tailscale",
    "plugins",
    "skills",
    "tools",
    "hooks",
    "secrets",
];

/// Who may write to the gateway, from anyone to no one.
const POLICIES: [&str; 4] = ["open", "pairing", "allowlist", "disabled"];

/// Whether a new value is stricter than the old one.
pub(super) fn check_value(pointer: &str, old: &Json, new: &Json) -> Result<(), Violation> {
    let names: Vec<String> = segments(pointer).collect();
    let protected =
        names.iter().find(|name| PROTECTED.iter().any(|word| name.eq_ignore_ascii_case(word)));
    if let Some(name) = protected {
        return Err(Violation::Protected(name.clone()));
    }
    if has_wildcard(new) && !has_wildcard(old) {
        return Err(Violation::AddsWildcard);
    }
    let key = names.last().map(|name| name.to_lowercase()).unwrap_or_default();
    match (old, new) {
        (Json::Array(old), Json::Array(new)) if key.contains("allow") => {
            // An empty list often means anyone.
            let narrower = !new.is_empty() && new.iter().all(|item| old.contains(item));
            if narrower { Ok(()) } else { Err(Violation::WidensList) }
        }
        (Json::String(old), Json::String(new)) if key.ends_with("policy") => {
            let rank = |word: &str| POLICIES.iter().position(|policy| *policy == word);
            match (rank(old), rank(new)) {
                (Some(old), Some(new)) if new > old => Ok(()),
                _ => Err(Violation::NotStricter),
            }
        }
        (Json::String(old), Json::String(new))
            if key == "redactsensitive" && old == "off" && new == "tools" =>
        {
            Ok(())
        }
        (Json::Bool(true), Json::Bool(false))
            if ["dangerous", "insecure", "allow"].iter().any(|word| key.contains(word)) =>
        {
            Ok(())
        }
        _ => Err(Violation::NotStricter),
    }
}

fn has_wildcard(value: &Json) -> bool {
    match value {
        Json::String(text) => text.contains('*'),
        Json::Array(items) => items.iter().any(has_wildcard),
        Json::Object(members) => {
            members.iter().any(|(key, value)| key.contains('*') || has_wildcard(value))
        }
        _ => false,
    }
}

/// Whether a new mode only removes permissions, and only those of group and others.
pub(super) fn check_mode(old: u32, new: u32) -> Result<(), Violation> {
    if new & !old & 0o777 != 0 {
        Err(Violation::WidensMode(old & 0o777))
    } else if new & 0o700 != old & 0o700 {
        Err(Violation::RestrictsOwner)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::test_rng::TestRng;

    #[test]
    fn policies_only_get_stricter() {
        let check = |old, new| check_value("/channels/x/dmPolicy", &json!(old), &json!(new));
        assert_eq!(check("open", "allowlist"), Ok(()));
        assert_eq!(check("pairing", "disabled"), Ok(()));
        for (old, new) in
            [("allowlist", "open"), ("allowlist", "pairing"), ("open", "open"), ("open", "x")]
        {
            assert_eq!(check(old, new), Err(Violation::NotStricter), "{old} {new}");
        }
    }

    #[test]
    fn lists_only_shrink_and_never_become_empty() {
        let check = |old: Json, new: Json| check_value("/channels/x/allowFrom", &old, &new);
        assert_eq!(check(json!(["a", "b"]), json!(["a"])), Ok(()));
        assert_eq!(check(json!(["a"]), json!(["a", "b"])), Err(Violation::WidensList));
        assert_eq!(check(json!(["a"]), json!([])), Err(Violation::WidensList));
        assert_eq!(check(json!(["a"]), json!(["*"])), Err(Violation::AddsWildcard));
        assert_eq!(check(json!(null), json!(["a"])), Err(Violation::NotStricter));
    }

    #[test]
    fn protected_parts_are_never_changed() {
        for pointer in [
            "/gateway/auth/mode",
            "/gateway/bind",
            "/plugins/allow",
            "/tools/exec/allow",
            "/skills/x",
        ] {
            let refused = check_value(pointer, &json!(true), &json!(false));
            assert!(matches!(refused, Err(Violation::Protected(_))), "{pointer}");
        }
    }

    #[test]
    fn switches_are_only_turned_off() {
        let check = |key: &str, old: bool| {
            check_value(&format!("/gateway/controlUi/{key}"), &json!(old), &json!(!old))
        };
        assert_eq!(check("dangerouslyDisableDeviceAuth", true), Ok(()));
        assert_eq!(check("allowInsecureAuth", true), Ok(()));
        assert_eq!(check("allowInsecureAuth", false), Err(Violation::NotStricter));
        assert_eq!(check("enabled", true), Err(Violation::NotStricter));
    }

    #[test]
    fn modes_only_lose_bits_of_group_and_others() {
        assert_eq!(check_mode(0o755, 0o700), Ok(()));
        assert_eq!(check_mode(0o664, 0o640), Ok(()));
        assert_eq!(check_mode(0o600, 0o644), Err(Violation::WidensMode(0o600)));
        assert_eq!(check_mode(0o755, 0o000), Err(Violation::RestrictsOwner));
    }

    #[test]
    fn ten_thousand_accepted_changes_make_nothing_less_strict() {
        let mut rng = TestRng(0x5851_f42d_4c95_7f2d);
        let words = ["open", "pairing", "allowlist", "disabled", "a", "b", "*", "off", "tools"];
        let value = |rng: &mut TestRng| match rng.below(4) {
            0 => json!(rng.below(2) == 0),
            1 => json!(null),
            2 => json!(rng.pick(&words)),
            _ => (0..rng.below(4)).map(|_| json!(rng.pick(&words))).collect(),
        };
        let keys = ["allowFrom", "dmPolicy", "allowInsecureAuth", "redactSensitive", "enabled"];
        let mut passed = 0;
        for _ in 0..10_000 {
            let (key, old, new) = (rng.pick(&keys), value(&mut rng), value(&mut rng));
            if check_value(&format!("/channels/x/{key}"), &old, &new).is_err() {
                continue;
            }
            passed += 1;
            assert!(check_value("/tools/x", &old, &new).is_err());
            assert!(!has_wildcard(&new) || has_wildcard(&old), "{key}: {old} {new}");
            match (&old, &new) {
                (Json::Bool(old), Json::Bool(new)) => assert!(*old && !*new),
                (Json::Array(old), Json::Array(new)) => {
                    assert!(!new.is_empty() && new.iter().all(|item| old.contains(item)));
                }
                (Json::String(old), Json::String(new)) => {
                    let rank = |word: &str| POLICIES.iter().position(|policy| *policy == word);
                    assert!(rank(new) > rank(old) || (&**old, &**new) == ("off", "tools"));
                }
                other => panic!("{key}: {other:?}"),
            }
        }
        assert!(passed > 50, "{passed}");
        for _ in 0..10_000 {
            let (old, new) = (rng.below(0o1000), rng.below(0o1000));
            let (old, new) = (u32::try_from(old).unwrap(), u32::try_from(new).unwrap());
            if check_mode(old, new).is_ok() {
                assert!(new | old == old && new & 0o700 == old & 0o700, "{old:o} {new:o}");
            }
        }
    }
}

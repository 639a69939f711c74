//! The rules that no request gets past: a change must be known to tighten. What is not known to is refused.

use serde_json::Value as Json;
use thiserror::Error;

use chitin_config::spans::segments;

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(super) enum Loosens {
    #[error("`{0}` is never changed by a fix")]
    Untouchable(String),
    #[error("it would add a wildcard")]
    Wildcard,
    #[error("it would add to a list of who or what is allowed")]
    Widens,
    #[error("it is not known to make anything stricter")]
    NotStricter,
    #[error("it would allow more than mode {0:04o}")]
    Mode(u32),
    #[error("it would take something away from the owner")]
    Owner,
}

/// Parts of the config in which no fix has any business.
const UNTOUCHABLE: [&str; 10] = [
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

/// Who is let in, from everybody to nobody.
const POLICIES: [&str; 4] = ["open", "pairing", "allowlist", "disabled"];

/// Whether a new value is stricter than the old one.
pub(super) fn check_value(pointer: &str, old: &Json, new: &Json) -> Result<(), Loosens> {
    let names: Vec<String> = segments(pointer).collect();
    let untouchable =
        names.iter().find(|name| UNTOUCHABLE.iter().any(|word| name.eq_ignore_ascii_case(word)));
    if let Some(name) = untouchable {
        return Err(Loosens::Untouchable(name.clone()));
    }
    if has_wildcard(new) && !has_wildcard(old) {
        return Err(Loosens::Wildcard);
    }
    let key = names.last().map(|name| name.to_lowercase()).unwrap_or_default();
    match (old, new) {
        (Json::Array(old), Json::Array(new)) if key.contains("allow") => {
            // An empty list often means everybody.
            let narrower = !new.is_empty() && new.iter().all(|item| old.contains(item));
            if narrower { Ok(()) } else { Err(Loosens::Widens) }
        }
        (Json::String(old), Json::String(new)) if key.ends_with("policy") => {
            let rank = |word: &str| POLICIES.iter().position(|policy| *policy == word);
            match (rank(old), rank(new)) {
                (Some(old), Some(new)) if new > old => Ok(()),
                _ => Err(Loosens::NotStricter),
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
        _ => Err(Loosens::NotStricter),
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

/// Whether a new mode only takes away, and only from others than the owner.
pub(super) fn check_mode(old: u32, new: u32) -> Result<(), Loosens> {
    if new & !old & 0o777 != 0 {
        Err(Loosens::Mode(old & 0o777))
    } else if new & 0o700 != old & 0o700 {
        Err(Loosens::Owner)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::test_rng::Dice;

    #[test]
    fn policies_only_rise() {
        let check = |old, new| check_value("/channels/x/dmPolicy", &json!(old), &json!(new));
        assert_eq!(check("open", "allowlist"), Ok(()));
        assert_eq!(check("pairing", "disabled"), Ok(()));
        for (old, new) in
            [("allowlist", "open"), ("allowlist", "pairing"), ("open", "open"), ("open", "x")]
        {
            assert_eq!(check(old, new), Err(Loosens::NotStricter), "{old} {new}");
        }
    }

    #[test]
    fn lists_only_shrink_and_never_to_nothing() {
        let check = |old: Json, new: Json| check_value("/channels/x/allowFrom", &old, &new);
        assert_eq!(check(json!(["a", "b"]), json!(["a"])), Ok(()));
        assert_eq!(check(json!(["a"]), json!(["a", "b"])), Err(Loosens::Widens));
        assert_eq!(check(json!(["a"]), json!([])), Err(Loosens::Widens));
        assert_eq!(check(json!(["a"]), json!(["*"])), Err(Loosens::Wildcard));
        assert_eq!(check(json!(null), json!(["a"])), Err(Loosens::NotStricter));
    }

    #[test]
    fn some_parts_are_never_touched() {
        for pointer in [
            "/gateway/auth/mode",
            "/gateway/bind",
            "/plugins/allow",
            "/tools/exec/allow",
            "/skills/x",
        ] {
            let refused = check_value(pointer, &json!(true), &json!(false));
            assert!(matches!(refused, Err(Loosens::Untouchable(_))), "{pointer}");
        }
    }

    #[test]
    fn switches_are_only_turned_off() {
        let check = |key: &str, old: bool| {
            check_value(&format!("/gateway/controlUi/{key}"), &json!(old), &json!(!old))
        };
        assert_eq!(check("dangerouslyDisableDeviceAuth", true), Ok(()));
        assert_eq!(check("allowInsecureAuth", true), Ok(()));
        assert_eq!(check("allowInsecureAuth", false), Err(Loosens::NotStricter));
        assert_eq!(check("enabled", true), Err(Loosens::NotStricter));
    }

    #[test]
    fn modes_only_lose_bits_of_others() {
        assert_eq!(check_mode(0o755, 0o700), Ok(()));
        assert_eq!(check_mode(0o664, 0o640), Ok(()));
        assert_eq!(check_mode(0o600, 0o644), Err(Loosens::Mode(0o600)));
        assert_eq!(check_mode(0o755, 0o000), Err(Loosens::Owner));
    }

    #[test]
    fn ten_thousand_changes_that_pass_do_not_loosen() {
        let mut dice = Dice(0x5851_f42d_4c95_7f2d);
        let words = ["open", "pairing", "allowlist", "disabled", "a", "b", "*", "off", "tools"];
        let value = |dice: &mut Dice| match dice.below(4) {
            0 => json!(dice.below(2) == 0),
            1 => json!(null),
            2 => json!(dice.pick(&words)),
            _ => (0..dice.below(4)).map(|_| json!(dice.pick(&words))).collect(),
        };
        let keys = ["allowFrom", "dmPolicy", "allowInsecureAuth", "redactSensitive", "enabled"];
        let mut passed = 0;
        for _ in 0..10_000 {
            let (key, old, new) = (dice.pick(&keys), value(&mut dice), value(&mut dice));
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
            let (old, new) = (dice.below(0o1000), dice.below(0o1000));
            let (old, new) = (u32::try_from(old).unwrap(), u32::try_from(new).unwrap());
            if check_mode(old, new).is_ok() {
                assert!(new | old == old && new & 0o700 == old & 0o700, "{old:o} {new:o}");
            }
        }
    }
}

//! What accounts other than the owner may do with a file, by its Windows access control entries.
//!
//! Plain code over text, so it is tested on every platform.

use chitin_sdk::{AclEntry, text};

use crate::access::{Access, Rights};
use crate::principals::{TRUSTED_NAMES, TRUSTED_SIDS, WORLD_ENDINGS, WORLD_NAMES, WORLD_SIDS};

/// Entries in a summary; a directory can have hundreds.
const MAX_SHOWN: usize = 12;

/// Flags that say how an entry is inherited, not what it allows.
const INHERITANCE: &[&str] = &["I", "OI", "CI", "IO", "NP"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Anyone on the machine.
    World,
    /// Someone else, a person or a group.
    Group,
    /// The owner and those who can do everything anyway.
    Trusted,
}

/// What a list of entries allows to accounts other than `users`, and those entries as text.
pub(crate) fn access_and_summary(entries: &[AclEntry], users: &[String]) -> (Access, String) {
    let mut access = Access::default();
    let (mut world, mut group) = (Vec::new(), Vec::new());
    for entry in entries {
        let Some(rights) = rights(&entry.rights) else { continue };
        let shown = format!("{}:{}", entry.principal, entry.rights);
        match classify(&entry.principal, users) {
            Class::Trusted => {}
            Class::World => {
                access.world = access.world.or(rights);
                world.push(shown);
            }
            Class::Group => {
                access.group = access.group.or(rights);
                group.push(shown);
            }
        }
    }
    world.append(&mut group);
    (access, summary(&world))
}

fn summary(untrusted: &[String]) -> String {
    if untrusted.is_empty() {
        return "trusted-only".to_owned();
    }
    let mut shown: Vec<String> = untrusted.iter().take(MAX_SHOWN).cloned().collect();
    if untrusted.len() > MAX_SHOWN {
        shown.push(format!("…{} more", untrusted.len() - MAX_SHOWN));
    }
    shown.join(", ")
}

/// None for an entry that denies, or that allows nothing itself.
///
/// A letter anywhere in the rights decides, as in OpenClaw: `(RX)` reads, `(AD)` writes, `(X)` does neither.
fn rights(text: &str) -> Option<Rights> {
    let tokens: Vec<String> = text
        .split('(')
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(token, _)| token.trim().to_uppercase())
        .filter(|token| !token.is_empty())
        .collect();
    let allowed: String =
        tokens.iter().filter(|token| !INHERITANCE.contains(&token.as_str())).cloned().collect();
    if allowed.is_empty() || tokens.iter().any(|token| token == "DENY") {
        return None;
    }
    Some(Rights {
        read: allowed.contains(['F', 'M', 'R']),
        write: allowed.contains(['F', 'M', 'W', 'D']),
    })
}

fn classify(principal: &str, users: &[String]) -> Class {
    let name = text::trim(principal).to_lowercase();
    if let Some(sid) = as_sid(&name) {
        return if WORLD_SIDS.contains(&sid) {
            Class::World
        } else if TRUSTED_SIDS.contains(&sid) {
            Class::Trusted
        } else {
            Class::Group
        };
    }
    let is_world = WORLD_NAMES.contains(&name.as_str())
        || WORLD_ENDINGS.iter().any(|ending| name.ends_with(ending));
    // Before the user's own name: an account that is called `users` must not hide the group.
    if is_world {
        Class::World
    } else if TRUSTED_NAMES.contains(&without_diacritics(&name).as_str()) || is_user(&name, users) {
        Class::Trusted
    } else {
        Class::Group
    }
}

fn as_sid(name: &str) -> Option<&str> {
    let sid = name.strip_prefix('*').unwrap_or(name);
    let mut parts = sid.split('-');
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (parts.next() == Some("s") && parts.clone().count() >= 3 && parts.all(is_number)).then_some(sid)
}

/// With or without a domain before it; which domain the user is of cannot be known here.
fn is_user(name: &str, users: &[String]) -> bool {
    let own = name.rsplit('\\').next().unwrap_or(name);
    users.iter().any(|user| user.to_lowercase() == own)
}

/// For lower-case letters of the languages that `TRUSTED_NAMES` is written in, composed or not.
fn without_diacritics(name: &str) -> String {
    name.chars()
        .filter(|c| !('\u{300}'..='\u{36f}').contains(c))
        .map(|c| match c {
            'à'..='å' => 'a',
            'ç' => 'c',
            'è'..='ë' => 'e',
            'ì'..='ï' => 'i',
            'ñ' => 'n',
            'ò'..='ö' => 'o',
            'ù'..='ü' => 'u',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Rights = Rights { read: false, write: false };
    const READ: Rights = Rights { read: true, write: false };
    const WRITE: Rights = Rights { read: false, write: true };
    const BOTH: Rights = Rights { read: true, write: true };

    fn of(lines: &[(&str, &str)]) -> (Access, String) {
        let entries: Vec<AclEntry> = lines
            .iter()
            .map(|(principal, rights)| AclEntry {
                principal: (*principal).to_owned(),
                rights: (*rights).to_owned(),
            })
            .collect();
        access_and_summary(&entries, &["Alice".to_owned()])
    }

    #[test]
    fn letters_of_the_rights_decide() {
        for (text, expected) in [
            ("(I)(RX)", Some(READ)),
            ("(OI)(CI)(M)", Some(BOTH)),
            ("(F)", Some(BOTH)),
            ("(R)", Some(READ)),
            ("(W)", Some(WRITE)),
            ("(GR,GE)", Some(READ)),
            ("(AD)", Some(WRITE)),
            ("(RD)", Some(BOTH)),
            ("(X)", Some(NOTHING)),
            ("(rx)", Some(READ)),
            ("(DENY)(W)", None),
            ("(deny)(F)", None),
            ("(I)(OI)(CI)(IO)(NP)", None),
            ("", None),
            ("F", None),
            ("(F", None),
            ("()", None),
        ] {
            assert_eq!(rights(text), expected, "{text}");
        }
    }

    #[test]
    fn well_known_groups_are_the_world() {
        for principal in [
            "Everyone",
            " EVERYONE ",
            "BUILTIN\\Users",
            "NT AUTHORITY\\Authenticated Users",
            "CORP\\Users",
            "NT AUTHORITY\\INTERACTIVE",
            "Guests",
            "LOCAL",
            "S-1-1-0",
            "*S-1-5-7",
            "s-1-5-32-546",
        ] {
            assert_eq!(classify(principal, &[]), Class::World, "{principal}");
        }
    }

    #[test]
    fn the_system_and_the_user_are_trusted() {
        for principal in [
            "NT AUTHORITY\\SYSTEM",
            "BUILTIN\\Administrators",
            "CREATOR OWNER",
            "AUTORITE NT\\Système",
            "AUTORITE NT\\Syste\u{300}me",
            "AUTORITE NT\\Systeme",
            "NT-AUTORITÄT\\SYSTEM",
            "*S-1-5-18",
            "S-1-5-32-544",
            "alice",
            "CORP\\Alice",
        ] {
            assert_eq!(classify(principal, &["Alice".to_owned()]), Class::Trusted, "{principal}");
        }
    }

    #[test]
    fn anyone_else_is_a_group() {
        for principal in [
            "CORP\\bob",
            "*S-1-5-21-1-2-3-1001",
            // Any machine may have a group of that name.
            "HOST\\Administrators",
            "HOST\\SYSTEM",
            "S-1-5",
            "S-1-5-x",
            "",
        ] {
            assert_eq!(classify(principal, &["Alice".to_owned()]), Class::Group, "{principal}");
        }
    }

    #[test]
    fn an_account_called_users_does_not_hide_the_group() {
        assert_eq!(classify("BUILTIN\\Users", &["users".to_owned()]), Class::World);
    }

    #[test]
    fn entries_add_up() {
        assert_eq!(of(&[]), (Access::default(), "trusted-only".to_owned()));
        assert_eq!(
            of(&[("NT AUTHORITY\\SYSTEM", "(F)"), ("CREATOR OWNER", "(OI)(CI)(IO)(F)")]),
            (Access::default(), "trusted-only".to_owned())
        );
        assert_eq!(
            of(&[("CORP\\bob", "(R)"), ("Everyone", "(I)(RX)"), ("Everyone", "(DENY)(W)")]),
            (Access { world: READ, group: READ }, "Everyone:(I)(RX), CORP\\bob:(R)".to_owned())
        );
        assert_eq!(
            of(&[("BUILTIN\\Users", "(OI)(CI)(M)")]).0,
            Access { world: BOTH, group: NOTHING }
        );
    }

    #[test]
    fn a_long_list_is_cut() {
        let many: Vec<String> = (0..MAX_SHOWN + 3).map(|n| format!("HOST\\user{n}")).collect();
        let lines: Vec<(&str, &str)> = many.iter().map(|name| (name.as_str(), "(R)")).collect();
        assert!(of(&lines).1.ends_with(", …3 more"));
    }
}

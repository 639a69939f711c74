//! What Windows says through its own programs, read as plain text: where the programs are, who the user is, what an
//! access list says. Compiled and tested on every system; run on Windows only.
//!
//! What must not enter here: changing anything, and judging who may be trusted with a file.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::bounded;

/// Bytes of a program's output; no useful one is longer.
const MAX_ANSWER: usize = 1 << 20;

/// Beginnings of the SIDs that stand for one account: of a machine or domain, of Entra ID, of services. All others are
/// groups, and some of them mean everyone.
const ACCOUNTS: [&str; 5] = ["s-1-5-21-", "s-1-12-1-", "s-1-5-80-", "s-1-5-82-", "s-1-5-83-"];
/// The system, and the two accounts that services run as.
const SERVICES: [&str; 3] = ["s-1-5-18", "s-1-5-19", "s-1-5-20"];

/// An entry of a Windows access list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct AclEntry {
    /// An account or group, by name or as `*SID`.
    pub principal: String,
    /// As `icacls` prints them, such as `(I)(F)`.
    pub rights: String,
}

/// The user that a process runs as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// As `DOMAIN\user`.
    pub name: String,
    /// The security identifier, `S-1-…`.
    pub sid: String,
}

/// The full path of a program of the system. Only a path on a drive counts; `PATH` is never searched.
pub fn program(name: &str, variable: impl Fn(&str) -> Option<String>) -> String {
    let root = ["SystemRoot", "WINDIR"]
        .iter()
        .find_map(|root| variable(root).filter(|root| is_drive_path(root)))
        .unwrap_or_else(|| "C:\\Windows".to_owned());
    format!("{}\\System32\\{name}", root.trim_end_matches('\\'))
}

/// Whether a path is `X:\…`, without characters that have a meaning to a command line or a file system.
pub fn is_drive_path(path: &str) -> bool {
    let mut rest = path.chars();
    let has_drive = rest.next().is_some_and(|c| c.is_ascii_alphabetic())
        && rest.next() == Some(':')
        && rest.next() == Some('\\');
    has_drive && rest.all(|c| !c.is_control() && !"*?\"<>|%:/".contains(c))
}

/// Whether a text is a security identifier.
pub fn is_sid(text: &str) -> bool {
    let mut parts = text.split('-');
    let begins = parts.next().is_some_and(|first| first.eq_ignore_ascii_case("s"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    begins && parts.clone().count() >= 3 && parts.all(is_number)
}

/// Whether a SID is that of one account, and not of a group.
pub fn is_account(sid: &str) -> bool {
    let sid = sid.to_ascii_lowercase();
    if !is_sid(&sid) {
        return false;
    }
    let last = sid.rsplit('-').next().and_then(|last| last.parse::<u32>().ok());
    // Of a domain's own numbers, 500 to 504 are accounts (501 is the guest) and the rest are groups.
    let is_group = sid.starts_with("s-1-5-21-")
        && last.is_none_or(|last| last < 1000 && !matches!(last, 500 | 502..=504));
    SERVICES.contains(&&*sid) || !is_group && ACCOUNTS.iter().any(|start| sid.starts_with(start))
}

/// The account in the output of `whoami /user /fo csv /nh`: `"PC\u","S-1-5-21-…"`.
pub fn account(answer: &str) -> Option<Account> {
    let fields: Vec<&str> =
        answer.trim().strip_prefix('"')?.strip_suffix('"')?.split("\",\"").collect();
    let [name, sid] = fields[..] else { return None };
    (is_account(sid) && !name.is_empty() && !name.contains('"'))
        .then(|| Account { name: name.to_owned(), sid: sid.to_owned() })
}

/// The user that this process runs as. None where that cannot be known, and on every other system.
pub fn own_account() -> Option<&'static Account> {
    static OWN: OnceLock<Option<Account>> = OnceLock::new();
    OWN.get_or_init(|| {
        let program = program("whoami.exe", |name| std::env::var(name).ok());
        account(&answer(&program, &["/user", "/fo", "csv", "/nh"])?)
    })
    .as_ref()
}

/// The access list of a path. None where it could not be read, and on every other system.
pub fn access_list(path: &Path) -> Option<Vec<AclEntry>> {
    if !cfg!(windows) {
        return None;
    }
    let path = path.to_str().filter(|path| is_drive_path(path))?;
    let program = program("icacls.exe", |name| std::env::var(name).ok());
    entries(path, &answer(&program, &[path, "/sid"])?, own_account())
}

/// What a program prints, if it succeeds.
fn answer(program: &str, arguments: &[&str]) -> Option<String> {
    if !cfg!(windows) {
        return None;
    }
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let printed = bounded::head(child.stdout.take()?, MAX_ANSWER);
    let status = child.wait().ok()?;
    printed
        .ok()
        .filter(|_| status.success())
        .map(|text| String::from_utf8_lossy(&text).into_owned())
}

/// Beginnings of the lines in which `icacls` reports on its own work.
const STATUS: [&str; 4] = [
    "successfully processed",
    "processed",
    "failed processing",
    "no mapping between account names",
];

/// The entries in what `icacls` prints about a path. None when there are none: every file has some.
///
/// The user's own SID is replaced by the name, by which checks know the user.
fn entries(path: &str, printed: &str, own: Option<&Account>) -> Option<Vec<AclEntry>> {
    let found: Vec<AclEntry> = printed
        .lines()
        .filter_map(|line| {
            let line = line.trim();
            let lower = line.to_lowercase();
            if line.is_empty() || STATUS.iter().any(|start| lower.starts_with(start)) {
                return None;
            }
            let entry = without_path(line, path).trim();
            let (principal, rights) = entry.split_once(':').filter(|_| entry.contains('('))?;
            let principal = principal.trim();
            let sid = principal.strip_prefix('*').unwrap_or(principal);
            let own = own.filter(|own| own.sid.eq_ignore_ascii_case(sid));
            Some(AclEntry {
                principal: own.map_or(principal, |own| &own.name).to_owned(),
                rights: rights.trim().to_owned(),
            })
        })
        .collect();
    (!found.is_empty()).then_some(found)
}

/// A line without the path, quoted or not, that the first line begins with.
fn without_path<'l>(line: &'l str, path: &str) -> &'l str {
    let quoted = format!("\"{path}\"");
    [path, &quoted]
        .iter()
        .find_map(|start| {
            let (begins, rest) = line.split_at_checked(start.len())?;
            begins.to_lowercase().eq(&start.to_lowercase()).then_some(rest)
        })
        .unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none(_: &str) -> Option<String> {
        None
    }

    #[test]
    fn programs_are_those_of_the_system() {
        assert_eq!(program("icacls.exe", none), "C:\\Windows\\System32\\icacls.exe");
        let of = |root: &'static str| {
            program("x.exe", move |name| (name == "SystemRoot").then(|| root.to_owned()))
        };
        assert_eq!(of("D:\\Win\\"), "D:\\Win\\System32\\x.exe");
        for root in ["", "Windows", "\\\\host\\share", "/tmp", "C:Windows", "C:\\a\"b", "C:\\%X%"] {
            assert_eq!(of(root), "C:\\Windows\\System32\\x.exe", "{root}");
        }
    }

    #[test]
    fn an_account_is_not_a_group() {
        for sid in ["S-1-5-21-1-2-3-1001", "s-1-5-21-1-2-3-500", "S-1-12-1-1-2-3-4", "S-1-5-18"] {
            assert!(is_account(sid), "{sid}");
        }
        for sid in [
            "S-1-1-0",
            "S-1-5-11",
            "S-1-5-32-545",
            "S-1-5-21-1-2-3-513",
            "S-1-5-21-1-2-3-501",
            "S-1-5-4",
            "S-1-2-0",
            "S-1-5-180",
            "S-1-5-21-x-1001",
            "",
        ] {
            assert!(!is_account(sid), "{sid}");
        }
    }

    #[test]
    fn the_user_is_read_from_the_systems_answer() {
        let account_of = |text: &str| account(text).map(|own| (own.name, own.sid));
        assert_eq!(
            account_of("\"PC\\u\",\"S-1-5-21-1-2-3-1001\"\r\n"),
            Some(("PC\\u".to_owned(), "S-1-5-21-1-2-3-1001".to_owned()))
        );
        for text in
            ["", "PC\\u,S-1-5-21-1-2-3-1001", "\"x\",\"S-1-1-0\"", "\"a\",\"b\",\"c\"", "\""]
        {
            assert_eq!(account(text), None, "{text}");
        }
    }

    #[test]
    fn lists_are_read_line_by_line() {
        let printed = "c:\\users\\u\\x *S-1-5-21-1-2-3-1001:(F)\r\n    \
                       NT AUTHORITY\\SYSTEM:(I)(OI)(CI)(F)\r\n   Everyone:(DENY)(W)\r\n\r\n\
                       Successfully processed 1 files; Failed processing 0 files\r\n";
        let own = Account { name: "PC\\u".to_owned(), sid: "S-1-5-21-1-2-3-1001".to_owned() };
        let found = entries("C:\\Users\\u\\x", printed, Some(&own)).unwrap();
        let found: Vec<_> =
            found.iter().map(|entry| (entry.principal.as_str(), entry.rights.as_str())).collect();
        assert_eq!(
            found,
            [
                ("PC\\u", "(F)"),
                ("NT AUTHORITY\\SYSTEM", "(I)(OI)(CI)(F)"),
                ("Everyone", "(DENY)(W)")
            ]
        );
        let quoted = entries("C:\\a b", "\"C:\\a b\" Everyone:(I)(RX)", None).unwrap();
        assert_eq!(quoted[0].principal, "Everyone");
        for nothing in ["", "Successfully processed 1 files", "C:\\a b", "C:\\a b: denied"] {
            assert_eq!(entries("C:\\a b", nothing, None), None, "{nothing}");
        }
    }

    #[test]
    fn nothing_is_run_on_other_systems() {
        if !cfg!(windows) {
            assert_eq!(access_list(Path::new("C:\\x")), None);
            assert_eq!(own_account(), None);
        }
    }
}

//! Permissions on Windows: inheritance off, full control for the user and the system, nobody else. Plain work with texts
//! around one call of a program, so that it is tested on every system.

use std::process::{Command, Stdio};

use super::disk::Sort;
use chitin_fs::windows::{is_drive_path, own_account, program};

/// The system account, whatever its name is in the language of the machine.
const SYSTEM: &str = "*S-1-5-18";

/// Names that mean everybody, in any domain. An environment that calls the user so is not believed.
const EVERYBODY: [&str; 9] = [
    "everyone",
    "users",
    "authenticated users",
    "anonymous logon",
    "guest",
    "guests",
    "interactive",
    "network",
    "local",
];

/// The program, and whom it gives control to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Icacls {
    pub(super) program: String,
    pub(super) user: Option<String>,
}

/// One call of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call {
    program: String,
    arguments: Vec<String>,
}

/// Whom control is given to: by SID, since names are ambiguous; by name only where the system does not tell the SID.
fn grantee(sid: Option<&str>, variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    if let Some(sid) = sid {
        return Some(format!("*{sid}"));
    }
    let set = |name: &str| {
        let value = variable(name).map(|text| text.trim().to_owned());
        value.filter(|text| !text.is_empty() && !text.contains(['"', ':', '*', '\\', '/', '%']))
    };
    let name = set("USERNAME").filter(|name| !EVERYBODY.contains(&&*name.to_lowercase()))?;
    Some(match set("USERDOMAIN") {
        Some(domain) => format!("{domain}\\{name}"),
        None => name,
    })
}

impl Icacls {
    pub(super) fn of_system() -> Self {
        let variable = |name: &str| std::env::var(name).ok();
        let sid = own_account().map(|own| own.sid.as_str());
        Self { program: program("icacls.exe", variable), user: grantee(sid, variable) }
    }

    pub(super) fn call(&self, path: &str, sort: Sort) -> Call {
        let grant = if sort == Sort::Directory { "(OI)(CI)F" } else { "F" };
        let user = self.user.as_deref().unwrap_or("%USERNAME%");
        Call {
            program: self.program.clone(),
            arguments: vec![
                path.to_owned(),
                "/inheritance:r".to_owned(),
                "/grant:r".to_owned(),
                format!("{user}:{grant}"),
                "/grant:r".to_owned(),
                format!("{SYSTEM}:{grant}"),
            ],
        }
    }
}

impl Call {
    /// As a person would type it.
    pub(super) fn display(&self) -> String {
        let quoted = |argument: &String| {
            if argument.starts_with('/') { argument.clone() } else { format!("\"{argument}\"") }
        };
        let arguments: Vec<String> = self.arguments.iter().map(quoted).collect();
        format!("{} {}", self.program, arguments.join(" "))
    }

    /// Runs it, unless its path could mean more than one file to the program.
    pub(super) fn run(&self) -> Result<(), String> {
        let is_plain = self.arguments.first().is_some_and(|path| is_drive_path(path));
        if cfg!(windows) && !is_plain {
            return Err("it is not a plain path on a drive".to_owned());
        }
        let status = Command::new(&self.program)
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .map_err(|error| error.kind().to_string())?;
        if status.success() { Ok(()) } else { Err(format!("icacls failed: {status}")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(user: Option<&str>) -> Icacls {
        Icacls {
            program: "C:\\Windows\\System32\\icacls.exe".to_owned(),
            user: user.map(str::to_owned),
        }
    }

    #[test]
    fn a_directory_hands_the_rights_down() {
        assert_eq!(
            of(Some("*S-1-5-21-1-2-3-1001"))
                .call("C:\\Users\\u\\.openclaw", Sort::Directory)
                .display(),
            "C:\\Windows\\System32\\icacls.exe \"C:\\Users\\u\\.openclaw\" /inheritance:r \
             /grant:r \"*S-1-5-21-1-2-3-1001:(OI)(CI)F\" /grant:r \"*S-1-5-18:(OI)(CI)F\""
        );
    }

    #[test]
    fn a_file_has_nothing_to_hand_down() {
        let call = of(Some("PC\\u")).call("C:\\a b.json", Sort::File);
        assert_eq!(
            call.arguments,
            ["C:\\a b.json", "/inheritance:r", "/grant:r", "PC\\u:F", "/grant:r", "*S-1-5-18:F"]
        );
        assert!(of(None).call("C:\\x", Sort::File).display().contains("\"%USERNAME%:F\""));
    }

    #[test]
    fn control_is_given_by_sid_and_never_to_everybody() {
        let of = |sid, pairs: &'static [(&str, &str)]| {
            grantee(sid, |name| {
                pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            })
        };
        let sid = Some("S-1-5-21-7-8-9-1001");
        assert_eq!(of(sid, &[("USERNAME", "u")]).as_deref(), Some("*S-1-5-21-7-8-9-1001"));
        assert_eq!(
            of(None, &[("USERDOMAIN", "PC"), ("USERNAME", " u ")]).as_deref(),
            Some("PC\\u")
        );
        assert_eq!(of(None, &[("USERNAME", "u")]).as_deref(), Some("u"));
        // The environment is no source for a SID.
        assert_eq!(of(None, &[("USERSID", "S-1-1-0")]), None);
        for name in [" ", "Everyone", "USERS", "*S-1-1-0", "a:F", "a\"b", "BUILTIN\\Users"] {
            let user = grantee(None, |key| (key == "USERNAME").then(|| name.to_owned()));
            assert_eq!(user, None, "{name}");
        }
    }
}

//! Permissions on Windows: inheritance off, full control for the user and the system, and for no one else. Apart from one
//! call of a program this works on text, so it is tested on every system.

use std::io;
use std::process::{Command, ExitStatus, Stdio};

use thiserror::Error;

use super::disk::FileType;
use chitin_fs::windows::{is_drive_path, own_account, program};

/// The system account; its name depends on the language of the system.
const SYSTEM: &str = "*S-1-5-18";

/// Names of groups that mean anyone, in any domain. They are not accepted as the name of a user.
const GROUP_NAMES: [&str; 9] = [
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

#[derive(Debug, Error)]
pub(super) enum IcaclsError {
    #[error("it is not a plain path on a drive")]
    NotADrivePath,
    #[error("icacls could not be started: {}", .0.kind())]
    NotStarted(io::Error),
    #[error("icacls failed: {0}")]
    Failed(ExitStatus),
}

/// The program, and the account that it gives full control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Icacls {
    pub(super) program: String,
    pub(super) user: Option<String>,
}

/// One call of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct IcaclsCall {
    program: String,
    arguments: Vec<String>,
}

/// The account that gets full control: by SID, because names are ambiguous; by name only if the SID is unknown.
fn grantee(sid: Option<&str>, variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    if let Some(sid) = sid {
        return Some(format!("*{sid}"));
    }
    let set = |name: &str| {
        let value = variable(name).map(|text| text.trim().to_owned());
        value.filter(|text| !text.is_empty() && !text.contains(['"', ':', '*', '\\', '/', '%']))
    };
    let name = set("USERNAME").filter(|name| !GROUP_NAMES.contains(&&*name.to_lowercase()))?;
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

    pub(super) fn call(&self, path: &str, file_type: FileType) -> IcaclsCall {
        let grant = if file_type == FileType::Directory { "(OI)(CI)F" } else { "F" };
        let user = self.user.as_deref().unwrap_or("%USERNAME%");
        IcaclsCall {
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

impl IcaclsCall {
    /// The command line.
    pub(super) fn display(&self) -> String {
        let quoted = |argument: &String| {
            if argument.starts_with('/') { argument.clone() } else { format!("\"{argument}\"") }
        };
        let arguments: Vec<String> = self.arguments.iter().map(quoted).collect();
        format!("{} {}", self.program, arguments.join(" "))
    }

    /// Runs it, unless the program could take its path for a pattern or an option.
    pub(super) fn run(&self) -> Result<(), IcaclsError> {
        let is_plain = self.arguments.first().is_some_and(|path| is_drive_path(path));
        if cfg!(windows) && !is_plain {
            return Err(IcaclsError::NotADrivePath);
        }
        let status = Command::new(&self.program)
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .map_err(IcaclsError::NotStarted)?;
        if status.success() { Ok(()) } else { Err(IcaclsError::Failed(status)) }
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
    fn permissions_of_a_directory_are_inherited() {
        assert_eq!(
            of(Some("*S-1-5-21-1-2-3-1001"))
                .call("C:\\Users\\u\\.openclaw", FileType::Directory)
                .display(),
            "C:\\Windows\\System32\\icacls.exe \"C:\\Users\\u\\.openclaw\" /inheritance:r \
             /grant:r \"*S-1-5-21-1-2-3-1001:(OI)(CI)F\" /grant:r \"*S-1-5-18:(OI)(CI)F\""
        );
    }

    #[test]
    fn permissions_of_a_file_are_not_inherited() {
        let call = of(Some("PC\\u")).call("C:\\a b.json", FileType::File);
        assert_eq!(
            call.arguments,
            ["C:\\a b.json", "/inheritance:r", "/grant:r", "PC\\u:F", "/grant:r", "*S-1-5-18:F"]
        );
        assert!(of(None).call("C:\\x", FileType::File).display().contains("\"%USERNAME%:F\""));
    }

    #[test]
    fn control_is_given_by_sid_and_never_to_a_group() {
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
        // A SID is never taken from the environment.
        assert_eq!(of(None, &[("USERSID", "S-1-1-0")]), None);
        for name in [" ", "Everyone", "USERS", "*S-1-1-0", "a:F", "a\"b", "BUILTIN\\Users"] {
            let user = grantee(None, |key| (key == "USERNAME").then(|| name.to_owned()));
            assert_eq!(user, None, "{name}");
        }
    }
}

//! The command that keeps others out of a path on Windows: inheritance off, full control for the user and the system,
//! nobody else. Plain text work, so that it is tested on every system.

/// The system account, whatever its name is in the language of the machine.
const SYSTEM: &str = "*S-1-5-18";

/// One `icacls` call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Icacls {
    pub program: String,
    pub arguments: Vec<String>,
}

/// Whom the command grants control to: a SID where it is known, for names are ambiguous.
pub(super) fn user(variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    let set = |name: &str| {
        variable(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    if let Some(sid) = set("USERSID").filter(|sid| is_sid(sid)) {
        return Some(format!("*{}", sid.trim_start_matches('*')));
    }
    let name = set("USERNAME")?;
    Some(match set("USERDOMAIN") {
        Some(domain) => format!("{domain}\\{name}"),
        None => name,
    })
}

fn is_sid(text: &str) -> bool {
    let mut parts = text.trim_start_matches('*').split('-');
    let begins = parts.next().is_some_and(|first| first.eq_ignore_ascii_case("s"));
    let numbers: Vec<&str> = parts.collect();
    begins
        && numbers.len() >= 3
        && numbers
            .iter()
            .all(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

impl Icacls {
    pub fn new(
        path: &str,
        is_directory: bool,
        user: &str,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Self {
        let grant = if is_directory { "(OI)(CI)F" } else { "F" };
        let root = ["SystemRoot", "WINDIR"]
            .iter()
            .find_map(|name| variable(name).filter(|root| !root.trim().is_empty()))
            .unwrap_or_else(|| "C:\\Windows".to_owned());
        Self {
            program: format!("{}\\System32\\icacls.exe", root.trim_end_matches('\\')),
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

    /// As a person would type it.
    pub fn display(&self) -> String {
        let quoted = |argument: &String| {
            if argument.starts_with('/') { argument.clone() } else { format!("\"{argument}\"") }
        };
        let arguments: Vec<String> = self.arguments.iter().map(quoted).collect();
        format!("{} {}", self.program, arguments.join(" "))
    }

    #[cfg(windows)]
    pub(super) fn run(&self) -> Result<(), String> {
        let done = std::process::Command::new(&self.program)
            .args(&self.arguments)
            .output()
            .map_err(|error| error.kind().to_string())?;
        if done.status.success() { Ok(()) } else { Err(format!("icacls failed: {}", done.status)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none(_: &str) -> Option<String> {
        None
    }

    #[test]
    fn builds_the_command() {
        let command = Icacls::new("C:\\Users\\u\\.openclaw", true, "PC\\u", none);
        assert_eq!(
            command.display(),
            "C:\\Windows\\System32\\icacls.exe \"C:\\Users\\u\\.openclaw\" /inheritance:r \
             /grant:r \"PC\\u:(OI)(CI)F\" /grant:r \"*S-1-5-18:(OI)(CI)F\""
        );
        let root = |name: &str| (name == "SystemRoot").then(|| "D:\\Win\\".to_owned());
        let command = Icacls::new("C:\\a b.json", false, "*S-1-5-21-1-2-3-4", root);
        assert_eq!(command.program, "D:\\Win\\System32\\icacls.exe");
        assert_eq!(
            command.arguments,
            [
                "C:\\a b.json",
                "/inheritance:r",
                "/grant:r",
                "*S-1-5-21-1-2-3-4:F",
                "/grant:r",
                "*S-1-5-18:F"
            ]
        );
    }

    #[test]
    fn knows_the_user_by_sid_then_by_name() {
        let of = |pairs: &'static [(&str, &str)]| {
            user(|name| {
                pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(
            of(&[("USERSID", "S-1-5-21-7"), ("USERNAME", "u")]).as_deref(),
            Some("*S-1-5-21-7")
        );
        assert_eq!(of(&[("USERSID", "x"), ("USERNAME", "u")]).as_deref(), Some("u"));
        assert_eq!(of(&[("USERDOMAIN", "PC"), ("USERNAME", " u ")]).as_deref(), Some("PC\\u"));
        assert_eq!(of(&[("USERDOMAIN", "PC"), ("USERNAME", " ")]), None);
    }
}

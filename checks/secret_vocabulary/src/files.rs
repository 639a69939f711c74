//! Files that hold secrets, by name; and texts that mention such a file.

/// Names of files, in lower case.
const NAMES: &[&str] =
    &[".npmrc", ".netrc", "auth-profiles.json", "auth.json", "oauth.json", "creds.json"];

/// How the names of such files start, in lower case: dotenv files, the config and its backups, SSH keys, and what people
/// call a file of secrets.
const BEGINNINGS: &[&str] = &[
    ".env",
    "openclaw.json",
    "clawdbot.json",
    "id_rsa",
    "id_ed25519",
    "secret.",
    "secrets.",
    "credentials.",
];

/// How the names of such files end, in lower case.
const ENDINGS: &[&str] =
    &[".pem", ".key", ".p12", ".pfx", ".sqlite", ".sqlite-wal", ".sqlite-shm", ".db"];

/// The directories of OpenClaw's state directory in which every file holds secrets.
pub const SECRET_DIRECTORIES: &[&str] = &["credentials", "identity"];

/// Parts of paths that lead to secrets, in commands and in code.
const PATHS: &[&str] = &[
    ".ssh/",
    ".aws/",
    ".gnupg",
    ".netrc",
    ".npmrc",
    ".kube/",
    ".git-credentials",
    "id_rsa",
    "id_ed25519",
    "/etc/passwd",
    "/etc/shadow",
    "keychain",
    "auth-profiles",
];

/// Words that only mean such a file on a command line. In code they are ordinary names.
const IN_COMMANDS: &[&str] =
    &[".env", "credentials", ".config/gh", "cookies", ".openclaw", ".docker/config", "wallet"];

/// What code writes instead of these words.
const IN_CODE: &[&str] = &[
    "/.env",
    "Login Data",
    "cookies.sqlite",
    ".openclaw/credentials",
    "wallet.dat",
    "openclaw.json",
];

/// Whether a file of this name, without directories and in any case, is made to hold secrets.
pub fn is_secret_file_name(name: &str) -> bool {
    let name = name.to_lowercase();
    NAMES.contains(&name.as_str())
        || BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
        || ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Whether a command line mentions a file or directory of secrets, in any case. Broad.
pub fn is_mentioned_in_command(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    PATHS.iter().chain(IN_COMMANDS).any(|path| line.contains(path))
}

/// Whether a line of code mentions a file or directory of secrets, as it is spelled.
///
/// Narrower than [`is_mentioned_in_command`]: `os.environ`, `credentials` and `wallet` are names in code.
pub fn is_mentioned_in_code(line: &str) -> bool {
    PATHS.iter().chain(IN_CODE).any(|path| line.contains(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_name() {
        for name in [
            "auth-profiles.json",
            "openclaw.json.bak.1",
            ".env.local",
            "openclaw.sqlite",
            "key.PEM",
        ] {
            assert!(is_secret_file_name(name), "{name}");
        }
        for name in ["exec-approvals.json", "package.json", "SKILL.md", "keys"] {
            assert!(!is_secret_file_name(name), "{name}");
        }
    }

    #[test]
    fn commands_are_broader_than_code() {
        assert!(
            is_mentioned_in_command("cat ~/.SSH/config") && is_mentioned_in_command("cp .env x")
        );
        assert!(is_mentioned_in_code("open('/home/u/.ssh/id_rsa')"));
        assert!(is_mentioned_in_code("Path('~/.config/chrome/Login Data')"));
        for line in ["os.environ", "credentials = load()", "wallet.send()"] {
            assert!(!is_mentioned_in_code(line), "{line}");
        }
        assert!(PATHS.iter().chain(IN_COMMANDS).all(|path| *path == path.to_ascii_lowercase()));
    }
}

//! Commands that make a path private, ready to be pasted into a shell. A path is untrusted text, so it is quoted.

/// The kind of a private path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Private {
    Directory,
    File,
}

impl Private {
    pub(crate) fn mode(self) -> u32 {
        match self {
            Self::Directory => 0o700,
            Self::File => 0o600,
        }
    }
}

pub(crate) fn chmod(path: &str, wanted: Private) -> String {
    let end_of_options = if path.starts_with('-') { "-- " } else { "" };
    format!("chmod {:03o} {end_of_options}{}", wanted.mode(), shell_quoted(path))
}

fn shell_quoted(path: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_@%+=:,./-".contains(c);
    if !path.is_empty() && path.chars().all(is_plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', "'\\''"))
    }
}

/// Only the user and the system. Windows fills in the names that are not known here.
pub(crate) fn icacls(path: &str, wanted: Private) -> String {
    let grant = match wanted {
        Private::Directory => "(OI)(CI)F",
        Private::File => "F",
    };
    format!(
        "%SystemRoot%\\System32\\icacls.exe \"{path}\" /inheritance:r /grant:r \"%USERNAME%:{grant}\" \
         /grant:r \"*S-1-5-18:{grant}\""
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_path_is_not_quoted() {
        assert_eq!(chmod("/home/u/.openclaw", Private::Directory), "chmod 700 /home/u/.openclaw");
        assert_eq!(chmod("/a_@%+=:,./-b", Private::File), "chmod 600 /a_@%+=:,./-b");
    }

    #[test]
    fn any_other_path_is_quoted() {
        assert_eq!(chmod("/a b", Private::File), "chmod 600 '/a b'");
        assert_eq!(chmod("/it's", Private::File), "chmod 600 '/it'\\''s'");
        assert_eq!(chmod("/$(reboot)", Private::File), "chmod 600 '/$(reboot)'");
        assert_eq!(chmod("/ä", Private::File), "chmod 600 '/ä'");
        assert_eq!(chmod("", Private::File), "chmod 600 ''");
    }

    #[test]
    fn a_path_is_not_an_option() {
        assert_eq!(chmod("-R", Private::File), "chmod 600 -- -R");
        assert_eq!(chmod("-a b", Private::Directory), "chmod 700 -- '-a b'");
    }

    #[test]
    fn icacls_leaves_the_user_and_the_system() {
        assert_eq!(
            icacls("C:\\x", Private::Directory),
            "%SystemRoot%\\System32\\icacls.exe \"C:\\x\" /inheritance:r \
             /grant:r \"%USERNAME%:(OI)(CI)F\" /grant:r \"*S-1-5-18:(OI)(CI)F\""
        );
        assert!(icacls("C:\\x", Private::File).contains("\"%USERNAME%:F\""));
    }
}

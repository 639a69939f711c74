//! Shell commands in any text that delete files or make them writable for everyone.

use crate::bytes::{
    byte_before, find_words_ignore_case, is_word_boundary, run_length, skip_whitespace,
    starts_with_ignore_case,
};

/// `rm -rf` and a target that begins with `/`, `$HOME`, `~` or `.`.
pub(crate) fn rm_rf(text: &[u8]) -> Option<usize> {
    find_words_ignore_case(text, "rm").find(|at| {
        let flag = skip_whitespace(text, at + 2);
        let target = skip_whitespace(text, flag + 3);
        flag > at + 2
            && starts_with_ignore_case(text, flag, "-rf")
            && target > flag + 3
            && (matches!(text.get(target), Some(b'/' | b'~' | b'.'))
                || starts_with_ignore_case(text, target, "$HOME"))
    })
}

/// A forced, recursive deletion with its flags in any spelling.
pub(crate) struct Delete<'t> {
    pub(crate) at: usize,
    pub(crate) target: &'t str,
}

pub(crate) fn deletes(text: &str) -> Vec<Delete<'_>> {
    let bytes = text.as_bytes();
    find_words_ignore_case(bytes, "rm").filter_map(|at| delete_at(text, at)).collect()
}

fn delete_at(text: &str, at: usize) -> Option<Delete<'_>> {
    let bytes = text.as_bytes();
    if matches!(byte_before(bytes, at), Some(b'-' | b'.')) {
        return None;
    }
    let (mut recursive, mut forced) = (false, false);
    let mut next = at + 2;
    loop {
        let start = next + run_length(bytes, next, |byte| byte == b' ' || byte == b'\t');
        if start == next {
            return None;
        }
        let length = run_length(bytes, start, |byte| {
            !byte.is_ascii_whitespace() && !b";&|`".contains(&byte)
        });
        let word = text.get(start..start + length)?;
        next = start + length;
        match word {
            "" => return None,
            "--recursive" => recursive = true,
            "--force" => forced = true,
            flags if flags.starts_with('-') => {
                if !flags.starts_with("--") {
                    recursive |= flags.contains(['r', 'R']);
                    forced |= flags.contains('f');
                }
            }
            target => {
                let target = target.trim_matches(['"', '\'']);
                return (recursive && forced).then_some(Delete { at, target });
            }
        }
    }
}

/// Whether a target is the root, a home or a system directory, and not something below it.
pub(crate) fn is_system_or_home(target: &str) -> bool {
    const SYSTEM: &[&str] = &[
        "",
        "/etc",
        "/usr",
        "/bin",
        "/home",
        "/var",
        "/opt",
        "/root",
        "/lib",
        "/boot",
        "/Users",
        "/Library",
        "/Applications",
        "~",
        "$HOME",
        "${HOME}",
    ];
    let target = target.trim_end_matches('*').trim_end_matches('.').trim_end_matches('/');
    SYSTEM.contains(&target)
}

/// `chmod 777`
pub(crate) fn chmod_777(text: &[u8]) -> Option<usize> {
    find_words_ignore_case(text, "chmod").find(|at| {
        let mut mode = skip_whitespace(text, at + 5);
        if mode == at + 5 {
            return false;
        }
        if starts_with_ignore_case(text, mode, "-R") {
            let next = skip_whitespace(text, mode + 2);
            if next == mode + 2 {
                return false;
            }
            mode = next;
        }
        text.get(mode..mode + 3) == Some(b"777") && is_word_boundary(text, mode + 3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deletions() {
        for text in ["rm -rf /", "rm  -rf  $HOME/x", "RM -RF ~", "rm -rf ./dist", "rm -rf .git"] {
            assert!(rm_rf(text.as_bytes()).is_some(), "{text}");
        }
        for text in ["rm -fr /", "rm -r -f /", "rm -rf dist", "rm -rfv /", "farm -rf /", "rm -rf"] {
            assert!(rm_rf(text.as_bytes()).is_none(), "{text}");
        }
        let targets =
            |text| deletes(text).into_iter().map(|delete| delete.target).collect::<Vec<_>>();
        assert_eq!(targets("rm -fr /"), ["/"]);
        assert_eq!(targets("rm -r -f \"$HOME\"; ls"), ["$HOME"]);
        assert_eq!(targets("rm --recursive --force /etc"), ["/etc"]);
        assert!(targets("rm -r /x && rm -f /y").is_empty());
        assert!(
            is_system_or_home("/")
                && is_system_or_home("/*")
                && is_system_or_home("~/")
                && is_system_or_home("/etc")
        );
        assert!(!is_system_or_home("/tmp/x") && !is_system_or_home("dist"));
    }

    #[test]
    fn permissions() {
        for text in ["chmod 777 x", "chmod -R 777 /"] {
            assert!(chmod_777(text.as_bytes()).is_some(), "{text}");
        }
        for text in ["chmod 755 x", "chmod 7777 x", "chmod x 777", "chmod -R755 x"] {
            assert!(chmod_777(text.as_bytes()).is_none(), "{text}");
        }
    }
}

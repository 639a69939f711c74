//! Shell commands in any text that delete or open up files.

use crate::text::{
    before, boundary, run, skip_blanks, starts_with_ignoring_case, words_ignoring_case,
};

/// `rm -rf` and a target that begins with `/`, `$HOME`, `~` or `.`.
pub(crate) fn plain_delete(text: &[u8]) -> Option<usize> {
    words_ignoring_case(text, "rm").find(|at| {
        let flag = skip_blanks(text, at + 2);
        let target = skip_blanks(text, flag + 3);
        flag > at + 2
            && starts_with_ignoring_case(text, flag, "-rf")
            && target > flag + 3
            && (matches!(text.get(target), Some(b'/' | b'~' | b'.'))
                || starts_with_ignoring_case(text, target, "$HOME"))
    })
}

/// A forced, recursive deletion, its flags in any spelling, and its target.
pub(crate) struct Delete<'t> {
    pub(crate) at: usize,
    pub(crate) target: &'t str,
}

pub(crate) fn deletes(text: &str) -> Vec<Delete<'_>> {
    let bytes = text.as_bytes();
    words_ignoring_case(bytes, "rm").filter_map(|at| delete_at(text, at)).collect()
}

fn delete_at(text: &str, at: usize) -> Option<Delete<'_>> {
    let bytes = text.as_bytes();
    if matches!(before(bytes, at), Some(b'-' | b'.')) {
        return None;
    }
    let (mut recursive, mut forced) = (false, false);
    let mut next = at + 2;
    loop {
        let start = next + run(bytes, next, |byte| byte == b' ' || byte == b'\t');
        if start == next {
            return None;
        }
        let length =
            run(bytes, start, |byte| !byte.is_ascii_whitespace() && !b";&|`".contains(&byte));
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

/// Whether a target is a whole machine, a home or a system's directory, and not something below it.
pub(crate) fn is_everything(target: &str) -> bool {
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
pub(crate) fn open_permissions(text: &[u8]) -> Option<usize> {
    words_ignoring_case(text, "chmod").find(|at| {
        let mut mode = skip_blanks(text, at + 5);
        if mode == at + 5 {
            return false;
        }
        if starts_with_ignoring_case(text, mode, "-R") {
            let next = skip_blanks(text, mode + 2);
            if next == mode + 2 {
                return false;
            }
            mode = next;
        }
        text.get(mode..mode + 3) == Some(b"777") && boundary(text, mode + 3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deletions() {
        for text in ["rm -rf /", "rm  -rf  $HOME/x", "RM -RF ~", "rm -rf ./dist", "rm -rf .git"] {
            assert!(plain_delete(text.as_bytes()).is_some(), "{text}");
        }
        for text in ["rm -fr /", "rm -r -f /", "rm -rf dist", "rm -rfv /", "farm -rf /", "rm -rf"] {
            assert!(plain_delete(text.as_bytes()).is_none(), "{text}");
        }
        let targets =
            |text| deletes(text).into_iter().map(|delete| delete.target).collect::<Vec<_>>();
        assert_eq!(targets("rm -fr /"), ["/"]);
        assert_eq!(targets("rm -r -f \"$HOME\"; ls"), ["$HOME"]);
        assert_eq!(targets("rm --recursive --force /etc"), ["/etc"]);
        assert!(targets("rm -r /x && rm -f /y").is_empty());
        assert!(
            is_everything("/")
                && is_everything("/*")
                && is_everything("~/")
                && is_everything("/etc")
        );
        assert!(!is_everything("/tmp/x") && !is_everything("dist"));
    }

    #[test]
    fn permissions() {
        for text in ["chmod 777 x", "chmod -R 777 /"] {
            assert!(open_permissions(text.as_bytes()).is_some(), "{text}");
        }
        for text in ["chmod 755 x", "chmod 7777 x", "chmod x 777", "chmod -R755 x"] {
            assert!(open_permissions(text.as_bytes()).is_none(), "{text}");
        }
    }
}

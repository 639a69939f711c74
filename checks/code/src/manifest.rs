//! Manifests: where a package and what it installs come from.

use crate::blocked::is_blocked;
use crate::hits::Hits;
use crate::pipes;
use crate::rules::{
    BLOCKED_SIGNATURE, INSTALL_SOURCE, INSTALL_TERMINAL_PAYLOAD, SECRET_LITERAL, SHELL_PIPE,
};
use crate::secrets;
use crate::skill::shortened_link;
use crate::tree::{self, Tree};
use crate::urls;

/// The rules for every JSON, YAML and TOML file.
pub(crate) fn scan(text: &str, hits: &mut Hits) {
    let bytes = text.as_bytes();
    let link = [urls::shortened(text), urls::bare_address(text)].into_iter().flatten().min();
    let rules = [
        (&INSTALL_SOURCE, link),
        (&SECRET_LITERAL, secrets::find(text)),
        (&SHELL_PIPE, pipes::shell_pipe(bytes).or_else(|| pipes::download_run(bytes))),
        (&INSTALL_TERMINAL_PAYLOAD, pipes::decoded_pipe(bytes)),
    ];
    for (rule, found) in rules {
        if let Some(at) = found {
            hits.add(rule, at);
        }
    }
}

/// What a plugin's package.json says of the plugin.
pub(crate) fn package(text: &str, directory: &str, hits: &mut Hits) {
    if is_blocked(directory) {
        hits.add(&BLOCKED_SIGNATURE, 0);
    }
    let tree = tree::flow(text, 0);
    for key in ["name", "displayName", "description"] {
        if let Some(Tree::Text { text, at }) = tree.get(key)
            && is_blocked(text)
        {
            hits.add(&BLOCKED_SIGNATURE, *at);
        }
    }
    if let Some(at) = tree.get("openclaw").and_then(shortened_link) {
        hits.add(&INSTALL_SOURCE, at);
    }
}

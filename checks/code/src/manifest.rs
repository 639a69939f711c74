//! Manifests: where a package and its dependencies are installed from.

use crate::collector::Collector;
use crate::denylist::is_denied;
use crate::download_exec;
use crate::rules::{
    DENYLISTED_NAME, INSTALL_SOURCE, INSTALL_TERMINAL_PAYLOAD, SECRET_LITERAL, SHELL_PIPE,
};
use crate::skill::shortened_link;
use chitin_lenient_yaml::{self as lenient_yaml, Tree};
use chitin_secret_vocabulary::credentials;

use crate::urls;

/// The rules on every JSON, YAML and TOML file.
pub(crate) fn scan(text: &str, collector: &mut Collector) {
    let bytes = text.as_bytes();
    let link = [urls::shortened(text), urls::bare_ip(text)].into_iter().flatten().min();
    let rules = [
        (&INSTALL_SOURCE, link),
        (&SECRET_LITERAL, credentials::find(text)),
        (
            &SHELL_PIPE,
            download_exec::shell_pipe(bytes).or_else(|| download_exec::executed_download(bytes)),
        ),
        (&INSTALL_TERMINAL_PAYLOAD, download_exec::decoded_payload(bytes)),
    ];
    for (rule, found) in rules {
        if let Some(at) = found {
            collector.add(rule, at);
        }
    }
}

/// The rules on a plugin's package.json.
pub(crate) fn package(text: &str, directory: &str, collector: &mut Collector) {
    if is_denied(directory) {
        collector.add(&DENYLISTED_NAME, 0);
    }
    let tree = lenient_yaml::flow(text, 0);
    for key in ["name", "displayName", "description"] {
        if let Some(Tree::Text { text, at }) = tree.get(key)
            && is_denied(text)
        {
            collector.add(&DENYLISTED_NAME, *at);
        }
    }
    if let Some(at) = tree.get("openclaw").and_then(shortened_link) {
        collector.add(&INSTALL_SOURCE, at);
    }
}

//! A line on the terminal for whoever waits; nothing where there is no terminal.

use std::io::IsTerminal as _;
use std::sync::Arc;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use chitin_model::escape::visible;
use chitin_scan::{Unwatched, Watch};

/// Longest name that is shown; a line that wraps cannot be taken back.
const MOST: usize = 40;

const TEMPLATE: &str = "scanning {prefix}: {bytes} of {total_bytes}, {msg}";

struct Terminal(ProgressBar);

/// A line on standard error, if that is a terminal.
pub(super) fn watch() -> Arc<dyn Watch> {
    if !std::io::stderr().is_terminal() {
        return Arc::new(Unwatched);
    }
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template(TEMPLATE);
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    Arc::new(Terminal(bar))
}

impl Watch for Terminal {
    fn begin(&self, tree: &str, files: u64, bytes: u64) {
        self.0.reset();
        self.0.set_length(bytes);
        self.0.set_prefix(shown(tree));
        self.0.set_message(format!("{files} files"));
    }

    fn file(&self, path: &str, bytes: u64) {
        self.0.inc(bytes);
        self.0.set_message(shown(path));
    }

    fn end(&self) {
        self.0.finish_and_clear();
    }
}

/// The end of a name, which may be hostile text.
fn shown(name: &str) -> String {
    let name = visible(name);
    let skipped = name.chars().count().saturating_sub(MOST);
    name.chars().skip(skipped).collect()
}

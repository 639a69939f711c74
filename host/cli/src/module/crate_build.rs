//! What the subcommands that build a module share: where cargo compiles, and the line that says what was written.

use std::path::Path;

use anyhow::Result;

use crate::environment::variable;
use chitin_devkit::component::{self, BuiltModule};
use chitin_model::escape::visible;

/// Compiles a module's crate, into cargo's own target directory where one is set.
pub(super) fn build(directory: &Path) -> Result<BuiltModule> {
    let target_dir = variable("CARGO_TARGET_DIR")
        .filter(|path| !path.is_empty())
        // The compiler runs in the module's directory, but this path is relative to ours.
        .map(std::path::absolute)
        .transpose()?;
    Ok(component::build(directory, target_dir)?)
}

/// The line that says what was written, and where.
pub(super) fn render_written(module: &BuiltModule, output: &Path) -> String {
    format!(
        "{} {}: {} ({} bytes)\n",
        visible(&module.manifest.id),
        visible(&module.manifest.version),
        visible(&output.display().to_string()),
        module.bytes.len(),
    )
}

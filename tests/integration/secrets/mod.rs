//! Secrets stay with the host. Canaries are planted wherever a config, a file, the environment or the command line can
//! hold a secret; none of them may reach an output or a module's memory.

mod canaries;
mod code;
mod fixture;
mod guest_leaks;
mod outputs;

use crate::support::workspace::Workspace;

/// Gateways with secrets everywhere, and their environments.
pub(crate) fn fixtures() -> impl Iterator<Item = (Workspace, Vec<(&'static str, String)>)> {
    use fixture::{ConfigFile, Fixture};
    [ConfigFile::Whole, ConfigFile::Broken, ConfigFile::BrokenInclude].into_iter().map(
        |config_file| {
            let Fixture { workspace, env } = Fixture::new(config_file);
            (workspace, env)
        },
    )
}

/// Fails where a secret of such a gateway is in a text.
pub(crate) fn assert_none_in(text: &str) {
    if let Some(found) = canaries::found_in(text) {
        panic!("a secret came out: {found}");
    }
}

//! Secrets stay with the host. Canaries are planted wherever a config, a file, the environment or the command line can
//! hold a secret; none of them may reach an output or a module's memory.

mod canaries;
mod outputs;
mod spied;
mod world;

use crate::place::Place;

/// Gateways with secrets everywhere, and their environments.
pub(crate) fn worlds() -> impl Iterator<Item = (Place, Vec<(&'static str, String)>)> {
    use world::{ConfigFile, World};
    [ConfigFile::Whole, ConfigFile::Broken, ConfigFile::BrokenInclude].into_iter().map(
        |config_file| {
            let World { place, env } = World::new(config_file);
            (place, env)
        },
    )
}

/// Fails where a secret of such a gateway is in a text.
pub(crate) fn assert_none_in(text: &str) {
    if let Some(found) = canaries::found_in(text) {
        panic!("a secret came out: {found}");
    }
}

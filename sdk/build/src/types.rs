//! Puts the contract's types into a core module that no bindings generator has put them into, so any compiler that can name
//! its imports and exports makes a check.

use anyhow::{Context, Result};
use wit_component::{StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// The contract as one text; the file with the package's name comes first.
const CONTRACT: &str = concat!(
    include_str!("../../../wit/0.1.0/world.wit"),
    include_str!("../../../wit/0.1.0/types.wit"),
    include_str!("../../../wit/0.1.0/config.wit"),
    include_str!("../../../wit/0.1.0/files.wit"),
    include_str!("../../../wit/0.1.0/facts.wit"),
    include_str!("../../../wit/0.1.0/code.wit"),
    include_str!("../../../wit/0.1.0/report.wit"),
);

/// The world that every check is made for.
const WORLD: &str = "check";

/// How a language keeps its strings in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strings {
    Utf8,
    Utf16,
}

/// Adds the types of the contract to a core module.
pub(crate) fn add(module: &mut Vec<u8>, strings: Strings) -> Result<()> {
    let mut resolve = Resolve::default();
    let package =
        resolve.push_str("chitin.wit", CONTRACT).context("the contract does not parse")?;
    let world = resolve.select_world(&[package], Some(WORLD))?;
    let encoding = match strings {
        Strings::Utf8 => StringEncoding::UTF8,
        Strings::Utf16 => StringEncoding::UTF16,
    };
    embed_component_metadata(module, &resolve, world, encoding)
        .context("the contract's types cannot be put into the module")
}

//! The MCP servers that a config or the mcporter registry lists.

use chitin_sdk::{Content, Format, Host, Node, Refusal, Tree, Value};

pub(crate) const ROOT: &str = "state";
pub(crate) const PATH: &str = "skills/config/mcporter.json";

/// A larger registry is not read.
const LARGEST: u32 = 16 * 1024 * 1024;

/// What the mcporter registry holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Registry {
    /// Sorted; none for a registry that does not exist.
    Servers(Vec<String>),
    /// It exists and cannot be read, for this reason.
    Unusable(&'static str),
}

pub(crate) fn read(host: &dyn Host) -> Result<Registry, Refusal> {
    Ok(match host.read(ROOT, PATH, Format::Json, LARGEST)? {
        Content::Missing => Registry::Servers(Vec::new()),
        Content::NotAFile => Registry::Unusable("it is not a regular file"),
        Content::TooLarge => Registry::Unusable("it is larger than 16 MiB"),
        Content::Unreadable(_) => Registry::Unusable("it is unreadable"),
        Content::Malformed => Registry::Unusable("it is not valid JSON"),
        Content::Text(text) => match text.parse::<Value>() {
            Ok(document) => {
                let document = Tree::new("", Some(document));
                Registry::Servers(enabled_servers(&document.at(["mcpServers"])))
            }
            Err(_) => Registry::Unusable("it is not valid JSON"),
        },
    })
}

/// The names of the servers that are not turned off, sorted.
pub(crate) fn enabled_servers(servers: &Node<'_>) -> Vec<String> {
    let enabled = servers.members().into_iter().filter(|(_, one)| !one.get("enabled").is_false());
    let mut names: Vec<String> = enabled.map(|(name, _)| name.to_owned()).collect();
    names.sort();
    names
}

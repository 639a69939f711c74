//! Makes a component of a core module and puts the manifest into it.

use anyhow::{Context, Result};
use wasm_encoder::{ComponentSection, CustomSection};
use wit_component::ComponentEncoder;

/// The custom section that holds the module manifest, as JSON.
pub const MANIFEST_SECTION: &str = "chitin:manifest";

/// Wraps a core module that was compiled against the contract, with a manifest in TOML.
pub fn wrap(module: &[u8], manifest: &str) -> Result<Vec<u8>> {
    let manifest: toml::Table = manifest.parse().context("the module manifest is not TOML")?;
    let manifest = serde_json::to_vec(&manifest).context("the manifest has no JSON form")?;
    let mut component = ComponentEncoder::default()
        .module(module)
        .context("not a module that was compiled against the contract")?
        .validate(true)
        .encode()
        .context("the module's imports and exports do not make a component")?;
    CustomSection { name: MANIFEST_SECTION.into(), data: manifest.into() }
        .append_to_component(&mut component);
    Ok(component)
}

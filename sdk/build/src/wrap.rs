//! Makes a component of a core module and puts the manifest into it.

use anyhow::{Context, Result};
use wasm_encoder::{ComponentSection, CustomSection};
use wit_component::ComponentEncoder;

use crate::types::{self, Strings};

/// The custom section that holds the module manifest, as JSON.
pub const MANIFEST_SECTION: &str = "chitin:manifest";

/// Wraps a core module that was compiled against the contract, with a manifest in TOML.
pub fn wrap(module: &[u8], manifest: &str) -> Result<Vec<u8>> {
    let manifest = json(manifest)?;
    let mut component = ComponentEncoder::default()
        .module(module)
        .context("not a module that was compiled against the contract")?
        .validate(true)
        .encode()
        .context("the module's imports and exports do not make a component")?;
    append(&mut component, manifest);
    Ok(component)
}

/// Wraps a core module of any compiler: its imports and exports carry the contract's names, and nothing else is known of them.
pub fn wrap_untyped(mut module: Vec<u8>, strings: Strings, manifest: &str) -> Result<Vec<u8>> {
    types::add(&mut module, strings)?;
    wrap(&module, manifest)
}

/// Puts a manifest in TOML into a component that some other tool has made.
pub fn add_manifest(mut component: Vec<u8>, manifest: &str) -> Result<Vec<u8>> {
    append(&mut component, json(manifest)?);
    Ok(component)
}

/// The manifest as it stands in a component.
fn json(manifest: &str) -> Result<Vec<u8>> {
    let manifest: toml::Table = manifest.parse().context("the module manifest is not TOML")?;
    serde_json::to_vec(&manifest).context("the manifest has no JSON form")
}

fn append(component: &mut Vec<u8>, manifest: Vec<u8>) {
    CustomSection { name: MANIFEST_SECTION.into(), data: manifest.into() }
        .append_to_component(component);
}

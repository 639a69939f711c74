//! Components: built from a crate, or given a manifest, and checked before they are called a module.

use std::path::{Path, PathBuf};

use chitin_audit::host_rules;
use chitin_build::Strings;

use super::{DevkitError, files};
use chitin_model::component_info::ComponentInfo;
use chitin_model::manifest::Manifest;
use chitin_runtime::limits::Limits;
use chitin_runtime::worker::Setup;
use chitin_runtime::{Catalogue, Foreign, Module, Runner};
use tokio_util::sync::CancellationToken;

/// The largest component that is read.
pub const MAX_COMPONENT: u64 = 64 << 20;

const MAX_MANIFEST: u64 = 1 << 20;

/// A component that has been checked: an audit would load it.
pub struct BuiltModule {
    /// The file name without its extension.
    pub name: String,
    pub bytes: Vec<u8>,
    pub manifest: Manifest,
}

/// Compiles a crate and checks the component.
pub fn build(directory: &Path, target_dir: Option<PathBuf>) -> Result<BuiltModule, DevkitError> {
    let failed = |error: anyhow::Error| DevkitError::Build(format!("{error:#}"));
    let directory =
        directory.canonicalize().map_err(|error| DevkitError::file(directory, &error))?;
    let target_dir = target_dir.unwrap_or_else(|| directory.join("target"));
    let toolchain = chitin_build::Toolchain::find().map_err(failed)?;
    let crates = [directory];
    let mut built = chitin_build::build(&toolchain, &crates, &target_dir).map_err(failed)?;
    let Some(built) = built.pop() else {
        return Err(DevkitError::Build("nothing was built".to_owned()));
    };
    checked(built.package, built.component)
}

/// Adds a manifest to a component that any tool has built, or makes a component of a core module whose imports and exports
/// are the contract's.
pub fn wrap(binary: &Path, manifest: &Path, strings: Strings) -> Result<BuiltModule, DevkitError> {
    let failed = |error: anyhow::Error| DevkitError::Build(format!("{error:#}"));
    let bytes = files::read(binary, MAX_COMPONENT)?;
    let manifest = files::read_text(manifest, MAX_MANIFEST)?;
    let component = if wasmparser::Parser::is_component(&bytes) {
        chitin_build::add_manifest(bytes, &manifest)
    } else if has_types(&bytes) {
        chitin_build::wrap(&bytes, &manifest)
    } else {
        chitin_build::wrap_untyped(bytes, strings, &manifest)
    }
    .map_err(failed)?;
    let stem = binary.file_stem().unwrap_or_default().to_string_lossy();
    checked(stem.into_owned(), component)
}

/// Whether a bindings generator has put the contract's types into a core module.
fn has_types(module: &[u8]) -> bool {
    wasmparser::Parser::new(0).parse_all(module).any(|payload| {
        matches!(payload, Ok(wasmparser::Payload::CustomSection(section))
            if section.name().starts_with("component-type"))
    })
}

/// Checks a component: its manifest, its imports by name, and whether the engine accepts it.
fn checked(name: String, bytes: Vec<u8>) -> Result<BuiltModule, DevkitError> {
    let manifest = Manifest::of_component(&bytes)
        .map_err(|source| DevkitError::Manifest { name: name.clone(), source })?;
    refuse_foreign_imports(&name, &bytes)?;
    let runner = Runner::new(Limits::default(), Setup::default(), CancellationToken::new())?;
    // The author built it a moment ago: it may be compiled in this process.
    let component = [(name.as_str(), bytes.as_slice())];
    for module in Catalogue::of_components(host_rules::reserved(), component)?.modules() {
        runner.prepare(module)?;
    }
    Ok(BuiltModule { name, bytes, manifest })
}

fn refuse_foreign_imports(name: &str, bytes: &[u8]) -> Result<(), DevkitError> {
    let info = ComponentInfo::of_component(bytes)
        .map_err(|source| DevkitError::Manifest { name: name.to_owned(), source })?;
    let foreign = info.foreign_imports();
    if foreign.is_empty() {
        return Ok(());
    }
    let imports = foreign.into_iter().map(|import| format!("`{import}`")).collect();
    Err(DevkitError::ForeignImports { name: name.to_owned(), imports })
}

/// Writes a module's file.
pub fn write(module: &BuiltModule, path: &Path) -> Result<(), DevkitError> {
    files::write(path, &module.bytes)
}

/// Reads a module's file.
pub fn read(path: &Path) -> Result<Vec<u8>, DevkitError> {
    files::read(path, MAX_COMPONENT)
}

/// A module from its bytes. It is compiled when it runs, in a worker.
pub fn module(name: &str, bytes: &[u8]) -> Result<Module, DevkitError> {
    Ok(Module::from(Foreign::read(name, bytes.into())?))
}

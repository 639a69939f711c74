//! Components: made of a crate, or given a manifest, and looked over before they are called a module.

use std::path::{Path, PathBuf};

use chitin_audit::host_rules;
use chitin_build::Strings;

use super::{AuthorError, files};
use chitin_model::component_info::ComponentInfo;
use chitin_model::manifest::Manifest;
use chitin_runtime::limits::Limits;
use chitin_runtime::worker::Setup;
use chitin_runtime::{Catalogue, Foreign, Module, Runner};
use tokio_util::sync::CancellationToken;

/// The largest component that is read.
pub const MAX_COMPONENT: u64 = 64 << 20;

const MAX_MANIFEST: u64 = 1 << 20;

/// A component that would be loaded.
pub struct Made {
    /// What the file is called, without its ending.
    pub name: String,
    pub bytes: Vec<u8>,
    pub manifest: Manifest,
}

/// Compiles a crate.
pub fn build(directory: &Path, target_dir: Option<PathBuf>) -> Result<Made, AuthorError> {
    let failed = |error: anyhow::Error| AuthorError::Build(format!("{error:#}"));
    let directory =
        directory.canonicalize().map_err(|error| AuthorError::file(directory, &error))?;
    let target_dir = target_dir.unwrap_or_else(|| directory.join("target"));
    let toolchain = chitin_build::Toolchain::find().map_err(failed)?;
    let crates = [directory];
    let mut built = chitin_build::build(&toolchain, &crates, &target_dir).map_err(failed)?;
    let Some(built) = built.pop() else {
        return Err(AuthorError::Build("nothing was built".to_owned()));
    };
    made(built.package, built.component)
}

/// Gives a component of any tool its manifest, or makes a component of a core module whose imports and exports are the
/// contract's.
pub fn wrap(binary: &Path, manifest: &Path, strings: Strings) -> Result<Made, AuthorError> {
    let failed = |error: anyhow::Error| AuthorError::Build(format!("{error:#}"));
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
    made(stem.into_owned(), component)
}

/// Whether a bindings generator has put the contract's types into a core module.
fn has_types(module: &[u8]) -> bool {
    wasmparser::Parser::new(0).parse_all(module).any(|payload| {
        matches!(payload, Ok(wasmparser::Payload::CustomSection(section))
            if section.name().starts_with("component-type"))
    })
}

/// Looks a component over: its manifest, its imports by name, and whether the engine takes it.
fn made(name: String, bytes: Vec<u8>) -> Result<Made, AuthorError> {
    let manifest = Manifest::of_component(&bytes)
        .map_err(|source| AuthorError::Manifest { name: name.clone(), source })?;
    refuse_foreign_imports(&name, &bytes)?;
    let runner = Runner::new(Limits::default(), Setup::default(), CancellationToken::new())?;
    // The author's own, made a moment ago: it may be compiled in this process.
    let component = [(name.as_str(), bytes.as_slice())];
    for module in Catalogue::of_components(host_rules::reserved(), component)?.modules() {
        runner.prepare(module)?;
    }
    Ok(Made { name, bytes, manifest })
}

fn refuse_foreign_imports(name: &str, bytes: &[u8]) -> Result<(), AuthorError> {
    let info = ComponentInfo::of_component(bytes)
        .map_err(|source| AuthorError::Manifest { name: name.to_owned(), source })?;
    let foreign = info.foreign_imports();
    if foreign.is_empty() {
        return Ok(());
    }
    let imports = foreign.into_iter().map(|import| format!("`{import}`")).collect();
    Err(AuthorError::ForeignImports { name: name.to_owned(), imports })
}

/// Writes a module's file.
pub fn write(made: &Made, path: &Path) -> Result<(), AuthorError> {
    files::write(path, &made.bytes)
}

/// Reads a module's file.
pub fn read(path: &Path) -> Result<Vec<u8>, AuthorError> {
    files::read(path, MAX_COMPONENT)
}

/// A module of bytes. Its code is compiled when it runs, in a worker.
pub fn module(name: &str, bytes: &[u8]) -> Result<Module, AuthorError> {
    Ok(Module::from(Foreign::read(name, bytes.into())?))
}

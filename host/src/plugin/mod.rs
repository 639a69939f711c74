//! Runs modules: reads manifests, loads components, gives each a store with limits and a view, and keeps what it said.
//!
//! Built-in modules get no exemption from anything here.

mod compiled;
mod contract_v0_1;
mod embedded;
mod engine;
pub mod file_names;
pub mod grants_in_words;
mod guest;
mod leisure;
pub mod limits;
pub mod manifest;
mod meter;
pub mod outside;
mod reported;
mod run;
mod scanner;
mod scanner_v0_1;

use std::collections::BTreeMap;
use std::sync::Arc;

use thiserror::Error;
use wasmtime::component::{Component, InstancePre, Linker};
use wasmtime::{Engine, Trap};

pub use self::run::{Clock, Outcome, Prepared, Runner};
pub(crate) use self::scanner::{Reading, Scanner, Subject};
use crate::own;
use crate::trust::Standing;
use guest::Guest;
use manifest::{Manifest, ManifestError};
use outside::Outside;

/// The package whose interfaces a module may import.
const CONTRACT: &str = "chitin:audit/";

/// Why a guest was stopped that did nothing wrong.
pub(crate) const INTERRUPTED: &str = "interrupted";

/// Whoever waits for the run wants it to end.
#[derive(Debug, Error)]
#[error("{INTERRUPTED}")]
struct Interrupted;

#[derive(Debug, Error)]
pub enum LoadError {
    #[error("module {module}: {source}")]
    Manifest { module: String, source: ManifestError },
    #[error(
        "module {module} imports `{import}`; a check may import nothing but {CONTRACT}* of a version that this program speaks"
    )]
    ForeignImport { module: String, import: String },
    #[error(
        "module {0} is put together of several components; a check is one component with one memory"
    )]
    Composed(String),
    #[error("modules {first} and {second} both declare the rule `{rule}`")]
    DuplicateRule { first: String, second: String, rule: String },
    #[error("modules share the id `{0}`")]
    DuplicateModule(String),
    #[error("modules {0} and {1} are both scanners of code")]
    TwoScanners(String, String),
    #[error("module {module} imports `{import}`; a scanner of code imports nothing")]
    ScannerImport { module: String, import: String },
    #[error("module {module} does not load: {reason}")]
    Engine { module: String, reason: String },
    #[error("this program was built without its checks")]
    NoChecks,
    #[error("the WebAssembly engine does not start on this machine: {0}")]
    NoEngine(String),
}

/// A module whose manifest has been read.
#[derive(Clone)]
pub struct Module {
    pub manifest: Arc<Manifest>,
    source: Source,
}

/// Where a module's bytes come from.
#[derive(Clone)]
enum Source {
    BuiltIn(&'static embedded::Embedded),
    Given(Arc<[u8]>),
}

/// The modules of a run, in id order. Only manifests are read; nothing is compiled.
pub struct Catalogue {
    modules: Vec<Module>,
    standing: Standing,
}

impl Catalogue {
    /// The modules that this program carries.
    pub fn built_in() -> Result<Self, LoadError> {
        if embedded::MODULES.is_empty() {
            return Err(LoadError::NoChecks);
        }
        let modules = embedded::MODULES
            .iter()
            .map(|module| {
                Ok(Module {
                    manifest: read_manifest("built into chitin", module.component)?,
                    source: Source::BuiltIn(module),
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        Self::new(modules)
    }

    /// A catalogue of components given as bytes, for tests.
    pub fn of_components<'c>(
        components: impl IntoIterator<Item = (&'c str, &'c [u8])>,
    ) -> Result<Self, LoadError> {
        let modules = components
            .into_iter()
            .map(|(name, component)| {
                Ok(Module {
                    manifest: read_manifest(name, component)?,
                    source: Source::Given(component.into()),
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        Self::new(modules)
    }

    /// Both catalogues' modules together.
    pub fn and(self, other: Self) -> Result<Self, LoadError> {
        let standing = self.standing;
        let both = Self::new(self.modules.into_iter().chain(other.modules).collect())?;
        Ok(both.with_standing(standing))
    }

    /// The same modules, with what there is to say about installed ones.
    #[must_use]
    pub fn with_standing(self, standing: Standing) -> Self {
        Self { standing, ..self }
    }

    pub fn standing(&self) -> &Standing {
        &self.standing
    }

    fn new(mut modules: Vec<Module>) -> Result<Self, LoadError> {
        modules.sort_by(|one, other| one.manifest.id.cmp(&other.manifest.id));
        let own = own::rules().iter().map(|rule| (rule.id.as_str(), own::MODULE));
        let mut owners: BTreeMap<&str, &str> = own.collect();
        let (mut previous, mut scanner) = (None, None);
        for module in &modules {
            let id = module.manifest.id.as_str();
            if previous.replace(id) == Some(id) {
                return Err(LoadError::DuplicateModule(id.to_owned()));
            }
            if module.manifest.scanner.is_some()
                && let Some(first) = scanner.replace(id)
            {
                return Err(LoadError::TwoScanners(first.to_owned(), id.to_owned()));
            }
            for rule in &module.manifest.rules {
                if let Some(first) = owners.insert(&rule.id, id) {
                    return Err(LoadError::DuplicateRule {
                        first: first.to_owned(),
                        second: id.to_owned(),
                        rule: rule.id.clone(),
                    });
                }
            }
        }
        Ok(Self { modules, standing: Standing::default() })
    }

    pub fn modules(&self) -> &[Module] {
        &self.modules
    }

    /// The modules that an audit runs.
    pub fn checks(&self) -> impl Iterator<Item = &Module> {
        self.modules.iter().filter(|module| module.manifest.scanner.is_none())
    }

    /// The module that reads code.
    pub fn scanner(&self) -> Option<&Module> {
        self.modules.iter().find(|module| module.manifest.scanner.is_some())
    }
}

fn read_manifest(name: &str, component: &[u8]) -> Result<Arc<Manifest>, LoadError> {
    Manifest::of_component(component)
        .map(Arc::new)
        .map_err(|source| LoadError::Manifest { module: name.to_owned(), source })
}

impl Module {
    fn failed(&self, error: &wasmtime::Error) -> LoadError {
        LoadError::Engine { module: self.manifest.id.clone(), reason: first_line(error) }
    }

    /// Takes or makes its machine code.
    fn component(&self, engine: &Engine) -> Result<Component, LoadError> {
        match &self.source {
            Source::BuiltIn(module) => compiled::load(engine, module),
            Source::Given(component) => {
                self.refuse_composed(component)?;
                Component::new(engine, component)
            }
        }
        .map_err(|error| self.failed(&error))
    }

    fn refuse_composed(&self, component: &[u8]) -> Result<(), LoadError> {
        let outside = Outside::of_component(component)
            .map_err(|source| LoadError::Manifest { module: self.manifest.id.clone(), source })?;
        if outside.is_composed() {
            return Err(LoadError::Composed(self.manifest.id.clone()));
        }
        Ok(())
    }

    /// Checks the imports by name and links them.
    fn link(
        &self,
        engine: &Engine,
        linker: &Linker<Guest>,
    ) -> Result<InstancePre<Guest>, LoadError> {
        let component = self.component(engine)?;
        let ty = component.component_type();
        if let Some((import, _)) = ty.imports(engine).find(|(import, _)| !is_ours(import)) {
            return Err(LoadError::ForeignImport {
                module: self.manifest.id.clone(),
                import: import.to_owned(),
            });
        }
        linker.instantiate_pre(&component).map_err(|error| self.failed(&error))
    }
}

/// Whether an import is an interface of the contract in the version spoken here.
fn is_ours(import: &str) -> bool {
    import
        .strip_prefix(CONTRACT)
        .and_then(|rest| rest.split_once('@'))
        .is_some_and(|(_, version)| version == manifest::WIT_VERSION)
}

/// The outermost message, without a chain or a backtrace.
fn first_line(error: &wasmtime::Error) -> String {
    error.to_string().lines().next().unwrap_or("no reason given").to_owned()
}

/// A trap in words.
fn describe_trap(error: &wasmtime::Error) -> String {
    if let Some(reached) = error.downcast_ref::<limits::Reached>() {
        return reached.to_string();
    }
    if error.is::<Interrupted>() {
        return INTERRUPTED.to_owned();
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::UnreachableCodeReached) => "it panicked".to_owned(),
        Some(Trap::StackOverflow) => "its stack overflowed".to_owned(),
        Some(trap) => format!("it trapped: {trap}"),
        None => format!("it failed: {}", first_line(error)),
    }
}

//! Runs modules: reads manifests, loads components, gives each a store with limits and a view, and keeps what it said.
//!
//! Built-in modules get no exemption from anything here.

mod compiled;
mod contract_v0_1;
mod embedded;
mod engine;
mod execute;
mod failure;
pub mod file_names;
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
pub mod worker;

use std::sync::Arc;

use thiserror::Error;
use wasmtime::Engine;
use wasmtime::component::Component;

pub use self::run::{Clock, Outcome, Prepared, Runner};
pub(crate) use self::scanner::{Reading, Scanner, Subject};
use crate::own;
use failure::LoadFailure;
use manifest::{Manifest, ManifestError, Rule};
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
    /// Compiled and run in this process: for tests of the sandbox itself.
    Given(Arc<[u8]>),
    /// Somebody else's: compiled and run in workers, and nowhere else.
    Foreign(Arc<[u8]>),
    /// Not to be run, with the reason.
    Refused(String),
}

/// A component that is not built in, with the manifest that was read from these very bytes.
#[derive(Clone)]
pub struct Foreign {
    component: Arc<[u8]>,
    manifest: Arc<Manifest>,
}

impl Foreign {
    /// Reads the manifest. `name` is what the component is called if that fails.
    pub fn read(name: &str, component: Arc<[u8]>) -> Result<Self, LoadError> {
        let manifest = read_manifest(name, &component)?;
        Ok(Self { component, manifest })
    }

    /// One whose manifest was read from these very bytes before.
    pub(crate) fn of(component: Arc<[u8]>, manifest: Arc<Manifest>) -> Self {
        Self { component, manifest }
    }

    pub fn manifest(&self) -> &Arc<Manifest> {
        &self.manifest
    }
}

/// The modules of a run, in id order. Only manifests are read; nothing is compiled.
pub struct Catalogue {
    modules: Vec<Module>,
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

    /// A catalogue of modules that run in workers.
    pub fn of_foreign(modules: impl IntoIterator<Item = Foreign>) -> Result<Self, LoadError> {
        Self::new(modules.into_iter().map(Module::from).collect())
    }

    /// Both catalogues' modules together.
    pub fn and(self, other: Self) -> Result<Self, LoadError> {
        Self::new(self.modules.into_iter().chain(other.modules).collect())
    }

    /// These modules too. One that takes the place of another, or a rule of another, costs nobody else anything: it
    /// does not run, the reason stands in the report, and rules that are not its own are taken from it.
    #[must_use]
    pub fn admit(mut self, foreign: impl IntoIterator<Item = Foreign>) -> Self {
        for foreign in foreign {
            let module = match self.clash(&foreign.manifest) {
                None => Module::from(foreign),
                Some(clash) => self.refused(&foreign.manifest, &clash),
            };
            self.modules.push(module);
        }
        self.modules.sort_by(|one, other| one.manifest.id.cmp(&other.manifest.id));
        self
    }

    fn new(mut modules: Vec<Module>) -> Result<Self, LoadError> {
        modules.sort_by(|one, other| one.manifest.id.cmp(&other.manifest.id));
        let mut catalogue = Self { modules: Vec::new() };
        for module in modules {
            if let Some(clash) = catalogue.clash(&module.manifest) {
                return Err(clash);
            }
            catalogue.modules.push(module);
        }
        Ok(catalogue)
    }

    /// All rules that are declared, with their owners.
    fn rules(&self) -> impl Iterator<Item = (&str, &Rule)> {
        let own = own::rules().iter().map(|rule| (own::MODULE, rule));
        own.chain(self.modules.iter().flat_map(|module| {
            module.manifest.rules.iter().map(|rule| (module.manifest.id.as_str(), rule))
        }))
    }

    /// The owner of a rule that the same id could be of.
    fn owner(&self, rule: &Rule) -> Option<&str> {
        self.rules().find_map(|(owner, known)| known.meets(rule).then_some(owner))
    }

    /// Why a module cannot stand beside those that are here.
    fn clash(&self, manifest: &Manifest) -> Option<LoadError> {
        let id = &manifest.id;
        if self.modules.iter().any(|module| module.manifest.id == *id) {
            return Some(LoadError::DuplicateModule(id.clone()));
        }
        if let (Some(_), Some(first)) = (&manifest.scanner, self.scanner()) {
            return Some(LoadError::TwoScanners(first.manifest.id.clone(), id.clone()));
        }
        manifest.rules.iter().find_map(|rule| {
            let first = self.owner(rule)?.to_owned();
            Some(LoadError::DuplicateRule { first, second: id.clone(), rule: rule.id.clone() })
        })
    }

    /// A module that is accounted for and does not run.
    fn refused(&self, manifest: &Manifest, clash: &LoadError) -> Module {
        let mut manifest = manifest.clone();
        // It takes no place at all, not even that of the scanner.
        manifest.scanner = None;
        manifest.rules.retain(|rule| self.owner(rule).is_none());
        Module { manifest: manifest.into(), source: Source::Refused(clash.to_string()) }
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

impl From<Foreign> for Module {
    fn from(foreign: Foreign) -> Self {
        Self { manifest: foreign.manifest, source: Source::Foreign(foreign.component) }
    }
}

impl Module {
    /// The component as it came; none for one that does not run.
    pub fn bytes(&self) -> Option<&[u8]> {
        match &self.source {
            Source::BuiltIn(module) => Some(module.component),
            Source::Given(component) | Source::Foreign(component) => Some(component),
            Source::Refused(_) => None,
        }
    }

    /// Takes or makes its machine code.
    fn component(&self, engine: &Engine) -> Result<Component, LoadError> {
        let component = match &self.source {
            Source::BuiltIn(module) => compiled::load(engine, module),
            Source::Given(component) => {
                self.refuse_composed(component)?;
                Component::new(engine, component)
            }
            Source::Foreign(_) | Source::Refused(_) => {
                Err(wasmtime::Error::msg("it may not run in this process"))
            }
        };
        component.map_err(|error| LoadFailure::of(&error).of_module(&self.manifest.id))
    }

    fn refuse_composed(&self, component: &[u8]) -> Result<(), LoadError> {
        let outside = Outside::of_component(component)
            .map_err(|source| LoadError::Manifest { module: self.manifest.id.clone(), source })?;
        if outside.is_composed() {
            return Err(LoadError::Composed(self.manifest.id.clone()));
        }
        Ok(())
    }
}

//! The modules of a run: where their bytes come from, and which of them can stand beside each other. Only manifests are
//! read here; nothing is compiled before a module runs.

use std::sync::Arc;

use chitin_model::component_info::ComponentInfo;
use chitin_model::finding::Origin;
use chitin_model::manifest::{Manifest, Rule};
use wasmtime::Engine;
use wasmtime::component::Component;

use super::LoadError;
use super::failure::LoadFailure;
use super::precompiled::{self, Embedded};

/// A module whose manifest has been read.
#[derive(Clone)]
pub struct Module {
    pub manifest: Arc<Manifest>,
    pub(crate) source: Source,
}

/// Where a module's bytes come from.
#[derive(Clone)]
pub(crate) enum Source {
    BuiltIn(&'static Embedded),
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
    pub fn of(component: Arc<[u8]>, manifest: Arc<Manifest>) -> Self {
        Self { component, manifest }
    }

    pub fn manifest(&self) -> &Arc<Manifest> {
        &self.manifest
    }
}

/// The modules of a run, in id order. Only manifests are read; nothing is compiled.
pub struct Catalogue {
    modules: Vec<Module>,
    host: HostRules,
}

/// The rules of the host itself, which no module may declare, and the name they have in place of a module's.
#[derive(Debug, Clone, Copy)]
pub struct HostRules {
    pub owner: &'static str,
    pub rules: &'static [Rule],
}

impl Catalogue {
    /// The modules that this program carries.
    pub fn built_in(carried: &'static [Embedded], host: HostRules) -> Result<Self, LoadError> {
        if carried.is_empty() {
            return Err(LoadError::NoChecks);
        }
        let modules = carried
            .iter()
            .map(|module| {
                Ok(Module {
                    manifest: read_manifest("built into chitin", module.component())?,
                    source: Source::BuiltIn(module),
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        Self::new(host, modules)
    }

    /// A catalogue of components given as bytes, for tests.
    pub fn of_components<'c>(
        host: HostRules,
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
        Self::new(host, modules)
    }

    /// A catalogue of modules that run in workers.
    pub fn of_foreign(
        host: HostRules,
        modules: impl IntoIterator<Item = Foreign>,
    ) -> Result<Self, LoadError> {
        Self::new(host, modules.into_iter().map(Module::from).collect())
    }

    /// Both catalogues' modules together.
    pub fn and(self, other: Self) -> Result<Self, LoadError> {
        Self::new(self.host, self.modules.into_iter().chain(other.modules).collect())
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

    fn new(host: HostRules, mut modules: Vec<Module>) -> Result<Self, LoadError> {
        modules.sort_by(|one, other| one.manifest.id.cmp(&other.manifest.id));
        let mut catalogue = Self { modules: Vec::new(), host };
        for module in modules {
            if let Some(clash) = catalogue.clash(&module.manifest) {
                return Err(clash);
            }
            catalogue.modules.push(module);
        }
        Ok(catalogue)
    }

    /// All rules that are declared, with their owners.
    pub fn rules(&self) -> impl Iterator<Item = (&str, &Rule)> {
        let own = self.host.rules.iter().map(|rule| (self.host.owner, rule));
        own.chain(self.modules.iter().flat_map(|module| {
            module.manifest.rules.iter().map(|rule| (module.manifest.id.as_str(), rule))
        }))
    }

    /// The owner of a rule that the same id could be of.
    fn owner(&self, rule: &Rule) -> Option<&str> {
        self.rules()
            .find_map(|(owner, known)| known.pattern().overlaps(rule.pattern()).then_some(owner))
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
    /// Whose findings its findings are.
    pub fn origin(&self) -> Origin {
        match self.source {
            Source::BuiltIn(_) => Origin::BuiltIn,
            Source::Given(_) | Source::Foreign(_) | Source::Refused(_) => Origin::ThirdParty,
        }
    }

    /// The component as it came; none for one that does not run.
    pub fn bytes(&self) -> Option<&[u8]> {
        match &self.source {
            Source::BuiltIn(module) => Some(module.component()),
            Source::Given(component) | Source::Foreign(component) => Some(component),
            Source::Refused(_) => None,
        }
    }

    /// Takes or makes its machine code.
    pub(crate) fn component(&self, engine: &Engine) -> Result<Component, LoadError> {
        let component = match &self.source {
            Source::BuiltIn(module) => precompiled::load(engine, module),
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

    pub(crate) fn refuse_composed(&self, component: &[u8]) -> Result<(), LoadError> {
        let info = ComponentInfo::of_component(component)
            .map_err(|source| LoadError::Manifest { module: self.manifest.id.clone(), source })?;
        if info.is_composed() {
            return Err(LoadError::Composed(self.manifest.id.clone()));
        }
        Ok(())
    }
}

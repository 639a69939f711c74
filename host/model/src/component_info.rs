//! A component seen from outside, without compiling anything: what it imports, and of how many components it is made.

use wasmparser::{Parser, Payload};

use super::manifest::{self, ManifestError};

/// The package whose interfaces a module may import.
pub const CONTRACT: &str = "chitin:audit/";

/// Whether an import is an interface of the contract in the version this program supports.
pub fn is_contract_import(import: &str) -> bool {
    import
        .strip_prefix(CONTRACT)
        .and_then(|rest| rest.split_once('@'))
        .is_some_and(|(_, version)| version == manifest::WIT_VERSION)
}

/// The outside of a component.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ComponentInfo {
    /// The names of everything that it imports, in its own order.
    pub imports: Vec<String>,
    /// Components with code, itself among them.
    coded: usize,
}

impl ComponentInfo {
    pub fn of_component(component: &[u8]) -> Result<Self, ManifestError> {
        let failed = |error: wasmparser::BinaryReaderError| {
            ManifestError::NotAComponent(error.message().to_owned())
        };
        let mut outside = Self::default();
        // For each component or core module that is open: whether it has code of its own.
        let mut open: Vec<bool> = Vec::new();
        for payload in Parser::new(0).parse_all(component) {
            match payload.map_err(failed)? {
                Payload::Version { .. } => open.push(false),
                Payload::End(_) => {
                    outside.coded += usize::from(open.pop() == Some(true));
                }
                Payload::ModuleSection { .. } => {
                    if let Some(coded) = open.last_mut() {
                        *coded = true;
                    }
                }
                // Components have parts that import from each other; what counts is the outermost.
                Payload::ComponentImportSection(section) if open.len() == 1 => {
                    for import in section {
                        outside.imports.push(import.map_err(failed)?.name.name.to_owned());
                    }
                }
                _ => {}
            }
        }
        Ok(outside)
    }

    /// Imports that are no interface of the contract. A component with one of them is not loaded.
    pub fn foreign_imports(&self) -> Vec<&str> {
        self.imports
            .iter()
            .map(String::as_str)
            .filter(|import| !is_contract_import(import))
            .collect()
    }

    /// Whether several components were put together. They would pass data between their memories, for which the engine
    /// here has no instructions: it gives a module one memory.
    pub fn is_composed(&self) -> bool {
        self.coded > 1
    }
}

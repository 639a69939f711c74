//! One module's view of a live run: the run's inputs and the module's grants. What a call may answer from them is
//! decided in [`crate::calls`].

use std::sync::Arc;

use chitin_model::finding::{Location, ResolvedLocation};
use chitin_model::grants::{Grants, Level};
use futures_util::future::join;

use crate::code_scan::{CodeScan, ScanBudget};
use crate::inputs::Inputs;
use crate::refusal::Answer;

/// The name by which the config's problems are granted.
pub(crate) const CONFIG_PROBLEMS: &str = "config-problems";

/// A view of a live run.
pub struct LiveView {
    inputs: Arc<Inputs>,
    grants: Grants,
    scanned: ScanBudget,
}

impl LiveView {
    pub(crate) fn new(inputs: Arc<Inputs>, grants: Grants) -> Self {
        Self { inputs, grants, scanned: ScanBudget::default() }
    }

    pub(crate) fn inputs(&self) -> &Inputs {
        &self.inputs
    }

    pub(crate) fn grants(&self) -> &Grants {
        &self.grants
    }

    /// Gathers the granted facts that take long, before the module's time begins to run.
    pub(crate) async fn prepare(&self) {
        let containers = async {
            if self.grants.allow_fact("browser-containers", None) {
                self.inputs.ask_for_containers().await;
            }
        };
        let gateway = async {
            if self.grants.allow_fact("gateway-probe", None) {
                self.inputs.ask_the_gateway().await;
            }
        };
        join(containers, gateway).await;
    }

    pub(crate) fn scan(&self, root: &str, path: &str, entries: &[String]) -> Answer<CodeScan> {
        self.inputs.scan(root, path, entries, &self.scanned)
    }

    /// A text with everything blanked out that is or looks like a secret.
    pub(crate) fn blank(&self, text: &str) -> String {
        self.inputs.sealer().blank(text)
    }

    /// A text with known secrets blanked out.
    pub(crate) fn blank_known(&self, text: &str) -> String {
        self.inputs.sealer().blank_known(text)
    }

    /// The position of a location, or why it is not accepted.
    pub(crate) fn locate(&self, location: &Location) -> Result<ResolvedLocation, String> {
        match location {
            Location::Config(pointer) => {
                if !self.grants.allow_config(pointer) {
                    return Err(format!("a place in the config outside its grants, `{pointer}`"));
                }
                let real = self
                    .inputs
                    .sealed_config()
                    .map_or_else(|_| pointer.clone(), |sealed| sealed.real_pointer(pointer));
                // A key that is a secret is shown by the name that the module knows it by.
                Ok(ResolvedLocation {
                    pointer: Some(pointer.clone()),
                    ..self.inputs.position(&real)
                })
            }
            Location::File { root, path, line } => {
                if !self.grants.allow_file(root, path, Level::Metadata) {
                    return Err(format!("a file outside its grants, `{root}:{path}`"));
                }
                let file = self
                    .inputs
                    .roots()
                    .describe(root, path)
                    .map_err(|error| format!("a file that cannot be: {error}"))?;
                Ok(ResolvedLocation {
                    pointer: None,
                    file: Some(file),
                    line: line.and_then(|line| usize::try_from(line).ok()),
                    column: None,
                })
            }
            Location::Problem(index) => {
                let problem = usize::try_from(*index)
                    .ok()
                    .filter(|_| self.grants.allow_fact(CONFIG_PROBLEMS, None))
                    .and_then(|index| self.inputs.config().problems.get(index))
                    .ok_or("a problem that does not exist")?;
                Ok(ResolvedLocation {
                    pointer: None,
                    file: Some(problem.path.display().to_string()),
                    line: problem.position.map(|position| position.line),
                    column: problem.position.map(|position| position.column),
                })
            }
        }
    }
}

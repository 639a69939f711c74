//! From a symbolic place to one that a person can go to. A place must be within the module's grants.

use super::Window;
use chitin_model::finding::{Location, Position};
use chitin_model::grants::{Fact, Level};

impl Window {
    /// The position of a location, or why it is not accepted.
    pub(super) fn locate(&self, location: &Location) -> Result<Position, String> {
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
                Ok(Position { pointer: Some(pointer.clone()), ..self.inputs.position(&real) })
            }
            Location::File { root, path, line } => {
                if !self.grants.allow_file(root, path, Level::Metadata) {
                    return Err(format!("a file outside its grants, `{root}:{path}`"));
                }
                let file = self
                    .inputs
                    .roots()
                    .describe(root, path)
                    .map_err(|error| format!("a file that is none: {error}"))?;
                Ok(Position {
                    pointer: None,
                    file: Some(file),
                    line: line.and_then(|line| usize::try_from(line).ok()),
                    column: None,
                })
            }
            Location::Problem(index) => {
                let problem = usize::try_from(*index)
                    .ok()
                    .filter(|_| self.grants.allow_fact(&Fact::ConfigProblems))
                    .and_then(|index| self.inputs.config().problems.get(index))
                    .ok_or("a problem that there is not")?;
                Ok(Position {
                    pointer: None,
                    file: Some(problem.path.display().to_string()),
                    line: problem.position.map(|position| position.line),
                    column: problem.position.map(|position| position.column),
                })
            }
        }
    }
}

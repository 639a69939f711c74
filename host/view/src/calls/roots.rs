//! The roots that something is granted of, with their paths.

use serde::{Deserialize, Serialize};

use chitin_contract::files::Root;

use super::{Call, Grant};
use crate::live::LiveView;
use crate::refusal::Answer;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roots {}

impl Call for Roots {
    type Reply = Vec<Root>;

    fn grant(&self) -> Grant<'_> {
        Grant::Filtered
    }

    fn answer(&self, view: &LiveView) -> Answer<Self::Reply> {
        let inputs = view.inputs();
        let mut roots: Vec<Root> = inputs
            .roots()
            .iter()
            .filter(|(name, _)| view.grants().allow_root(name))
            .map(|(name, path)| Root { name: name.to_owned(), path: path.display().to_string() })
            // A name may be a secret, where an agent is called by one: what it names is then shown to nobody.
            .filter(|root| view.blank(&root.name) == root.name)
            .filter(|root| view.blank_known(&root.path) == root.path)
            .collect();
        roots.sort_by(|one, other| (&one.name, &one.path).cmp(&(&other.name, &other.path)));
        Ok(roots)
    }
}

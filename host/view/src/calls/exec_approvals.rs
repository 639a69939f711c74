//! The exec approvals document, sealed.

use serde::{Deserialize, Serialize};

use chitin_collect::facts::{Document, exec_approvals};

use super::{Call, Grant};
use crate::live::LiveView;
use crate::recording;
use crate::refusal::{Answer, of_fact};

/// Where the approvals are that are not in the state database yet.
const DOCUMENTS: &[Document] = &[
    Document { root: "state", path: "exec-approvals.json" },
    Document { root: "home-state", path: "exec-approvals.json" },
];

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExecApprovals {}

impl Call for ExecApprovals {
    type Reply = Option<String>;

    fn grant(&self) -> Grant<'_> {
        Grant::Fact
    }

    fn answer(&self, view: &LiveView) -> Answer<Self::Reply> {
        let inputs = view.inputs();
        let exists = |name: &str| inputs.roots().iter().any(|(root, _)| root == name);
        let documents: Vec<_> = DOCUMENTS.iter().filter(|at| exists(at.root)).copied().collect();
        let database = &inputs.collected().database;
        let found = exec_approvals(database, inputs.roots(), &documents).map_err(of_fact)?;
        Ok(found.map(|document| inputs.sealer().seal_json(&document).to_string()))
    }

    fn record(reply: &Self::Reply) -> serde_json::Result<serde_json::Value> {
        recording::record_document(reply.as_deref())
    }

    fn replay(recorded: serde_json::Value) -> serde_json::Result<Self::Reply> {
        Ok(recording::replay_document(&recorded))
    }
}

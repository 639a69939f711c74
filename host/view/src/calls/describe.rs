//! The full path of a file, for a report.

use serde::{Deserialize, Serialize};

use chitin_model::grants::Level;

use super::{Call, Grant};
use crate::live::LiveView;
use crate::refusal::{Answer, of_files};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Describe {
    pub root: String,
    pub path: String,
}

impl Call for Describe {
    type Reply = String;

    fn grant(&self) -> Grant<'_> {
        Grant::File { root: &self.root, path: &self.path, level: Level::Metadata }
    }

    fn answer(&self, view: &LiveView) -> Answer<Self::Reply> {
        view.inputs().roots().describe(&self.root, &self.path).map_err(|error| of_files(&error))
    }
}

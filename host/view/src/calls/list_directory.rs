//! The names in a directory.

use serde::{Deserialize, Serialize};

use chitin_contract::files::{Entry, Listing};
use chitin_model::grants::Level;

use super::stat::kind;
use super::{Call, Grant};
use crate::live::LiveView;
use crate::refusal::{Answer, of_files};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListDirectory {
    pub root: String,
    pub path: String,
}

impl Call for ListDirectory {
    type Reply = Option<Listing>;

    fn grant(&self) -> Grant<'_> {
        Grant::File { root: &self.root, path: &self.path, level: Level::Metadata }
    }

    fn answer(&self, view: &LiveView) -> Answer<Self::Reply> {
        let found = view.inputs().roots().list(&self.root, &self.path);
        Ok(found.map_err(|error| of_files(&error))?.map(|listing| Listing {
            entries: listing
                .entries
                .into_iter()
                .map(|entry| Entry { name: entry.name, kind: kind(entry.kind) })
                .collect(),
            complete: listing.complete,
        }))
    }
}

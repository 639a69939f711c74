//! What is known of a file without opening it.

use serde::{Deserialize, Serialize};

use chitin_contract::files::{AclEntry, Kind, Link, Metadata};
use chitin_fs::files;
use chitin_model::grants::Level;

use super::{Call, Grant};
use crate::live::LiveView;
use crate::refusal::{Answer, of_files};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stat {
    pub root: String,
    pub path: String,
}

impl Call for Stat {
    type Reply = Option<Metadata>;

    fn grant(&self) -> Grant<'_> {
        Grant::File { root: &self.root, path: &self.path, level: Level::Metadata }
    }

    fn answer(&self, view: &LiveView) -> Answer<Self::Reply> {
        let found = view.inputs().roots().stat(&self.root, &self.path);
        Ok(found.map_err(|error| of_files(&error))?.map(metadata))
    }
}

/// The contract's words for what the file system says.
fn metadata(found: files::Metadata) -> Metadata {
    Metadata {
        kind: kind(found.kind),
        mode: found.mode,
        uid: found.uid,
        gid: found.gid,
        size: found.size,
        hard_links: found.hard_links,
        link: found.link.map(|link| Link {
            target: link.target,
            resolved: link.resolved,
            inside: link.inside,
            target_kind: link.target_kind.map(kind),
            target_mode: link.target_mode,
        }),
        acl: found.acl.map(|entries| {
            entries
                .into_iter()
                .map(|entry| AclEntry { principal: entry.principal, rights: entry.rights })
                .collect()
        }),
    }
}

pub(super) fn kind(kind: files::FileKind) -> Kind {
    match kind {
        files::FileKind::File => Kind::File,
        files::FileKind::Directory => Kind::Directory,
        files::FileKind::Symlink => Kind::Symlink,
        files::FileKind::Special => Kind::Special,
    }
}

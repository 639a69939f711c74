//! What is known of a file without opening it.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    File,
    Directory,
    Symlink,
    /// A fifo, socket or device.
    Special,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub target: String,
    /// The real path, if everything on the way exists.
    pub resolved: Option<String>,
    /// Whether the real path is below the root's real path.
    pub inside: bool,
    pub target_kind: Option<Kind>,
    pub target_mode: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AclEntry {
    pub principal: String,
    pub rights: String,
}

/// Of the thing itself: for a link, of the link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    pub kind: Kind,
    pub mode: Option<u32>,
    pub uid: Option<u32>,
    pub gid: Option<u32>,
    pub size: u64,
    pub hard_links: u64,
    pub link: Option<Link>,
    pub acl: Option<Vec<AclEntry>>,
}

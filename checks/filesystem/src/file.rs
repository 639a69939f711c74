//! A file or directory as the rules see it: what it is and what other accounts may do with it. Nothing is reported here.

use chitin_sdk::{Host, Kind, Metadata, Refusal};

use crate::access::Access;
use crate::acl;

/// A file or directory that exists.
#[derive(Debug)]
pub(crate) struct File<'t> {
    pub(crate) root: &'t str,
    pub(crate) path: &'t str,
    /// The full path.
    pub(crate) shown: String,
    pub(crate) is_symlink: bool,
    /// Also for a link to a directory.
    pub(crate) is_directory: bool,
    /// None if they are not available.
    pub(crate) permissions: Option<Permissions>,
}

/// What other accounts may do, and where that is known from.
#[derive(Debug)]
pub(crate) struct Permissions {
    pub(crate) access: Access,
    pub(crate) source: Source,
}

#[derive(Debug)]
pub(crate) enum Source {
    /// The lowest nine bits.
    Mode(u32),
    /// Entries as text.
    Acl(String),
}

/// None if the path does not exist.
pub(crate) fn inspect<'t>(
    host: &dyn Host,
    root: &'t str,
    path: &'t str,
) -> Result<Option<File<'t>>, Refusal> {
    let Some(metadata) = host.stat(root, path)? else {
        return Ok(None);
    };
    let kind = match &metadata.link {
        Some(link) => link.target_kind,
        None => Some(metadata.kind),
    };
    Ok(Some(File {
        root,
        path,
        shown: host.describe(root, path)?,
        is_symlink: metadata.kind == Kind::Symlink,
        is_directory: kind == Some(Kind::Directory),
        permissions: permissions(host, &metadata)?,
    }))
}

fn permissions(host: &dyn Host, metadata: &Metadata) -> Result<Option<Permissions>, Refusal> {
    if let Some(mode) = mode(metadata) {
        let bits = mode & 0o777;
        return Ok(Some(Permissions { access: Access::of_mode(bits), source: Source::Mode(bits) }));
    }
    let Some(entries) = &metadata.acl else {
        return Ok(None);
    };
    let (access, summary) = acl::access_and_summary(entries, &users(host)?);
    Ok(Some(Permissions { access, source: Source::Acl(summary) }))
}

/// The mode that counts: that of a link's target, or of the link itself when it is dangling.
fn mode(metadata: &Metadata) -> Option<u32> {
    match &metadata.link {
        Some(link) if link.resolved.is_some() => link.target_mode,
        _ => metadata.mode,
    }
}

/// The audited user's account names. On Windows a home directory has the name of its account.
fn users(host: &dyn Host) -> Result<Vec<String>, Refusal> {
    Ok(host
        .homes()?
        .iter()
        .filter_map(|home| home.rsplit(['/', '\\']).find(|part| !part.is_empty()))
        .map(str::to_owned)
        .collect())
}

#[cfg(test)]
mod tests {
    use chitin_sdk::AclEntry;
    use chitin_sdk::fake::{FakeHost, dangling_link, directory_mode, file_mode, link_to};

    use super::*;

    fn see(metadata: Metadata) -> File<'static> {
        let host = FakeHost::default().home("C:\\Users\\Alice\\").file("state", "x", metadata);
        inspect(&host, "state", "x").expect("granted").expect("there")
    }

    fn bits(file: &File<'_>) -> Option<u32> {
        match file.permissions.as_ref()?.source {
            Source::Mode(bits) => Some(bits),
            Source::Acl(_) => None,
        }
    }

    #[test]
    fn a_path_that_does_not_exist() {
        assert!(inspect(&FakeHost::default(), "state", "x").expect("granted").is_none());
    }

    #[test]
    fn a_file_has_its_own_mode_without_special_bits() {
        let file = see(file_mode(0o4755));
        assert_eq!((bits(&file), file.is_symlink, file.is_directory), (Some(0o755), false, false));
        assert_eq!(file.shown, "/fake/state/x");
        assert!(see(directory_mode(0o1777)).is_directory);
    }

    #[test]
    fn a_link_has_the_mode_of_its_target() {
        let link = see(link_to("/data", false, Kind::Directory, 0o750));
        assert_eq!((bits(&link), link.is_symlink, link.is_directory), (Some(0o750), true, true));
    }

    #[test]
    fn a_dangling_link_has_its_own_mode() {
        let link = see(dangling_link("/gone"));
        assert_eq!((bits(&link), link.is_symlink, link.is_directory), (Some(0o777), true, false));
    }

    #[test]
    fn entries_count_where_the_mode_is_missing() {
        let entry = |principal: &str| AclEntry {
            principal: principal.to_owned(),
            rights: "(F)".to_owned(),
        };
        let metadata =
            |entries: Option<Vec<AclEntry>>| Metadata { mode: None, acl: entries, ..file_mode(0) };
        let own = see(metadata(Some(vec![entry("HOST\\alice")]))).permissions.expect("known");
        assert!(!own.access.readable());
        let other = see(metadata(Some(vec![entry("HOST\\bob")]))).permissions.expect("known");
        assert!(other.access.writable());
        assert!(see(metadata(None)).permissions.is_none());
    }
}

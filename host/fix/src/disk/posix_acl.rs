//! POSIX access lists, on Linux: a new file gets the access list of the file that it replaces, and none of the entries
//! that its directory would pass on by default.

use std::os::fd::BorrowedFd;

use rustix::fs::{XattrFlags, fgetxattr, fremovexattr, fsetxattr};
use rustix::io::Errno;

const ACCESS_ACL: &str = "system.posix_acl_access";
/// The kernel allows no larger attributes.
const MAX_BYTES: usize = 64 << 10;

/// Gives the new file the access list of the old one. Until then only the owner may access the new one.
pub(super) fn copy_acl(old: BorrowedFd<'_>, new: BorrowedFd<'_>) -> Result<(), Errno> {
    let mut list = vec![0_u8; MAX_BYTES];
    match fgetxattr(old, ACCESS_ACL, list.as_mut_slice()) {
        Ok(length) => {
            fsetxattr(new, ACCESS_ACL, list.get(..length).unwrap_or_default(), XattrFlags::empty())
        }
        Err(Errno::NODATA | Errno::NOTSUP) => match fremovexattr(new, ACCESS_ACL) {
            Err(Errno::NODATA | Errno::NOTSUP) => Ok(()),
            removed => removed,
        },
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io;
    use std::os::fd::AsFd as _;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// Owner rw, one more user r, group nothing, mask r, others nothing.
    fn list() -> Vec<u8> {
        let nobody = u32::MAX;
        let entries: [(u16, u16, u32); 5] =
            [(1, 6, nobody), (2, 4, 12345), (4, 0, nobody), (16, 4, nobody), (32, 0, nobody)];
        let mut bytes = 2_u32.to_le_bytes().to_vec();
        for (meta, rights, id) in entries {
            bytes.extend(meta.to_le_bytes());
            bytes.extend(rights.to_le_bytes());
            bytes.extend(id.to_le_bytes());
        }
        bytes
    }

    fn list_of(file: &File) -> Option<Vec<u8>> {
        let mut bytes = [0; 256];
        let length = fgetxattr(file, ACCESS_ACL, bytes.as_mut_slice()).ok()?;
        Some(bytes[..length].to_vec())
    }

    #[test]
    fn a_new_file_gets_the_access_list_of_the_old_one_only() {
        let place = tempfile::tempdir().unwrap();
        let make = |name: &str| File::create(place.path().join(name)).unwrap();
        let (plain, listed) = (make("plain"), make("listed"));
        if fsetxattr(&listed, ACCESS_ACL, &list(), XattrFlags::empty()) == Err(Errno::NOTSUP) {
            io::Write::write_all(&mut io::stdout(), b"skipped: no access lists here\n").unwrap();
            return;
        }
        let directory = File::open(place.path()).unwrap();
        fsetxattr(&directory, "system.posix_acl_default", &list(), XattrFlags::empty()).unwrap();

        let new = make("new");
        assert!(list_of(&new).is_some(), "the directory passes its default list on");
        copy_acl(plain.as_fd(), new.as_fd()).unwrap();
        assert_eq!(list_of(&new), None);
        copy_acl(listed.as_fd(), new.as_fd()).unwrap();
        assert_eq!(list_of(&new), Some(list()));
        assert_eq!(new.metadata().unwrap().permissions().mode() & 0o777, 0o640);
    }
}

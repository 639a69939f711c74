//! The directory with stored credentials and pairing lists. Its content is not checked.

use chitin_sdk::{Host, Outcome};

use crate::access::Access;
use crate::file::inspect;
use crate::permission_rules::{PermissionRule, PermissionRules};
use crate::rule;
use crate::shell_commands::Private;

pub(crate) const PERMISSIONS: &[&str] =
    &[rule::FS_CREDENTIALS_DIR_PERMS_WRITABLE.id, rule::FS_CREDENTIALS_DIR_PERMS_READABLE.id];

const RULES: PermissionRules = PermissionRules {
    wanted: Private::Directory,
    rules: &[
        PermissionRule {
            rule: rule::FS_CREDENTIALS_DIR_PERMS_WRITABLE,
            consequence: "anyone who can write to it can add credentials and people on a channel's pairing list",
            applies: Access::writable,
        },
        PermissionRule {
            rule: rule::FS_CREDENTIALS_DIR_PERMS_READABLE,
            consequence: "it shows the names of accounts and gives access to unprotected files in it",
            applies: Access::readable,
        },
    ],
};

pub(crate) fn permissions(host: &dyn Host) -> Outcome {
    match inspect(host, "credentials", "")?.filter(|found| found.is_directory) {
        Some(directory) => RULES.check(host, &directory)?,
        None => RULES.not_applicable(host, "there is no credentials directory"),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::{FakeHost, dangling_link, directory_mode, file_mode, link_to};
    use chitin_sdk::{Kind, Metadata};

    use super::*;
    use crate::GROUPS;

    fn ids(metadata: Metadata) -> Vec<String> {
        let said = FakeHost::default().file("credentials", "", metadata).run(GROUPS);
        said.ids().into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn a_directory_is_checked() {
        assert!(ids(directory_mode(0o700)).is_empty());
        assert_eq!(ids(directory_mode(0o755)), [rule::FS_CREDENTIALS_DIR_PERMS_READABLE.id]);
        assert_eq!(ids(directory_mode(0o770)), [rule::FS_CREDENTIALS_DIR_PERMS_WRITABLE.id]);
        assert_eq!(ids(directory_mode(0o702)), [rule::FS_CREDENTIALS_DIR_PERMS_WRITABLE.id]);
    }

    #[test]
    fn a_link_to_a_directory_is_accepted() {
        assert_eq!(
            ids(link_to("/data/c", false, Kind::Directory, 0o750)),
            [rule::FS_CREDENTIALS_DIR_PERMS_READABLE.id]
        );
    }

    #[test]
    fn anything_else_is_not_a_credentials_directory() {
        for other in
            [file_mode(0o666), link_to("/data/c", false, Kind::File, 0o666), dangling_link("/gone")]
        {
            assert!(ids(other).is_empty());
        }
        let said = FakeHost::default().run(GROUPS);
        assert!(
            said.not_applicable
                .iter()
                .any(|(rule, _)| rule == rule::FS_CREDENTIALS_DIR_PERMS_READABLE.id)
        );
    }
}

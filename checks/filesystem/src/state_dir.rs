//! The state directory itself. An account that can write to it can replace everything in it.

use chitin_sdk::{Host, Outcome};

use crate::access::Access;
use crate::file::inspect;
use crate::permission_rules::{PermissionRule, PermissionRules};
use crate::rule;
use crate::shell_commands::Private;

pub(crate) const PERMISSIONS: &[&str] = &[
    rule::FS_STATE_DIR_PERMS_WORLD_WRITABLE.id,
    rule::FS_STATE_DIR_PERMS_GROUP_WRITABLE.id,
    rule::FS_STATE_DIR_PERMS_READABLE.id,
];

const RULES: PermissionRules = PermissionRules {
    wanted: Private::Directory,
    rules: &[
        PermissionRule {
            rule: rule::FS_STATE_DIR_PERMS_WORLD_WRITABLE,
            consequence: "every account on this machine can add and replace files of OpenClaw's state",
            applies: |access| access.world.write,
        },
        PermissionRule {
            rule: rule::FS_STATE_DIR_PERMS_GROUP_WRITABLE,
            consequence: "its group can add and replace files of OpenClaw's state",
            applies: |access| access.group.write,
        },
        PermissionRule {
            rule: rule::FS_STATE_DIR_PERMS_READABLE,
            consequence: "other accounts can list its files; mode 700 limits it to its owner",
            applies: Access::readable,
        },
    ],
};

pub(crate) fn link(host: &dyn Host) -> Outcome {
    if let Some(directory) = inspect(host, "state", "")?.filter(|found| found.is_symlink) {
        rule::FS_STATE_DIR_SYMLINK.finding()
            .detail(format!(
                "{} is a symlink: anyone who controls its target controls the state, so treat the target as \
                 a separate trust boundary.",
                directory.shown
            ))
            .in_file("state", "")
            .report(host);
    }
    Ok(())
}

pub(crate) fn permissions(host: &dyn Host) -> Outcome {
    match inspect(host, "state", "")? {
        Some(directory) => RULES.check(host, &directory)?,
        None => RULES.not_applicable(host, "there is no state directory"),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::{FakeHost, dangling_link, directory_mode, link_to};
    use chitin_sdk::{Kind, Metadata, Severity};

    use super::*;
    use crate::GROUPS;

    fn ids(metadata: Metadata) -> Vec<String> {
        let said = FakeHost::default().file("state", "", metadata).run(GROUPS);
        said.ids().into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn only_the_first_matching_rule_is_reported() {
        for (mode, expected) in [
            (0o755, rule::FS_STATE_DIR_PERMS_READABLE.id),
            (0o750, rule::FS_STATE_DIR_PERMS_READABLE.id),
            (0o705, rule::FS_STATE_DIR_PERMS_READABLE.id),
            (0o770, rule::FS_STATE_DIR_PERMS_GROUP_WRITABLE.id),
            (0o720, rule::FS_STATE_DIR_PERMS_GROUP_WRITABLE.id),
            (0o777, rule::FS_STATE_DIR_PERMS_WORLD_WRITABLE.id),
            (0o722, rule::FS_STATE_DIR_PERMS_WORLD_WRITABLE.id),
            (0o702, rule::FS_STATE_DIR_PERMS_WORLD_WRITABLE.id),
        ] {
            assert_eq!(ids(directory_mode(mode)), [expected], "{mode:o}");
        }
    }

    #[test]
    fn a_private_directory_is_not_reported() {
        for mode in [0o700, 0o711, 0o701, 0o500] {
            assert!(ids(directory_mode(mode)).is_empty(), "{mode:o}");
        }
        assert!(FakeHost::default().run(GROUPS).findings.is_empty());
    }

    #[test]
    fn a_link_is_checked_by_its_target() {
        assert_eq!(
            ids(link_to("/data/oc", false, Kind::Directory, 0o700)),
            [rule::FS_STATE_DIR_SYMLINK.id]
        );
        assert_eq!(
            ids(link_to("/data/oc", false, Kind::Directory, 0o755)),
            [rule::FS_STATE_DIR_SYMLINK.id, rule::FS_STATE_DIR_PERMS_READABLE.id]
        );
        assert_eq!(
            ids(dangling_link("/gone")),
            [rule::FS_STATE_DIR_SYMLINK.id, rule::FS_STATE_DIR_PERMS_WORLD_WRITABLE.id]
        );
    }

    #[test]
    fn severities_and_requests() {
        let said = FakeHost::default().file("state", "", directory_mode(0o777)).run(GROUPS);
        assert_eq!(
            said.severity(rule::FS_STATE_DIR_PERMS_WORLD_WRITABLE.id),
            Some(Severity::Critical)
        );
        assert_eq!(said.findings[0].fixes.len(), 1);
        let said = FakeHost::default().file("state", "", dangling_link("/gone")).run(GROUPS);
        assert_eq!(said.of(rule::FS_STATE_DIR_SYMLINK.id)[0].remediation, None);
        assert!(said.findings.iter().all(|finding| finding.fixes.is_empty()));
    }

    #[test]
    fn unreadable_entries_affect_only_the_permissions() {
        let unknown = Metadata { mode: None, ..directory_mode(0) };
        let said = FakeHost::default().file("state", "", unknown).run(GROUPS);
        let not_run: Vec<&str> = said.not_run.iter().map(|(rule, _)| rule.as_str()).collect();
        assert_eq!(not_run, PERMISSIONS);
    }
}

//! The config file itself. Fewer rules apply to its links: configuration management tools link to a store that every
//! account may read.

use chitin_sdk::{Host, Outcome};

use crate::access::Access;
use crate::file::inspect;
use crate::permission_rules::{PermissionRule, PermissionRules};
use crate::rule;
use crate::shell_commands::Private;

pub(crate) const PERMISSIONS: &[&str] = &[
    rule::FS_CONFIG_PERMS_WRITABLE.id,
    rule::FS_CONFIG_PERMS_WORLD_READABLE.id,
    rule::FS_CONFIG_PERMS_GROUP_READABLE.id,
];

const WRITABLE: PermissionRule = PermissionRule {
    rule: rule::FS_CONFIG_PERMS_WRITABLE,
    consequence: "anyone who can write to it sets the gateway's authentication, its tools and its channels",
    applies: Access::writable,
};

const LINKED: PermissionRules = PermissionRules { wanted: Private::File, rules: &[WRITABLE] };

const RULES: PermissionRules = PermissionRules {
    wanted: Private::File,
    rules: &[
        WRITABLE,
        PermissionRule {
            rule: rule::FS_CONFIG_PERMS_WORLD_READABLE,
            consequence: "a config can hold tokens and shows how the gateway is protected",
            applies: |access| access.world.read,
        },
        PermissionRule {
            rule: rule::FS_CONFIG_PERMS_GROUP_READABLE,
            consequence: "a config can hold tokens and shows how the gateway is protected",
            applies: |access| access.group.read,
        },
    ],
};

pub(crate) fn link(host: &dyn Host) -> Outcome {
    if let Some(file) = inspect(host, "config", "")?.filter(|found| found.is_symlink) {
        rule::FS_CONFIG_SYMLINK.finding()
            .detail(format!(
                "{} is a symlink: make sure that you trust its target. OpenClaw does not support writing through \
                 it.",
                file.shown
            ))
            .in_file("config", "")
            .report(host);
    }
    Ok(())
}

pub(crate) fn permissions(host: &dyn Host) -> Outcome {
    match inspect(host, "config", "")? {
        Some(file) if file.is_symlink => LINKED.check(host, &file)?,
        Some(file) => RULES.check(host, &file)?,
        None => RULES.not_applicable(host, "there is no config file"),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::{FakeHost, dangling_link, file_mode, link_to};
    use chitin_sdk::{Kind, Metadata, Severity};

    use super::*;
    use crate::GROUPS;

    fn ids(metadata: Metadata) -> Vec<String> {
        let said = FakeHost::default().file("config", "", metadata).run(GROUPS);
        said.ids().into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn only_the_first_matching_rule_is_reported() {
        for (mode, expected) in [
            (0o644, rule::FS_CONFIG_PERMS_WORLD_READABLE.id),
            (0o604, rule::FS_CONFIG_PERMS_WORLD_READABLE.id),
            (0o640, rule::FS_CONFIG_PERMS_GROUP_READABLE.id),
            (0o660, rule::FS_CONFIG_PERMS_WRITABLE.id),
            (0o620, rule::FS_CONFIG_PERMS_WRITABLE.id),
            (0o602, rule::FS_CONFIG_PERMS_WRITABLE.id),
            (0o666, rule::FS_CONFIG_PERMS_WRITABLE.id),
        ] {
            assert_eq!(ids(file_mode(mode)), [expected], "{mode:o}");
        }
        assert!(ids(file_mode(0o600)).is_empty());
        assert!(FakeHost::default().run(GROUPS).findings.is_empty());
    }

    #[test]
    fn a_link_may_lead_to_something_readable_but_not_writable() {
        let link = |mode| link_to("/store/openclaw.json", false, Kind::File, mode);
        assert_eq!(ids(link(0o644)), [rule::FS_CONFIG_SYMLINK.id]);
        assert_eq!(ids(link(0o640)), [rule::FS_CONFIG_SYMLINK.id]);
        assert_eq!(
            ids(link(0o666)),
            [rule::FS_CONFIG_SYMLINK.id, rule::FS_CONFIG_PERMS_WRITABLE.id]
        );
        assert_eq!(
            ids(dangling_link("/gone")),
            [rule::FS_CONFIG_SYMLINK.id, rule::FS_CONFIG_PERMS_WRITABLE.id]
        );
    }

    #[test]
    fn severities() {
        for (mode, severity) in
            [(0o666, Severity::Critical), (0o644, Severity::Critical), (0o640, Severity::Warn)]
        {
            let said = FakeHost::default().file("config", "", file_mode(mode)).run(GROUPS);
            assert_eq!(said.findings[0].severity, severity, "{mode:o}");
        }
    }
}

//! The files that the config includes. Each is part of the config, so links get no exemption.

use chitin_sdk::{Host, Outcome, ProblemKind, Refusal};

use crate::access::Access;
use crate::permission_rules::{PermissionRule, PermissionRules};
use crate::rule;
use crate::shell_commands::Private;

pub(crate) const PERMISSIONS: &[&str] = &[
    rule::FS_CONFIG_INCLUDE_PERMS_WRITABLE.id,
    rule::FS_CONFIG_INCLUDE_PERMS_WORLD_READABLE.id,
    rule::FS_CONFIG_INCLUDE_PERMS_GROUP_READABLE.id,
];

const RULES: PermissionRules = PermissionRules {
    wanted: Private::File,
    rules: &[
        PermissionRule {
            rule: rule::FS_CONFIG_INCLUDE_PERMS_WRITABLE,
            consequence: "anyone who can write to it can change the config",
            applies: Access::writable,
        },
        PermissionRule {
            rule: rule::FS_CONFIG_INCLUDE_PERMS_WORLD_READABLE,
            consequence: "an included file can hold tokens and private settings like the config itself",
            applies: |access| access.world.read,
        },
        PermissionRule {
            rule: rule::FS_CONFIG_INCLUDE_PERMS_GROUP_READABLE,
            consequence: "an included file can hold tokens and private settings like the config itself",
            applies: |access| access.group.read,
        },
    ],
};

pub(crate) fn permissions(host: &dyn Host) -> Outcome {
    if host.config_problems()?.iter().any(|problem| problem.kind != ProblemKind::IncludeFailed) {
        return Err(Refusal::Unavailable(
            "the config cannot be read, so it is unknown what it includes".to_owned(),
        ));
    }
    let includes = includes(host)?;
    if includes.is_empty() {
        RULES.not_applicable(host, "the config includes no files");
    }
    let mut outcome = Ok(());
    for root in &includes {
        outcome = outcome.and(RULES.check_at(host, root, ""));
    }
    outcome
}

/// The roots of included files in the order in which the host found them.
fn includes(host: &dyn Host) -> Result<Vec<String>, Refusal> {
    let mut numbered: Vec<(u32, String)> = host
        .roots()?
        .into_iter()
        .filter_map(|root| {
            let number = root.name.strip_prefix("include:")?.parse().ok()?;
            Some((number, root.name))
        })
        .collect();
    numbered.sort_unstable();
    Ok(numbered.into_iter().map(|(_, name)| name).collect())
}

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::{FakeHost, dangling_link, file_mode, link_to};
    use chitin_sdk::{Kind, Location, Metadata, Problem};

    use super::*;
    use crate::GROUPS;

    fn ids(metadata: Metadata) -> Vec<String> {
        let said = FakeHost::default().file("include:0", "", metadata).run(GROUPS);
        said.ids().into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn only_the_first_matching_rule_is_reported() {
        for (mode, expected) in [
            (0o644, rule::FS_CONFIG_INCLUDE_PERMS_WORLD_READABLE.id),
            (0o640, rule::FS_CONFIG_INCLUDE_PERMS_GROUP_READABLE.id),
            (0o660, rule::FS_CONFIG_INCLUDE_PERMS_WRITABLE.id),
            (0o602, rule::FS_CONFIG_INCLUDE_PERMS_WRITABLE.id),
        ] {
            assert_eq!(ids(file_mode(mode)), [expected], "{mode:o}");
        }
        assert!(ids(file_mode(0o600)).is_empty());
    }

    #[test]
    fn a_link_gets_every_rule() {
        assert_eq!(
            ids(link_to("/etc/x.json", false, Kind::File, 0o644)),
            [rule::FS_CONFIG_INCLUDE_PERMS_WORLD_READABLE.id]
        );
        assert_eq!(ids(dangling_link("/gone")), [rule::FS_CONFIG_INCLUDE_PERMS_WRITABLE.id]);
    }

    #[test]
    fn files_come_in_the_order_of_their_numbers() {
        let said = FakeHost::default()
            .file("include:10", "", file_mode(0o640))
            .file("include:2", "", file_mode(0o640))
            .file("include:3", "", file_mode(0o600))
            .run(GROUPS);
        let roots: Vec<&str> = said
            .findings
            .iter()
            .flat_map(|finding| &finding.locations)
            .filter_map(|location| match location {
                Location::File { root, .. } => Some(root.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(roots, ["include:2", "include:10"]);
    }

    #[test]
    fn one_unreadable_file_does_not_hide_another() {
        let said = FakeHost::default()
            .file("include:0", "", Metadata { mode: None, ..file_mode(0) })
            .file("include:1", "", file_mode(0o666))
            .run(GROUPS);
        assert_eq!(said.ids(), [rule::FS_CONFIG_INCLUDE_PERMS_WRITABLE.id]);
        assert_eq!(said.not_run.len(), PERMISSIONS.len());
    }

    #[test]
    fn a_config_that_does_not_parse_leaves_them_unknown() {
        let said = FakeHost::default()
            .problem(Problem {
                kind: ProblemKind::ParseFailed,
                message: "unexpected end".to_owned(),
                file: "openclaw.json".to_owned(),
            })
            .run(GROUPS);
        let not_run: Vec<&str> = said.not_run.iter().map(|(rule, _)| rule.as_str()).collect();
        assert_eq!(not_run, PERMISSIONS);
    }

    #[test]
    fn without_includes_the_rules_do_not_apply() {
        let said = FakeHost::default().run(GROUPS);
        assert!(
            said.not_applicable
                .iter()
                .any(|(rule, _)| rule == rule::FS_CONFIG_INCLUDE_PERMS_WRITABLE.id)
        );
        assert!(said.not_run.is_empty());
    }
}

//! The config file itself. Its links are looser than the others': set-ups that manage configs link to a store that
//! everybody may read.

use chitin_sdk::{Finding, Host, Outcome, Severity};

use crate::access::Access;
use crate::chain::{Chain, Step};
use crate::file::inspect;
use crate::remedy::Private;

pub(crate) const SYMLINK: &str = "fs.config.symlink";
const WRITABLE: &str = "fs.config.perms_writable";
const WORLD_READABLE: &str = "fs.config.perms_world_readable";
const GROUP_READABLE: &str = "fs.config.perms_group_readable";
pub(crate) const PERMISSIONS: &[&str] = &[WRITABLE, WORLD_READABLE, GROUP_READABLE];

const WRITING: Step = Step {
    rule: WRITABLE,
    severity: Severity::Critical,
    title: "Other accounts can write to the config",
    consequence: "whoever can write to it sets the gateway's authentication, its tools and its channels",
    applies: Access::writable,
};

const LINKED: Chain = Chain { wanted: Private::File, steps: &[WRITING] };

const CHAIN: Chain = Chain {
    wanted: Private::File,
    steps: &[
        WRITING,
        Step {
            rule: WORLD_READABLE,
            severity: Severity::Critical,
            title: "Everybody can read the config",
            consequence: "a config can hold tokens and tells how the gateway is protected",
            applies: |access| access.world.read,
        },
        Step {
            rule: GROUP_READABLE,
            severity: Severity::Warn,
            title: "Other accounts can read the config",
            consequence: "a config can hold tokens and tells how the gateway is protected",
            applies: |access| access.group.read,
        },
    ],
};

pub(crate) fn link(host: &dyn Host) -> Outcome {
    if let Some(file) = inspect(host, "config", "")?.filter(|found| found.is_symlink) {
        Finding::new(SYMLINK, Severity::Warn, "The config is a symlink")
            .detail(format!(
                "{} is a symlink: make sure that you trust the place it leads to. OpenClaw does not support writing \
                 through it.",
                file.shown
            ))
            .in_file("config", "")
            .report(host);
    }
    Ok(())
}

pub(crate) fn permissions(host: &dyn Host) -> Outcome {
    match inspect(host, "config", "")? {
        Some(file) if file.is_symlink => LINKED.judge(host, &file)?,
        Some(file) => CHAIN.judge(host, &file)?,
        None => CHAIN.not_applicable(host, "there is no config file"),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::{FakeHost, dangling_link, file_mode, link_to};
    use chitin_sdk::{Kind, Metadata};

    use super::*;
    use crate::GROUPS;

    fn ids(metadata: Metadata) -> Vec<String> {
        let said = FakeHost::default().file("config", "", metadata).run(GROUPS);
        said.ids().into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn the_first_matching_rule_speaks_alone() {
        for (mode, expected) in [
            (0o644, WORLD_READABLE),
            (0o604, WORLD_READABLE),
            (0o640, GROUP_READABLE),
            (0o660, WRITABLE),
            (0o620, WRITABLE),
            (0o602, WRITABLE),
            (0o666, WRITABLE),
        ] {
            assert_eq!(ids(file_mode(mode)), [expected], "{mode:o}");
        }
        assert!(ids(file_mode(0o600)).is_empty());
        assert!(FakeHost::default().run(GROUPS).findings.is_empty());
    }

    #[test]
    fn a_link_may_lead_to_something_readable_but_not_writable() {
        let link = |mode| link_to("/store/openclaw.json", false, Kind::File, mode);
        assert_eq!(ids(link(0o644)), [SYMLINK]);
        assert_eq!(ids(link(0o640)), [SYMLINK]);
        assert_eq!(ids(link(0o666)), [SYMLINK, WRITABLE]);
        assert_eq!(ids(dangling_link("/gone")), [SYMLINK, WRITABLE]);
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

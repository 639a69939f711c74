//! Permission rules for one path: the first that applies is reported.

use chitin_sdk::{Finding, Host, Outcome, Refusal, Rule};

use crate::access::Access;
use crate::file::{File, Source, inspect};
use crate::shell_commands::{Private, chmod, icacls};

pub(crate) struct PermissionRule {
    pub(crate) rule: Rule,
    /// What can happen; the end of a sentence that begins with the path.
    pub(crate) consequence: &'static str,
    pub(crate) applies: fn(Access) -> bool,
}

pub(crate) struct PermissionRules {
    pub(crate) wanted: Private,
    pub(crate) rules: &'static [PermissionRule],
}

impl PermissionRules {
    /// Checks the file at a path, if it exists.
    pub(crate) fn check_at(&self, host: &dyn Host, root: &str, path: &str) -> Outcome {
        inspect(host, root, path)?.map_or(Ok(()), |file| self.check(host, &file))
    }

    pub(crate) fn check(&self, host: &dyn Host, file: &File<'_>) -> Outcome {
        if let Some(finding) = self.finding(file)? {
            finding.report(host);
        }
        Ok(())
    }

    pub(crate) fn not_applicable(&self, host: &dyn Host, reason: &str) {
        for PermissionRule { rule, .. } in self.rules {
            host.not_applicable(rule.id, reason);
        }
    }

    /// Refused when the permissions are not available: the rules must not count as passed then.
    pub(crate) fn finding(&self, file: &File<'_>) -> Result<Option<Finding>, Refusal> {
        let Some(permissions) = &file.permissions else {
            return Err(Refusal::Unavailable(format!(
                "the access control entries of {} could not be read",
                file.shown
            )));
        };
        let Some(first) = self.rules.iter().find(|rule| (rule.applies)(permissions.access)) else {
            return Ok(None);
        };
        let (seen, remediation) = match &permissions.source {
            Source::Mode(bits) => (format!("mode={bits:03o}"), chmod(&file.shown, self.wanted)),
            Source::Acl(entries) => (format!("acl={entries}"), icacls(&file.shown, self.wanted)),
        };
        let finding = first
            .rule
            .finding()
            .detail(format!("{} {seen}; {}.", file.shown, first.consequence))
            .remediation(remediation)
            .in_file(file.root, file.path);
        // A link's mode cannot be set, and its target may belong to someone else.
        Ok(Some(if file.is_symlink {
            finding
        } else {
            finding.fix_mode(file.root, file.path, self.wanted.mode())
        }))
    }
}

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::{FakeHost, file_mode, link_to};
    use chitin_sdk::{AclEntry, Change, Kind, Metadata, Severity};

    use super::*;

    const RULES: PermissionRules = PermissionRules {
        wanted: Private::File,
        rules: &[PermissionRule {
            rule: Rule { id: "fs.test", title: "Readable", severity: Severity::Warn },
            consequence: "others read it",
            applies: Access::readable,
        }],
    };

    fn checked(metadata: Metadata) -> Result<Option<Finding>, Refusal> {
        let host = FakeHost::default().file("state", "a b", metadata);
        let file = inspect(&host, "state", "a b").expect("granted").expect("there");
        RULES.finding(&file)
    }

    #[test]
    fn a_finding_says_what_was_seen_and_how_to_fix_it() {
        let finding = checked(file_mode(0o640)).expect("known").expect("fires");
        assert_eq!(finding.detail, "/fake/state/a b mode=640; others read it.");
        assert_eq!(finding.remediation.as_deref(), Some("chmod 600 '/fake/state/a b'"));
        assert_eq!(
            finding.fixes[0].change,
            Change::SetMode { root: "state".to_owned(), path: "a b".to_owned(), mode: 0o600 }
        );
        assert!(checked(file_mode(0o600)).expect("known").is_none());
    }

    #[test]
    fn a_short_mode_is_padded() {
        let finding = checked(file_mode(0o004)).expect("known").expect("fires");
        assert!(finding.detail.contains("mode=004;"));
    }

    #[test]
    fn a_link_gets_no_fix() {
        let link = link_to("/elsewhere", false, Kind::File, 0o644);
        let finding = checked(link).expect("known").expect("fires");
        assert!(finding.fixes.is_empty());
        assert!(finding.remediation.is_some());
    }

    #[test]
    fn entries_are_named_and_fixed_with_icacls() {
        let entry = AclEntry { principal: "Everyone".to_owned(), rights: "(I)(RX)".to_owned() };
        let metadata = Metadata { mode: None, acl: Some(vec![entry]), ..file_mode(0) };
        let finding = checked(metadata).expect("known").expect("fires");
        assert!(finding.detail.contains(" acl=Everyone:(I)(RX); "));
        assert!(finding.remediation.expect("given").contains("icacls.exe"));
    }

    #[test]
    fn unknown_permissions_do_not_pass() {
        assert!(checked(Metadata { mode: None, ..file_mode(0) }).is_err());
    }
}

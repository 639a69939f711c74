//! The log file that the config names. Without one nothing is checked: the path of OpenClaw's default changes daily.

use chitin_sdk::{Host, Outcome};

use crate::access::Access;
use crate::file::inspect;
use crate::permission_rules::{PermissionRule, PermissionRules};
use crate::rule;
use crate::shell_commands::Private;

const ROOT: &str = "log";

const RULES: PermissionRules = PermissionRules {
    wanted: Private::File,
    rules: &[PermissionRule {
        rule: rule::FS_LOG_FILE_PERMS_READABLE,
        consequence: "a log holds private messages and what tools printed",
        applies: Access::readable,
    }],
};

pub(crate) fn permissions(host: &dyn Host) -> Outcome {
    let configured = host.effective("/logging/file")?;
    let configured = configured.root();
    if configured.trimmed().is_none() {
        RULES.not_applicable(host, "logging.file is not configured");
        return Ok(());
    }
    if !host.roots()?.iter().any(|root| root.name == ROOT) {
        RULES.not_applicable(host, "logging.file does not lead to a place on this machine");
        return Ok(());
    }
    match inspect(host, ROOT, "")? {
        Some(file) => {
            if let Some(finding) = RULES.finding(&file)? {
                finding.at(&configured).report(host);
            }
        }
        None => RULES.not_applicable(host, "there is no log file yet"),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::{FakeHost, file_mode};
    use chitin_sdk::{Location, Severity, Value};
    use serde_json::json;

    use super::*;
    use crate::GROUPS;

    fn host(file: &Value) -> FakeHost {
        FakeHost::with_config(json!({"logging": {"file": file}}))
    }

    #[test]
    fn only_read_bits_count() {
        for (mode, fires) in
            [(0o644, true), (0o640, true), (0o604, true), (0o600, false), (0o622, false)]
        {
            let said = host(&json!("/var/log/oc.log")).file("log", "", file_mode(mode)).run(GROUPS);
            assert_eq!(!said.of(rule::FS_LOG_FILE_PERMS_READABLE.id).is_empty(), fires, "{mode:o}");
        }
    }

    #[test]
    fn the_finding_is_at_the_file_and_at_the_setting() {
        let said = host(&json!("/var/log/oc.log")).file("log", "", file_mode(0o644)).run(GROUPS);
        assert_eq!(said.severity(rule::FS_LOG_FILE_PERMS_READABLE.id), Some(Severity::Warn));
        assert_eq!(said.findings[0].fixes.len(), 1);
        assert_eq!(said.findings[0].locations[1], Location::Config("/logging/file".to_owned()));
    }

    #[test]
    fn without_a_log_file_the_rule_does_not_apply() {
        for file in [json!("  "), json!(null), json!(7), json!("~/oc.log")] {
            let said = host(&file).run(GROUPS);
            assert!(said.findings.is_empty(), "{file}");
            assert!(
                said.not_applicable
                    .iter()
                    .any(|(rule, _)| rule == rule::FS_LOG_FILE_PERMS_READABLE.id),
                "{file}"
            );
        }
    }

    #[test]
    fn without_the_config_it_is_not_run_and_the_other_files_are() {
        let said = host(&json!("/x"))
            .without_config("the config does not parse")
            .file("config", "", file_mode(0o644))
            .run(GROUPS);
        assert_eq!(said.ids(), ["fs.config.perms_world_readable"]);
        let not_run: Vec<&str> = said.not_run.iter().map(|(rule, _)| rule.as_str()).collect();
        assert_eq!(not_run, [rule::FS_LOG_FILE_PERMS_READABLE.id]);
    }
}

//! The host's own two rules: that findings are suppressed, and that a module failed. They speak about the audit itself,
//! which no module sees.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::finding::{Finding, Severity};
use crate::ledger::{Entry, Status};
use crate::plugin::manifest::Rule;
use crate::view::Inputs;

/// The name under which these rules stand beside the modules.
pub const MODULE: &str = "chitin";

const SUPPRESSIONS: &str = "security.audit.suppressions.active";
const FAILED: &str = "plugins.*.security_audit_failed";

/// Where a failed module stands in the report.
pub(crate) const FAILED_ORDER: u32 = 590;

/// The declarations, written like a module's.
static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct Declared {
        rule: Vec<Rule>,
    }
    toml::from_str::<Declared>(include_str!("own.toml"))
        .map(|declared| declared.rule)
        .unwrap_or_default()
});

/// The host's own rules.
pub fn rules() -> &'static [Rule] {
    &RULES
}

/// Says that a module did not run to its end.
pub(crate) fn module_failed(module: &str, reason: &str) -> Finding {
    Finding {
        rule: FAILED.replace('*', module),
        severity: Severity::Warn,
        title: format!("The check module {module} did not finish"),
        detail: format!(
            "{module} was stopped: {reason}. What it reported before is kept; its other rules count as not run."
        ),
        remediation: Some(
            "Run the audit again; if a limit was reached, raise it as the message says. A module that fails \
             every time is faulty or hostile: report or remove it."
                .to_owned(),
        ),
        locations: Vec::new(),
        evidence: Vec::new(),
        fixes: Vec::new(),
    }
}

/// Says that findings may have been taken out of the report.
pub(crate) fn suppressions_active(configured: usize, moved: usize, inputs: &Inputs) -> Finding {
    Finding {
        rule: SUPPRESSIONS.to_owned(),
        severity: Severity::Info,
        title: "Audit suppressions are configured".to_owned(),
        detail: format!(
            "security.audit.suppressions has {configured} {}; {moved} {} moved out of the active findings.",
            if configured == 1 { "entry" } else { "entries" },
            if moved == 1 { "finding was" } else { "findings were" },
        ),
        remediation: Some(
            "Review the suppressions, and remove those whose reason no longer holds.".to_owned(),
        ),
        locations: vec![inputs.position("/security/audit/suppressions")],
        evidence: Vec::new(),
        fixes: Vec::new(),
    }
}

/// The ledger of the host's own rules.
pub(crate) fn account(findings: &[Finding]) -> Vec<Entry> {
    rules()
        .iter()
        .map(|rule| {
            let count = findings.iter().filter(|finding| rule.covers(&finding.rule)).count();
            Entry {
                rule: rule.id.clone(),
                module: MODULE.to_owned(),
                status: if count > 0 { Status::Finding } else { Status::Passed },
                findings: count,
                reason: None,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_declarations_are_readable_and_complete() {
        let ids: Vec<_> = rules().iter().map(|rule| rule.id.as_str()).collect();
        assert_eq!(ids, [FAILED, SUPPRESSIONS]);
    }

    #[test]
    fn a_failed_module_is_found_under_the_declared_rule() {
        let finding = module_failed("chitin.gateway", "it panicked");
        assert!(rules().iter().any(|rule| rule.covers(&finding.rule)));
    }
}

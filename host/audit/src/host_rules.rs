//! The host's own rules: findings are suppressed, a module failed, an installed module was refused, or is used without a
//! valid signature. They are about the audit itself, which no module sees.

use std::sync::LazyLock;

use chitin_model::finding::{Finding, Origin, Severity};
use chitin_model::ledger::{Entry, Status};
use chitin_model::manifest::Rule;
use chitin_openclaw::report_order::{self, Rank};
use chitin_runtime::{HostRules, RunError};
use chitin_trust::{RefusedModule, SignaturePolicy, TrustReport};
use chitin_view::Inputs;

/// What these rules have in place of a module's id.
pub const MODULE: &str = "chitin";

const SUPPRESSIONS: &str = "security.audit.suppressions.active";
const FAILED: &str = "plugins.*.security_audit_failed";
const REFUSED: &str = "chitin.module_refused";
const VARIABLES: &str = "chitin.variables_unknown";
const UNVOUCHED: &str = "chitin.modules_unvouched";

/// Where a failed module is in the report.
pub fn failed_rank() -> Rank {
    report_order::rank(FAILED)
}

/// Declared in `host_rules.toml`, written like a module's; a malformed declaration does not compile.
static RULES: LazyLock<Vec<Rule>> = LazyLock::new(declared);

include!(concat!(env!("OUT_DIR"), "/host_rules.rs"));

/// The host's own rules.
pub fn rules() -> &'static [Rule] {
    &RULES
}

/// The host's own rules and their name, which no module may declare.
pub fn reserved() -> HostRules {
    HostRules { owner: MODULE, rules: rules() }
}

/// A module did not run to its end.
pub fn module_failed(module: &str, error: &RunError) -> Finding {
    Finding {
        severity: Severity::Warn,
        title: format!("The check module {module} did not finish"),
        detail: format!(
            "{module} was stopped: {error}. What it reported before is kept; its other rules count as not run."
        ),
        remediation: Some(
            "Run the audit again; if a limit was reached, raise it as the message says. A module that fails \
             every time is faulty or hostile: report or remove it."
                .to_owned(),
        ),
        ..about(&FAILED.replace('*', module))
    }
}

/// Findings may have been moved out of the active ones.
pub fn suppressions_active(configured: usize, moved: usize, inputs: &Inputs) -> Finding {
    Finding {
        title: "Audit suppressions are configured".to_owned(),
        detail: format!(
            "security.audit.suppressions has {configured} {}; {moved} {} moved out of the active findings.",
            if configured == 1 { "entry" } else { "entries" },
            if moved == 1 { "finding was" } else { "findings were" },
        ),
        remediation: Some(
            "Review the suppressions, and remove those whose reason no longer applies.".to_owned(),
        ),
        locations: vec![inputs.position("/security/audit/suppressions")],
        ..about(SUPPRESSIONS)
    }
}

/// Names that one finding lists.
const MOST_VARIABLES: usize = 50;

/// The environment of a gateway that was brought here is unknown, and so are the values that its config takes from it.
pub fn unknown_variables(inputs: &Inputs) -> Option<Finding> {
    if inputs.is_own_gateway() {
        return None;
    }
    let missing = inputs.config().missing_variables();
    let first = missing.first()?;
    let names = missing.iter().take(MOST_VARIABLES).map(|variable| variable.name.as_str());
    let names = names.collect::<Vec<_>>().join(", ");
    let more = match missing.len().saturating_sub(MOST_VARIABLES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(Finding {
        severity: Severity::Warn,
        title: "Values of environment variables are unknown".to_owned(),
        detail: format!(
            "The config takes values from {names}{more}. The gateway's environment is not known here, so a secret that \
             comes from there counts as set, and how good it is was not checked."
        ),
        remediation: Some(format!(
            "Give the values with `--env-file FILE`, or with `--env {}=VALUE` (other users of this machine see \
             arguments), then audit again.",
            first.name
        )),
        locations: missing
            .iter()
            .take(MOST_VARIABLES)
            .map(|variable| inputs.position(&variable.pointer))
            .collect(),
        ..about(VARIABLES)
    })
}

/// Installed modules that were refused, and those in use without a valid signature.
pub fn of_trust(trust_report: &TrustReport) -> Vec<Finding> {
    let mut findings: Vec<Finding> = trust_report.refused.iter().map(refused).collect();
    findings.extend(trust_report.failure.as_deref().map(unusable));
    if trust_report.policy != SignaturePolicy::Require {
        findings.push(unvouched(trust_report));
    }
    findings
}

fn refused(refused: &RefusedModule) -> Finding {
    Finding {
        severity: if refused.is_alarming { Severity::Critical } else { Severity::Warn },
        title: format!("The installed module {} was refused", refused.module),
        detail: format!(
            "{} {} was not run, and its rules count as not run: {}",
            refused.module, refused.version, refused.reason
        ),
        remediation: Some(format!(
            "Do what the reason says, or remove the module with `chitin module remove {}`.",
            refused.module
        )),
        ..about(REFUSED)
    }
}

fn unusable(reason: &str) -> Finding {
    Finding {
        severity: Severity::Critical,
        title: "No installed module could be used".to_owned(),
        detail: format!("The files that decide which installed modules may run cannot be relied on: {reason}"),
        remediation: Some(
            "Find out who can write to these files, correct them, and check the result with `chitin module list`."
                .to_owned(),
        ),
        ..about(REFUSED)
    }
}

fn unvouched(trust_report: &TrustReport) -> Finding {
    let policy = trust_report.policy.name();
    let mut detail = match trust_report.policy {
        SignaturePolicy::Off => {
            format!("The policy in trust.toml is `{policy}`: signatures are not checked.")
        }
        _ => format!("The policy in trust.toml is `{policy}`: a module needs no signature."),
    };
    if trust_report.unverified.is_empty() {
        detail.push_str(" No such module is in use.");
    }
    for unvouched in &trust_report.unverified {
        detail.push_str("\n- ");
        detail.push_str(&unvouched.module);
        detail.push_str(": ");
        detail.push_str(&unvouched.reason);
    }
    Finding {
        severity: Severity::Warn,
        title: "Modules are used without a valid signature".to_owned(),
        detail,
        remediation: Some("Set `policy = \"require\"` in trust.toml.".to_owned()),
        ..about(UNVOUCHED)
    }
}

/// An empty finding of the host, at no place in what is audited.
fn about(rule: &str) -> Finding {
    Finding {
        module: MODULE.to_owned(),
        origin: Origin::Host,
        rule: rule.to_owned(),
        severity: Severity::Info,
        title: String::new(),
        detail: String::new(),
        remediation: None,
        locations: Vec::new(),
        evidence: Vec::new(),
        fixes: Vec::new(),
    }
}

/// The ledger of refused modules: none of their rules ran.
pub fn ledger_of_refused(trust_report: &TrustReport) -> Vec<Entry> {
    let of_module = |refused: &RefusedModule| {
        let (module, reason) = (refused.module.clone(), refused.reason.clone());
        let rules = refused.rules.clone().into_iter();
        rules
            .map(move |rule| Entry {
                rule,
                module: module.clone(),
                status: Status::NotRun,
                findings: 0,
                reason: Some(reason.clone()),
            })
            .collect::<Vec<_>>()
    };
    trust_report.refused.iter().flat_map(of_module).collect()
}

/// The ledger of the host's own rules.
pub fn ledger(findings: &[Finding]) -> Vec<Entry> {
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
    fn every_rule_is_declared() {
        let ids: Vec<_> = rules().iter().map(|rule| rule.id.as_str()).collect();
        assert_eq!(ids, [FAILED, REFUSED, UNVOUCHED, VARIABLES, SUPPRESSIONS]);
    }

    #[test]
    fn a_refused_module_is_a_finding_and_its_rules_did_not_run() {
        let one = |is_alarming| RefusedModule {
            module: "acme.check".to_owned(),
            version: "1".to_owned(),
            rules: vec!["acme.a".to_owned(), "acme.b".to_owned()],
            reason: "because".to_owned(),
            is_alarming,
        };
        let trust_report =
            TrustReport { refused: vec![one(true), one(false)], ..TrustReport::default() };
        let findings = of_trust(&trust_report);
        let severities: Vec<_> = findings.iter().map(|finding| finding.severity).collect();
        assert_eq!(severities, [Severity::Critical, Severity::Warn]);
        assert!(findings.iter().all(|finding| finding.rule == REFUSED));
        let ledger = ledger_of_refused(&trust_report);
        assert_eq!(ledger.len(), 4);
        assert!(ledger.iter().all(|entry| entry.status == Status::NotRun));
        assert!(of_trust(&TrustReport::default()).is_empty());
    }

    #[test]
    fn a_loose_policy_is_reported_in_every_run() {
        for policy in [SignaturePolicy::Warn, SignaturePolicy::Off] {
            let findings = of_trust(&TrustReport { policy, ..TrustReport::default() });
            assert_eq!(findings.len(), 1);
            assert!(findings[0].detail.contains(policy.name()));
        }
        let failure = Some("the reason".to_owned());
        let findings = of_trust(&TrustReport { failure, ..TrustReport::default() });
        assert!(findings[0].detail.ends_with("the reason"));
    }

    #[test]
    fn a_failed_module_is_a_finding_of_a_declared_rule() {
        let finding = module_failed("chitin.gateway", &RunError::HostFailed);
        assert!(rules().iter().any(|rule| rule.covers(&finding.rule)));
    }
}

//! Puts together what the modules reported: findings in the order of OpenClaw's audit, and the ledger, in which each rule ends as
//! something.

use super::report::{Audited, Deep, ModuleReport, Report};
use super::{host_rules, suppression};
use chitin_collect::root_names::CONFIG_ALONE;
use chitin_model::finding::Finding;
use chitin_model::ledger::{Entry, Status};
use chitin_model::manifest::Manifest;
use chitin_openclaw::report_order::{self, Rank};
use chitin_runtime::{Outcome, RunError};
use chitin_trust::TrustReport;
use chitin_view::Inputs;

/// The report of these outcomes, which come in id order.
pub(super) fn gather(
    outcomes: Vec<Outcome>,
    inputs: &Inputs,
    trust_report: &TrustReport,
) -> Report {
    let mut ledger = Vec::new();
    let mut modules = Vec::new();
    let mut findings: Vec<(Rank, Finding)> = Vec::new();
    for outcome in outcomes {
        ledger.extend(ledger_of(&outcome, inputs));
        modules.push(ModuleReport {
            id: outcome.manifest.id.clone(),
            version: outcome.manifest.version.clone(),
            failure: outcome.failure.clone(),
            rejected: outcome.output.rejected.clone(),
        });
        let id = &outcome.manifest.id;
        let ranks = report_order::ranks(outcome.manifest.rules.iter().map(|rule| rule.id.as_str()));
        // That the run was cancelled is not the module's fault.
        let failure = outcome.failure.filter(|error| *error != RunError::Cancelled);
        findings.extend(
            outcome
                .output
                .findings
                .into_iter()
                .map(|finding| (rank_of(&outcome.manifest, &ranks, &finding), finding)),
        );
        if let Some(error) = failure {
            findings.push((host_rules::failed_rank(), host_rules::module_failed(id, &error)));
        }
    }
    // Stable: findings of the same rank keep the order of the modules, and the order in which their module reported them.
    findings.sort_by_key(|(rank, _)| *rank);
    let findings = findings.into_iter().map(|(_, finding)| finding).collect();

    let suppressions = suppression::of_config(inputs.config());
    let (mut findings, suppressed) = suppression::apply(findings, &suppressions);
    if !suppressions.is_empty() {
        findings.push(host_rules::suppressions_active(
            suppressions.len(),
            suppressed.len(),
            inputs,
        ));
    }
    // The audited config has no say in which modules are trusted, so it cannot suppress these.
    findings.extend(host_rules::of_trust(trust_report));
    findings.extend(host_rules::unknown_variables(inputs));
    ledger.extend(host_rules::ledger_of_refused(trust_report));
    ledger.extend(host_rules::ledger(&findings));
    Report {
        audited: Audited::of(inputs),
        findings,
        suppressed,
        ledger,
        modules,
        secret_diagnostics: inputs.secret_diagnostics(),
        deep: Deep::of(inputs),
        trust_report: trust_report.clone(),
        workers: None,
    }
}

/// The rank of a finding's rule, given those of all rules of the manifest.
fn rank_of(manifest: &Manifest, ranks: &[Rank], finding: &Finding) -> Rank {
    let mut rules = manifest.rules.iter().zip(ranks);
    rules.find(|(rule, _)| rule.covers(&finding.rule)).map_or(Rank::LAST, |(_, rank)| *rank)
}

/// The ledger of one module: each rule ends as something.
fn ledger_of(outcome: &Outcome, inputs: &Inputs) -> Vec<Entry> {
    let incomplete = inputs.missing_config(&outcome.manifest.grants);
    outcome
        .manifest
        .rules
        .iter()
        .map(|rule| {
            let findings =
                outcome.output.findings.iter().filter(|finding| rule.covers(&finding.rule)).count();
            let (status, reason) = if findings > 0 {
                (Status::Finding, None)
            } else if let Some((status, reason)) = outcome.output.statuses.get(&rule.id) {
                (in_scope(*status, reason), Some(reason.clone()))
            } else if let Some(error) = &outcome.failure {
                (Status::NotRun, Some(error.to_string()))
            } else if let Some(reason) = incomplete.as_ref().filter(|_| !rule.without_config) {
                (Status::NotRun, Some(reason.clone()))
            } else {
                (Status::Passed, None)
            };
            Entry {
                rule: rule.id.clone(),
                module: outcome.manifest.id.clone(),
                status,
                findings,
                reason,
            }
        })
        .collect()
}

/// A rule about files is skipped where there are none to be asked for. Where only a config was given, it does not apply.
fn in_scope(status: Status, reason: &str) -> Status {
    if status == Status::Skipped && reason == CONFIG_ALONE { Status::NotApplicable } else { status }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use chitin_collect::Collected;
    use chitin_config::discover::Request;
    use chitin_config::environment::Environment;
    use chitin_model::finding::Origin;

    fn gathered(failure: RunError) -> Report {
        let place = tempfile::tempdir().unwrap();
        let request = Request {
            state_dir: Some(place.path().to_path_buf()),
            cwd: place.path().to_path_buf(),
            ..Request::default()
        };
        let collected = Collected::gather(&request, Environment::default());
        let inputs = Inputs::new(collected, None).unwrap();
        let manifest = r#"{"id": "acme.check", "version": "1", "publisher": "acme", "wit": "0.1.0", "summary": "s",
            "rule": [{"id": "acme.rule", "severities": ["info"], "title": "t", "why": "w", "fix": "f"}]}"#;
        let manifest = Arc::new(Manifest::of_json(manifest.as_bytes()).unwrap());
        let outcome = Outcome { failure: Some(failure), ..Outcome::lost(manifest) };
        gather(vec![outcome], &inputs, &TrustReport::default())
    }

    #[test]
    fn a_module_that_failed_is_a_finding_whatever_words_it_chose() {
        let report = gathered(RunError::Failed("interrupted".to_owned()));
        let [finding] = report.findings.as_slice() else { panic!("{:?}", report.findings) };
        assert_eq!(finding.rule, "plugins.acme.check.security_audit_failed");
        assert_eq!(finding.origin, Origin::Host);
        assert!(!report.is_complete());
    }

    #[test]
    fn a_cancelled_run_is_no_fault_of_the_module_and_not_complete() {
        let report = gathered(RunError::Cancelled);
        assert!(report.findings.is_empty(), "{:?}", report.findings);
        let entry = report.ledger.iter().find(|entry| entry.rule == "acme.rule").unwrap();
        assert_eq!((entry.status, entry.reason.as_deref()), (Status::NotRun, Some("interrupted")));
        assert!(!report.is_complete());
    }
}

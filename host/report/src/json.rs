//! OpenClaw's JSON shape, with everything that is chitin's own under one extra key.

use std::collections::BTreeMap;

use serde::Serialize;

use super::fix;
use super::fix::json::WireFix as WireFixed;
use chitin_audit::{Audited, Deep, Place, Report};
use chitin_fix::Applied;
use chitin_model::escape::escaped_json;
use chitin_model::finding::{Change, Finding, Fix, FixLevel, ResolvedLocation, Severity};
use chitin_model::ledger::Status;
use chitin_runtime::worker::Confinement;
use chitin_trust::TrustReport;

/// The version of what is under `chitin`.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'r> {
    #[serde(flatten)]
    report: WireReport<'r>,
    secret_diagnostics: &'r [String],
    chitin: Chitin<'r>,
}

/// With `--fix` the report is beside what was fixed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FixWire<'r> {
    fix: WireFixed<'r>,
    report: WireReport<'r>,
    secret_diagnostics: &'r [String],
    chitin: Chitin<'r>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireReport<'r> {
    ts: u64,
    summary: Summary,
    findings: Vec<WireFinding<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressed_findings: Vec<Suppressed<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deep: Option<WireDeep<'r>>,
}

#[derive(Serialize)]
struct WireDeep<'r> {
    gateway: WireGateway<'r>,
}

#[derive(Serialize)]
struct WireGateway<'r> {
    attempted: bool,
    url: Option<&'r str>,
    ok: bool,
    error: Option<&'r str>,
    close: Option<WireClose<'r>>,
}

#[derive(Serialize)]
struct WireClose<'r> {
    code: u16,
    reason: &'r str,
}

#[derive(Serialize)]
struct Summary {
    critical: usize,
    warn: usize,
    info: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireFinding<'r> {
    check_id: &'r str,
    severity: Severity,
    title: &'r str,
    detail: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    remediation: Option<&'r str>,
}

#[derive(Serialize)]
struct Suppressed<'r> {
    #[serde(flatten)]
    finding: WireFinding<'r>,
    suppression: Suppression<'r>,
}

#[derive(Serialize)]
struct Suppression<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'r str>,
}

#[derive(Serialize)]
struct Chitin<'r> {
    schema: u32,
    audited: WireAudited<'r>,
    complete: bool,
    /// With `--fix`: what was found before the fix, and is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    gone: Option<Vec<Gone<'r>>>,
    /// In the order of `findings`.
    findings: Vec<Extra<'r>>,
    ledger: Vec<LedgerEntry<'r>>,
    modules: Vec<Module<'r>>,
    /// What confined the third-party modules; left out when there were none.
    #[serde(skip_serializing_if = "Option::is_none")]
    workers: Option<Confinement>,
    /// Only when there is something to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    trust: Option<Trust<'r>>,
}

/// What was audited, and what decided about it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireAudited<'r> {
    /// Absent where only a config was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    state_dir: Option<WirePlace>,
    config: WirePlace,
    /// False: the defaults of OpenClaw were audited.
    config_found: bool,
    openclaw: WireVersions<'r>,
}

#[derive(Serialize)]
struct WirePlace {
    path: String,
    from: String,
}

#[derive(Serialize)]
struct WireVersions<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    config: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    installed: Option<&'r str>,
}

#[derive(Serialize)]
struct Trust<'r> {
    policy: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<&'r str>,
    refused: Vec<OneModule<'r>>,
    unvouched: Vec<OneModule<'r>>,
}

#[derive(Serialize)]
struct OneModule<'r> {
    module: &'r str,
    reason: &'r str,
}

#[derive(Serialize)]
struct Gone<'r> {
    rule: &'r str,
    findings: usize,
}

#[derive(Serialize)]
struct Extra<'r> {
    locations: Vec<WireLocation<'r>>,
    evidence: &'r [String],
    fixes: Vec<WireFix<'r>>,
}

#[derive(Serialize)]
struct WireLocation<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
}

#[derive(Serialize)]
struct WireFix<'r> {
    title: &'r str,
    level: &'static str,
    #[serde(flatten)]
    change: BTreeMap<&'static str, serde_json::Value>,
}

#[derive(Serialize)]
struct LedgerEntry<'r> {
    rule: &'r str,
    module: &'r str,
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'r str>,
}

#[derive(Serialize)]
struct Module<'r> {
    id: &'r str,
    version: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
    /// What the host did not accept from it.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    rejected: &'r [String],
}

/// The report as pretty-printed JSON with a final line end; `ts` is milliseconds since 1970.
pub fn render(report: &Report, ts: u64) -> Result<String, serde_json::Error> {
    printed(&Wire {
        report: wire_report(report, ts),
        secret_diagnostics: &report.secret_diagnostics,
        chitin: chitin(report),
    })
}

/// The report after a fix, what was fixed, and which findings are gone.
pub fn render_fixed(
    applied: &Applied,
    before: Option<&Report>,
    report: &Report,
    ts: u64,
) -> Result<String, serde_json::Error> {
    let gone = before.map(|before| fix::gone(before, report)).unwrap_or_default();
    let gone = gone.into_iter().map(|(rule, findings)| Gone { rule, findings }).collect();
    printed(&FixWire {
        fix: fix::json::wire(applied),
        report: wire_report(report, ts),
        secret_diagnostics: &report.secret_diagnostics,
        chitin: Chitin { gone: Some(gone), ..chitin(report) },
    })
}

fn printed(wire: &impl Serialize) -> Result<String, serde_json::Error> {
    Ok(escaped_json(&serde_json::to_string_pretty(wire)?) + "\n")
}

fn wire_report(report: &Report, ts: u64) -> WireReport<'_> {
    let count = |severity| report.count(severity);
    WireReport {
        ts,
        summary: Summary {
            critical: count(Severity::Critical),
            warn: count(Severity::Warn),
            info: count(Severity::Info),
        },
        findings: report.findings.iter().map(finding).collect(),
        suppressed_findings: report
            .suppressed
            .iter()
            .map(|suppressed| Suppressed {
                finding: finding(&suppressed.finding),
                suppression: Suppression { reason: suppressed.reason.as_deref() },
            })
            .collect(),
        deep: report.deep.as_ref().map(|deep| WireDeep { gateway: gateway(deep) }),
    }
}

fn gateway(deep: &Deep) -> WireGateway<'_> {
    match &deep.gateway {
        Ok(probe) => WireGateway {
            attempted: true,
            url: Some(&probe.url),
            ok: probe.ok,
            error: probe.error.as_deref(),
            close: probe
                .close
                .as_ref()
                .map(|close| WireClose { code: close.code, reason: &close.reason }),
        },
        Err(reason) => {
            WireGateway { attempted: false, url: None, ok: false, error: Some(reason), close: None }
        }
    }
}

fn chitin(report: &Report) -> Chitin<'_> {
    Chitin {
        schema: SCHEMA,
        audited: wire_audited(&report.audited),
        complete: report.is_complete(),
        gone: None,
        findings: report.findings.iter().map(extra).collect(),
        ledger: report
            .ledger
            .iter()
            .map(|entry| LedgerEntry {
                rule: &entry.rule,
                module: &entry.module,
                status: entry.status,
                reason: entry.reason.as_deref(),
            })
            .collect(),
        modules: report
            .modules
            .iter()
            .map(|module| Module {
                id: &module.id,
                version: &module.version,
                failure: module.failure.as_ref().map(ToString::to_string),
                rejected: &module.rejected,
            })
            .collect(),
        trust: (!report.trust_report.is_plain()).then(|| trust(&report.trust_report)),
        workers: report.workers.as_ref().map(|workers| workers.confinement),
    }
}

fn wire_audited(audited: &Audited) -> WireAudited<'_> {
    let place = |place: &'_ Place| WirePlace {
        path: place.path.display().to_string(),
        from: place.by.clone(),
    };
    WireAudited {
        state_dir: audited.state_dir.as_ref().map(place),
        config: place(&audited.config),
        config_found: audited.config_found,
        openclaw: WireVersions {
            config: audited.openclaw.config.as_deref(),
            installed: audited.openclaw.installed.as_deref(),
        },
    }
}

fn trust(trust_report: &TrustReport) -> Trust<'_> {
    let refused = trust_report.refused.iter();
    let unvouched = trust_report.unverified.iter();
    Trust {
        policy: trust_report.policy.name(),
        failure: trust_report.failure.as_deref(),
        refused: refused
            .map(|one| OneModule { module: &one.module, reason: &one.reason })
            .collect(),
        unvouched: unvouched
            .map(|one| OneModule { module: &one.module, reason: &one.reason })
            .collect(),
    }
}

fn finding(finding: &Finding) -> WireFinding<'_> {
    WireFinding {
        check_id: &finding.rule,
        severity: finding.severity,
        title: &finding.title,
        detail: &finding.detail,
        remediation: finding.remediation.as_deref(),
    }
}

fn extra(finding: &Finding) -> Extra<'_> {
    Extra {
        locations: finding.locations.iter().map(position).collect(),
        evidence: &finding.evidence,
        fixes: finding.fixes.iter().map(fix).collect(),
    }
}

fn position(position: &ResolvedLocation) -> WireLocation<'_> {
    WireLocation {
        pointer: position.pointer.as_deref(),
        file: position.file.as_deref(),
        line: position.line,
        column: position.column,
    }
}

fn fix(fix: &Fix) -> WireFix<'_> {
    let change = match &fix.change {
        Change::SetMode { root, path, mode } => BTreeMap::from([
            ("root", root.clone().into()),
            ("path", path.clone().into()),
            ("mode", format!("{mode:04o}").into()),
        ]),
        Change::SetValue { pointer, expected, value } => BTreeMap::from([
            ("pointer", pointer.clone().into()),
            ("expected", expected.clone()),
            ("value", value.clone()),
        ]),
    };
    WireFix {
        title: &fix.title,
        level: match fix.level {
            FixLevel::Safe => "safe",
            FixLevel::Unsafe => "unsafe",
            FixLevel::DisplayOnly => "display-only",
        },
        change,
    }
}

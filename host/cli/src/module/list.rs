//! `chitin module list`: what is installed, and whether an audit would use it.

use std::fmt::Write as _;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use crate::exit::Exit;
use crate::modules::installed;
use crate::output::print;
use chitin_model::escape::{escaped_json, visible};
use chitin_trust::{Installed, SignatureStatus, TrustReport, VerifiedModule};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'i> {
    policy: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<&'i str>,
    modules: Vec<WireModule<'i>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireModule<'i> {
    id: &'i str,
    version: &'i str,
    /// `verified`, `unvouched` (used without a valid signature) or `refused`.
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    publisher: Option<&'i str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'i str>,
}

impl Arguments {
    pub(super) fn run(self) -> Result<Exit> {
        let installed = installed()?;
        let wire = wire(&installed);
        print(&if self.json {
            escaped_json(&serde_json::to_string_pretty(&wire)?) + "\n"
        } else {
            table(&wire)
        })?;
        Ok(if installed.report.failure.is_some() { Exit::Failed } else { Exit::Ok })
    }
}

fn wire(installed: &Installed) -> Wire<'_> {
    let report = &installed.report;
    let mut modules: Vec<_> = installed.modules.iter().map(|module| used(module, report)).collect();
    modules.extend(report.refused.iter().map(|refused| WireModule {
        id: &refused.module,
        version: &refused.version,
        state: "refused",
        publisher: None,
        digest: None,
        sequence: None,
        expires: None,
        reason: Some(&refused.reason),
    }));
    modules.sort_by_key(|module| module.id);
    Wire { policy: report.policy.name(), failure: report.failure.as_deref(), modules }
}

fn used<'i>(module: &'i VerifiedModule, report: &'i TrustReport) -> WireModule<'i> {
    let manifest = module.manifest();
    let unverified = report.unverified.iter().find(|unverified| unverified.module == manifest.id);
    let expires = match module.signature() {
        SignatureStatus::Valid(valid) => Some(valid.expires.to_string()),
        SignatureStatus::Unverified(_) | SignatureStatus::NotChecked => None,
    };
    WireModule {
        id: &manifest.id,
        version: &manifest.version,
        state: if unverified.is_some() { "unvouched" } else { "verified" },
        publisher: Some(&manifest.publisher),
        digest: Some(module.digest().to_string()),
        sequence: module.sequence(),
        expires,
        reason: unverified.map(|unverified| unverified.reason.as_str()),
    }
}

fn table(wire: &Wire<'_>) -> String {
    let mut out = String::new();
    if let Some(failure) = wire.failure {
        let _infallible = writeln!(out, "No installed module is used: {}", visible(failure));
        return out;
    }
    if wire.modules.is_empty() {
        out.push_str("No module is installed.\n");
    }
    for module in &wire.modules {
        let _infallible =
            write!(out, "{} {}  {}", visible(module.id), visible(module.version), module.state);
        if let Some(expires) = &module.expires {
            let _infallible = write!(out, "  valid until {expires}");
        }
        out.push('\n');
        if let Some(reason) = module.reason {
            let _infallible = writeln!(out, "  {}", visible(reason));
        }
    }
    if wire.policy != "require" {
        let _infallible = writeln!(
            out,
            "The policy is `{}`: modules may be used without a valid signature.",
            wire.policy
        );
    }
    out
}

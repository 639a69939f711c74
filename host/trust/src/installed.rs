//! The modules that an audit may use: every installed one, verified again. A refused module is reported, not just left
//! out.

use super::error::VerifyError;
use super::lock::LockEntry;
use super::paths::Paths;
use super::store::{Store, check_rule_conflicts};
use super::trust_file::SignaturePolicy;
use super::trust_policy::TrustPolicy;
use super::verify::{SignatureStatus, VerifiedModule, Verifier};
use chitin_model::timestamp::Timestamp;

/// An installed module that is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedModule {
    pub module: String,
    pub version: String,
    /// Its rules as the lock has them: what is missing from the audit.
    pub rules: Vec<String>,
    pub reason: String,
    /// Whether this can be an attack.
    pub is_alarming: bool,
}

/// A module that is used without a valid signature, because the policy is not `require`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnverifiedModule {
    pub module: String,
    pub reason: String,
}

/// What a report says about the installed modules: which ones were refused, which ones ran without a valid signature.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustReport {
    pub policy: SignaturePolicy,
    pub refused: Vec<RefusedModule>,
    pub unverified: Vec<UnverifiedModule>,
    /// Why no installed module could be used at all.
    pub failure: Option<String>,
}

impl TrustReport {
    /// Whether every installed module is used and has a valid signature, so nothing has to be reported.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// The installed modules that may be used, in id order, and what to report about the others.
#[derive(Debug, Default)]
pub struct Installed {
    pub modules: Vec<VerifiedModule>,
    pub report: TrustReport,
}

/// Reads and verifies every installed module. If a trust file or the lock is invalid, or others can write to it, no module
/// is used; the audit runs without them and reports it.
///
/// `own_rules` are the ids that no third-party module may have: those of the built-in modules and of the host.
pub fn installed(paths: &Paths, own_rules: &[String], now: Timestamp) -> Installed {
    let trust = match TrustPolicy::load(paths, own_rules) {
        Ok(trust) => trust,
        Err(error) => return none(SignaturePolicy::default(), error.to_string()),
    };
    let store = Store::new(paths);
    let entries = match store.entries() {
        Ok(entries) => entries,
        Err(error) => return none(trust.policy, error.to_string()),
    };
    let verifier = Verifier { trust: &trust, own_rules, now };
    let mut modules: Vec<VerifiedModule> = Vec::new();
    let mut report = TrustReport { policy: trust.policy, ..TrustReport::default() };
    for entry in entries {
        match load(&store, &entry, &verifier, &modules) {
            Ok(module) => {
                let reason = match module.signature() {
                    SignatureStatus::Valid(_) => None,
                    SignatureStatus::Unverified(error) => Some(error.to_string()),
                    SignatureStatus::NotChecked => Some("signatures are not checked".to_owned()),
                };
                let unverified = |reason| UnverifiedModule { module: entry.id, reason };
                report.unverified.extend(reason.map(unverified));
                modules.push(module);
            }
            Err(error) => report.refused.push(RefusedModule::new(entry, &error)),
        }
    }
    Installed { modules, report }
}

/// Loads a module, unless it has a rule of one that was loaded before.
fn load(
    store: &Store,
    entry: &LockEntry,
    verifier: &Verifier<'_>,
    earlier: &[VerifiedModule],
) -> Result<VerifiedModule, VerifyError> {
    let module = store.load(entry, verifier)?;
    for earlier in earlier.iter().map(VerifiedModule::manifest) {
        let rules = earlier.rules.iter().map(|rule| rule.id.as_str());
        check_rule_conflicts(&module, &earlier.id, rules)?;
    }
    Ok(module)
}

fn none(policy: SignaturePolicy, failure: String) -> Installed {
    let report = TrustReport { policy, failure: Some(failure), ..TrustReport::default() };
    Installed { report, ..Installed::default() }
}

impl RefusedModule {
    fn new(entry: LockEntry, error: &VerifyError) -> Self {
        Self {
            module: entry.id,
            version: entry.version,
            rules: entry.rules,
            reason: error.to_string(),
            is_alarming: error.is_alarming(),
        }
    }
}

#[cfg(test)]
mod tests;

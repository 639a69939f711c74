//! What an audit may use: every installed module, verified anew. What is refused is told, not dropped.

use super::Paths;
use super::error::Refusal;
use super::store::{Store, check_rules};
use super::trust_file::Policy;
use super::trusted::Trust;
use super::verify::{Judge, Verified, Voucher};
use chitin_model::timestamp::Timestamp;

/// An installed module that is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub module: String,
    pub version: String,
    /// Its rules as the lock has them: what is missing from the audit.
    pub rules: Vec<String>,
    pub reason: String,
    /// Whether somebody may have meant harm.
    pub is_alarming: bool,
}

/// A module that is used although nobody vouches for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unvouched {
    pub module: String,
    pub reason: String,
}

/// How far the modules of a run can be trusted: a part of every report that has something to say about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    pub policy: Policy,
    pub refused: Vec<Refused>,
    pub unvouched: Vec<Unvouched>,
    /// Why no installed module could be looked at.
    pub failure: Option<String>,
}

impl Standing {
    /// Whether there is nothing to say.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// The installed modules that may be used, in id order, and how things stand.
#[derive(Debug, Default)]
pub struct Installed {
    pub modules: Vec<Verified>,
    pub standing: Standing,
}

/// Reads and verifies every installed module. A trust file or a lock that cannot be trusted means that none is used; the
/// audit goes on without them, and says so.
///
/// `own_rules` are the ids that no third-party module may have: those of the built-in modules and of the host.
pub fn installed(paths: &Paths, own_rules: &[String], now: Timestamp) -> Installed {
    let trust = match Trust::load(paths, own_rules) {
        Ok(trust) => trust,
        Err(error) => return none(Policy::default(), error.to_string()),
    };
    let store = Store::new(paths);
    let entries = match store.entries() {
        Ok(entries) => entries,
        Err(error) => return none(trust.policy, error.to_string()),
    };
    let judge = Judge { trust: &trust, own_rules, now };
    let mut installed = Installed {
        standing: Standing { policy: trust.policy, ..Standing::default() },
        ..Installed::default()
    };
    for entry in entries {
        let loaded = store.load(&entry, &judge).and_then(|module| {
            let earlier = installed.modules.iter().map(Verified::manifest);
            for earlier in earlier {
                let rules = earlier.rules.iter().map(|rule| rule.id.as_str());
                check_rules(&module, &earlier.id, rules)?;
            }
            Ok(module)
        });
        match loaded {
            Ok(module) => {
                let reason = match module.voucher() {
                    Voucher::Signed(_) => None,
                    Voucher::Doubtful(why) => Some(why.to_string()),
                    Voucher::Unasked => Some("signatures are not looked at".to_owned()),
                };
                installed
                    .standing
                    .unvouched
                    .extend(reason.map(|reason| Unvouched { module: entry.id, reason }));
                installed.modules.push(module);
            }
            Err(refusal) => installed.standing.refused.push(Refused::new(entry, &refusal)),
        }
    }
    installed
}

fn none(policy: Policy, failure: String) -> Installed {
    let standing = Standing { policy, failure: Some(failure), ..Standing::default() };
    Installed { standing, ..Installed::default() }
}

impl Refused {
    fn new(entry: super::Entry, refusal: &Refusal) -> Self {
        Self {
            module: entry.id,
            version: entry.version,
            rules: entry.rules,
            reason: refusal.to_string(),
            is_alarming: refusal.is_alarming(),
        }
    }
}

#[cfg(test)]
mod tests;

//! Landlock: no file can be opened, no address connected or bound, nobody else signalled.

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, CompatLevel, Compatible as _, Ruleset, RulesetAttr as _,
    RulesetError, RulesetStatus, Scope,
};

use super::Enforcement;

/// The newest version whose restrictions are used.
const NEWEST: ABI = ABI::V6;

/// A rule set without a rule: everything that is handled is denied.
pub(super) fn restrict() -> Enforcement {
    let restricted = || -> Result<_, RulesetError> {
        Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(NEWEST))?
            .handle_access(AccessNet::from_all(NEWEST))?
            .scope(Scope::from_all(NEWEST))?
            .create()?
            .restrict_self()
    };
    match restricted().map(|status| status.ruleset) {
        Ok(RulesetStatus::FullyEnforced) => Enforcement::Full,
        Ok(RulesetStatus::PartiallyEnforced) => Enforcement::Part,
        Ok(RulesetStatus::NotEnforced) | Err(_) => Enforcement::None,
    }
}

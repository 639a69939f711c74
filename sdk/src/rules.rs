//! How a check is made up: groups of rules that are decided together.

use chitin_document::Refusal;

use crate::host::Host;

/// A refusal ends the group: its rules that have not spoken yet are "not run" with the refusal's reason.
pub type Outcome = Result<(), Refusal>;

/// Rules that one function decides.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    /// Ids as the manifest declares them, with their `*`.
    pub rules: &'static [&'static str],
    pub check: fn(&dyn Host) -> Outcome,
}

/// Runs the groups in order. One group's refusal never costs another's findings.
pub fn run(host: &dyn Host, groups: &[Group]) {
    for group in groups {
        if let Err(refusal) = (group.check)(host) {
            for rule in group.rules {
                match &refusal {
                    Refusal::NotHere(reason) => host.skipped(rule, reason),
                    refusal => host.not_run(rule, refusal.reason()),
                }
            }
        }
    }
}

/// Makes a component of a check: `chitin_sdk::export!(GROUPS);` with `GROUPS: &[Group]`.
#[macro_export]
macro_rules! export {
    ($groups:ident) => {
        #[cfg(target_family = "wasm")]
        mod component {
            struct Component;

            impl $crate::contract::Guest for Component {
                fn run() {
                    $crate::run(&$crate::guest::Program::default(), super::$groups);
                }
            }

            $crate::contract::export!(Component with_types_in $crate::contract);
        }
    };
}

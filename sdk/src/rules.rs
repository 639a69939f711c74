//! How a check is made up: rules, and groups of rules that are decided together.

use chitin_document::Refusal;

use crate::finding::{Finding, Severity};
use crate::host::Host;

/// A rule as the manifest declares it; [`rules!`](crate::rules) makes one of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule<S = Severity> {
    pub id: &'static str,
    pub title: &'static str,
    /// The severity of every finding, or [`OneOf`] if the manifest declares several.
    pub severity: S,
}

/// The manifest declares several severities, so each finding names its own. The host refuses any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OneOf;

impl Rule {
    /// A finding of this rule, with the manifest's title and severity.
    pub fn finding(&self) -> Finding {
        Finding::new(self.id, self.severity, self.title)
    }
}

impl Rule<OneOf> {
    /// A finding of this rule, with the manifest's title and one of its severities.
    pub fn finding_at(&self, severity: Severity) -> Finding {
        Finding::new(self.id, severity, self.title)
    }
}

/// A rule whose id has parts that come from the audited machine: `channels.*.dm.open`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RulePattern<const STARS: usize, S = Severity> {
    /// The id as the manifest declares it, with its stars.
    pub pattern: &'static str,
    pub title: &'static str,
    /// The severity of every finding, or [`OneOf`] if the manifest declares several.
    pub severity: S,
}

impl<const STARS: usize, S> RulePattern<STARS, S> {
    /// The id with a text in place of each star. An empty text makes an id that the host refuses.
    pub fn id(&self, parts: [&str; STARS]) -> String {
        let mut literal = self.pattern.split('*');
        let mut id = literal.next().unwrap_or_default().to_owned();
        for (part, text) in parts.into_iter().zip(literal) {
            id.push_str(part);
            id.push_str(text);
        }
        id
    }
}

impl<const STARS: usize> RulePattern<STARS> {
    /// A finding with a text in place of each star, and the manifest's title and severity.
    pub fn finding(&self, parts: [&str; STARS]) -> Finding {
        Finding::new(self.id(parts), self.severity, self.title)
    }
}

impl<const STARS: usize> RulePattern<STARS, OneOf> {
    /// A finding with a text in place of each star, the manifest's title and one of its severities.
    pub fn finding_at(&self, severity: Severity, parts: [&str; STARS]) -> Finding {
        Finding::new(self.id(parts), severity, self.title)
    }
}

/// A refusal ends the group: those of its rules that have no result yet are "not run" with the refusal's reason.
pub type Outcome = Result<(), Refusal>;

/// Rules that one function decides.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    /// Ids as the manifest declares them: [`Rule::id`], [`RulePattern::pattern`].
    pub rules: &'static [&'static str],
    pub check: fn(&dyn Host) -> Outcome,
}

/// Runs the groups in order. One group's refusal never costs another's findings.
pub fn run(host: &dyn Host, groups: &[Group]) {
    for group in groups {
        if let Err(refusal) = (group.check)(host) {
            for rule in group.rules {
                not_decided(host, rule, &refusal);
            }
        }
    }
}

/// Notes that a refusal kept a rule from being decided: it is skipped where this run has nothing to look at, and has not run
/// where something could not be looked at.
pub fn not_decided(host: &dyn Host, rule: &str, refusal: &Refusal) {
    match refusal {
        Refusal::NotHere(reason) => host.skipped(rule, reason),
        refusal => host.not_run(rule, refusal.reason()),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_begin_with_what_the_manifest_says() {
        let rule = Rule { id: "a.b", title: "T", severity: Severity::Warn };
        assert_eq!(rule.finding(), Finding::new("a.b", Severity::Warn, "T"));
        let graded = Rule { id: "a.b", title: "T", severity: OneOf };
        assert_eq!(graded.finding_at(Severity::Info), Finding::new("a.b", Severity::Info, "T"));
    }

    #[test]
    fn each_star_is_filled() {
        let both = RulePattern { pattern: "a.*.b.*", title: "T", severity: Severity::Warn };
        assert_eq!(both.finding(["x", "y.z"]), Finding::new("a.x.b.y.z", Severity::Warn, "T"));
        let graded = RulePattern { pattern: "a.*.c", title: "T", severity: OneOf };
        assert_eq!(graded.finding_at(Severity::Info, ["*"]).rule, "a.*.c");
    }
}

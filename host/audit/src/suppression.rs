//! `security.audit.suppressions`: findings that the config asks to leave out. They leave the active findings and stay in
//! the report.

use chitin_config::{Config, Shape, Value};
use chitin_model::finding::{Finding, Suppressed};

/// One entry; a finding must meet all of its conditions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Suppression {
    check_id: String,
    title: Option<String>,
    detail: Option<String>,
    reason: Option<String>,
}

/// The entries in file order. An entry without a `checkId` matches nothing and still counts as configured.
pub(super) fn of_config(config: &Config) -> Vec<Suppression> {
    let entries = config.value("/security/audit/suppressions").map(|value| &value.shape);
    match entries {
        Some(Shape::List(items)) => items.iter().map(suppression).collect(),
        _ => Vec::new(),
    }
}

fn suppression(value: &Value) -> Suppression {
    let text = |key: &str| {
        let Shape::Map(members) = &value.shape else { return None };
        let (_, member) = members.iter().find(|(name, _)| name == key)?;
        match &member.shape {
            Shape::Text(text) => Some(text.effective.trim()).filter(|text| !text.is_empty()),
            _ => None,
        }
    };
    Suppression {
        check_id: text("checkId").unwrap_or_default().to_owned(),
        title: text("titleIncludes").map(str::to_lowercase),
        detail: text("detailIncludes").map(str::to_lowercase),
        reason: text("reason").map(str::to_owned),
    }
}

impl Suppression {
    fn covers(&self, finding: &Finding) -> bool {
        let includes = |wanted: &Option<String>, text: &str| {
            wanted.as_ref().is_none_or(|wanted| text.to_lowercase().contains(wanted))
        };
        // As in OpenClaw, an id is compared as it is: a `*` in it is not a wildcard.
        self.check_id == finding.rule
            && includes(&self.title, &finding.title)
            && includes(&self.detail, &finding.detail)
    }
}

/// Splits findings into those that stay and those that are suppressed, each by the first entry that covers it.
pub(super) fn apply(
    findings: Vec<Finding>,
    suppressions: &[Suppression],
) -> (Vec<Finding>, Vec<Suppressed>) {
    let mut active = Vec::new();
    let mut suppressed = Vec::new();
    for finding in findings {
        match suppressions.iter().find(|suppression| suppression.covers(&finding)) {
            Some(by) => suppressed.push(Suppressed { finding, reason: by.reason.clone() }),
            None => active.push(finding),
        }
    }
    (active, suppressed)
}

//! What the code of installed skills does, by a scan, and whether the scan was complete.

use chitin_scan_findings::{Rules, Subject, cut, is_scanned, shown_path};
use chitin_sdk::{Finding, Host, Outcome, Refusal};

use crate::load::{self, Gap, Skill};
use crate::rule;
use crate::sources::Source;

pub(crate) const RULES: Rules = Rules {
    safety: rule::CODE_SAFETY.id,
    scan_failed: rule::CODE_SAFETY_SCAN_FAILED.id,
    incomplete: rule::CODE_SAFETY_INCOMPLETE.id,
};

/// Findings about what was not scanned; the last one says how many more there are.
const MAX_GAPS: usize = 50;

pub(crate) fn skills(host: &dyn Host) -> Outcome {
    is_scanned(host, "skills:")?;
    let found = load::inventory(host)?;
    for gap in found.gaps.iter().take(MAX_GAPS) {
        not_looked_at(host, gap).report(host);
    }
    if found.gaps.len() > MAX_GAPS {
        more_gaps(found.gaps.len() - MAX_GAPS).report(host);
    }
    for skill in &found.skills {
        for finding in of_skill(host, skill)? {
            finding.report(host);
        }
    }
    Ok(())
}

fn of_skill(host: &dyn Host, skill: &Skill) -> Result<Vec<Finding>, Refusal> {
    let shadowed = skill.shadowed_by.as_ref().map(|path| {
        format!(
            "This skill is shadowed: OpenClaw uses {} for the same name, and would use this one if that were removed.",
            cut(path)
        )
    });
    let subject = Subject {
        rules: &RULES,
        sort: "Skill",
        name: &skill.name,
        root: &skill.place.root,
        path: &skill.place.path,
        notes: shadowed.as_slice(),
    };
    chitin_scan_findings::findings(
        host,
        &subject,
        host.scan(&skill.place.root, &skill.place.path, &[]),
    )
}

fn not_looked_at(host: &dyn Host, gap: &Gap) -> Finding {
    let place = &gap.problem.place;
    let title = if gap.source == Source::Workshop {
        "The workshop inventory of skills could not be scanned completely"
    } else {
        "Skills could not be scanned completely"
    };
    let finding = rule::CODE_SAFETY_SCAN_FAILED
        .finding()
        .title(title)
        .detail(format!(
            "The scan could not inspect {}: {}",
            shown_path(host, &place.root, &place.path),
            cut(&gap.problem.reason)
        ))
        .remediation("Check permissions and layout of the skills, then run the deep audit again.");
    if host.describe(&place.root, &place.path).is_err() {
        return finding;
    }
    finding.in_file(&place.root, &place.path)
}

fn more_gaps(more: usize) -> Finding {
    rule::CODE_SAFETY_SCAN_FAILED
        .finding()
        .title("Skills could not be scanned completely")
        .detail(format!("{more} more places with skills could not be inspected."))
        .remediation("Check permissions and layout of the skills, then run the deep audit again.")
}

//! Which findings are gone after a fix.

use std::collections::HashMap;

use chitin_audit::Report;

/// The rules whose findings are gone after a fix, each with how many are, in the order of the report before.
pub(crate) fn gone<'r>(before: &'r Report, after: &Report) -> Vec<(&'r str, usize)> {
    let mut left: HashMap<&str, usize> = HashMap::new();
    for finding in &after.findings {
        *left.entry(&finding.rule).or_default() += 1;
    }
    let mut gone: Vec<(&str, usize)> = Vec::new();
    for finding in &before.findings {
        let rule = finding.rule.as_str();
        match left.get_mut(rule) {
            Some(count) if *count > 0 => *count -= 1,
            _ => match gone.iter_mut().find(|(known, _)| *known == rule) {
                Some((_, count)) => *count += 1,
                None => gone.push((rule, 1)),
            },
        }
    }
    gone
}

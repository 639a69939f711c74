//! Where chitin decides differently from OpenClaw, on purpose and with a reason. A deviation that is not listed fails a
//! test, and so does a listed one that no longer occurs.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// Reasons by the name of a case, a rule id, or the beginning of rule ids with a `*`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deviations {
    /// Cases of `tests/data/conformance/cases.json`.
    #[serde(default)]
    pub(crate) cases: BTreeMap<String, String>,
    /// Rules that report more on published configs than OpenClaw does.
    #[serde(default)]
    pub(crate) more: BTreeMap<String, String>,
    /// Rules that report less on published configs than OpenClaw does.
    #[serde(default)]
    pub(crate) less: BTreeMap<String, String>,
    /// Rules of OpenClaw that chitin does not have.
    #[serde(default)]
    pub(crate) rules: BTreeMap<String, String>,
}

pub(crate) static DEVIATIONS: LazyLock<Deviations> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/conformance/deviations.toml")).unwrap()
});

/// The entry of a list that an id falls under.
pub(crate) fn entry_for<'l>(list: &'l BTreeMap<String, String>, id: &str) -> Option<&'l str> {
    list.keys().map(String::as_str).find(|pattern| match pattern.strip_suffix('*') {
        Some(start) => id.starts_with(start),
        None => id == *pattern,
    })
}

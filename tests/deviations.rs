//! Where chitin decides differently from OpenClaw, on purpose and with a reason. A deviation that is not listed fails a
//! test, and so does a listed one that is none any more.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// The list, by name; a name is a case, a rule id or a rule id's beginning.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deviations {
    /// Cases of `conformance/cases.json`.
    #[serde(default)]
    pub(crate) cases: BTreeMap<String, String>,
    /// Rules that report more on published configs than OpenClaw does; `*` at the end stands for anything.
    #[serde(default)]
    pub(crate) corpus: BTreeMap<String, String>,
    /// Rules of OpenClaw that chitin does not have.
    #[serde(default)]
    pub(crate) rules: BTreeMap<String, String>,
}

pub(crate) static DEVIATIONS: LazyLock<Deviations> =
    LazyLock::new(|| toml::from_str(include_str!("conformance/deviations.toml")).unwrap());

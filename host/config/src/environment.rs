//! The environment as the audited gateway sees it: what the process was given, what dotenv files add, and what the
//! config's own `env` section adds.
//!
//! Values are secrets in the clear. They stay inside the host; checks see only which names are set.

mod denied_vars;
mod dotenv;
mod var_policy;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt;

use super::ecma::trim;

pub use dotenv::parse as parse_dotenv;
pub(super) use var_policy::config_may_set;

/// Names and values of variables, which may be secrets.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Variables(pub Vec<(String, String)>);

impl fmt::Debug for Variables {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// Variables and their values. A name or value that is not UTF-8 is left out.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Environment {
    values: BTreeMap<String, String>,
    /// Names that the config's own `env` section set.
    by_config: BTreeSet<String>,
    /// What this process was given, where the gateway is another machine's: no variable of it, and secret all the same.
    of_this_machine: BTreeMap<String, String>,
}

impl Environment {
    /// The environment of a process.
    pub fn from_pairs<N, V>(pairs: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<OsString>,
        V: Into<OsString>,
    {
        let values = pairs
            .into_iter()
            .filter_map(|(name, value)| {
                Some((name.into().into_string().ok()?, value.into().into_string().ok()?))
            })
            .collect();
        Self { values, ..Self::default() }
    }

    /// A value without the white space around it. None when unset or blank. OpenClaw reads its own variables this way.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.raw(name).map(trim).filter(|value| !value.is_empty())
    }

    /// The same, unless it comes from the config: for what an operator may loosen and a config may not.
    pub fn get_of_operator(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|_| !self.by_config.contains(name))
    }

    /// A value as it is.
    pub fn raw(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// The names that are set, blank or not.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    /// Sets a variable for the config's `env` section.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.by_config.insert(name.to_owned());
        self.values.insert(name.to_owned(), value.to_owned());
    }

    /// Empties the environment, for the audit of a gateway from elsewhere: what is set there is unknown.
    pub(super) fn forget_this_machine(&mut self) {
        self.of_this_machine = std::mem::take(&mut self.values);
    }

    /// Sets the variables that the operator gave for this run. They replace what was set.
    pub(super) fn add_given(&mut self, given: &Variables) {
        self.values.extend(given.0.iter().cloned());
    }

    /// Names and values of everything that is known of any environment, whether or not it is the gateway's.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        let known = self.values.iter().chain(&self.of_this_machine);
        known.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Adds the variables of the gateway's own dotenv file. One that is set already stays, even if it is blank.
    pub(super) fn add_dotenv(&mut self, text: &str) {
        self.add_dotenv_if(text, |_| true);
    }

    /// Adds the variables of the dotenv file of a working directory. Such a file belongs to a project, not to the gateway,
    /// so OpenClaw takes nothing from it that could redirect or unlock the gateway.
    pub(super) fn add_project_dotenv(&mut self, text: &str) {
        self.add_dotenv_if(text, var_policy::project_may_set);
    }

    fn add_dotenv_if(&mut self, text: &str, may_set: impl Fn(&str) -> bool) {
        for (name, value) in dotenv::parse(text) {
            if var_policy::is_portable(&name)
                && may_set(&name)
                && let Entry::Vacant(entry) = self.values.entry(name)
            {
                entry.insert(value);
            }
        }
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.names()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_is_unset() {
        let environment = Environment::from_pairs([("A", " a "), ("B", " \u{feff}"), ("C", "")]);
        assert_eq!(environment.get("A"), Some("a"));
        assert_eq!(environment.raw("A"), Some(" a "));
        assert_eq!(
            (environment.get("B"), environment.get("C"), environment.get("D")),
            (None, None, None)
        );
    }

    #[cfg(unix)]
    #[test]
    fn drops_what_is_not_utf8() {
        use std::os::unix::ffi::OsStringExt as _;
        let odd = || OsString::from_vec(vec![0xff]);
        let environment = Environment::from_pairs([
            ("A".into(), odd()),
            (odd(), "b".into()),
            ("C".into(), OsString::from("c")),
        ]);
        assert_eq!(environment.names().collect::<Vec<_>>(), ["C"]);
    }

    #[test]
    fn dotenv_files_only_add() {
        let mut environment = Environment::from_pairs([("A", "1"), ("B", "")]);
        environment.add_dotenv("A=x\nB=x\nC=x\nOPENCLAW_GATEWAY_TOKEN=x\nno-name=x\nD.E=x");
        assert_eq!((environment.raw("A"), environment.raw("B")), (Some("1"), Some("")));
        assert_eq!(environment.get("C"), Some("x"));
        assert_eq!(environment.get("OPENCLAW_GATEWAY_TOKEN"), Some("x"));
        assert_eq!(environment.names().count(), 4);
    }

    #[test]
    fn a_project_may_not_touch_the_gateway() {
        let mut environment = Environment::default();
        environment.add_project_dotenv(
            "OPENCLAW_GATEWAY_TOKEN=x\nopenclaw_state_dir=x\nMY_BASE_URL=x\nX_SKIP_AUTH=x\nMY_TOKEN=x",
        );
        assert_eq!(environment.names().collect::<Vec<_>>(), ["MY_TOKEN"]);
    }

    #[test]
    fn prints_no_values() {
        let environment = Environment::from_pairs([("NAME", "hush")]);
        assert_eq!(format!("{environment:?}"), "{\"NAME\"}");
    }
}

//! Facts that can be granted: the functions of the interface `facts` in `wit/`, read from its text, so the contract is
//! the one list of them.

use std::fmt;
use std::sync::LazyLock;

const INTERFACE: &str = include_str!("../../../../wit/0.1.0/facts.wit");

/// How the first sentence of each function's documentation begins.
const ALLOWS: &str = "Lets a module ";

/// A fact as the contract declares it.
#[derive(Debug, PartialEq, Eq)]
struct Declared {
    name: &'static str,
    /// What the grant allows, to come after "may"; `NAME` in it stands for the argument.
    allows: &'static str,
}

static DECLARED: LazyLock<Vec<Declared>> = LazyLock::new(|| {
    let mut documentation = None;
    let mut declared = Vec::new();
    for line in INTERFACE.lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("///") {
            documentation.get_or_insert(text.trim());
        } else if let Some((name, _)) = line.split_once(": func(") {
            let allows = documentation.take().and_then(|text| text.strip_prefix(ALLOWS));
            declared.push(Declared { name, allows: allows.unwrap_or("learn this fact.") });
        } else if !line.starts_with('@') {
            documentation = None;
        }
    }
    declared
});

/// A fact that a manifest asks for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fact {
    name: &'static str,
    /// The variable's name for `environment:NAME`; nothing else takes an argument.
    argument: Option<String>,
}

/// The one fact that is granted for each of its arguments apart.
const WITH_ARGUMENT: &str = "environment";

impl Fact {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (name, argument) = match text.split_once(':') {
            Some((name, argument)) => (name, Some(argument)),
            None => (text, None),
        };
        let name = DECLARED.iter().find(|declared| declared.name == name)?.name;
        let well_formed = match argument {
            None => name != WITH_ARGUMENT,
            Some(argument) => {
                name == WITH_ARGUMENT
                    && !argument.is_empty()
                    && argument.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            }
        };
        well_formed.then(|| Self { name, argument: argument.map(str::to_owned) })
    }

    /// Whether this is the fact of that name, and about that argument.
    pub(super) fn is(&self, name: &str, argument: Option<&str>) -> bool {
        self.name == name && self.argument.as_deref() == argument
    }

    /// What the grant allows, in words.
    pub(super) fn allows(&self) -> String {
        let declared = DECLARED.iter().find(|declared| declared.name == self.name);
        let words = declared.map_or("", |declared| declared.allows).trim_end_matches('.');
        match &self.argument {
            Some(argument) => words.replace("NAME", argument),
            None => words.to_owned(),
        }
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.argument {
            Some(argument) => write!(formatter, "{}:{argument}", self.name),
            None => formatter.write_str(self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_says_what_its_grant_allows() {
        assert_eq!(DECLARED.len(), INTERFACE.matches(": func(").count());
        for declared in DECLARED.iter() {
            assert_ne!(declared.allows, "learn this fact.", "{}", declared.name);
            assert!(declared.allows.ends_with('.'), "{}: {}", declared.name, declared.allows);
        }
    }

    #[test]
    fn only_declared_facts_can_be_granted() {
        let platform = Fact::parse("platform").unwrap();
        assert!(platform.is("platform", None) && !platform.is("platform", Some("x")));
        assert_eq!(Fact::parse("environment:A_B").unwrap().to_string(), "environment:A_B");
        for refused in ["clock", "environment", "environment:", "environment:a b", "platform:x", ""]
        {
            assert_eq!(Fact::parse(refused), None, "{refused}");
        }
    }
}

//! Whether a config leaves a reason to ask docker for sandbox browser containers.

use chitin_config::{Config, Shape, Value};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// Sandboxes are turned off in so many words, and nothing turns one on.
    None,
    /// The config does not speak of them; containers of an earlier config may be left.
    Possible,
    /// The config uses sandboxes.
    Likely,
}

impl Reason {
    pub(super) fn of(config: &Config) -> Self {
        let sandbox = |agent: &Value| agent.member("sandbox").cloned();
        let defaults = config.value("/agents/defaults").and_then(sandbox);
        let entries =
            ["/agents/entries", "/agents/list"].into_iter().filter_map(|at| config.value(at));
        let mut sandboxes: Vec<Value> = entries
            .flat_map(|roster| match &roster.shape {
                Shape::Map(members) => members.iter().map(|(_, agent)| agent).collect(),
                Shape::List(items) => items.iter().collect(),
                _ => Vec::new(),
            })
            .filter_map(sandbox)
            .collect();
        sandboxes.extend(defaults);
        let mode =
            |sandbox: &Value| sandbox.member("mode").and_then(Value::text).map(str::to_owned);
        let uses = |sandbox: &Value| {
            mode(sandbox).is_some_and(|mode| mode != "off") || sandbox.member("browser").is_some()
        };
        if sandboxes.iter().any(uses) {
            Self::Likely
        } else if sandboxes.iter().any(|sandbox| mode(sandbox).is_some()) {
            Self::None
        } else {
            Self::Possible
        }
    }
}

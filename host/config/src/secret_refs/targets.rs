//! The references that an audit tries to resolve, and which of them are not in use.

use chitin_openclaw::channels::{SecretRef, Use, provider_of};

use super::gateway::{credentials, is_configured};
use crate::document::{Shape, Value};
use crate::ecma::trim;
use crate::environment::Environment;
use crate::spans::below;

/// More references than this are not looked at. A gateway has a handful.
const MAX_TARGETS: usize = 512;

/// Members of `channels` that are not channels.
const SHARED: [&str; 2] = ["defaults", "modelByChannel"];

/// A reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub pointer: String,
    /// The pointer in the form that people write.
    pub path: String,
    /// Why nothing uses it, if nothing does.
    pub unused: Option<String>,
}

impl Target {
    fn new(segments: &[&str], unused: Option<String>) -> Self {
        let pointer =
            segments.iter().fold(String::new(), |pointer, segment| below(&pointer, segment));
        Self { pointer, path: readable(segments), unused }
    }
}

/// References as they are found, up to a limit.
#[derive(Debug, Default)]
pub(super) struct Targets {
    pub listed: Vec<Target>,
    /// How many more there are.
    pub more: usize,
}

impl Targets {
    fn add(&mut self, target: impl FnOnce() -> Target) {
        if self.listed.len() < MAX_TARGETS {
            self.listed.push(target());
        } else {
            self.more += 1;
        }
    }
}

/// The references at the gateway's credentials and anywhere below `channels`.
pub(super) fn of(document: &Value, environment: &Environment) -> Targets {
    let mut targets = Targets::default();
    for (pointer, unused) in credentials(document, environment) {
        if document.at(pointer).is_some_and(is_pending) {
            let segments: Vec<&str> = pointer.split('/').skip(1).collect();
            targets.add(|| Target::new(&segments, unused));
        }
    }
    let channels = document.member("channels").into_iter().flat_map(members);
    for (name, section) in channels.filter(|(name, _)| !SHARED.contains(&name.as_str())) {
        Channel::of(name, section, environment).add_targets(
            section,
            &mut vec!["channels", name],
            &mut targets,
        );
    }
    targets
}

fn is_pending(value: &Value) -> bool {
    match &value.shape {
        Shape::Reference(_) => true,
        Shape::Text(text) => text.pending().is_some(),
        _ => false,
    }
}

fn members(value: &Value) -> &[(String, Value)] {
    match &value.shape {
        Shape::Map(members) => members,
        _ => &[],
    }
}

/// A channel's section and what is known of its credentials.
struct Channel<'a> {
    section: &'a Value,
    accounts: &'a [(String, Value)],
    fields: &'static [SecretRef],
    environment: &'a Environment,
}

impl<'a> Channel<'a> {
    fn of(name: &str, section: &'a Value, environment: &'a Environment) -> Self {
        Self {
            section,
            accounts: section.member("accounts").map(members).unwrap_or_default(),
            fields: provider_of(name).secret_refs,
            environment,
        }
    }

    fn add_targets<'b>(&self, value: &'b Value, path: &mut Vec<&'b str>, targets: &mut Targets) {
        let inside = path.get(2..).unwrap_or_default();
        let field = self.fields.iter().find(|field| field_matches(field.path, relative(inside)));
        match &value.shape {
            // A string is a reference only where a secret is expected; an object of that shape always is.
            Shape::Reference(_) => targets.add(|| Target::new(path, self.unused(inside, field))),
            Shape::Text(_) if field.is_some() && is_pending(value) => {
                targets.add(|| Target::new(path, self.unused(inside, field)));
            }
            Shape::Map(members) => {
                for (key, member) in members {
                    path.push(key);
                    self.add_targets(member, path, targets);
                    path.pop();
                }
            }
            _ => {}
        }
    }

    fn unused(&self, inside: &[&str], field: Option<&SecretRef>) -> Option<String> {
        let when = field.map_or(Use::Always, |field| field.used);
        if !is_enabled(self.section) {
            return Some("the channel is disabled".to_owned());
        }
        let account = match inside {
            ["accounts", id, _, ..] => self.accounts.iter().find(|(name, _)| name == id),
            _ => None,
        };
        let owner = account.map_or(self.section, |(_, account)| account);
        if !is_enabled(owner) {
            return Some("the account is disabled".to_owned());
        }
        let relative = relative(inside);
        if let Some(part) = disabled_part(owner, relative) {
            return Some(format!("{part} is disabled"));
        }
        let is_own = matches!(when, Use::WithOwn { .. });
        let has_one_owner = account.is_some() || self.accounts.is_empty() || is_own;
        let used = if has_one_owner {
            self.applies(when, owner)
        } else {
            let first = relative.first().copied().unwrap_or_default();
            self.accounts.iter().any(|(_, account)| {
                matches!(account.shape, Shape::Map(_))
                    && is_enabled(account)
                    && account.member(first).is_none()
                    && self.applies(when, account)
                    && !matches!(when, Use::Without(key) if is_configured(self.section.member(key)))
            })
        };
        if used { None } else { Some(reason(when, has_one_owner)) }
    }

    /// Whether an account, or the channel itself, uses a credential.
    fn applies(&self, when: Use, owner: &Value) -> bool {
        let inherited = |key: &str| owner.member(key).or_else(|| self.section.member(key));
        match when {
            Use::Always => true,
            Use::When(key, value, default) => {
                inherited(key).and_then(Value::text).map_or(default, trim) == value
            }
            Use::With(key) => is_configured(inherited(key)),
            Use::WithOwn { setting, variable } => {
                let is_channel = std::ptr::eq(owner, self.section);
                is_configured(owner.member(setting))
                    || (is_channel && self.environment.get(variable).is_some())
            }
            Use::Without(key) => !is_configured(owner.member(key)),
        }
    }
}

fn reason(when: Use, has_one_owner: bool) -> String {
    let condition = match when {
        Use::Always => return "every enabled account has its own".to_owned(),
        Use::When(key, value, _) => format!("{key} is not {value:?}"),
        Use::With(key) | Use::WithOwn { setting: key, .. } => format!("{key} is not set"),
        Use::Without(key) => format!("{key} is set"),
    };
    if has_one_owner {
        condition
    } else {
        format!("every enabled account has its own, or {condition}")
    }
}

/// The path below the channel or account that something belongs to.
fn relative<'a, 'b>(inside: &'a [&'b str]) -> &'a [&'b str] {
    match inside {
        ["accounts", _, rest @ ..] => rest,
        _ => inside,
    }
}

fn field_matches(pattern: &str, path: &[&str]) -> bool {
    let parts = || pattern.split('.');
    parts().count() == path.len()
        && parts().zip(path).all(|(part, key)| part == "*" || part == *key)
}

fn is_enabled(value: &Value) -> bool {
    !matches!(value.member("enabled").map(|enabled| &enabled.shape), Some(Shape::Bool(false)))
}

/// The section on the path to a credential that is turned off.
fn disabled_part<'a>(owner: &Value, relative: &[&'a str]) -> Option<&'a str> {
    let (_, parents) = relative.split_last()?;
    let mut value = owner;
    for part in parents {
        value = value.member(part)?;
        if !is_enabled(value) {
            return Some(part);
        }
    }
    None
}

/// A path as people write it: keys that are not plain are quoted, and long ones are shortened.
fn readable(segments: &[&str]) -> String {
    segments.iter().enumerate().fold(String::new(), |path, (at, segment)| {
        let short: String = segment.chars().take(80).collect();
        let is_plain = !segment.is_empty()
            && segment.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        match (is_plain, at) {
            (true, 0) => short,
            (true, _) => format!("{path}.{short}"),
            (false, _) => format!("{path}[{short:?}]"),
        }
    })
}

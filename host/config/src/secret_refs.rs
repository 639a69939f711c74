//! `SecretRef`s: which values are references to secrets kept elsewhere, and which of them can be resolved here.
//!
//! Like OpenClaw's audit, this resolves only what the gateway and its channels would use to let someone in. An audit
//! runs no program and reads no file outside the gateway's own directories, so it resolves less than a gateway does.

mod gateway;
mod provider;
mod targets;

use crate::document::{SecretRef, Shape, Text, Value};
use crate::ecma::trim;
use crate::environment::Environment;
use crate::variables::whole_reference;

pub(super) use provider::SecretResolver;

/// What a variable without a value means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EnvironmentIs {
    /// The gateway has no value either.
    Known,
    /// The gateway may well have one: it runs on another machine.
    Unknown,
}

const SOURCES: [&str; 4] = ["env", "file", "exec", "store"];

/// Turns every object that has the shape of a `SecretRef` into one.
pub(super) fn recognize(document: &mut Value) {
    let defaults = SOURCES.map(|source| default_provider(document, source));
    recognize_below(document, &defaults);
}

/// The provider of references that name none.
fn default_provider(document: &Value, source: &str) -> String {
    let configured = document
        .member("secrets")
        .and_then(|secrets| secrets.member("defaults")?.member(source)?.text())
        .map(trim)
        .filter(|provider| !provider.is_empty());
    configured.unwrap_or("default").to_owned()
}

fn recognize_below(value: &mut Value, defaults: &[String; 4]) {
    if let Some(reference) = reference_of(value, defaults) {
        value.shape = Shape::Reference(reference);
        return;
    }
    match &mut value.shape {
        Shape::List(items) => {
            for item in items {
                recognize_below(item, defaults);
            }
        }
        Shape::Map(members) => {
            for (_, member) in members {
                recognize_below(member, defaults);
            }
        }
        _ => {}
    }
}

/// Provider and id are taken as written: with the environment put in, they could hold a secret themselves.
fn reference_of(value: &Value, defaults: &[String; 4]) -> Option<SecretRef> {
    let Shape::Map(members) = &value.shape else { return None };
    let written = |key: &str| match &value.member(key)?.shape {
        Shape::Text(text) if !trim(&text.effective).is_empty() => Some(text.authored.as_str()),
        _ => None,
    };
    let (source, id) = (written("source")?, written("id")?);
    let at = SOURCES.iter().position(|known| *known == source)?;
    let provider = match members.len() {
        2 => defaults.get(at)?.as_str(),
        3 => written("provider")?,
        _ => return None,
    };
    Some(SecretRef {
        source: source.to_owned(),
        provider: provider.to_owned(),
        id: id.to_owned(),
        resolved: None,
    })
}

impl Text {
    /// Whether the string as a whole refers to a secret that has not been put in its place.
    pub fn is_pending(&self) -> bool {
        self.pending().is_some() && self.effective == self.authored
    }

    /// The variable, if the string as a whole refers to a secret in the environment that substitution did not put in.
    fn pending(&self) -> Option<&str> {
        let name = whole_reference(&self.authored)?;
        let substituted = self.missing.is_empty() && trim(&self.authored).starts_with("${");
        (!substituted).then_some(name)
    }
}

/// The reference that a value is, whether as an object or as a string.
fn reference(value: &Value, default_provider: &str) -> Option<SecretRef> {
    match &value.shape {
        Shape::Reference(reference) => Some(reference.clone()),
        Shape::Text(text) => text.pending().map(|name| SecretRef {
            source: "env".to_owned(),
            provider: default_provider.to_owned(),
            id: name.to_owned(),
            resolved: None,
        }),
        _ => None,
    }
}

/// Resolves the references that decide who gets in. Returns a sentence for each that could not be resolved or is not in
/// use.
pub(super) fn resolve(
    document: &mut Value,
    environment: &Environment,
    resolver: &SecretResolver<'_>,
    environment_is: EnvironmentIs,
) -> Vec<String> {
    let default_provider = default_provider(document, "env");
    let targets = targets::of(document, environment);
    let mut diagnostics = Vec::new();
    for target in &targets.listed {
        let Some(reference) =
            document.at(&target.pointer).and_then(|value| reference(value, &default_provider))
        else {
            continue;
        };
        let path = &target.path;
        if let Some(reason) = &target.unused {
            diagnostics
                .push(format!("{path}: this secret reference is not in use, because {reason}."));
            continue;
        }
        match resolver.resolve(&reference, document, environment) {
            Ok(secret) => put(document, &target.pointer, &secret),
            Err(reason) => {
                let is_text = mark_missing(document, &target.pointer, &reference.id);
                // The audit of such a config has one warning for all of its variables.
                if is_text && environment_is == EnvironmentIs::Unknown {
                    continue;
                }
                diagnostics.push(format!(
                    "security audit: {path} could not be resolved here ({reason}); the audit goes on without its value."
                ));
            }
        }
    }
    if targets.more > 0 {
        diagnostics.push(format!(
            "security audit: {} more secret references were not looked at.",
            targets.more
        ));
    }
    diagnostics
}

fn put(document: &mut Value, pointer: &str, secret: &str) {
    match document.at_mut(pointer).map(|value| &mut value.shape) {
        Some(Shape::Reference(reference)) => reference.resolved = Some(secret.to_owned()),
        Some(Shape::Text(text)) => secret.clone_into(&mut text.effective),
        _ => {}
    }
}

/// A string whose variable is set but may not be used is treated as one whose variable is missing. Returns whether it
/// is a string.
fn mark_missing(document: &mut Value, pointer: &str, name: &str) -> bool {
    let Some(Shape::Text(text)) = document.at_mut(pointer).map(|value| &mut value.shape) else {
        return false;
    };
    if text.missing.is_empty() {
        text.missing.push(name.to_owned());
    }
    true
}

#[cfg(unix)]
#[cfg(test)]
mod tests;

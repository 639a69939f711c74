//! The policies that a config makes: from a `tools` object, a profile, a model provider, and a sandbox.

use chitin_document::{Node, text};

use super::{Policy, expanded, list};
use crate::channels::PROVIDERS;
use crate::tools;

/// The policy of a `tools` object's `allow`, `alsoAllow` and `deny`; none when it has neither list.
///
/// `alsoAllow` alone restricts nothing: it is added to an implied `*`.
pub fn configured(tools: &Node<'_>) -> Option<Policy> {
    let also = list(&tools.get("alsoAllow")).unwrap_or_default();
    let allow = match list(&tools.get("allow")) {
        allow if also.is_empty() => allow,
        Some(allow) if !allow.is_empty() => Some([allow, also].concat()),
        _ => Some([vec!["*"], also].concat()),
    };
    let deny = list(&tools.get("deny"));
    if allow.is_none() && deny.is_none() {
        return None;
    }
    Some(Policy::new(allow.unwrap_or_default(), deny.unwrap_or_default()))
}

/// The policy of a profile with what `alsoAllow` adds to it; none for an unknown profile.
pub fn profile(name: &str, also_allow: &Node<'_>) -> Option<Policy> {
    let also = list(also_allow).unwrap_or_default();
    let allow = tools::profile(name)?;
    Some(Policy::new(allow.iter().copied().chain(also), []))
}

/// The policy that a `byProvider` map sets for a model: that of `provider/model`, else that of the provider.
///
/// Only `allow` and `deny` of the entry count.
pub fn provider(by_provider: &Node<'_>, provider: &str, model: &str) -> Option<Policy> {
    let provider = provider_key(provider);
    let model = text::trim(model).to_lowercase();
    if provider.is_empty() {
        return None;
    }
    let full = format!("{provider}/{model}");
    let entry = (!model.is_empty())
        .then(|| provider_entry(by_provider, &full))
        .flatten()
        .or_else(|| provider_entry(by_provider, &provider))?;
    let allow = list(&entry.get("allow"));
    let deny = list(&entry.get("deny"));
    Some(Policy::new(allow.unwrap_or_default(), deny.unwrap_or_default()))
}

/// The entry whose key normalises to `wanted`. One that is written that way wins over one that is not.
fn provider_entry<'t>(by_provider: &Node<'t>, wanted: &str) -> Option<Node<'t>> {
    let candidates: Vec<(&str, Node<'t>)> = by_provider
        .members()
        .into_iter()
        .filter(|(key, entry)| entry.is_object() && provider_key(key) == wanted)
        .collect();
    let canonical = candidates.iter().position(|(key, _)| text::trim(key).to_lowercase() == wanted);
    candidates.into_iter().nth(canonical.unwrap_or(0)).map(|(_, entry)| entry)
}

/// `Provider / model` spellings of one key, in one form; without a model the provider alone.
fn provider_key(key: &str) -> String {
    let key = text::trim(key).to_lowercase();
    match key.split_once('/') {
        Some((provider, model)) if !provider.is_empty() => {
            let provider = text::trim(provider);
            if model.is_empty() { provider.to_owned() } else { format!("{provider}/{model}") }
        }
        _ => key,
    }
}

/// What a sandbox leaves of the tools, from the `tools` objects of the config and, where one is meant, of an agent.
/// Each list is taken from the agent, else from the config, else from what OpenClaw ships.
pub fn sandbox(global: &Node<'_>, agent: Option<&Node<'_>>) -> Policy {
    let path = ["sandbox", "tools"];
    let pick = |field: &str| {
        agent
            .and_then(|tools| list(&tools.at(path).get(field)))
            .or_else(|| list(&global.at(path).get(field)))
    };
    let (allow, also, deny) = (pick("allow"), pick("alsoAllow").unwrap_or_default(), pick("deny"));
    let wanted = [allow.clone().unwrap_or_default(), also.clone()].concat();
    let allow = match allow {
        Some(allow) if allow.is_empty() => allow,
        Some(allow) => [allow, also].concat(),
        None => [tools::SANDBOX_ALLOW.to_vec(), also].concat(),
    };
    let deny = deny.unwrap_or_else(|| shipped_deny_without(&wanted));
    with_image_tool(expanded(allow), expanded(deny))
}

/// The shipped deny list, less what the config asks for by name.
fn shipped_deny_without(wanted: &[&str]) -> Vec<&'static str> {
    let wanted = Policy::new(wanted.iter().copied(), []);
    let channels = PROVIDERS.iter().filter(|provider| provider.origin.is_own());
    tools::SANDBOX_DENY
        .iter()
        .copied()
        .chain(channels.map(|provider| provider.id))
        .filter(|tool| !wanted.lists(tool))
        .collect()
}

/// Adds `view_image`: to what is denied when its old name `image` is, else to what is allowed.
fn with_image_tool(mut allow: Vec<String>, mut deny: Vec<String>) -> Policy {
    const TOOL: &str = "view_image";
    let listed = |names: &[String]| names.iter().any(|name| name == TOOL);
    let denied = Policy::new(deny.iter().map(String::as_str), []);
    if denied.lists("image") && !denied.lists(TOOL) {
        deny.push(TOOL.to_owned());
    }
    if !allow.is_empty() && !listed(&allow) && !listed(&deny) {
        allow.push(TOOL.to_owned());
    }
    Policy::new(allow.iter().map(String::as_str), deny.iter().map(String::as_str))
}

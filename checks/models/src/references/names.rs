//! From the text that an operator writes for a model to `provider/model`, as OpenClaw 2026.9.6 does it.
//!
//! Short names that a provider's own plugin knows (`anthropic/opus`) stay as they are: they change from release to
//! release, and every rule treats them like the model that they mean.

use std::collections::BTreeMap;

use chitin_sdk::{Node, text};

/// The provider of a model that is named without one.
const DEFAULT_PROVIDER: &str = "openai";

/// The aliases of a config, each with the `provider/model` that it means.
#[derive(Debug, Default)]
pub(crate) struct Names {
    by_alias: BTreeMap<String, String>,
    /// Under `provider/alias`.
    by_provider_alias: BTreeMap<String, String>,
}

impl Names {
    /// Reads `agents.defaults.models`. Of two models with one alias the later one has it; of two spellings of one
    /// model the later one decides which alias it has, if any.
    pub(crate) fn read(models: &Node<'_>) -> Self {
        let mut alias_of: BTreeMap<String, (usize, String, String)> = BTreeMap::new();
        for (order, (written, entry)) in models.members().into_iter().enumerate() {
            let alias = entry.get("alias");
            if alias.is_absent() || written.trim_end().ends_with("/*") {
                continue;
            }
            if let Some((provider, model)) = provider_and_model(written) {
                let alias = alias.trimmed().unwrap_or_default().to_lowercase();
                alias_of.insert(joined(&provider, &model), (order, provider, alias));
            }
        }
        let mut aliases: Vec<_> = alias_of.into_iter().collect();
        aliases.sort_by_key(|(_, (order, ..))| *order);
        let mut names = Self::default();
        for (id, (_, provider, alias)) in aliases {
            if !alias.is_empty() {
                names.by_provider_alias.insert(format!("{provider}/{alias}"), id.clone());
                names.by_alias.insert(alias, id);
            }
        }
        names
    }

    /// `provider/model` of a text; the text itself where it cannot be read so.
    pub(crate) fn resolve(&self, written: &str) -> String {
        let name = without_profile(written);
        self.alias(name).cloned().unwrap_or_else(|| {
            provider_and_model(name)
                .map_or_else(|| written.to_owned(), |(provider, model)| joined(&provider, &model))
        })
    }

    fn alias(&self, name: &str) -> Option<&String> {
        self.by_alias.get(&name.to_lowercase()).or_else(|| {
            let (provider, alias) = name.split_once('/')?;
            let key = format!("{}/{}", folded(provider), folded(alias));
            self.by_provider_alias.get(&key)
        })
    }
}

/// The two parts of a text, with the default provider where it names none. None when a part is blank.
pub(crate) fn provider_and_model(written: &str) -> Option<(String, String)> {
    let (provider, model) = written.split_once('/').unwrap_or((DEFAULT_PROVIDER, written));
    let (provider, model) = (folded(provider), text::trim(model));
    if provider.is_empty() || model.is_empty() {
        return None;
    }
    let model = without_provider(model, &provider).unwrap_or(model).to_owned();
    Some((provider, model))
}

fn folded(text: &str) -> String {
    text::trim(text).to_lowercase()
}

/// The model id behind a repeated `provider/`, where it is repeated.
fn without_provider<'m>(model: &'m str, provider: &str) -> Option<&'m str> {
    let (first, rest) = model.split_once('/')?;
    (first.to_lowercase() == provider).then_some(rest)
}

/// `provider/model`, without naming the provider twice.
fn joined(provider: &str, model: &str) -> String {
    if model.is_empty() {
        provider.to_owned()
    } else if without_provider(model, provider).is_some() {
        model.to_owned()
    } else {
        format!("{provider}/{model}")
    }
}

/// The text without an `@profile` at its end. A date (`@20250514`) and a quantisation (`@q4_k_m`, `@8bit`) belong to
/// the model.
fn without_profile(written: &str) -> &str {
    let written = text::trim(written);
    let last_part = written.rfind('/').map_or(0, |slash| slash + 1);
    let delimiters = written.match_indices('@').map(|(at, _)| at).filter(|at| *at >= last_part);
    let mut suffixes = delimiters.map(|at| written.split_at(at));
    let mut next = suffixes.next();
    for belongs_to_model in [is_date, is_quantisation] {
        if next.is_some_and(|(_, suffix)| belongs_to_model(first_part(suffix))) {
            next = suffixes.next();
        }
    }
    match next {
        Some((model, profile)) if !text::trim(model).is_empty() && profile.len() > 1 => {
            text::trim(model)
        }
        _ => written,
    }
}

/// The text between the leading `@` and the next one.
fn first_part(suffix: &str) -> &str {
    suffix.split('@').nth(1).unwrap_or_default()
}

fn is_date(text: &str) -> bool {
    text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `q4`, `iq3_xs`, `Q4_K_M`, `8bit`.
fn is_quantisation(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if text.strip_suffix("bit").is_some_and(is_number) {
        return true;
    }
    let mut parts = text.strip_prefix('i').unwrap_or(&text).split('_');
    parts.next().and_then(|first| first.strip_prefix('q')).is_some_and(is_number)
        && parts
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use chitin_sdk::{Tree, Value};
    use serde_json::json;

    use super::*;

    fn names(models: Value) -> Names {
        Names::read(&Tree::new("/agents/defaults/models", Some(models)).root())
    }

    fn resolved(written: &str) -> String {
        Names::default().resolve(written)
    }

    #[test]
    fn a_provider_is_added_once_and_folded() {
        assert_eq!(resolved("claude-2"), "openai/claude-2");
        assert_eq!(resolved(" Ollama / llama3.1:8b "), "ollama/llama3.1:8b");
        assert_eq!(resolved("ollama/OLLAMA/x"), "ollama/x");
        assert_eq!(resolved("openrouter/meta/llama-8b"), "openrouter/meta/llama-8b");
    }

    #[test]
    fn what_cannot_be_read_stays() {
        assert_eq!(resolved("foo/"), "foo/");
        assert_eq!(resolved("/foo"), "/foo");
        assert_eq!(resolved("@"), "openai/@");
    }

    #[test]
    fn a_profile_goes_and_a_version_stays() {
        for (written, id) in [
            ("openai/gpt-5@work", "openai/gpt-5"),
            ("gpt-5@a@b", "openai/gpt-5"),
            ("google/x@20250514", "google/x@20250514"),
            ("google/x@20250514@work", "google/x@20250514"),
            ("local/x@q4_k_m", "local/x@q4_k_m"),
            ("local/x@IQ3_XS@me", "local/x@IQ3_XS"),
            ("local/x@8bit", "local/x@8bit"),
            ("local/x@20250514@8bit@me", "local/x@20250514@8bit"),
            ("local/x@", "local/x@"),
            ("a@b/x", "a@b/x"),
        ] {
            assert_eq!(resolved(written), id, "{written}");
        }
    }

    #[test]
    fn aliases_fold_case_and_may_name_their_provider() {
        let names = names(json!({
            "ollama/llama3.1:8b": {"alias": " Fast "},
            "gpt-5": {"alias": "big"},
            "ollama/*": {"alias": "any"},
            "bad/": {"alias": "bad"},
            "x/y": {"params": {}},
        }));
        assert_eq!(names.resolve("FAST"), "ollama/llama3.1:8b");
        assert_eq!(names.resolve("Ollama/fast"), "ollama/llama3.1:8b");
        assert_eq!(names.resolve("fast@work"), "ollama/llama3.1:8b");
        assert_eq!(names.resolve("big"), "openai/gpt-5");
        assert_eq!(names.resolve("other/fast"), "other/fast");
        assert_eq!(names.resolve("any"), "openai/any");
        assert_eq!(names.resolve("bad"), "openai/bad");
    }

    #[test]
    fn the_later_of_two_aliases_counts() {
        let twice = names(json!({"a/1": {"alias": "x"}, "a/2": {"alias": "X"}}));
        assert_eq!(twice.resolve("x"), "a/2");
        let withdrawn = names(json!({"a/1": {"alias": "x"}, "A/1": {"alias": ""}}));
        assert_eq!(withdrawn.resolve("x"), "openai/x");
        let wrong = names(json!({"a/1": {"alias": 7}, "a/2": "x"}));
        assert_eq!(wrong.resolve("7"), "openai/7");
    }
}

//! From declared rules to the source of constants.

use std::collections::BTreeMap;

use proc_macro::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

use crate::manifest::{DeclaredRule, Manifest};

/// The declarations of all constants.
pub(crate) fn of_manifest(manifest: &Manifest) -> Result<String, String> {
    let mut ids = BTreeMap::new();
    let mut source = String::new();
    for rule in &manifest.rules {
        let problem = |text: &str| format!("module.toml: rule `{}`: {text}", rule.id);
        let name = name(&rule.id, &manifest.id).map_err(problem)?;
        source.push_str(&declaration(rule, &name));
        if let Some(other) = ids.insert(name.clone(), &rule.id) {
            return Err(problem(&format!("its constant `{name}` is the constant of `{other}`")));
        }
    }
    Ok(source)
}

fn declaration(rule: &DeclaredRule, name: &str) -> String {
    let (severity_type, severity) = match rule.severities.as_slice() {
        [severity] => ("::chitin_sdk::Severity", format!("::chitin_sdk::Severity::{severity}")),
        _ => ("::chitin_sdk::OneOf", "::chitin_sdk::OneOf".to_owned()),
    };
    let (id, title) = (&rule.id, &rule.title);
    let (rule_type, value) = match id.matches('*').count() {
        0 => (format!("Rule<{severity_type}>"), format!("Rule {{ id: {id:?}")),
        stars => (
            format!("RulePattern<{stars}, {severity_type}>"),
            format!("RulePattern {{ pattern: {id:?}"),
        ),
    };
    format!(
        "pub(crate) const {name}: ::chitin_sdk::{rule_type} = \
         ::chitin_sdk::{value}, title: {title:?}, severity: {severity} }};\n"
    )
}

/// `hooks.allowFrom.*.large` of the module `chitin.hooks` is `ALLOW_FROM_LARGE`.
fn name(id: &str, module: &str) -> Result<String, &'static str> {
    let mut name = String::new();
    for word in own_part(id, module).split('.').filter(|word| *word != "*") {
        let mut was_lower = false;
        if !name.is_empty() {
            name.push('_');
        }
        for c in word.chars() {
            match c {
                'A'..='Z' if was_lower => name.extend(['_', c]),
                'a'..='z' | 'A'..='Z' | '0'..='9' => name.push(c.to_ascii_uppercase()),
                '-' | '_' => name.push('_'),
                _ => return Err("an id is letters, digits, `-`, `_`, `.` and `*`"),
            }
            was_lower = c.is_ascii_lowercase();
        }
    }
    if name.trim_matches('_').is_empty() {
        return Err("its id has no word to name a constant after");
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert(0, '_');
    }
    Ok(name)
}

/// The id without the module's id, or the last part of that, in front.
fn own_part<'i>(id: &'i str, module: &str) -> &'i str {
    let last = module.rsplit('.').next().unwrap_or(module);
    [module, last]
        .into_iter()
        .find_map(|prefix| id.strip_prefix(prefix)?.strip_prefix('.'))
        .unwrap_or(id)
}

/// `mod NAME` with the constants, and the manifest as a file that the crate is compiled from.
///
/// The compiler reports an unused item only if its source is in the crate itself, so each constant gets the place of the
/// name in the call.
pub(crate) fn module(name: &Ident, declarations: &str) -> Result<TokenStream, String> {
    let parsed = |source: &str| -> Result<TokenStream, String> {
        source.parse().map_err(|error: proc_macro::LexError| error.to_string())
    };
    let mut body = parsed(
        "const _: &[u8] = ::core::include_bytes!(\
         ::core::concat!(::core::env!(\"CARGO_MANIFEST_DIR\"), \"/module.toml\"));",
    )?;
    body.extend(placed(parsed(declarations)?, name.span()));
    let mut module = parsed("pub(crate) mod")?;
    module.extend([
        TokenTree::Ident(name.clone()),
        TokenTree::Group(Group::new(Delimiter::Brace, body)),
    ]);
    Ok(module)
}

fn placed(tokens: TokenStream, span: Span) -> TokenStream {
    let placed = tokens.into_iter().map(|token| {
        let mut token = match token {
            TokenTree::Group(group) => {
                TokenTree::Group(Group::new(group.delimiter(), placed(group.stream(), span)))
            }
            other => other,
        };
        token.set_span(span);
        token
    });
    placed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(id: &str, severities: &[&'static str]) -> DeclaredRule {
        DeclaredRule {
            id: id.to_owned(),
            title: "A \"title\"".to_owned(),
            severities: severities.to_vec(),
        }
    }

    #[test]
    fn a_name_is_the_id_without_the_module() {
        for (id, module, expected) in [
            ("hooks.path_root", "chitin.hooks", "PATH_ROOT"),
            ("acme.tokens.short_token", "acme.tokens", "SHORT_TOKEN"),
            ("mcp.apps.enabled", "chitin.gateway", "MCP_APPS_ENABLED"),
            ("gateway.real", "chitin.gate", "GATEWAY_REAL"),
            ("channels.*.allowFrom.large", "chitin.channels", "ALLOW_FROM_LARGE"),
            ("a.useAccessGroups_off", "x.a", "USE_ACCESS_GROUPS_OFF"),
            ("a.2fa", "x.a", "_2FA"),
        ] {
            assert_eq!(name(id, module).as_deref(), Ok(expected), "{id}");
        }
        assert!(name("a.*", "x.a").is_err());
        assert!(name("a.b c", "x.a").is_err());
    }

    #[test]
    fn the_type_says_how_many_severities_and_stars_there_are() {
        assert_eq!(
            declaration(&rule("a.b", &["Warn"]), "B"),
            "pub(crate) const B: ::chitin_sdk::Rule<::chitin_sdk::Severity> = \
             ::chitin_sdk::Rule { id: \"a.b\", title: \"A \\\"title\\\"\", \
             severity: ::chitin_sdk::Severity::Warn };\n"
        );
        let graded = declaration(&rule("a.*.b.*", &["Warn", "Info"]), "B");
        assert!(graded.contains("B: ::chitin_sdk::RulePattern<2, ::chitin_sdk::OneOf> ="));
        assert!(graded.contains("RulePattern { pattern: \"a.*.b.*\", "));
        assert!(graded.ends_with("severity: ::chitin_sdk::OneOf };\n"));
    }

    #[test]
    fn two_rules_cannot_share_a_constant() {
        let rules = vec![rule("a.b_c", &["Warn"]), rule("a.b.c", &["Warn"])];
        assert_eq!(
            of_manifest(&Manifest { id: "a".to_owned(), rules }),
            Err("module.toml: rule `a.b.c`: its constant `B_C` is the constant of `a.b_c`"
                .to_owned())
        );
    }
}

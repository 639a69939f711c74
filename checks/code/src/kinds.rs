//! What a file is, by its name.

use crate::javascript::Language;

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Code(Language),
    /// The file that tells an agent what a skill does.
    Skill,
    Markdown,
    /// A plugin's package.json.
    Package,
    Manifest,
    Shell,
    Python,
}

/// What a path's last extension says, in any case.
pub(crate) fn kind(path: &str) -> Option<Kind> {
    let name = path.rsplit('/').next()?;
    match name {
        "SKILL.md" => return Some(Kind::Skill),
        "package.json" => return Some(Kind::Package),
        _ => {}
    }
    let (stem, extension) = name.rsplit_once('.')?;
    if stem.is_empty() {
        return None;
    }
    Some(match extension.to_ascii_lowercase().as_str() {
        "js" | "mjs" | "jsx" => Kind::Code(Language::Module),
        "cjs" => Kind::Code(Language::Script),
        "ts" | "mts" | "cts" => Kind::Code(Language::TypeScript),
        "tsx" => Kind::Code(Language::TypeScriptX),
        "md" | "markdown" | "mdx" => Kind::Markdown,
        "json" | "yaml" | "yml" | "toml" => Kind::Manifest,
        "sh" | "bash" | "zsh" => Kind::Shell,
        "py" => Kind::Python,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_extension_counts() {
        assert_eq!(kind("FILE.JS"), Some(Kind::Code(Language::Module)));
        assert_eq!(kind("a.d.ts"), Some(Kind::Code(Language::TypeScript)));
        assert_eq!(kind("run.js.txt"), None);
        assert_eq!(kind("logo.png"), None);
        assert_eq!(kind("Makefile"), None);
        assert_eq!(kind("a/SKILL.md"), Some(Kind::Skill));
        assert_eq!(kind("a/skill.md"), Some(Kind::Markdown));
        assert_eq!(kind(".js"), None);
    }
}

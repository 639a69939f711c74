//! The type of a file, by its name. Content is not looked at.

use crate::javascript::Language;

/// Selects the rules for a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileType {
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

impl FileType {
    /// The type that the last extension of a path stands for, in any case.
    pub(crate) fn of_path(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next()?;
        match name {
            "SKILL.md" => return Some(Self::Skill),
            "package.json" => return Some(Self::Package),
            _ => {}
        }
        let (stem, extension) = name.rsplit_once('.')?;
        if stem.is_empty() {
            return None;
        }
        Some(match extension.to_ascii_lowercase().as_str() {
            "js" | "mjs" | "jsx" => Self::Code(Language::Module),
            "cjs" => Self::Code(Language::Script),
            "ts" | "mts" | "cts" => Self::Code(Language::TypeScript),
            "tsx" => Self::Code(Language::TypeScriptX),
            "md" | "markdown" | "mdx" => Self::Markdown,
            "json" | "yaml" | "yml" | "toml" => Self::Manifest,
            "sh" | "bash" | "zsh" => Self::Shell,
            "py" => Self::Python,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_extension_counts() {
        assert_eq!(FileType::of_path("FILE.JS"), Some(FileType::Code(Language::Module)));
        assert_eq!(FileType::of_path("a.d.ts"), Some(FileType::Code(Language::TypeScript)));
        assert_eq!(FileType::of_path("run.js.txt"), None);
        assert_eq!(FileType::of_path("logo.png"), None);
        assert_eq!(FileType::of_path("Makefile"), None);
        assert_eq!(FileType::of_path("a/SKILL.md"), Some(FileType::Skill));
        assert_eq!(FileType::of_path("a/skill.md"), Some(FileType::Markdown));
        assert_eq!(FileType::of_path(".js"), None);
    }
}

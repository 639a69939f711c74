//! A new module: the embedded template with the SDK and the contract beside it, so it builds with only a Rust compiler and
//! crates.io.

use std::fs;
use std::path::{Path, PathBuf};

use super::DevkitError;

include!(concat!(env!("OUT_DIR"), "/template.rs"));

/// The names in the template.
const NAME: &str = "my-check";
const PUBLISHER: &str = "my-team";

const MAX_NAME: usize = 40;

/// Names that a crate cannot have, or that would shadow something that the module needs.
const RESERVED: [&str; 49] = [
    "abstract",
    "alloc",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "chitin-document",
    "chitin-sdk",
    "chitin-sdk-macros",
    "const",
    "continue",
    "core",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "std",
    "super",
    "test",
    "trait",
    "true",
    "type",
    "use",
];

/// Creates the directory of a new module and returns its path. Nothing that exists is overwritten.
pub fn create(parent: &Path, name: &str, publisher: &str) -> Result<PathBuf, DevkitError> {
    check_name(name)?;
    check_name(publisher)?;
    let module = parent.join(name);
    fs::create_dir(&module).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => DevkitError::Exists(module.clone()),
        _ => DevkitError::file(&module, &error),
    })?;
    for (path, text) in FILES {
        let path = module.join(path);
        let failed = |error: std::io::Error| DevkitError::file(&path, &error);
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory).map_err(failed)?;
        }
        fs::write(&path, filled(text, name, publisher)).map_err(failed)?;
    }
    Ok(module)
}

fn filled(text: &str, name: &str, publisher: &str) -> String {
    // One after the other would replace parts of the inserted names.
    text.split(PUBLISHER).map(|part| part.replace(NAME, name)).collect::<Vec<_>>().join(publisher)
}

fn check_name(name: &str) -> Result<(), DevkitError> {
    let refused = |reason| Err(DevkitError::Name(name.to_owned(), reason));
    let well_formed = (1..=MAX_NAME).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('-')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if !well_formed {
        return refused(
            "use lower-case letters, digits and `-`, starting with a letter, at most 40 characters",
        );
    }
    if RESERVED.contains(&name) {
        return refused("it has another meaning in Rust");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> &'static str {
        FILES.iter().find(|(name, _)| *name == path).unwrap_or_else(|| panic!("no {path}")).1
    }

    #[test]
    fn every_name_of_the_template_is_replaced() {
        let parent = tempfile::tempdir().unwrap();
        let module = create(parent.path(), "my-team-check", "my-check-people").unwrap();
        let manifest = fs::read_to_string(module.join("module.toml")).unwrap();
        assert!(manifest.contains("id = \"my-check-people.my-team-check\""), "{manifest}");
        assert!(manifest.contains("\"my-check-people.my-team-check.reachable\""), "{manifest}");
        assert!(module.join(".gitignore").is_file());
    }

    #[test]
    fn nothing_is_overwritten() {
        let parent = tempfile::tempdir().unwrap();
        fs::create_dir(parent.path().join("mine")).unwrap();
        let refused = create(parent.path(), "mine", "example");
        assert!(matches!(refused, Err(DevkitError::Exists(_))));
        assert_eq!(fs::read_dir(parent.path().join("mine")).unwrap().count(), 0);
    }

    #[test]
    fn a_name_that_a_crate_cannot_have_is_refused() {
        let parent = tempfile::tempdir().unwrap();
        for name in [
            "",
            "Mine",
            "9",
            "a_b",
            "../up",
            "a/b",
            "a.b",
            "x-",
            "test",
            "core",
            "é",
            &"a".repeat(41),
        ] {
            assert!(
                matches!(create(parent.path(), name, "example"), Err(DevkitError::Name(..))),
                "{name}"
            );
            assert!(
                matches!(create(parent.path(), "mine", name), Err(DevkitError::Name(..))),
                "{name}"
            );
        }
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
    }

    /// The copy of the SDK depends on the same libraries as the SDK itself.
    #[test]
    fn the_sdk_of_the_template_is_the_sdk() {
        let parse = |text: &str| text.parse::<toml::Table>().unwrap();
        let of_workspace = parse(include_str!("../../../Cargo.toml"))["workspace"].clone();
        let sdk = parse(include_str!("../../../sdk/Cargo.toml"));
        let ours = parse(file("sdk/Cargo.toml"));
        let document = parse(include_str!("../../../sdk/document/Cargo.toml"));
        let our_document = parse(file("sdk/document/Cargo.toml"));
        let macros = parse(include_str!("../../../sdk/macros/Cargo.toml"));
        let our_macros = parse(file("sdk/macros/Cargo.toml"));
        let native = "cfg(not(target_family = \"wasm\"))";
        for (of_sdk, of_template) in [
            (&sdk["dependencies"], &ours["dependencies"]),
            (&document["dependencies"], &our_document["dependencies"]),
            (&sdk["target"][native]["dependencies"], &ours["target"][native]["dependencies"]),
            (&macros["dependencies"], &our_macros["dependencies"]),
        ] {
            let names = |table: &toml::Value| -> Vec<String> {
                table.as_table().unwrap().keys().cloned().collect()
            };
            assert_eq!(names(of_sdk), names(of_template));
            // The SDK's own crates are beside it in both.
            for name in names(of_sdk).into_iter().filter(|name| !name.starts_with("chitin-")) {
                assert_eq!(of_workspace["dependencies"][&name], of_template[&name], "{name}");
            }
        }
        for part in [ours, our_document, our_macros] {
            assert_eq!(of_workspace["package"]["version"], part["package"]["version"]);
        }
    }
}

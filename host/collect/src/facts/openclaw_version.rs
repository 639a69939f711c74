//! Which version of OpenClaw wrote the config, and which one is installed where the state directory says so.

use chitin_config::{Config, Value};
use chitin_fs::files::Roots;

use super::error::FactError;
use super::json;
use crate::root_names::STATE_ROOT;

/// The package that OpenClaw's plugins are installed beside.
const PACKAGE: &str = "npm/node_modules/openclaw/package.json";
const MAX_PACKAGE: u64 = 1 << 20;

/// No version is longer. What is longer, or has other characters than a version, is not shown to anyone.
const MAX_VERSION: usize = 64;

/// Versions of OpenClaw; none where nothing says so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenClawVersions {
    /// `meta.lastTouchedVersion`: the version that wrote the config last.
    pub config: Option<String>,
    /// The version of the installed package below the state directory.
    pub installed: Option<String>,
}

/// Reads both. An error when the installed package's manifest is there and cannot be read.
pub fn openclaw_versions(config: &Config, roots: &Roots) -> Result<OpenClawVersions, FactError> {
    let written = config.value("/meta/lastTouchedVersion").and_then(Value::text);
    let installed = match json::read(roots, STATE_ROOT, PACKAGE, MAX_PACKAGE) {
        // The config alone says what it says.
        Err(FactError::NotHere(_)) => None,
        read => read?.and_then(Result::ok),
    };
    let installed = installed.as_ref().and_then(|package| package.get("version")?.as_str());
    Ok(OpenClawVersions {
        config: written.and_then(version),
        installed: installed.and_then(version),
    })
}

/// A text that is a version, without white space around it.
fn version(text: &str) -> Option<String> {
    let text = text.trim();
    let well_formed = (1..=MAX_VERSION).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-+".contains(&byte));
    well_formed.then(|| text.to_owned())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::facts::fixture::State;
    use crate::facts::gateway::tests::config;

    #[test]
    fn the_config_and_the_package_say_which_version_it_is() {
        let state = State::new();
        let nothing = openclaw_versions(&config("{}"), &state.roots()).unwrap();
        assert_eq!(nothing, OpenClawVersions::default());
        state.write(PACKAGE, r#"{"name": "openclaw", "version": "2026.9.6"}"#);
        let config = config("{meta: {lastTouchedVersion: ' 2026.3.8-beta.1 '}}");
        let found = openclaw_versions(&config, &state.roots()).unwrap();
        assert_eq!(found.config.as_deref(), Some("2026.3.8-beta.1"));
        assert_eq!(found.installed.as_deref(), Some("2026.9.6"));
    }

    #[test]
    fn what_is_not_a_version_is_not_shown() {
        let long = "1".repeat(MAX_VERSION + 1);
        for text in ["", " ", "latest", "1.0 canary", "1\u{1b}[2J", "v1", long.as_str()] {
            assert_eq!(version(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_package_that_cannot_be_read_is_an_error_and_a_malformed_one_says_nothing() {
        let state = State::new();
        state.write(PACKAGE, "not JSON");
        assert_eq!(openclaw_versions(&config("{}"), &state.roots()).unwrap().installed, None);
        state.write(PACKAGE, " ".repeat(2 << 20));
        assert!(openclaw_versions(&config("{}"), &state.roots()).is_err());
    }
}

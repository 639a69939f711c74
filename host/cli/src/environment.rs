//! What this process was started with: its environment, as a profile changes it, and its working directory. No other file
//! of the program reads either.
#![allow(clippy::disallowed_methods)]

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use chitin_config::discover::profile_dir;
use chitin_config::environment::Environment;

/// A profile's name becomes part of a path.
pub(super) fn profile_name(text: &str) -> Result<String, String> {
    let well_formed = (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if well_formed {
        Ok(text.to_owned())
    } else {
        Err("use letters, digits, `-` and `_` only, at most 64 characters".to_owned())
    }
}

/// The environment of this process. As in OpenClaw, a profile sets the state directory and the config in it, unless the
/// environment does.
pub(super) fn environment(profile: Option<&str>) -> Environment {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    let of_profile = profile.into_iter().flat_map(|name| {
        let state_dir = set("OPENCLAW_STATE_DIR").unwrap_or_else(|| profile_dir(name).into());
        let mut config = state_dir.clone();
        config.push("/openclaw.json");
        let config = set("OPENCLAW_CONFIG_PATH").unwrap_or(config);
        [
            (OsString::from("OPENCLAW_PROFILE"), OsString::from(name)),
            (OsString::from("OPENCLAW_STATE_DIR"), state_dir),
            (OsString::from("OPENCLAW_CONFIG_PATH"), config),
        ]
    });
    Environment::from_pairs(std::env::vars_os().chain(of_profile))
}

/// A variable of this process, as set.
pub(super) fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

/// The directory that relative paths start from.
pub(super) fn working_directory() -> Result<PathBuf> {
    std::env::current_dir().context(
        "the working directory was deleted, or this user may not enter it; go to another one with `cd` and run chitin again",
    )
}

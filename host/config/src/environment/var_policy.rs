//! Which variables a config or a project's dotenv file may set. The rules are OpenClaw's.

use super::denied_vars::{
    DISABLING_WORDS, HOST_CONTROL, HOST_CONTROL_PREFIXES, NOT_BY_CONFIG, NOT_BY_PROJECT,
    NOT_BY_PROJECT_PREFIXES, NOT_BY_PROJECT_SUFFIXES, PROVIDER_CREDENTIALS,
};

/// Whether every platform accepts a name.
pub(super) fn is_portable(name: &str) -> bool {
    name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && name.bytes().next().is_some_and(|b| !b.is_ascii_digit())
}

/// Whether the config's `env` section may set a variable.
pub(crate) fn config_may_set(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    is_portable(name) && !controls_the_host(&upper) && !NOT_BY_CONFIG.contains(&upper.as_str())
}

/// Whether a dotenv file of a working directory may set a variable.
pub(super) fn project_may_set(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let upper = upper.as_str();
    !(controls_the_host(upper)
        || PROVIDER_CREDENTIALS.contains(&upper)
        || NOT_BY_PROJECT.contains(&upper)
        || NOT_BY_PROJECT_PREFIXES.iter().any(|prefix| upper.starts_with(prefix))
        || NOT_BY_PROJECT_SUFFIXES.iter().any(|suffix| upper.ends_with(suffix))
        || disables_protection(upper))
}

/// Whether a variable changes what programs of the machine run, load or trust.
fn controls_the_host(upper: &str) -> bool {
    HOST_CONTROL.contains(&upper)
        || HOST_CONTROL_PREFIXES.iter().any(|prefix| upper.starts_with(prefix))
        || upper.strip_prefix("CARGO_TARGET_").is_some_and(|target| {
            target.len() > 7 && (target.ends_with("_LINKER") || target.ends_with("_RUNNER"))
        })
}

/// Whether the words of a name mean that it turns a protection off.
fn disables_protection(upper: &str) -> bool {
    let words: Vec<&str> = upper.split('_').filter(|word| !word.is_empty()).collect();
    words.contains(&"DANGEROUSLY")
        || words.windows(2).any(|pair| DISABLING_WORDS.iter().any(|known| known == pair))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_config_may_set_what_does_not_control_the_host() {
        for name in ["OPENCLAW_GATEWAY_TOKEN", "my_key", "_X", "LDAP"] {
            assert!(config_may_set(name), "{name}");
        }
        for name in [
            "NODE_OPTIONS",
            "path_x-y",
            "1A",
            "",
            "ld_preload",
            "Home",
            "GIT_SSH_COMMAND",
            "NPM_CONFIG_X",
            "OPENCLAW_INCLUDE_ROOTS",
            "CARGO_TARGET_X86_LINKER",
        ] {
            assert!(!config_may_set(name), "{name}");
        }
        assert!(config_may_set("CARGO_TARGET_LINKER"));
    }

    #[test]
    fn a_project_may_set_less() {
        for name in ["MY_TOKEN", "DISCORD_BOT_TOKEN", "DISABLE_LOGS", "AUTHSKIP"] {
            assert!(project_may_set(name), "{name}");
        }
        for name in [
            "OPENCLAW_X",
            "clawhub_x",
            "OPENAI_API_KEY",
            "openai_api_key_2",
            "X_BASE_URL",
            "A_ENDPOINT",
            "PATH",
            "DANGEROUSLY_X",
            "A_DISABLE__TLS_B",
            "SMS_DANGEROUSLY_DISABLE_SIGNATURE_VALIDATION",
            "SLACK_API_URL",
        ] {
            assert!(!project_may_set(name), "{name}");
        }
    }
}

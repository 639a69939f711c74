//! What counts as a secret: by where it stands and by the name of its key here, by its shape in `shapes`. Rules only; `seal`
//! applies them.

mod shapes;

pub(super) use shapes::{document_values, shapes};

/// Published example values. They are long enough to look like a secret, and everybody knows them.
pub(super) const PUBLISHED: &[&str] =
    &["change-me-to-a-long-random-token", "change-me-now", "change-me-to-a-strong-password"];

/// Parts of a key's name, in lower case and without separators, that make its text a secret.
const SECRET_WORDS: &[&str] = &[
    "token",
    "secret",
    "password",
    "passwd",
    "passphrase",
    "apikey",
    "accesskey",
    "privatekey",
    "signingkey",
    "encryptkey",
    "encryptionkey",
    "aeskey",
    "authkey",
    "authtag",
    "sharedkey",
    "masterkey",
    "licensekey",
    "sessionkeyvalue",
    "credential",
    "authorization",
    "bearer",
    "cookie",
    "mnemonic",
    "seedphrase",
    "webhookurl",
    "incomingurl",
    "connectionstring",
    "serviceaccount",
];

/// Endings that make a key name a pointer to a secret, a setting about it or a count, not the secret itself.
const HARMLESS_ENDINGS: &[&str] = &[
    "file",
    "files",
    "path",
    "paths",
    "dir",
    "env",
    "envvar",
    "mode",
    "type",
    "limit",
    "limits",
    "count",
    "budget",
    "window",
    "ttl",
    "ms",
    "seconds",
    "enabled",
    "source",
    "provider",
    "policy",
    "prefix",
    "prefixes",
    "header",
    "headername",
    "name",
    "length",
    "url",
    "endpoint",
    "format",
    "scope",
    "scopes",
    "usage",
    "tokens",
];

/// Keys under which every text is a secret or may be one.
const SECRET_TREES: &[&str] =
    &["env", "vars", "headers", "cookies", "credentials", "serviceaccount"];

/// Names of URL parameters and command-line flags whose value is a secret.
const PARAMETERS: &[&str] = &[
    "token",
    "access_token",
    "accesstoken",
    "api_key",
    "apikey",
    "api-key",
    "key",
    "secret",
    "password",
    "passwd",
    "pass",
    "auth",
    "sig",
    "signature",
    "private-key",
    "client_secret",
    "bearer",
];

/// A key's name in lower case without separators.
fn plain(key: &str) -> String {
    key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a text under this key is a secret.
pub(super) fn is_secret_key(key: &str) -> bool {
    let plain = plain(key);
    SECRET_WORDS.iter().any(|word| plain.contains(word))
        && (matches!(plain.as_str(), "webhookurl" | "incomingurl")
            || !HARMLESS_ENDINGS.iter().any(|ending| plain.ends_with(ending)))
}

/// Short names that mean a secret when a text stands under them, and a section when an object does.
pub(super) fn is_short_secret_key(key: &str) -> bool {
    matches!(
        plain(key).as_str(),
        "pin"
            | "pass"
            | "pwd"
            | "auth"
            | "key"
            | "nsec"
            | "seed"
            | "code"
            | "value"
            | "access"
            | "refresh"
    )
}

/// Whether an object or array under this key is one secret in parts.
///
/// Stricter than for a text: under `accounts` or `entries` the keys are names that people chose.
pub(super) fn is_secret_section(key: &str) -> bool {
    let plain = plain(key);
    let one = plain.strip_suffix('s').unwrap_or(&plain);
    SECRET_WORDS.contains(&one)
}

/// Whether every text below this key is a secret.
pub(super) fn is_secret_tree(key: &str) -> bool {
    SECRET_TREES.contains(&plain(key).as_str())
}

/// Whether the name of an environment variable says that its value is a secret.
pub(super) fn is_secret_variable(name: &str) -> bool {
    is_secret_key(name) || plain(name).ends_with("key") || plain(name).ends_with("auth")
}

/// Whether an argument is a flag whose value follows as the next argument.
pub(super) fn is_secret_flag(argument: &str) -> bool {
    let name = argument.trim_start_matches('-');
    name.len() < argument.len()
        && !name.contains('=')
        && (is_secret_key(name) || is_parameter(name))
}

fn is_parameter(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    PARAMETERS.contains(&lower.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_name_secrets() {
        for key in [
            "token",
            "botToken",
            "bot_token",
            "APP-SECRET",
            "password",
            "apiKey",
            "privateKey",
            "signingSecret",
            "channelAccessToken",
            "gatewayPasswordValue",
            "credential",
            "webhookUrl",
            "accessKeyId",
        ] {
            assert!(is_secret_key(key), "{key}");
        }
        for key in [
            "tokenFile",
            "passwordFile",
            "maxTokens",
            "tokenEnv",
            "secretsPath",
            "mode",
            "sessionKey",
            "keyboard",
            "apiKeyEnv",
            "tokenBudget",
            "name",
            "secretProvider",
        ] {
            assert!(!is_secret_key(key), "{key}");
        }
    }

    #[test]
    fn variables_that_name_secrets() {
        for name in ["OPENCLAW_GATEWAY_TOKEN", "OPENAI_API_KEY", "DB_PASSWORD", "MY_SSH_KEY"] {
            assert!(is_secret_variable(name), "{name}");
        }
        for name in ["HOME", "OPENCLAW_SERVICE_KIND", "BIND"] {
            assert!(!is_secret_variable(name), "{name}");
        }
    }
}

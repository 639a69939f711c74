//! Names under which a secret is stored: config keys, environment variables, flags, URL parameters and headers.

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

/// Secret words that end like a harmless name.
const SECRET_URLS: &[&str] = &["webhookurl", "incomingurl"];

/// Endings of names for the place of a secret, a setting about it or a count, and not for the secret itself.
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

/// Short names of a secret if the value is a text, and of a section if it is an object.
const AMBIGUOUS_NAMES: &[&str] =
    &["pin", "pass", "pwd", "auth", "key", "nsec", "seed", "code", "value", "access", "refresh"];

/// Keys under which every text is a secret or may be one.
const SECRET_TREES: &[&str] =
    &["env", "vars", "headers", "cookies", "credentials", "serviceaccount"];

/// Names of flags and URL parameters whose value is a secret, in lower case and with `_`.
const PARAMETERS: &[&str] = &[
    "token",
    "access_token",
    "accesstoken",
    "api_key",
    "apikey",
    "key",
    "secret",
    "password",
    "passwd",
    "pass",
    "auth",
    "sig",
    "signature",
    "private_key",
    "client_secret",
    "bearer",
];

/// Names that are a secret in a URL, and too common elsewhere.
const URL_PARAMETERS: &[&str] = &[
    "access_key",
    "app_secret",
    "authorization",
    "code",
    "credential",
    "credentials",
    "jwt",
    "passphrase",
    "pwd",
    "session",
    "x_amz_signature",
    "x_api_key",
];

/// Parts of the names of headers that authenticate a request.
const AUTHENTICATION_HEADERS: &[&str] = &["auth", "key", "token"];

/// A name in lower case without separators.
fn normalized(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a text under this key is a secret.
pub fn is_secret_key_name(key: &str) -> bool {
    let name = normalized(key);
    SECRET_WORDS.iter().any(|word| name.contains(word))
        && (SECRET_URLS.contains(&name.as_str())
            || !HARMLESS_ENDINGS.iter().any(|ending| name.ends_with(ending)))
}

/// Whether a text under this key is a secret although its short name says little. An object under it is a section.
pub fn is_ambiguous_secret_name(key: &str) -> bool {
    AMBIGUOUS_NAMES.contains(&normalized(key).as_str())
}

/// Whether an object or array under this key is one secret in parts.
///
/// Stricter than [`is_secret_key_name`]: under `accounts` or `entries`, people choose the keys.
pub fn is_secret_section(key: &str) -> bool {
    let name = normalized(key);
    let singular = name.strip_suffix('s').unwrap_or(&name);
    SECRET_WORDS.contains(&singular)
}

/// Whether every text below this key is a secret.
pub fn is_secret_tree(key: &str) -> bool {
    SECRET_TREES.contains(&normalized(key).as_str())
}

/// Whether the value of an environment variable of this name is a secret.
///
/// Broader than [`is_secret_key_name`]: `KEY` and `AUTH` at the end are enough.
pub fn is_secret_variable(name: &str) -> bool {
    let plain = normalized(name);
    is_secret_key_name(name) || plain.ends_with("key") || plain.ends_with("auth")
}

/// Whether an argument is a flag whose value, a secret, is the next argument.
pub fn is_secret_flag(argument: &str) -> bool {
    let name = argument.trim_start_matches('-');
    name.len() < argument.len() && !name.contains('=') && is_secret_assignment(name)
}

/// Whether `name=value` in a command, a query or a script holds a secret.
pub fn is_secret_assignment(name: &str) -> bool {
    is_secret_parameter(name) || is_secret_key_name(name)
}

/// Whether a parameter has one of the usual names for a secret, in any case.
pub fn is_secret_parameter(name: &str) -> bool {
    PARAMETERS.contains(&name.to_ascii_lowercase().replace('-', "_").as_str())
}

/// Whether a parameter of a URL holds a secret. Percent escapes must be decoded before.
///
/// Broader than [`is_secret_parameter`]: a URL's `code`, `session` or `jwt` is a secret, a command's need not be one.
pub fn is_secret_url_parameter(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('-', "_");
    PARAMETERS.contains(&name.as_str())
        || URL_PARAMETERS.contains(&name.as_str())
        || name.split('_').any(|part| part.ends_with("token") || part.ends_with("secret"))
}

/// Whether a header of this name authenticates a request.
pub fn is_authentication_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    AUTHENTICATION_HEADERS.iter().any(|part| name.contains(part))
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
            assert!(is_secret_key_name(key), "{key}");
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
            assert!(!is_secret_key_name(key), "{key}");
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

    #[test]
    fn sections_and_trees_are_stricter_than_keys() {
        assert!(is_secret_section("credentials") && is_secret_section("serviceAccount"));
        assert!(!is_secret_section("botToken") && !is_secret_section("accounts"));
        assert!(is_secret_tree("headers") && !is_secret_tree("header"));
        assert!(is_ambiguous_secret_name("pass") && !is_ambiguous_secret_name("passed"));
    }

    #[test]
    fn flags_take_the_next_argument() {
        for flag in ["--token", "--api-key", "-key", "--client-secret", "--dbPassword"] {
            assert!(is_secret_flag(flag), "{flag}");
        }
        for flag in ["token", "--token=x", "--session", "--mode", "--token-file"] {
            assert!(!is_secret_flag(flag), "{flag}");
        }
    }

    #[test]
    fn urls_are_broader_than_commands() {
        for name in ["code", "session", "jwt", "X-Amz-Signature", "x-api-key", "hubtoken"] {
            assert!(is_secret_url_parameter(name), "{name}");
        }
        assert!(!is_secret_parameter("code") && !is_secret_parameter("session"));
        assert!(PARAMETERS.iter().all(|name| is_secret_url_parameter(name)));
        assert!(!is_secret_url_parameter("page"));
    }

    #[test]
    fn headers_that_authenticate() {
        assert!(is_authentication_header("Authorization") && is_authentication_header("X-Api-Key"));
        assert!(!is_authentication_header("Content-Type"));
    }
}

//! Every rule as data: its ids, its severity, how often it is reported in one file, and its message.
//!
//! Messages are fixed texts. Nothing from a scanned file may enter them.

use crate::model::Severity::{self, Critical, Warn};

/// How often a rule is reported in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Only the first place.
    Once,
    /// Every place up to a cap, then one finding of this rule that says how many were omitted.
    Each(&'static Overflow),
}

/// The rule of the finding for the places beyond the cap.
#[derive(Debug, PartialEq, Eq)]
pub struct Overflow {
    pub id: &'static str,
    pub alias: &'static str,
}

/// A rule of this scanner.
#[derive(Debug)]
pub struct Rule {
    pub id: &'static str,
    /// The rule's name in OpenClaw's own scanner, if it has the rule.
    pub alias: Option<&'static str>,
    pub severity: Severity,
    pub repeat: Repeat,
    pub message: &'static str,
}

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $alias:expr, $severity:ident, $repeat:expr, $message:literal;)*) => {
        $($(#[$doc])* pub(crate) static $name: Rule = Rule {
            id: $id, alias: $alias, severity: $severity, repeat: $repeat, message: $message,
        };)*

        /// Every rule.
        pub static ALL: &[&Rule] = &[$(&$name),*];
    };
}

/// `malicious.env_harvesting`: the most lines between reading the environment and sending.
pub(crate) const HARVEST_WINDOW: usize = 8;

const EXEC_OVERFLOW: Overflow =
    Overflow { id: "suspicious.dangerous_exec_truncated", alias: "dangerous-exec-truncated" };
const DYNAMIC_OVERFLOW: Overflow = Overflow {
    id: "suspicious.dynamic_code_execution_truncated",
    alias: "dynamic-code-execution-truncated",
};
const MINING_OVERFLOW: Overflow =
    Overflow { id: "malicious.crypto_mining_truncated", alias: "crypto-mining-truncated" };
const NETWORK_OVERFLOW: Overflow = Overflow {
    id: "suspicious.nonstandard_network_truncated",
    alias: "suspicious-network-truncated",
};

rules! {
    DANGEROUS_EXEC = "suspicious.dangerous_exec", Some("dangerous-exec"), Critical,
        Repeat::Each(&EXEC_OVERFLOW), "Starts another program";
    DYNAMIC_CODE = "suspicious.dynamic_code_execution", Some("dynamic-code-execution"), Critical,
        Repeat::Each(&DYNAMIC_OVERFLOW), "Runs text as code";
    CRYPTO_MINING = "malicious.crypto_mining", Some("crypto-mining"), Critical,
        Repeat::Each(&MINING_OVERFLOW), "Names a miner or a mining protocol";
    NONSTANDARD_NETWORK = "suspicious.nonstandard_network", Some("suspicious-network"), Warn,
        Repeat::Each(&NETWORK_OVERFLOW), "Opens a WebSocket to an unusual port";
    POTENTIAL_EXFILTRATION = "suspicious.potential_exfiltration", Some("potential-exfiltration"), Warn,
        Repeat::Once, "Reads files and sends over the network";
    /// The same rule where a script uploads the file itself.
    FILE_UPLOAD = "suspicious.potential_exfiltration", None, Critical,
        Repeat::Once, "Sends the content of a file to another machine";
    OBFUSCATED_HEX = "suspicious.obfuscated_code", Some("obfuscated-code"), Warn,
        Repeat::Once, "Hides readable text in a run of escapes";
    OBFUSCATED_BASE64 = "suspicious.obfuscated_code", Some("obfuscated-code"), Warn,
        Repeat::Once, "Decodes a large base64 literal";
    OBFUSCATED_NAMES = "suspicious.obfuscated_code", None, Warn,
        Repeat::Once, "Uses names in an obfuscator's style";
    ENV_HARVESTING = "malicious.env_harvesting", Some("env-harvesting"), Critical,
        Repeat::Once, "Reads the environment close to code that sends over the network";
    PROMPT_INJECTION = "suspicious.prompt_injection_instructions", None, Warn,
        Repeat::Once, "Tells the model to ignore its instructions";
    INSTALL_SOURCE = "suspicious.install_untrusted_source", None, Warn,
        Repeat::Once, "Links to a link shortener or a bare IP address";
    PRIVILEGED_ALWAYS = "suspicious.privileged_always", None, Warn,
        Repeat::Once, "Asks to be active in every session";
    DENYLISTED_NAME = "malicious.known_blocked_signature", None, Critical,
        Repeat::Once, "Has the name of a known malicious listing";
    SECRET_LITERAL = "suspicious.exposed_secret_literal", Some("literal-secret"), Critical,
        Repeat::Once, "Contains a credential in plain text";
    SHELL_PIPE = "suspicious.shell_pipe_to_shell", Some("shell-pipe-to-shell"), Critical,
        Repeat::Once, "Pipes a download into a shell";
    SECRET_EXFILTRATION = "suspicious.secret_exfiltration_text", Some("secret-exfiltration"), Critical,
        Repeat::Once, "Mentions the environment and sending on one line";
    DESTRUCTIVE_DELETE = "suspicious.destructive_delete_command", Some("destructive-delete"), Warn,
        Repeat::Once, "Deletes recursively and without asking";
    /// Spellings that OpenClaw's own scanner does not recognize.
    DESTRUCTIVE_DELETE_OTHER = "suspicious.destructive_delete_command", None, Warn,
        Repeat::Once, "Deletes recursively and without asking";
    UNSAFE_PERMISSIONS = "suspicious.unsafe_permissions", Some("unsafe-permissions"), Warn,
        Repeat::Once, "Makes files writable for everyone";
    INSECURE_TLS = "suspicious.insecure_tls_verification", None, Warn,
        Repeat::Once, "Turns off the check of TLS certificates";
    INSTALL_TERMINAL_PAYLOAD = "malicious.install_terminal_payload", None, Critical,
        Repeat::Once, "Runs an encoded payload, or a download from a bare IP address, in a terminal";
    HIDDEN_UNICODE = "suspicious.hidden_unicode", None, Warn,
        Repeat::Once, "Contains invisible characters";
    MARKDOWN_DATA_URI = "suspicious.markdown_data_uri", None, Warn,
        Repeat::Once, "Embeds a document or a script in a link";
    MARKDOWN_DOWNLOAD_EXEC = "suspicious.markdown_download_exec", None, Critical,
        Repeat::Once, "Runs a download with an interpreter";
    MARKDOWN_ENCODED_PAYLOAD = "suspicious.markdown_encoded_payload", None, Warn,
        Repeat::Once, "Contains a large block of base64";
    MARKDOWN_HEX_PAYLOAD = "suspicious.markdown_hex_payload", None, Warn,
        Repeat::Once, "Contains a run of escaped bytes";
}

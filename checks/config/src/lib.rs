//! The config as a document: whether it could be read, which switches in it turn a protection off, which secrets in it are
//! plain text, whether the default agent is clear.
//!
//! What a section means belongs to the check for that section.

mod contracts;
mod flags;
mod known_contracts;
mod problems;
mod roster;
mod secrets;
mod switches;

use chitin_sdk::Group;

/// The rules of this module. The flags come last: they read files of installed plugins, and if those exceed a limit, the
/// other rules must be done.
pub const GROUPS: &[Group] = &[
    Group {
        rules: &[rule::PARSE_FAILED.id, rule::INCLUDE_FAILED.id, rule::READ_FAILED.id],
        check: problems::check,
    },
    Group { rules: &[rule::AGENT_ROSTER_INVALID_DEFAULT_COUNT.id], check: roster::check },
    Group {
        rules: &[rule::SECRETS_GATEWAY_PASSWORD_IN_CONFIG.id],
        check: secrets::gateway_password,
    },
    Group { rules: &[rule::SECRETS_HOOKS_TOKEN_IN_CONFIG.id], check: secrets::hooks_token },
    Group { rules: &[rule::INSECURE_OR_DANGEROUS_FLAGS.id], check: flags::check },
];

chitin_sdk::export!(GROUPS);
chitin_sdk::rules!(mod rule);

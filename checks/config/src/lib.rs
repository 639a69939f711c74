//! The config as a document: whether it could be read, which switches in it turn a protection off, which secrets are
//! written out in it, whether its agents add up.
//!
//! What a section means for its own subject is the business of that subject's check.

mod contracts;
mod flags;
mod known_contracts;
mod problems;
mod roster;
mod secrets;
mod switches;

use chitin_sdk::Group;

/// The rules of this module. The flags come last: their work depends on files of installed plugins, and whatever
/// these cost must not cost the other rules.
pub const GROUPS: &[Group] = &[
    Group { rules: &[rule::PARSE_FAILED.id, rule::INCLUDE_FAILED.id], check: problems::check },
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

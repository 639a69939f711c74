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
    Group { rules: &[problems::PARSE, problems::INCLUDE], check: problems::check },
    Group { rules: &[roster::RULE], check: roster::check },
    Group { rules: &[secrets::GATEWAY_PASSWORD], check: secrets::gateway_password },
    Group { rules: &[secrets::HOOKS_TOKEN], check: secrets::hooks_token },
    Group { rules: &[flags::RULE], check: flags::check },
];

chitin_sdk::export!(GROUPS);

//! Browser control: whether its HTTP routes are protected, and how OpenClaw talks to browsers on other machines. The
//! containers of sandboxed browsers belong to the sandbox check.

mod address;
mod control;
mod profiles;
mod remote;
mod settings;
#[cfg(test)]
mod tests;
mod url;

use chitin_sdk::Group;

/// The rules of this module.
pub const GROUPS: &[Group] = &[
    Group { rules: &[rule::CONTROL_INVALID_CONFIG.id], check: control::invalid_settings },
    Group { rules: &[rule::EXTENSION_RELAY_LEGACY_AUTH.id], check: control::legacy_relay },
    Group { rules: &[rule::CONTROL_NO_AUTH.id], check: control::authentication },
    Group {
        rules: &[rule::REMOTE_CDP_HTTP.id, rule::REMOTE_CDP_PRIVATE_HOST.id],
        check: remote::endpoints,
    },
];

chitin_sdk::export!(GROUPS);
chitin_sdk::rules!(mod rule);

//! Browser control: whether its HTTP routes are guarded, and how OpenClaw talks to browsers on other machines. The
//! containers that sandboxed browsers run in are the sandbox check's business.

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
    Group { rules: &["browser.control_invalid_config"], check: control::invalid_settings },
    Group { rules: &["browser.extension_relay_legacy_auth"], check: control::legacy_relay },
    Group { rules: &["browser.control_no_auth"], check: control::authentication },
    Group {
        rules: &["browser.remote_cdp_http", "browser.remote_cdp_private_host"],
        check: remote::endpoints,
    },
];

chitin_sdk::export!(GROUPS);

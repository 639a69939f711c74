//! How the gateway can be reached and who may use it: bind address and Tailscale, authentication, proxies, the control
//! UI, the HTTP APIs, node commands, discovery and MCP apps; and whether a running gateway answers, which the host asks.

mod access;
mod control_ui;
mod forwarding;
mod http;
mod mcp;
mod nodes;
mod probe;
mod secrets;
#[cfg(test)]
mod tests;
mod trusted_proxy;
mod visibility;

use chitin_sdk::{Group, Severity};

/// The rules of this module.
pub const GROUPS: &[Group] = &[
    Group { rules: &["gateway.tools_invoke_http.dangerous_allow"], check: http::invocable_tools },
    Group {
        rules: &["gateway.bind_no_auth", "gateway.loopback_no_auth"],
        check: access::authentication,
    },
    Group { rules: &["gateway.env_token_overrides_config"], check: secrets::two_tokens },
    Group { rules: &["gateway.trusted_proxies_missing"], check: forwarding::unknown_proxies },
    Group {
        rules: &[
            "gateway.control_ui.allowed_origins_required",
            "gateway.control_ui.allowed_origins_wildcard",
            "gateway.control_ui.host_header_origin_fallback",
        ],
        check: control_ui::origins,
    },
    Group { rules: &["gateway.real_ip_fallback_enabled"], check: forwarding::real_ip_fallback },
    Group { rules: &["discovery.mdns_full_mode"], check: visibility::announcements },
    Group {
        rules: &["gateway.tailscale_funnel", "gateway.tailscale_serve"],
        check: visibility::tailscale,
    },
    Group { rules: &["mcp.apps.enabled"], check: mcp::apps },
    Group {
        rules: &["gateway.control_ui.insecure_auth", "gateway.control_ui.device_auth_disabled"],
        check: control_ui::device_checks,
    },
    Group {
        rules: &["gateway.token_placeholder_value", "gateway.token_too_short"],
        check: secrets::token,
    },
    Group {
        rules: &["gateway.password_placeholder_value", "gateway.password_too_short"],
        check: secrets::password,
    },
    Group {
        rules: &[
            "gateway.trusted_proxy_auth",
            "gateway.trusted_proxy_no_proxies",
            "gateway.trusted_proxy_no_user_header",
            "gateway.trusted_proxy_allow_loopback",
            "gateway.trusted_proxy_device_auto_approve",
            "gateway.trusted_proxy_device_auto_approve_admin",
            "gateway.trusted_proxy_no_allowlist",
        ],
        check: trusted_proxy::identity,
    },
    Group { rules: &["gateway.auth_no_rate_limit"], check: access::rate_limit },
    Group { rules: &["gateway.http.no_auth"], check: http::open_endpoints },
    Group { rules: &["gateway.http.session_key_override_enabled"], check: http::session_keys },
    Group { rules: &["gateway.nodes.deny_commands_ineffective"], check: nodes::denied_commands },
    Group { rules: &["gateway.nodes.allow_commands_dangerous"], check: nodes::allowed_commands },
    Group {
        rules: &["gateway.probe_failed", "gateway.probe_auth_secretref_unavailable"],
        check: probe::live_gateway,
    },
];

chitin_sdk::export!(GROUPS);

/// What is a warning at home is critical where others can reach it.
fn critical_where(reachable: bool) -> Severity {
    if reachable { Severity::Critical } else { Severity::Warn }
}

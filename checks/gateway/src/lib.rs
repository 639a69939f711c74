//! How the gateway can be reached and who may use it: bind address and Tailscale, authentication, proxies, the control
//! UI, the HTTP APIs, node commands, discovery and MCP apps; and whether a running gateway answers the host's probe.

mod authentication;
mod control_ui;
mod discovery;
mod http;
mod mcp;
mod nodes;
mod probe;
mod proxy_headers;
mod secrets;
#[cfg(test)]
mod tests;
mod trusted_proxy;

use chitin_sdk::{Group, Severity};

/// The rules of this module.
pub const GROUPS: &[Group] = &[
    Group { rules: &[rule::TOOLS_INVOKE_HTTP_DANGEROUS_ALLOW.id], check: http::invocable_tools },
    Group {
        rules: &[rule::BIND_NO_AUTH.id, rule::LOOPBACK_NO_AUTH.id],
        check: authentication::authentication,
    },
    Group { rules: &[rule::ENV_TOKEN_OVERRIDES_CONFIG.id], check: secrets::two_tokens },
    Group { rules: &[rule::TRUSTED_PROXIES_MISSING.id], check: proxy_headers::unknown_proxies },
    Group {
        rules: &[
            rule::CONTROL_UI_ALLOWED_ORIGINS_REQUIRED.id,
            rule::CONTROL_UI_ALLOWED_ORIGINS_WILDCARD.id,
            rule::CONTROL_UI_HOST_HEADER_ORIGIN_FALLBACK.id,
        ],
        check: control_ui::origins,
    },
    Group { rules: &[rule::REAL_IP_FALLBACK_ENABLED.id], check: proxy_headers::real_ip_fallback },
    Group { rules: &[rule::DISCOVERY_MDNS_FULL_MODE.id], check: discovery::announcements },
    Group {
        rules: &[rule::TAILSCALE_FUNNEL.id, rule::TAILSCALE_SERVE.id],
        check: discovery::tailscale,
    },
    Group { rules: &[rule::MCP_APPS_ENABLED.id], check: mcp::apps },
    Group {
        rules: &[rule::CONTROL_UI_INSECURE_AUTH.id, rule::CONTROL_UI_DEVICE_AUTH_DISABLED.id],
        check: control_ui::device_checks,
    },
    Group {
        rules: &[rule::TOKEN_PLACEHOLDER_VALUE.id, rule::TOKEN_TOO_SHORT.id],
        check: secrets::token,
    },
    Group {
        rules: &[rule::PASSWORD_PLACEHOLDER_VALUE.id, rule::PASSWORD_TOO_SHORT.id],
        check: secrets::password,
    },
    Group {
        rules: &[
            rule::TRUSTED_PROXY_AUTH.id,
            rule::TRUSTED_PROXY_NO_PROXIES.id,
            rule::TRUSTED_PROXY_NO_USER_HEADER.id,
            rule::TRUSTED_PROXY_ALLOW_LOOPBACK.id,
            rule::TRUSTED_PROXY_DEVICE_AUTO_APPROVE.id,
            rule::TRUSTED_PROXY_DEVICE_AUTO_APPROVE_ADMIN.id,
            rule::TRUSTED_PROXY_NO_ALLOWLIST.id,
        ],
        check: trusted_proxy::identity,
    },
    Group { rules: &[rule::AUTH_NO_RATE_LIMIT.id], check: authentication::rate_limit },
    Group { rules: &[rule::HTTP_NO_AUTH.id], check: http::open_endpoints },
    Group { rules: &[rule::HTTP_SESSION_KEY_OVERRIDE_ENABLED.id], check: http::session_keys },
    Group { rules: &[rule::NODES_DENY_COMMANDS_INEFFECTIVE.id], check: nodes::denied_commands },
    Group { rules: &[rule::NODES_ALLOW_COMMANDS_DANGEROUS.id], check: nodes::allowed_commands },
    Group {
        rules: &[rule::PROBE_FAILED.id, rule::PROBE_AUTH_SECRETREF_UNAVAILABLE.id],
        check: probe::live_gateway,
    },
];

chitin_sdk::export!(GROUPS);
chitin_sdk::rules!(mod rule);

/// A warning on this machine alone is critical where other machines can reach it.
fn critical_where(reachable: bool) -> Severity {
    if reachable { Severity::Critical } else { Severity::Warn }
}

//! The order in which OpenClaw's audit reports its findings. The program sorts its report by it, so the two reports can be
//! read side by side.

/// Where a rule's findings are in the report. Findings of equal rank stay in the order in which they were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank(usize);

impl Rank {
    /// After everything that has a place of its own.
    pub const LAST: Self = Self(usize::MAX);

    /// The rank of the rules that share a place in [`REPORT_ORDER`].
    fn of_place(place: usize) -> Self {
        Self(2 * place)
    }

    /// Right after these rules, and before the next place.
    fn right_after(self) -> Self {
        Self(self.0 | 1)
    }
}

/// The rank of each of a manifest's rules, whose ids are given in the manifest's order and with their stars.
///
/// A rule that is not in the list comes right after the rule that precedes it in the manifest, so a new rule needs no entry
/// here. Without such a rule it comes last.
pub fn ranks<'i>(ids: impl IntoIterator<Item = &'i str>) -> Vec<Rank> {
    let mut previous = Rank::LAST;
    let rank = |id| {
        previous = listed(id).unwrap_or(previous.right_after());
        previous
    };
    ids.into_iter().map(rank).collect()
}

/// The rank of a rule that is not part of a module.
pub fn rank(id: &str) -> Rank {
    listed(id).unwrap_or(Rank::LAST)
}

fn listed(id: &str) -> Option<Rank> {
    REPORT_ORDER.iter().position(|place| place.contains(&id)).map(Rank::of_place)
}

/// The places of the report in order. The rules of one place are reported in the order in which a check finds them, because
/// OpenClaw goes through agents, channels or files there, and not through rules.
const REPORT_ORDER: &[&[&str]] = &[
    &["summary.attack_surface"],
    &["config.parse_failed", "config.include_failed"],
    &["config.agent_roster.invalid_default_count"],
    &["fs.synced_dir"],
    &["gateway.tools_invoke_http.dangerous_allow"],
    &["gateway.bind_no_auth"],
    &["gateway.env_token_overrides_config"],
    &["gateway.trusted_proxies_missing"],
    &["gateway.loopback_no_auth"],
    &["gateway.control_ui.allowed_origins_required"],
    &["gateway.control_ui.allowed_origins_wildcard"],
    &["gateway.control_ui.host_header_origin_fallback"],
    &["gateway.real_ip_fallback_enabled"],
    &["discovery.mdns_full_mode"],
    &["gateway.tailscale_funnel", "gateway.tailscale_serve"],
    &["mcp.apps.enabled"],
    &["gateway.control_ui.insecure_auth"],
    &["gateway.control_ui.device_auth_disabled"],
    &["channels.feishu.doc_owner_open_id"],
    &["config.insecure_or_dangerous_flags"],
    &["gateway.token_placeholder_value", "gateway.token_too_short"],
    &["gateway.password_placeholder_value", "gateway.password_too_short"],
    &["gateway.trusted_proxy_auth"],
    &["gateway.trusted_proxy_no_proxies"],
    &["gateway.trusted_proxy_no_user_header"],
    &["gateway.trusted_proxy_allow_loopback"],
    &["gateway.trusted_proxy_device_auto_approve"],
    &["gateway.trusted_proxy_device_auto_approve_admin"],
    &["gateway.trusted_proxy_no_allowlist"],
    &["gateway.auth_no_rate_limit"],
    &[
        "browser.control_invalid_config",
        "browser.extension_relay_legacy_auth",
        "browser.control_no_auth",
        "browser.remote_cdp_http",
        "browser.remote_cdp_private_host",
    ],
    &["logging.redact_off"],
    &["tools.elevated.allowFrom.*.wildcard", "tools.elevated.allowFrom.*.large"],
    &["tools.exec.host_sandbox_no_sandbox_defaults"],
    &["tools.exec.host_sandbox_no_sandbox_agents"],
    &["tools.exec.safe_bins_interpreter_unprofiled"],
    &["tools.exec.safe_bins_broad_behavior"],
    &["tools.exec.safe_bin_trusted_dirs_risky"],
    &["tools.exec.security_full_configured"],
    &["tools.exec.fs_tools_disabled_but_exec_enabled"],
    &["tools.exec.auto_allow_skills_enabled"],
    &["tools.exec.allowlist_interpreter_without_strict_inline_eval"],
    &["tools.exec.mcporter_registry_inspection_incomplete"],
    &["tools.exec.agent_skill_mcp_boundary_drift"],
    &["hooks.token_too_short"],
    &["hooks.token_reuse_gateway_token"],
    &["hooks.path_root"],
    &["hooks.default_session_key_unset"],
    &["hooks.allowed_agent_ids_unrestricted"],
    &["hooks.request_session_key_enabled"],
    &["hooks.request_session_key_prefixes_missing"],
    &["gateway.http.no_auth"],
    &["gateway.http.session_key_override_enabled"],
    &["sandbox.docker_config_mode_off"],
    &["sandbox.bind_mount_non_absolute"],
    &["sandbox.dangerous_bind_mount"],
    &["sandbox.dangerous_network_mode"],
    &["sandbox.dangerous_seccomp_profile"],
    &["sandbox.dangerous_apparmor_profile"],
    &["sandbox.browser_cdp_bridge_unrestricted"],
    &["gateway.nodes.deny_commands_ineffective"],
    &["gateway.nodes.allow_commands_dangerous"],
    &["tools.profile_minimal_overridden"],
    &["config.secrets.gateway_password_in_config", "config.secrets.hooks_token_in_config"],
    &["models.legacy", "models.weak_tier"],
    &["models.small_params"],
    &["security.exposure.open_groups_with_elevated"],
    &["security.exposure.open_groups_with_runtime_or_fs"],
    &["security.exposure.open_groups_with_control_plane_tools"],
    &["security.exposure.open_channels_with_exec"],
    &["security.trust_model.group_scope_main"],
    &["security.trust_model.multi_user_heuristic"],
    &["security.trust_model.cross_agent_session_access_default"],
    &[
        "fs.state_dir.symlink",
        "fs.state_dir.perms_world_writable",
        "fs.state_dir.perms_group_writable",
        "fs.state_dir.perms_readable",
    ],
    &[
        "fs.config.symlink",
        "fs.config.perms_writable",
        "fs.config.perms_world_readable",
        "fs.config.perms_group_readable",
    ],
    &[
        "fs.config_include.perms_writable",
        "fs.config_include.perms_world_readable",
        "fs.config_include.perms_group_readable",
    ],
    &["fs.credentials_dir.perms_writable", "fs.credentials_dir.perms_readable"],
    &[
        "fs.auth_profiles.perms_writable",
        "fs.auth_profiles.perms_readable",
        "fs.sessions_store.perms_readable",
    ],
    &["fs.log_file.perms_readable"],
    &["skills.workspace.symlink_escape", "skills.workspace.scan_truncated"],
    &["sandbox.browser_container.hash_label_missing"],
    &["sandbox.browser_container.hash_epoch_stale"],
    &["sandbox.browser_container.non_loopback_publish"],
    &["sandbox.browser_container.docker_probe_timeout"],
    &["plugins.extensions_no_allowlist"],
    &["plugins.allow_phantom_entries"],
    &["plugins.tools_reachable_permissive_policy"],
    &["plugins.installs_unpinned_npm_specs"],
    &["plugins.installs_missing_integrity"],
    &["plugins.installs_version_drift"],
    &["hooks.installs_unpinned_npm_specs"],
    &["hooks.installs_missing_integrity"],
    &["hooks.installs_version_drift"],
    &[
        "plugins.code_safety",
        "plugins.code_safety.entry_escape",
        "plugins.code_safety.entry_path",
        "plugins.code_safety.manifest_parse_error",
        "plugins.code_safety.scan_failed",
        "plugins.code_safety.incomplete",
    ],
    &["skills.code_safety", "skills.code_safety.incomplete", "skills.code_safety.scan_failed"],
    &["plugins.*.security_audit_failed"],
    &[
        "channels.*.account.read_only_resolution",
        "channels.*.allowFrom.dangerous_name_matching_enabled",
        "channels.*.allowFrom.mutable_entries_inert",
        "channels.*.dm.open",
        "channels.*.dm.open_invalid",
        "channels.*.dm.disabled",
        "channels.*.dm.scope_main_multiuser",
        "channels.*.dm.locked",
        "channels.*.routing.owner_missing.*",
        "channels.*.dm.wildcard_routing_unverified.*",
        "channels.*.groups.open",
        "channels.*.warning.*",
        "channels.discord.allowFrom.name_based_entries",
        "channels.discord.commands.native.unrestricted",
        "channels.discord.commands.native.no_allowlists",
        "channels.discord.allowlisted_groups.broad_members",
        "channels.slack.commands.slash.useAccessGroups_off",
        "channels.slack.commands.slash.no_allowlists",
        "channels.synology-chat.dm.policy",
        "channels.synology-chat.reply.dangerous_name_matching_enabled",
        "channels.telegram.allowFrom.invalid_entries",
        "channels.telegram.groups.allowFrom.wildcard",
        "channels.telegram.groups.allowFrom.missing",
        "channels.zalouser.groups.mutable_entries",
        "channels.dm.session_collision.*",
    ],
    &["gateway.probe_failed"],
    &["gateway.probe_auth_secretref_unavailable"],
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn places_come_in_order_and_hold_several_rules() {
        let ranks =
            ranks(["config.include_failed", "config.parse_failed", "summary.attack_surface"]);
        assert_eq!(ranks[0], ranks[1]);
        assert!(ranks[2] < ranks[0] && ranks[0] < Rank::LAST);
        assert_eq!(rank("config.parse_failed"), ranks[0]);
    }

    #[test]
    fn a_rule_that_is_not_listed_follows_the_one_before_it() {
        let ids = ["new.first", "summary.attack_surface", "new.second", "new.third"];
        let ranks = ranks(ids);
        assert_eq!(ranks[0], Rank::LAST);
        assert!(ranks[1] < ranks[2] && ranks[2] < rank("config.parse_failed"));
        assert_eq!(ranks[2], ranks[3]);
        assert_eq!(rank("new.second"), Rank::LAST);
    }

    /// An id that was renamed would leave its old name here, and lose its place.
    #[test]
    fn every_entry_is_a_rule_once() {
        let mut declared = BTreeSet::from(["plugins.*.security_audit_failed".to_owned()]);
        for check in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap() {
            let Ok(manifest) = fs::read_to_string(check.unwrap().path().join("module.toml")) else {
                continue;
            };
            let manifest: toml::Table = manifest.parse().unwrap();
            let ids = manifest["rule"].as_array().unwrap().iter().map(|rule| &rule["id"]);
            declared.extend(ids.map(|id| id.as_str().unwrap().to_owned()));
        }
        let mut seen = BTreeSet::new();
        for id in REPORT_ORDER.iter().copied().flatten() {
            assert!(declared.contains(*id), "{id} is not a rule of a built-in check");
            assert!(seen.insert(id), "{id} has two places");
        }
    }
}

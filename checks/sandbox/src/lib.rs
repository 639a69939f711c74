//! How far the sandbox of an agent is open to the host: its docker settings, and the browser containers that run.
//! Whether an agent's tools are sandboxed at all is judged where the tools are.

mod binds;
mod blocks;
mod bridge;
mod containers;
mod docker;

use chitin_sdk::Group;

/// The rules of this module.
pub const GROUPS: &[Group] = &[
    Group { rules: &["sandbox.docker_config_mode_off"], check: docker::mode_off },
    Group { rules: &["sandbox.bind_mount_non_absolute"], check: binds::non_absolute },
    Group { rules: &["sandbox.dangerous_bind_mount"], check: binds::dangerous },
    Group { rules: &["sandbox.dangerous_network_mode"], check: docker::network },
    Group { rules: &["sandbox.dangerous_seccomp_profile"], check: docker::seccomp },
    Group { rules: &["sandbox.dangerous_apparmor_profile"], check: docker::apparmor },
    Group { rules: &["sandbox.browser_cdp_bridge_unrestricted"], check: bridge::unrestricted },
    Group {
        rules: &["sandbox.browser_container.hash_label_missing"],
        check: containers::hash_label_missing,
    },
    Group {
        rules: &["sandbox.browser_container.hash_epoch_stale"],
        check: containers::hash_epoch_stale,
    },
    Group {
        rules: &["sandbox.browser_container.non_loopback_publish"],
        check: containers::non_loopback_publish,
    },
    Group {
        rules: &["sandbox.browser_container.docker_probe_timeout"],
        check: containers::docker_probe_timeout,
    },
];

chitin_sdk::export!(GROUPS);

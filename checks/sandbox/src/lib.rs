//! How far the sandbox of an agent is open to the host: its docker settings, and the browser containers that run.
//! Whether an agent's tools are sandboxed at all belongs to the tools check.

mod binds;
mod blocks;
mod bridge;
mod containers;
mod docker;

use chitin_sdk::Group;

/// The rules of this module.
pub const GROUPS: &[Group] = &[
    Group { rules: &[rule::DOCKER_CONFIG_MODE_OFF.id], check: docker::mode_off },
    Group { rules: &[rule::BIND_MOUNT_NON_ABSOLUTE.id], check: binds::non_absolute },
    Group { rules: &[rule::DANGEROUS_BIND_MOUNT.id], check: binds::dangerous },
    Group { rules: &[rule::DANGEROUS_NETWORK_MODE.id], check: docker::network },
    Group { rules: &[rule::DANGEROUS_SECCOMP_PROFILE.id], check: docker::seccomp },
    Group { rules: &[rule::DANGEROUS_APPARMOR_PROFILE.id], check: docker::apparmor },
    Group { rules: &[rule::BROWSER_CDP_BRIDGE_UNRESTRICTED.id], check: bridge::unrestricted },
    Group {
        rules: &[rule::BROWSER_CONTAINER_HASH_LABEL_MISSING.id],
        check: containers::hash_label_missing,
    },
    Group {
        rules: &[rule::BROWSER_CONTAINER_HASH_EPOCH_STALE.id],
        check: containers::hash_epoch_stale,
    },
    Group {
        rules: &[rule::BROWSER_CONTAINER_NON_LOOPBACK_PUBLISH.id],
        check: containers::non_loopback_publish,
    },
    Group {
        rules: &[rule::BROWSER_CONTAINER_DOCKER_PROBE_TIMEOUT.id],
        check: containers::docker_probe_timeout,
    },
];

chitin_sdk::export!(GROUPS);
chitin_sdk::rules!(mod rule);

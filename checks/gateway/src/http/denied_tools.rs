//! Tools that the gateway does not run for `POST /tools/invoke` unless the config allows them.

/// Of OpenClaw 2026.9.6, with `cron` and `whatsapp_login` from earlier versions: 2026.9.6 knows `cron` as another name
/// of `automations`, but compares this list literally.
pub(super) const DENIED_BY_DEFAULT: &[&str] = &[
    "exec",
    "spawn",
    "shell",
    "fs_write",
    "fs_delete",
    "fs_move",
    "apply_patch",
    "terminal",
    "portal",
    "sessions_spawn",
    "sessions_send",
    "conversations_list",
    "conversations_send",
    "conversations_turn",
    "automations",
    "cron",
    "gateway",
    "plugins",
    "nodes",
    "computer",
    "mobile_ui",
    "openclaw",
    "whatsapp_login",
];

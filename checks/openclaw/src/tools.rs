//! The tool names that OpenClaw 2026.9.6 ships: aliases, groups, profiles and the lists of a sandbox. Data and look-ups
//! only; what a list means for a tool is in `policy`.

/// Other spellings of a tool's name.
const ALIASES: &[(&str, &str)] =
    &[("bash", "exec"), ("apply-patch", "apply_patch"), ("cron", "automations")];

/// Tools that run commands.
pub const RUNTIME: &[&str] = &["exec", "process"];

/// Tools that read or change files, as far as exposure is concerned.
pub const FILES: &[&str] = &["read", "write", "edit", "apply_patch"];

/// Tools that change the gateway itself.
pub const CONTROL_PLANE: &[&str] = &["automations", "gateway", "plugins"];

/// Tools that look into other sessions, or write to them.
pub const CROSS_SESSION: &[&str] =
    &["sessions_list", "sessions_history", "sessions_search", "sessions_send", "session_status"];

/// What a sandbox allows when the config does not say.
pub const SANDBOX_ALLOW: &[&str] = &[
    "exec",
    "process",
    "read",
    "ls",
    "write",
    "edit",
    "apply_patch",
    "view_image",
    "sessions_list",
    "sessions_history",
    "sessions_search",
    "sessions_send",
    "sessions_spawn",
    "sessions_yield",
    "subagents",
    "session_status",
];

/// What a sandbox denies when the config does not say; OpenClaw's own channels as well.
pub const SANDBOX_DENY: &[&str] =
    &["browser", "canvas", "computer", "mobile_ui", "nodes", "automations", "gateway"];

const GROUPS: &[(&str, &[&str])] = &[
    ("group:fs", &["ls", "read", "write", "edit", "apply_patch"]),
    ("group:runtime", &["exec", "process", "code_execution", "secrets"]),
    ("group:web", &["web_search", "web_fetch", "x_search"]),
    ("group:memory", &["memory_search", "memory_get"]),
    (
        "group:sessions",
        &[
            "sessions",
            "sessions_list",
            "sessions_history",
            "sessions_search",
            "conversations_list",
            "conversations_send",
            "conversations_turn",
            "sessions_send",
            "sessions_spawn",
            "github_identity_status",
            "github_publish",
            "agents_wait",
            "sessions_yield",
            "subagents",
            "session_status",
            "suggest_task",
            "dismiss_task",
        ],
    ),
    (
        "group:ui",
        &["browser", "screen", "theme", "dashboard", "terminal", "portal", "canvas", "show_widget"],
    ),
    ("group:messaging", &["message"]),
    ("group:automation", &["heartbeat_respond", "automations", "gateway", "plugins", "openclaw"]),
    ("group:nodes", &["nodes", "computer", "mobile_ui"]),
    (
        "group:agents",
        &[
            "agents_list",
            "get_goal",
            "create_goal",
            "update_goal",
            "progress_card",
            "ask_user",
            "skill_workshop",
        ],
    ),
    (
        "group:media",
        &["view_image", "image_generate", "music_generate", "video_generate", "tts", "pdf"],
    ),
    (
        "group:openclaw",
        &[
            "code_execution",
            "secrets",
            "web_search",
            "web_fetch",
            "x_search",
            "memory_search",
            "memory_get",
            "sessions",
            "sessions_list",
            "sessions_history",
            "sessions_search",
            "conversations_list",
            "conversations_send",
            "conversations_turn",
            "sessions_send",
            "sessions_spawn",
            "github_identity_status",
            "github_publish",
            "agents_wait",
            "sessions_yield",
            "subagents",
            "session_status",
            "suggest_task",
            "dismiss_task",
            "browser",
            "screen",
            "theme",
            "dashboard",
            "terminal",
            "portal",
            "show_widget",
            "message",
            "heartbeat_respond",
            "automations",
            "gateway",
            "plugins",
            "openclaw",
            "nodes",
            "computer",
            "mobile_ui",
            "agents_list",
            "get_goal",
            "create_goal",
            "update_goal",
            "progress_card",
            "ask_user",
            "skill_workshop",
            "view_image",
            "image_generate",
            "music_generate",
            "video_generate",
            "tts",
            "pdf",
        ],
    ),
];

const PROFILES: &[(&str, &[&str])] = &[
    ("minimal", &["session_status", "gateway"]),
    (
        "coding",
        &[
            "ls",
            "read",
            "write",
            "edit",
            "apply_patch",
            "exec",
            "process",
            "code_execution",
            "secrets",
            "web_search",
            "web_fetch",
            "x_search",
            "memory_search",
            "memory_get",
            "sessions",
            "sessions_list",
            "sessions_history",
            "sessions_search",
            "conversations_list",
            "conversations_send",
            "conversations_turn",
            "sessions_send",
            "sessions_spawn",
            "github_identity_status",
            "github_publish",
            "agents_wait",
            "sessions_yield",
            "subagents",
            "session_status",
            "suggest_task",
            "dismiss_task",
            "screen",
            "theme",
            "dashboard",
            "terminal",
            "portal",
            "automations",
            "gateway",
            "plugins",
            "get_goal",
            "create_goal",
            "update_goal",
            "progress_card",
            "ask_user",
            "skill_workshop",
            "view_image",
            "image_generate",
            "music_generate",
            "video_generate",
            "bundle-mcp",
        ],
    ),
    (
        "messaging",
        &[
            "secrets",
            "sessions",
            "sessions_list",
            "sessions_history",
            "sessions_search",
            "conversations_list",
            "conversations_send",
            "conversations_turn",
            "sessions_send",
            "sessions_spawn",
            "sessions_yield",
            "subagents",
            "session_status",
            "theme",
            "message",
            "gateway",
            "ask_user",
            "bundle-mcp",
        ],
    ),
    ("full", &["*"]),
];

/// The name that an alias stands for; any other name unchanged.
pub fn unaliased(name: &str) -> &str {
    look_up(ALIASES, name).copied().unwrap_or(name)
}

/// The members of a `group:…`; none for any other name and for an unknown group.
pub fn group(name: &str) -> Option<&'static [&'static str]> {
    look_up(GROUPS, name).copied()
}

/// What a profile allows; none for an unknown name. `full` allows `*`.
pub fn profile(name: &str) -> Option<&'static [&'static str]> {
    look_up(PROFILES, name).copied()
}

fn look_up<T>(table: &'static [(&'static str, T)], name: &str) -> Option<&'static T> {
    table.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shipped_list_names_is_a_canonical_name() {
        let lists = GROUPS.iter().chain(PROFILES).map(|(_, members)| *members);
        for name in lists.chain([SANDBOX_ALLOW, SANDBOX_DENY]).flatten() {
            assert_eq!(unaliased(name), *name);
            assert!(group(name).is_none(), "{name}: groups are one level deep");
        }
    }

    #[test]
    fn an_unknown_name_is_neither_a_group_nor_a_profile() {
        assert!(group("group:plugins").is_none() && group("group:foo").is_none());
        assert!(profile("Coding").is_none() && profile("").is_none());
        assert_eq!(group("group:runtime").map(<[_]>::len), Some(4));
    }

    #[test]
    fn the_large_group_leaves_commands_and_files_out() {
        let all = group("group:openclaw").unwrap();
        assert_eq!(all.len(), 53);
        for name in RUNTIME.iter().chain(FILES).chain(&["ls", "canvas"]) {
            assert!(!all.contains(name), "{name}");
        }
    }
}

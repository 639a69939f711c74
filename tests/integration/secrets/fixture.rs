//! A gateway that has secrets everywhere.

use serde_json::{Value, json};

use super::canaries::{Canaries, MARKER};
use crate::support::workspace::Workspace;

/// Places in a config that hold a secret; `*` is any name. From OpenClaw's reference of its credentials, with those of
/// older releases and what plugins have.
const PATHS: &str = include_str!("../../data/secrets/paths.txt");

pub(super) struct Fixture {
    pub(super) workspace: Workspace,
    /// Environment variables of the gateway.
    pub(super) env: Vec<(&'static str, String)>,
}

/// How the config's file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ConfigFile {
    Whole,
    /// It breaks off in the middle of a secret.
    Broken,
    /// One of the files that it includes does not parse.
    BrokenInclude,
}

impl Fixture {
    pub(super) fn new(config_file: ConfigFile) -> Self {
        let canaries = Canaries::default();
        let workspace = Workspace::new();
        let text = config_text(&canaries);
        let text = match config_file {
            ConfigFile::Broken => text[..text.rfind("-in-plain").unwrap()].to_owned(),
            ConfigFile::Whole | ConfigFile::BrokenInclude => text,
        };
        workspace.file("state/openclaw.json", 0o644, text);
        let included = included_text(&canaries);
        let included = match config_file {
            ConfigFile::BrokenInclude => included.trim_end_matches('}').to_owned(),
            ConfigFile::Whole | ConfigFile::Broken => included,
        };
        workspace.file("state/included.json5", 0o644, included);
        files(&workspace, &canaries);
        Self { workspace, env: environment(&canaries) }
    }
}

/// Puts a value at a path of names separated by dots, making objects on the way, and lists for `0`.
fn put(config: &mut Value, path: &str, value: Value) {
    let mut here = config;
    for name in path.split('.') {
        here = match name {
            "0" => {
                if !here.is_array() {
                    *here = json!([null]);
                }
                &mut here[0]
            }
            "*" => member(here, "any"),
            name => member(here, name),
        };
    }
    *here = value;
}

fn member<'v>(here: &'v mut Value, name: &str) -> &'v mut Value {
    if !here.is_object() {
        *here = json!({});
    }
    &mut here[name]
}

fn config_text(canaries: &Canaries) -> String {
    let mut config = json!({});
    for path in PATHS.lines() {
        put(&mut config, path, canaries.plain().into());
    }
    let plain = || canaries.plain();
    let shaped = || canaries.shaped();
    for (path, value) in [
        // Addresses.
        ("gateway.remote.url", json!(format!("wss://{}:{}@{MARKER}.example/x", plain(), plain()))),
        (
            "browser.profiles.remote.cdpUrl",
            json!(format!("http://u:{}@{MARKER}.example:9222/?token={}", plain(), plain())),
        ),
        (
            "models.providers.any.baseUrl",
            json!(format!("https://{MARKER}.example/v1?api_key={}&x=1", plain())),
        ),
        (
            "channels.synology-chat.incomingUrl",
            json!(format!("https://{MARKER}.example/entry.cgi?token={}", plain())),
        ),
        (
            "channels.bluebubbles.serverUrl",
            json!(format!("http://{MARKER}.example:1234/?password={}", plain())),
        ),
        ("gateway.http.proxy", json!(format!("socks5://:{}@10.0.0.1", plain()))),
        // Commands.
        ("mcp.servers.any.command", json!("npx")),
        (
            "mcp.servers.any.args",
            json!([
                MARKER,
                "--api-key",
                plain(),
                format!("--token={}", plain()),
                "--verbose",
                format!("postgresql://u:{}@h/db", plain()),
                "-H",
                format!("Authorization: Bearer {}", plain()),
            ]),
        ),
        (
            "mcp.servers.other.url",
            json!(format!("https://{MARKER}.example/mcp?api-key={}", plain())),
        ),
        (
            "hooks.mappings",
            json!([{"id": MARKER, "sessionKey": shaped(), "headers": {"X-Any": plain()}}]),
        ),
        (
            "cron.jobs",
            json!([{"command": format!("curl -H 'Authorization: Bearer {}' https://x", plain())}]),
        ),
        // Secrets in several parts.
        (
            "channels.googlechat.accounts.whole.serviceAccount",
            json!({
                "type": "service_account", "private_key_id": plain(), "client_email": plain(),
                "private_key": format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", plain()),
            }),
        ),
        // References, and what they refer to.
        (
            "secrets.providers.filemain",
            json!({"source": "file", "path": "secrets.json", "mode": "json"}),
        ),
        (
            "channels.discord.accounts.ref.token",
            json!({"source": "file", "provider": "filemain", "id": "/discord/x"}),
        ),
        (
            "channels.slack.accounts.ref.botToken",
            json!({"source": "env", "provider": "default", "id": "SPY_API_KEY"}),
        ),
        ("channels.slack.accounts.env.botToken", json!("${SPY_API_KEY}")),
        ("channels.slack.accounts.mixed.botToken", json!("xoxb-${SPY_API_KEY}-x")),
        ("channels.telegram.accounts.file.tokenFile", json!("token.txt")),
        ("ui.title", json!("${SPY_API_KEY}")),
        ("ui.subtitle", json!("$SPY_API_KEY")),
        ("ui.greeting", json!(format!("{MARKER} ${{SPY_PLAIN}}"))),
        // Where nobody expects a secret.
        ("ui.assistant.name", json!(shaped())),
        (
            "agents.entries.any.instructions",
            json!(format!("Use {} and {MARKER}.", canaries.prefixed("sk-ant-api03-"))),
        ),
        ("channels.telegram.allowFrom", json!([shaped(), MARKER])),
        ("agents.entries.any.workspace", json!("~/.openclaw/workspace")),
        ("logging.file", json!("gateway.log")),
        // A root of skills that is a directory of secrets.
        ("skills.load.extraDirs", json!(["state/credentials", "state/identity"])),
        (
            "plugins.entries.any.config.prefixes",
            json!([
                canaries.prefixed("ghp_"),
                canaries.prefixed("xoxb-"),
                canaries.prefixed("AIza"),
                canaries.prefixed("npm_"),
                canaries.prefixed("sk-proj-"),
                canaries.prefixed("eyJhbGciOiJIUzI1NiJ9."),
                canaries.prefixed("glpat-"),
                format!("123456789:{}", canaries.prefixed("AAE")),
            ]),
        ),
    ] {
        put(&mut config, path, value);
    }
    // Keys may be secrets too.
    config["plugins"]["entries"]["any"]["config"]["byKey"] =
        json!({canaries.prefixed("sk-proj-"): {"name": MARKER, "groupPolicy": "open"}});
    config["channels"][canaries.prefixed("ghp_")] =
        json!({"groupPolicy": "open", "dmPolicy": "open"});
    config["agents"]["entries"][canaries.prefixed("sk-live-")] =
        json!({"sandbox": {"docker": {"network": "host"}}});
    // Something for many rules to say; outputs are long then.
    config["gateway"]["bind"] = "lan".into();
    config["hooks"]["enabled"] = true.into();
    config["hooks"]["path"] = "/".into();
    config["channels"]["telegram"]["groupPolicy"] = "open".into();
    config["included"] = json!({"$include": "./included.json5"});
    let text = serde_json::to_string_pretty(&config).unwrap();
    format!("// The old token was {}\n{text}", canaries.shaped())
}

fn included_text(canaries: &Canaries) -> String {
    format!(
        "{{\n  // {}\n  name: '{MARKER}', token: '{}', nested: {{password: \"{}\", headers: {{any: '{}'}}}}\n}}",
        canaries.shaped(),
        canaries.plain(),
        canaries.plain(),
        canaries.plain(),
    )
}

fn environment(canaries: &Canaries) -> Vec<(&'static str, String)> {
    vec![
        ("OPENCLAW_GATEWAY_TOKEN", canaries.plain()),
        ("OPENCLAW_GATEWAY_PASSWORD", canaries.plain()),
        ("SPY_API_KEY", canaries.plain()),
        ("SPY_PLAIN", MARKER.to_owned()),
        ("DISCORD_BOT_TOKEN", canaries.plain()),
        ("AWS_SECRET_ACCESS_KEY", canaries.plain()),
    ]
}

/// Everything in the state directory that may hold a secret.
fn files(workspace: &Workspace, canaries: &Canaries) {
    let plain = || canaries.plain();
    let shaped = || canaries.shaped();
    let file =
        |path: &str, content: String| workspace.file(format!("state/{path}"), 0o644, content);
    let json = |path: &str, content: Value| file(path, content.to_string());

    file(
        ".env",
        format!("MY_TOKEN={}\nexport DB_PASSWORD='{}'\nX={}\n", plain(), plain(), shaped()),
    );
    file("token.txt", format!("{}\n", canaries.prefixed("123456789:AAE")));
    json(
        "secrets.json",
        json!({"discord": {"x": plain()}, "unused": {"apiKey": plain(), "name": plain()}}),
    );
    json(
        "exec-approvals.json",
        json!({
            "version": 1,
            "socket": {"path": MARKER, "token": plain()},
            "agents": {"main": {"allowlist": [{"pattern": MARKER, "lastUsedCommand": format!("curl --token={}", plain())}]}},
        }),
    );
    json(
        "agents/main/agent/auth-profiles.json",
        json!({"version": 1, "profiles": {
            "a:key": {"type": "api_key", "provider": MARKER, "key": plain()},
            "a:token": {"type": "token", "provider": "a", "token": plain()},
            "a:oauth": {"type": "oauth", "provider": "a", "access": plain(), "refresh": plain(), "accountId": plain()},
        }}),
    );
    json("agents/main/agent/auth.json", json!({"openai": {"type": "api_key", "key": plain()}}));
    json("agents/main/agent/models.json", json!({"providers": {MARKER: {"apiKey": plain()}}}));
    file(
        "agents/main/sessions/1.jsonl",
        format!("{{\"text\": \"{MARKER} {}\"}}\n", canaries.prefixed("sk-ant-")),
    );
    json(
        "credentials/oauth.json",
        json!({"anthropic": {"access": plain(), "refresh": plain(), "expires": 1}}),
    );
    json(
        "credentials/whatsapp/default/creds.json",
        json!({
            "noiseKey": {"private": {"type": "Buffer", "data": shaped()}, "public": {"type": "Buffer", "data": shaped()}},
            "advSecretKey": plain(),
            "me": {"id": MARKER},
        }),
    );
    json(
        "credentials/matrix/credentials-default.json",
        json!({"homeserver": MARKER, "accessToken": plain()}),
    );
    json(
        "credentials/telegram-default-allowFrom.json",
        json!({"version": 1, "allowFrom": [MARKER, shaped()]}),
    );
    json(
        "credentials/telegram-pairing.json",
        json!({"requests": [{"id": MARKER, "code": shaped()}]}),
    );
    json(
        "identity/device.json",
        json!({
            "deviceId": MARKER,
            "privateKeyPem": format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----", plain()),
        }),
    );
    file("identity/key.pem", format!("-----BEGIN EC PRIVATE KEY-----\n{}\n{}\n", plain(), plain()));
    json(
        "extensions/any/package.json",
        json!({
            "name": MARKER, "version": "1.0.0", "apiKey": plain(),
            "publishConfig": {"//registry.example/:_authToken": plain()},
            "scripts": {"start": format!("API_KEY={} node .", plain())},
        }),
    );
    file("extensions/any/.npmrc", format!("//registry.example/:_authToken={}\n", plain()));
    file(
        "extensions/any/index.js",
        format!("// {MARKER}\nconst apiKey = \"{}\";\n", canaries.prefixed("sk-proj-")),
    );
    json(
        "extensions/any/openclaw.plugin.json",
        json!({"id": "any", "name": MARKER, "token": plain()}),
    );
    json(
        "skills/config/mcporter.json",
        json!({"mcpServers": {MARKER: {
            "command": "npx", "args": ["--api-key", plain()], "env": {"ANY": plain()}, "headers": {"X": plain()},
        }}}),
    );
    file(
        "workspace/skills/any/SKILL.md",
        format!("# {MARKER}\nexport API_TOKEN={}\n{}\n", plain(), shaped()),
    );
    file(
        "workspace/NOTES.md",
        format!("{MARKER}: password={} {}\n", plain(), canaries.prefixed("ghp_")),
    );
    file("gateway.log", format!("{MARKER} Authorization: Bearer {}\n", plain()));
    json("hooks/any/package.json", json!({"name": MARKER, "version": "1", "secret": plain()}));
    file("openclaw.json.bak", format!("{{gateway: {{auth: {{token: \"{}\"}}}}}}", plain()));

    let index = json!({"index": {"installRecords": {"any": {
        "source": "npm", "spec": format!("git+https://u:{}@h/{MARKER}.git", plain()), "token": plain(),
    }}}});
    workspace.database(
        "state/state/openclaw.sqlite",
        0o600,
        &[
            "CREATE TABLE config_machine_state (state_key TEXT, value_json TEXT)".to_owned(),
            format!(
                "INSERT INTO config_machine_state VALUES ('plugins.installedIndex', '{index}')"
            ),
            "CREATE TABLE mcp_oauth_stores (name TEXT, json TEXT)".to_owned(),
            format!(
                "INSERT INTO mcp_oauth_stores VALUES ('x', '{{\"access_token\": \"{}\"}}')",
                plain()
            ),
            "CREATE TABLE channel_pairing_allow_entries
             (channel_key TEXT, account_id TEXT, entry TEXT, sort_order INTEGER)"
                .to_owned(),
            format!(
                "INSERT INTO channel_pairing_allow_entries VALUES ('whatsapp', 'default', '{}', 1)",
                shaped()
            ),
        ],
    );
    workspace.database(
        "state/agents/main/agent/openclaw-agent.sqlite",
        0o600,
        &[
            "CREATE TABLE auth_profile_store (id TEXT, json TEXT)".to_owned(),
            format!("INSERT INTO auth_profile_store VALUES ('x', '{{\"key\": \"{}\"}}')", plain()),
        ],
    );
}

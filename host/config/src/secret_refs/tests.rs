use super::super::testing::{Gateway, json};
use super::super::{Config, Shape};

/// The effective text or the resolved secret at a pointer.
fn secret<'a>(config: &'a Config, pointer: &str) -> Option<&'a str> {
    match &config.value(pointer)?.shape {
        Shape::Text(text) if text.missing.is_empty() => Some(&text.effective),
        Shape::Reference(reference) => reference.resolved.as_deref(),
        _ => None,
    }
}

fn token(reference: &str) -> Gateway {
    Gateway::of(&format!("{{gateway: {{auth: {{token: {reference}}}}}}}")).set("A_TOKEN", " hush ")
}

#[test]
fn recognizes_references_by_their_shape() {
    let cases = [
        ("{source: 'env', provider: 'p', id: 'X'}", "\"ref env:p:X\""),
        ("{source: 'file', id: '/x'}", "\"ref file:vault:/x\""),
        ("{source: 'store', id: 'X'}", "\"ref store:default:X\""),
        ("{source: 'exec', provider: '${A}', id: '${A}'}", "\"ref exec:${A}:${A}\""),
        ("[{source: 'env', id: 'X'}]", "[\"ref env:default:X\"]"),
        ("{source: 'npm', provider: 'p', id: 'X'}", r#"{"source":"npm","provider":"p","id":"X"}"#),
        ("{source: 'env', provider: ' ', id: 'X'}", r#"{"source":"env","provider":" ","id":"X"}"#),
        ("{source: 'env', id: ' '}", r#"{"source":"env","id":" "}"#),
        ("{source: 'env', id: 1}", r#"{"source":"env","id":1}"#),
        (
            "{source: 'env', provider: null, id: 'X'}",
            r#"{"source":"env","provider":null,"id":"X"}"#,
        ),
        ("{source: 'env', id: 'X', more: 1}", r#"{"source":"env","id":"X","more":1}"#),
        ("{source: 'env'}", r#"{"source":"env"}"#),
    ];
    for (written, expected) in cases {
        let text = format!("{{secrets: {{defaults: {{file: ' vault ', exec: 1}}}}, x: {written}}}");
        let config = Gateway::of(&text).set("A", "a").load();
        assert_eq!(config.value("/x").map(|value| json(value).to_string()).unwrap(), expected);
        assert!(config.diagnostics.is_empty());
    }
}

#[test]
fn no_diagnostics_without_references_to_resolve() {
    let text = "{gateway: {auth: {token: '${A_TOKEN}'}}, hooks: {token: '$NOT_SET'}, x: {source: 'env', id: 'NOT_SET'}}";
    let config = Gateway::of(text).set("A_TOKEN", "hush").load();
    assert!(config.diagnostics.is_empty(), "{:?}", config.diagnostics);
    assert!(Gateway::of("{gateway: {auth: {token: '$${A}'}}}").load().diagnostics.is_empty());
}

#[test]
fn resolves_variables() {
    for reference in [
        "{source: 'env', provider: 'default', id: 'A_TOKEN'}",
        "{source: 'env', id: 'A_TOKEN'}",
        "'$A_TOKEN'",
        "'${A_TOKEN}'",
    ] {
        let config = token(reference).load();
        assert_eq!(secret(&config, "/gateway/auth/token"), Some(" hush "), "{reference}");
        assert!(config.diagnostics.is_empty(), "{:?}", config.diagnostics);
    }
    // Only where the gateway looks for a secret is a string without braces more than a string.
    let config = Gateway::of("{x: '$A_TOKEN'}").set("A_TOKEN", "hush").load();
    assert_eq!(secret(&config, "/x"), Some("$A_TOKEN"));
}

#[test]
fn reports_what_could_not_be_resolved() {
    let cases = [
        ("'${NOT_SET}'", "environment variable NOT_SET is not set"),
        ("'$NOT_SET'", "environment variable NOT_SET is not set"),
        ("{source: 'env', id: 'NOT_SET'}", "environment variable NOT_SET is not set"),
        ("{source: 'env', id: 'BLANK'}", "environment variable BLANK is not set"),
        ("{source: 'env', id: 'lower'}", "id is malformed"),
        ("{source: 'env', provider: 'other', id: 'A_TOKEN'}", "provider is not configured"),
        ("{source: 'file', id: '/x'}", "provider is not configured"),
        ("{source: 'exec', id: 'x'}", "provider is not configured"),
        ("{source: 'store', id: 'X'}", "own store"),
    ];
    for (reference, expected) in cases {
        let config = token(reference).set("BLANK", "  ").load();
        assert_eq!(secret(&config, "/gateway/auth/token"), None, "{reference}");
        let [diagnostic] = config.diagnostics.as_slice() else {
            panic!("{:?}", config.diagnostics)
        };
        assert!(diagnostic.starts_with("security audit: gateway.auth.token "), "{diagnostic}");
        assert!(diagnostic.contains(expected), "{diagnostic}");
    }
}

#[test]
fn diagnostics_never_contain_a_value() {
    let text = "{
        gateway: {auth: {mode: '${A}', token: {source: 'env', id: '${A}'}, password: '$A'}},
        channels: {x: {key: {source: 'env', provider: '${A}', id: 'X'}, other: {source: 'file', id: '${A}'}}},
    }";
    let config = Gateway::of(text).set("A", "HUSH_HUSH").load();
    assert!(config.diagnostics.len() >= 3, "{:?}", config.diagnostics);
    assert!(!config.diagnostics.join("").contains("HUSH_HUSH"), "{:?}", config.diagnostics);
}

#[test]
fn providers_of_variables_may_limit_them() {
    let text = "{gateway: {auth: {token: REF}}, secrets: {providers: {default: {source: 'env', allowlist: ['OTHER']}, f: {source: 'file'}}}}";
    let load = |reference: &str| {
        Gateway::of(&text.replace("REF", reference))
            .set("A_TOKEN", "hush")
            .set("OTHER", "hush")
            .load()
    };
    assert!(load("'$OTHER'").diagnostics.is_empty());
    for reference in ["'$A_TOKEN'", "{source: 'env', id: 'A_TOKEN'}"] {
        let config = load(reference);
        assert_eq!(secret(&config, "/gateway/auth/token"), None);
        assert!(
            config.diagnostics[0].contains("allowlist does not have A_TOKEN"),
            "{:?}",
            config.diagnostics
        );
    }
    let config = load("{source: 'env', provider: 'f', id: 'A_TOKEN'}");
    assert!(config.diagnostics[0].contains("of another kind"), "{:?}", config.diagnostics);
}

#[test]
fn resolves_files_of_the_gateway_only() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let text = r#"{
        gateway: {auth: {token: {source: "file", provider: "p", id: "ID"}}},
        secrets: {providers: {p: {source: "file", path: "PATH", mode: "MODE"}}},
    }"#;
    let gateway = Gateway::with(&[("elsewhere/s.json", r#"{"token": "hush"}"#)]);
    gateway.write(
        "state/s.json",
        "\u{feff}{\"a/b\": [{\"token\": \"hush\"}], \"n\": 1, \"blank\": \" \"}",
    );
    gateway.write("state/one", "hush\r\n");
    gateway.write("state/open.json", "{}");
    std::fs::set_permissions(
        gateway.path("state/open.json"),
        std::fs::Permissions::from_mode(0o644),
    )
    .unwrap();
    symlink("s.json", gateway.path("state/link.json")).unwrap();
    symlink("../elsewhere", gateway.path("state/away")).unwrap();
    let load = |path: &str, mode: &str, id: &str| {
        let text = text.replace("PATH", path).replace("MODE", mode).replace("ID", id);
        gateway.write("state/openclaw.json", &text);
        let config = gateway.load();
        let found = secret(&config, "/gateway/auth/token").map(str::to_owned);
        found.ok_or_else(|| config.diagnostics.join("\n"))
    };
    assert_eq!(load("ROOT/state/s.json", "json", "/a~1b/0/token"), Ok("hush".to_owned()));
    assert_eq!(load("~/../state/s.json", "", "/a~1b/0/token"), Ok("hush".to_owned()));
    assert_eq!(load("ROOT/state/one", "singleValue", "value"), Ok("hush".to_owned()));
    let cases = [
        ("ROOT/state/s.json", "json", "/none", "no such entry"),
        ("ROOT/state/s.json", "json", "/n", "not a string"),
        ("ROOT/state/s.json", "json", "/blank", "not a string"),
        ("ROOT/state/s.json", "json", "token", "id is malformed"),
        ("ROOT/state/one", "json", "/x", "not a JSON object"),
        ("ROOT/state/one", "singleValue", "/x", "id is malformed"),
        ("ROOT/state/none", "json", "/x", "does not exist"),
        ("ROOT/state/open.json", "json", "/x", "users other than its owner"),
        ("ROOT/state/link.json", "json", "/n", "not a regular file"),
        ("ROOT/elsewhere/s.json", "json", "/token", "outside"),
        ("ROOT/state/away/s.json", "json", "/token", "outside"),
        ("/etc/hostname", "singleValue", "value", "outside"),
    ];
    for (path, mode, id, expected) in cases {
        let problem = load(path, mode, id).unwrap_err();
        assert!(problem.contains(expected) && !problem.contains("hush"), "{path} {id}: {problem}");
    }
}

#[test]
fn runs_no_program() {
    let text = "{gateway: {auth: {token: {source: 'exec', provider: 'p', id: 'x'}}}, secrets: {providers: {p: {source: 'exec', command: '/bin/true'}}}}";
    assert!(Gateway::of(text).load().diagnostics[0].contains("an audit does not do"));
}

/// The diagnostics for a gateway section in which `REF` is a reference that can be resolved.
fn of_gateway(section: &str, variables: &[&str]) -> Vec<String> {
    let text = format!("{{gateway: {section}}}").replace("REF", "{source: 'env', id: 'A_TOKEN'}");
    let gateway = variables.iter().fold(Gateway::of(&text), |gateway, name| gateway.set(name, "x"));
    let config = gateway.set("A_TOKEN", "hush").load();
    assert!(config.diagnostics.iter().all(|diagnostic| diagnostic.contains("is not in use")));
    config.diagnostics
}

#[test]
fn credentials_that_are_not_in_use_are_left_alone() {
    let (by_token, by_password) =
        (&["OPENCLAW_GATEWAY_TOKEN"][..], &["OPENCLAW_GATEWAY_PASSWORD"][..]);
    let cases: &[(&str, &[&str], &[&str])] = &[
        ("{auth: {token: REF}}", &[], &[]),
        ("{auth: {token: REF}}", by_token, &[]),
        ("{auth: {token: REF, mode: 'token', password: 'x'}}", &[], &[]),
        ("{auth: {token: REF, mode: 'password'}}", &[], &["gateway.auth.token"]),
        ("{auth: {token: REF, mode: 'none'}}", &[], &["gateway.auth.token"]),
        ("{auth: {token: REF, mode: 'trusted-proxy'}}", &[], &["gateway.auth.token"]),
        ("{auth: {token: REF, mode: 1}}", &[], &["gateway.auth.token"]),
        ("{auth: {token: REF, password: 'x'}}", &[], &["gateway.auth.token"]),
        ("{auth: {token: REF}}", by_password, &["gateway.auth.token"]),
        (
            "{auth: {token: REF, password: REF}}",
            &[],
            &["gateway.auth.token", "gateway.auth.password"],
        ),
        ("{auth: {password: REF}}", &[], &[]),
        ("{auth: {password: REF}}", by_token, &["gateway.auth.password"]),
        ("{auth: {password: REF, mode: 'password'}}", by_token, &[]),
        ("{auth: {password: REF, mode: 'trusted-proxy'}}", by_token, &[]),
        ("{auth: {password: REF, mode: 'token'}}", &[], &["gateway.auth.password"]),
        ("{auth: {password: REF}, remote: {token: 'x'}}", &[], &["gateway.auth.password"]),
        ("{remote: {token: REF, password: REF}}", &[], &["gateway.remote.password"]),
        ("{remote: {token: REF, url: 'wss://x'}}", by_token, &[]),
        ("{remote: {token: REF}, mode: 'remote'}", by_token, &[]),
        ("{remote: {token: REF}, tailscale: {mode: 'serve'}}", by_token, &[]),
        ("{remote: {token: REF}, tailscale: {mode: 'off'}}", by_token, &["gateway.remote.token"]),
        ("{remote: {token: REF}, auth: {token: 'x'}}", &[], &["gateway.remote.token"]),
        ("{remote: {token: REF}, auth: {mode: 'password'}}", &[], &["gateway.remote.token"]),
        ("{remote: {password: REF}}", &[], &[]),
        ("{remote: {password: REF}}", by_password, &["gateway.remote.password"]),
        ("{remote: {password: REF}, auth: {password: 'x'}}", &[], &["gateway.remote.password"]),
        (
            "{remote: {password: REF}, auth: {mode: 'trusted-proxy'}}",
            &[],
            &["gateway.remote.password"],
        ),
        ("{remote: {password: REF}, auth: {mode: 'token'}}", &[], &["gateway.remote.password"]),
    ];
    for (section, variables, unused) in cases {
        let diagnostics = of_gateway(section, variables);
        let paths: Vec<&str> =
            diagnostics.iter().filter_map(|text| Some(text.split_once(':')?.0)).collect();
        assert_eq!(&paths, unused, "{section} {variables:?}");
    }
    let reason = of_gateway("{auth: {token: REF, mode: 'password'}}", &[]);
    assert_eq!(
        reason,
        [
            "gateway.auth.token: this secret reference is not in use, because gateway.auth.mode is \"password\"."
        ]
    );
}

/// The paths below `channels` that are looked up and not found, and those that are not in use.
fn of_channels(section: &str) -> (Vec<String>, Vec<String>) {
    let text = format!("{{channels: {section}}}").replace("REF", "{source: 'env', id: 'NOT_SET'}");
    let diagnostics = Gateway::of(&text).load().diagnostics;
    let (unused, unresolved): (Vec<&String>, Vec<&String>) =
        diagnostics.iter().partition(|diagnostic| diagnostic.contains("is not in use"));
    let after = |text: &String| {
        text.split("channels.").nth(1).unwrap().split([' ', ':']).next().unwrap().to_owned()
    };
    (unresolved.into_iter().map(after).collect(), unused.into_iter().map(after).collect())
}

#[test]
fn looks_at_the_credentials_of_channels() {
    let cases: &[(&str, &[&str], &[&str])] = &[
        (
            "{telegram: {botToken: '$NOT_SET'}, slack: {botToken: '${NOT_SET}'}}",
            &["telegram.botToken", "slack.botToken"],
            &[],
        ),
        ("{telegram: {allowFrom: '$NOT_SET', name: '${NOT_SET}'}}", &[], &[]),
        (
            "{own: {token: '$NOT_SET', key: REF, deep: {key: REF}}}",
            &["own.key", "own.deep.key"],
            &[],
        ),
        ("{telegram: {enabled: false, botToken: REF}}", &[], &["telegram.botToken"]),
        ("{telegram: {tokenFile: '/x', botToken: REF}}", &[], &["telegram.botToken"]),
        ("{telegram: {webhookSecret: REF}}", &[], &["telegram.webhookSecret"]),
        (
            "{telegram: {webhookSecret: REF, webhookUrl: 'https://x'}}",
            &["telegram.webhookSecret"],
            &[],
        ),
        (
            "{telegram: {botToken: REF, accounts: {a: {botToken: 'x'}}}}",
            &[],
            &["telegram.botToken"],
        ),
        (
            "{telegram: {botToken: REF, accounts: {a: {botToken: 'x'}, b: {}}}}",
            &["telegram.botToken"],
            &[],
        ),
        (
            "{telegram: {botToken: REF, accounts: {a: {enabled: false}}}}",
            &[],
            &["telegram.botToken"],
        ),
        ("{telegram: {botToken: REF, accounts: {}}}", &["telegram.botToken"], &[]),
        (
            "{telegram: {accounts: {a: {botToken: REF}, b: {enabled: false, botToken: REF}}}}",
            &["telegram.accounts.a.botToken"],
            &["telegram.accounts.b.botToken"],
        ),
        (
            "{telegram: {webhookUrl: 'x', accounts: {a: {webhookSecret: REF}, b: {webhookUrl: '', webhookSecret: REF}}}}",
            &["telegram.accounts.a.webhookSecret"],
            &["telegram.accounts.b.webhookSecret"],
        ),
        (
            "{slack: {appToken: REF, signingSecret: REF, relay: {authToken: REF}}}",
            &["slack.appToken"],
            &["slack.signingSecret", "slack.relay.authToken"],
        ),
        (
            "{slack: {mode: 'http', appToken: REF, signingSecret: REF}}",
            &["slack.signingSecret"],
            &["slack.appToken"],
        ),
        ("{slack: {appToken: REF, accounts: {a: {mode: 'http'}}}}", &[], &["slack.appToken"]),
        (
            "{discord: {pluralkit: {enabled: false, token: REF}, voice: {tts: {providers: {x: {apiKey: '$NOT_SET'}}}}}}",
            &["discord.voice.tts.providers.x.apiKey"],
            &["discord.pluralkit.token"],
        ),
        ("{discord: {accounts: {'a.b': {token: REF}}}}", &["discord.accounts[\"a.b\"].token"], &[]),
        (
            "{matrix: {accessToken: REF, password: REF}}",
            &["matrix.accessToken"],
            &["matrix.password"],
        ),
        ("{telegram: 'x', slack: [REF], discord: null}", &[], &[]),
        ("[REF]", &[], &[]),
        ("{defaults: {x: REF}, modelByChannel: {x: REF}}", &[], &[]),
    ];
    for (section, unresolved, unused) in cases {
        let (found_unresolved, found_unused) = of_channels(section);
        assert_eq!(
            (found_unresolved.as_slice(), found_unused.as_slice()),
            (
                unresolved.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>().as_slice(),
                unused.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>().as_slice(),
            ),
            "{section}"
        );
    }
}

#[test]
fn the_number_of_references_is_bounded() {
    let channel = |at| format!("c{at}: {{token: {{source: 'env', id: 'NOT_SET'}}}}");
    let many = (0..600).map(channel).collect::<Vec<_>>().join(",");
    let diagnostics = Gateway::of(&format!("{{channels: {{{many}}}}}")).load().diagnostics;
    assert_eq!(diagnostics.len(), 513);
    assert!(diagnostics[512].contains("88 more"));
}

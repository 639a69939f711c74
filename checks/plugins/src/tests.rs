use chitin_sdk::fake::{FakeHost, Said, dangling_link, directory_mode, file_mode, link_to};
use chitin_sdk::{CodeFinding, CodeScan, Content, FileNote, Kind, Refusal, Severity};

use crate::GROUPS;
use crate::installed::EXTENSIONS;
use crate::rule;

fn found(rule: &str, alias: Option<&str>, severity: Severity, file: &str) -> CodeFinding {
    CodeFinding {
        file: file.to_owned(),
        rule: rule.to_owned(),
        alias: alias.map(str::to_owned),
        severity,
        line: 3,
        column: 1,
        message: format!("what {rule} means"),
        evidence: "the line".to_owned(),
    }
}

fn exec(file: &str) -> CodeFinding {
    found("suspicious.dangerous_exec", Some("dangerous-exec"), Severity::Critical, file)
}

fn socket(file: &str) -> CodeFinding {
    found("suspicious.nonstandard_network", Some("suspicious-network"), Severity::Warn, file)
}

fn scan(findings: Vec<CodeFinding>) -> CodeScan {
    CodeScan { scanned_files: 2, findings, ..CodeScan::default() }
}

fn left_out(file: &str, reason: &str) -> CodeScan {
    let note = FileNote { file: file.to_owned(), reason: reason.to_owned() };
    CodeScan { scanned_files: 1, not_scanned: vec![note], ..CodeScan::default() }
}

/// A deep run with these plugins in the extensions directory.
fn host(plugins: &[(&str, CodeScan)]) -> FakeHost {
    let deep = FakeHost::default().scanned("none", "", Ok(CodeScan::default()));
    plugins.iter().fold(deep, |host, (name, scan)| {
        host.file(EXTENSIONS, name, directory_mode(0o700)).scanned(
            EXTENSIONS,
            name,
            Ok(scan.clone()),
        )
    })
}

fn run(host: FakeHost) -> Said {
    let mut said = host.run(GROUPS);
    said.findings.retain(|finding| finding.rule.starts_with(rule::CODE_SAFETY.id));
    said
}

fn with_manifest(text: &str) -> FakeHost {
    host(&[("p", scan(Vec::new()))]).content(
        EXTENSIONS,
        "p/package.json",
        Content::Text(text.to_owned()),
    )
}

fn with_entries(entries: &[&str]) -> FakeHost {
    with_manifest(&serde_json::json!({"openclaw": {"extensions": entries}}).to_string())
}

#[test]
fn without_deep_no_code_is_scanned() {
    let said =
        FakeHost::default().content(EXTENSIONS, "p/package.json", Content::Malformed).run(GROUPS);
    assert!(!said.ids().iter().any(|id| id.starts_with(rule::CODE_SAFETY.id)));
    let skipped: Vec<&str> = said.skipped.iter().map(|(rule, _)| rule.as_str()).collect();
    assert!(
        skipped.contains(&rule::CODE_SAFETY.id)
            && skipped.contains(&rule::CODE_SAFETY_ENTRY_ESCAPE.id)
    );
    assert!(said.skipped.iter().all(|(_, reason)| reason == "needs --deep"));
}

#[test]
fn dangerous_code_is_critical_and_reported_with_both_names() {
    let said = run(host(&[("demo", scan(vec![exec("dist/index.js"), socket("a.js")]))]));
    assert_eq!(said.ids(), [rule::CODE_SAFETY.id]);
    let finding = &said.findings[0];
    assert_eq!(finding.severity, Severity::Critical);
    assert!(finding.title.contains("\"demo\""));
    for part in [
        "1 critical issue in 2 scanned files under /fake/extensions/demo:",
        "- [dangerous-exec] what suspicious.dangerous_exec means (dist/index.js:3); suspicious.dangerous_exec; \
         evidence: the line",
    ] {
        assert!(finding.detail.contains(part), "{}", finding.detail);
    }
    assert!(!finding.detail.contains("suspicious-network"), "warnings are not listed");
    assert_eq!(finding.evidence, ["the line"]);
    assert_eq!(
        finding.locations,
        [chitin_sdk::Location::File {
            root: EXTENSIONS.to_owned(),
            path: "demo/dist/index.js".to_owned(),
            line: Some(3)
        }]
    );
}

#[test]
fn suspicious_code_is_a_warning_and_the_rest_is_not_reported() {
    let info = found("x.info", None, Severity::Info, "a.js");
    let said = run(host(&[
        ("info", scan(vec![info.clone()])),
        ("quiet", scan(Vec::new())),
        ("warn", scan(vec![socket("a.js"), info])),
    ]));
    assert_eq!(said.ids(), [rule::CODE_SAFETY.id]);
    assert_eq!(said.severity(rule::CODE_SAFETY.id), Some(Severity::Warn));
    let detail = said.detail(rule::CODE_SAFETY.id);
    assert!(detail.contains("1 warning in") && !detail.contains("x.info"), "{detail}");
}

#[test]
fn each_plugin_has_its_own_finding_and_debris_none() {
    let bad = || scan(vec![exec("index.js")]);
    let said = run(host(&[
        ("b", bad()),
        ("a", bad()),
        (".hidden", bad()),
        ("node_modules", bad()),
        ("old.backup-20260502", bad()),
        ("old.disabled.20260502", bad()),
        ("old.bak", bad()),
    ]));
    assert_eq!(said.ids(), [rule::CODE_SAFETY.id, rule::CODE_SAFETY.id]);
    assert!(said.findings[0].title.contains("\"a\"") && said.findings[1].title.contains("\"b\""));
}

#[test]
fn a_long_list_is_cut() {
    let many = (0..40).map(|number| exec(&format!("f{number}.js"))).collect();
    let said = run(host(&[("demo", scan(many))]));
    let detail = said.detail(rule::CODE_SAFETY.id);
    assert!(detail.contains("40 critical issues"), "{detail}");
    assert_eq!(detail.matches("[dangerous-exec]").count(), 12);
    assert!(detail.ends_with("- …28 more"));
}

#[test]
fn what_was_left_out_is_reported_with_the_finding() {
    let mut partly = left_out("big.js", "larger than 1048576 bytes");
    partly.findings.push(exec("index.js"));
    let said = run(host(&[("demo", partly)]));
    assert_eq!(said.ids(), [rule::CODE_SAFETY.id]);
    assert!(said.detail(rule::CODE_SAFETY.id).contains("- big.js: larger than 1048576 bytes"));
}

#[test]
fn a_plugin_with_something_left_out_is_never_clean() {
    let said = run(host(&[("demo", left_out("big.js", "larger than 1048576 bytes"))]));
    assert_eq!(said.ids(), [rule::CODE_SAFETY_INCOMPLETE.id]);
    assert!(
        said.detail(rule::CODE_SAFETY_INCOMPLETE.id)
            .contains("- big.js: larger than 1048576 bytes")
    );
}

#[test]
fn a_scan_that_fails_does_not_stop_the_others() {
    let failed = Err(Refusal::Unavailable("permission denied".to_owned()));
    let said = run(host(&[("a", scan(Vec::new())), ("b", scan(vec![exec("x.js")]))])
        .scanned(EXTENSIONS, "a", failed));
    assert_eq!(said.ids(), [rule::CODE_SAFETY_SCAN_FAILED.id, rule::CODE_SAFETY.id]);
    assert!(said.findings[0].title.contains("\"a\""));
    assert!(said.detail(rule::CODE_SAFETY_SCAN_FAILED.id).contains("permission denied"));
}

#[test]
fn a_directory_of_plugins_that_cannot_be_listed_is_one_failed_scan() {
    let said = run(host(&[]).closed(EXTENSIONS, "", "permission denied"));
    assert_eq!(said.ids(), [rule::CODE_SAFETY_SCAN_FAILED.id]);
    assert!(said.detail(rule::CODE_SAFETY_SCAN_FAILED.id).contains("/fake/extensions"));
    assert!(said.detail(rule::CODE_SAFETY_SCAN_FAILED.id).contains("permission denied"));
}

#[test]
fn entries_in_hidden_places_are_reported_one_by_one() {
    for entry in [".hidden/index.js", "dist/node_modules/x.js", "./.a/b.js", "..foo/x.js"] {
        let said = run(with_entries(&[entry]));
        assert_eq!(said.ids(), [rule::CODE_SAFETY_ENTRY_PATH.id], "{entry}");
        assert!(said.detail(rule::CODE_SAFETY_ENTRY_PATH.id).contains(entry), "{entry}");
    }
    for entry in ["./dist/index.js", "dist/../src/i.js", "a/../b.js", ".", "  "] {
        assert!(run(with_entries(&[entry])).findings.is_empty(), "{entry}");
    }
    let said = run(with_entries(&[".a/x.js", ".b/x.js"]));
    assert_eq!(said.ids(), [rule::CODE_SAFETY_ENTRY_PATH.id, rule::CODE_SAFETY_ENTRY_PATH.id]);
}

#[test]
fn entries_outside_are_reported_together_and_not_as_hidden_ones() {
    let said = run(with_entries(&["../outside.js", "/etc/x.js", "../.hidden/x.js", "in.js"]));
    assert_eq!(said.ids(), [rule::CODE_SAFETY_ENTRY_ESCAPE.id]);
    assert_eq!(said.severity(rule::CODE_SAFETY_ENTRY_ESCAPE.id), Some(Severity::Critical));
    let detail = said.detail(rule::CODE_SAFETY_ENTRY_ESCAPE.id);
    assert!(detail.ends_with("- ../outside.js\n- /etc/x.js\n- ../.hidden/x.js"), "{detail}");
}

#[test]
fn a_mixture_of_entries() {
    let said = run(with_entries(&[
        "./dist/index.js",
        "dist/node_modules/x.js",
        "..foo/y.js",
        "/etc/z.js",
        "a/../b.js",
    ]));
    assert_eq!(
        said.ids(),
        [
            rule::CODE_SAFETY_ENTRY_PATH.id,
            rule::CODE_SAFETY_ENTRY_PATH.id,
            rule::CODE_SAFETY_ENTRY_ESCAPE.id
        ]
    );
}

#[test]
fn a_manifest_that_cannot_be_read_is_reported_and_the_plugin_scanned() {
    let broken = |host: FakeHost| {
        let said = run(host);
        assert_eq!(said.ids(), [rule::CODE_SAFETY_MANIFEST_PARSE_ERROR.id, rule::CODE_SAFETY.id]);
        assert!(said.findings[0].title.contains("\"p\""));
        said.detail(rule::CODE_SAFETY_MANIFEST_PARSE_ERROR.id).to_owned()
    };
    let bad = || host(&[("p", scan(vec![exec("index.js")]))]);
    let content = |content| bad().content(EXTENSIONS, "p/package.json", content);
    assert!(broken(content(Content::Malformed)).contains("not valid JSON"));
    assert!(broken(content(Content::TooLarge)).contains("larger than 1048576 bytes"));
    assert!(broken(content(Content::Unreadable("denied".to_owned()))).contains("denied"));
    let file = |metadata| bad().file(EXTENSIONS, "p/package.json", metadata);
    assert!(broken(file(directory_mode(0o700))).contains("a directory"));
    let linked = link_to("/fake/extensions/p/other.json", true, Kind::File, 0o600);
    assert!(broken(file(linked)).contains("a symbolic link"));
    assert!(broken(file(dangling_link("/gone"))).contains("a symbolic link"));
}

#[test]
fn a_manifest_of_another_shape_declares_nothing() {
    for text in
        ["", "[]", "7", "{}", r#"{"openclaw": []}"#, r#"{"openclaw": {"extensions": "../x.js"}}"#]
    {
        assert!(run(with_manifest(text)).findings.is_empty(), "{text}");
    }
    assert!(
        run(with_manifest(r#"{"openclaw": {"extensions": [7, null, {}, " "]}}"#))
            .findings
            .is_empty()
    );
}

#[test]
fn an_entry_that_is_not_shown_is_reported() {
    let sealed = serde_json::json!({"openclaw": {"extensions": [
        chitin_sdk::fake::secret("x"), "index.js"
    ]}});
    assert_eq!(
        run(with_manifest(&sealed.to_string())).ids(),
        [rule::CODE_SAFETY_MANIFEST_PARSE_ERROR.id]
    );
    assert_eq!(
        run(with_entries(&[".h/[sealed].js"])).ids(),
        [rule::CODE_SAFETY_MANIFEST_PARSE_ERROR.id]
    );
}

#[test]
fn an_entry_behind_a_link_is_noted_with_what_is_found() {
    let detail = |metadata| {
        let said = run(with_entries(&["x.js"])
            .scanned(EXTENSIONS, "p", Ok(scan(vec![exec("x.js")])))
            .file(EXTENSIONS, "p/x.js", metadata));
        assert_eq!(said.ids(), [rule::CODE_SAFETY.id]);
        said.detail(rule::CODE_SAFETY.id).to_owned()
    };
    let leaving = || link_to("/outside/x.js", false, Kind::File, 0o600);
    assert!(
        detail(leaving()).contains("\"x.js\" is a link that leaves the plugin, to /outside/x.js")
    );
    let neighbour = link_to("/fake/extensions/q/x.js", true, Kind::File, 0o600);
    assert!(detail(neighbour).contains("leaves the plugin"));
    let own = link_to("/fake/extensions/p/y.js", true, Kind::File, 0o600);
    assert!(!detail(own).contains("leaves the plugin"));
    assert!(run(with_entries(&["x.js"]).file(EXTENSIONS, "p/x.js", leaving())).findings.is_empty());
}

#[test]
fn a_plugin_that_is_a_link_is_reported() {
    let said = run(host(&[])
        .file(EXTENSIONS, "linked", link_to("/elsewhere/p", false, Kind::Directory, 0o700))
        .file(EXTENSIONS, "file", link_to("/elsewhere/f", false, Kind::File, 0o600))
        .file(EXTENSIONS, "gone", dangling_link("/gone")));
    assert_eq!(said.ids(), [rule::CODE_SAFETY_INCOMPLETE.id]);
    let detail = said.detail(rule::CODE_SAFETY_INCOMPLETE.id);
    assert!(detail.contains("/fake/extensions/linked: it is a link to the directory /elsewhere/p"));
    assert!(!detail.contains("gone") && !detail.contains("file:"));
}

#[test]
fn skills_of_a_plugin_in_a_hidden_directory_are_scanned_with_it() {
    let manifest = serde_json::json!({"skills": ["./.s", "skills", "../.x", 7]}).to_string();
    let said = run(host(&[("p", scan(Vec::new()))])
        .content(EXTENSIONS, "p/openclaw.plugin.json", Content::Text(manifest))
        .scanned(EXTENSIONS, "p/.s", Ok(scan(vec![exec("evil/run.js")])))
        .scanned(EXTENSIONS, "p/skills", Ok(scan(vec![exec("twice.js")]))));
    assert_eq!(said.ids(), [rule::CODE_SAFETY.id]);
    let detail = said.detail(rule::CODE_SAFETY.id);
    assert!(detail.contains("1 critical issue in 4 scanned files"), "{detail}");
    assert!(detail.contains("(.s/evil/run.js:3)"), "{detail}");
}

mod elsewhere {
    use super::*;

    const NPM: &str = "plugins:npm";

    fn package(host: FakeHost, path: &str, manifest: &serde_json::Value) -> FakeHost {
        host.content(NPM, &format!("{path}package.json"), Content::Text(manifest.to_string()))
    }

    #[test]
    fn packages_in_the_npm_folder() {
        let plugin = serde_json::json!({"openclaw": {"extensions": ["./i.js"]}});
        let declares = serde_json::json!({"dependencies": {"@x/p": "^1", "../../../up": "1"}});
        let bad = || Ok(scan(vec![exec("i.js")]));
        let mut host = host(&[])
            .scanned(NPM, "node_modules/@x/p", bad())
            .scanned(NPM, "node_modules/other", bad())
            .scanned(NPM, "projects/one/node_modules/@x/p", bad());
        host = package(host, "", &declares);
        host = package(host, "node_modules/@x/p/", &plugin);
        host = package(host, "node_modules/other/", &plugin);
        host = package(host, "projects/one/", &declares);
        host = package(host, "projects/one/node_modules/@x/p/", &plugin);
        let said = run(host);
        assert_eq!(said.ids(), [rule::CODE_SAFETY.id, rule::CODE_SAFETY.id]);
        assert!(said.findings[0].title.contains("\"@x/p\""));
        assert!(said.findings[0].detail.contains("/fake/plugins:npm/node_modules/@x/p:"));
        assert!(said.findings[1].detail.contains("projects/one/node_modules/@x/p:"));
    }

    #[test]
    fn a_package_that_is_not_a_plugin_is_ignored() {
        let declares = serde_json::json!({"dependencies": {"lib": "1", "gone": "1"}});
        let mut host = host(&[]).scanned(NPM, "node_modules/lib", Ok(scan(vec![exec("i.js")])));
        host = package(host, "", &declares);
        host = package(host, "node_modules/lib/", &serde_json::json!({"name": "lib"}));
        assert!(run(host).findings.is_empty());
    }

    #[test]
    fn a_load_path_is_a_plugin_or_a_directory_of_them() {
        const PATH: &str = "plugins:path-0";
        let bad = || Ok(scan(vec![exec("i.js")]));
        for marker in ["index.ts", "openclaw.plugin.json", "anything.mjs"] {
            let said = run(host(&[]).file(PATH, marker, file_mode(0o600)).scanned(PATH, "", bad()));
            assert_eq!(said.ids(), [rule::CODE_SAFETY.id], "{marker}");
            assert!(said.detail(rule::CODE_SAFETY.id).contains("under /fake/plugins:path-0:"));
        }
        let said = run(host(&[])
            .file(PATH, "one/i.js", file_mode(0o600))
            .file(PATH, "two.bak/i.js", file_mode(0o600))
            .file(PATH, "README.md", file_mode(0o600))
            .scanned(PATH, "one", bad())
            .scanned(PATH, "two.bak", bad()));
        assert_eq!(said.ids(), [rule::CODE_SAFETY.id]);
        assert!(said.findings[0].title.contains("\"one\""));
    }

    #[test]
    fn a_load_path_that_is_a_file_is_left_out_and_reported() {
        let said = run(host(&[]).file("plugins:path-0", "", file_mode(0o600)));
        assert_eq!(said.ids(), [rule::CODE_SAFETY_INCOMPLETE.id]);
        assert!(said.detail(rule::CODE_SAFETY_INCOMPLETE.id).contains("single file"));
    }

    #[test]
    fn extensions_of_a_workspace() {
        const PLACE: &str = "plugins:workspace-main";
        let said = run(host(&[]).file(PLACE, "one/i.js", file_mode(0o600)).scanned(
            PLACE,
            "one",
            Ok(scan(vec![exec("i.js")])),
        ));
        assert_eq!(said.ids(), [rule::CODE_SAFETY.id]);
        let said = run(host(&[]).closed(PLACE, "", "denied").file(PLACE, "x", file_mode(0o600)));
        assert_eq!(said.ids(), [rule::CODE_SAFETY_SCAN_FAILED.id]);
    }
}

//! `chitin scan` as a process: exit codes, Ctrl-C, what it needs.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::runner::Run;
use crate::support::workspace::Workspace;

const EVAL: &str = "const x = eval(\"hack\");";

fn exit(workspace: &Workspace, arguments: &[&str]) -> i32 {
    let run = Run::new(workspace, &["scan"]);
    arguments.iter().fold(run, |run, argument| run.arg(*argument)).go().exit
}

#[test]
fn exit_codes() {
    let workspace = Workspace::new();
    workspace.file("clean/a.js", 0o600, "export const x = 1;");
    workspace.file("bad/a.js", 0o600, EVAL);
    workspace.file("partly/a.js", 0o600, "export const x = 1;");
    workspace.file("partly/a.node", 0o600, "x");
    assert_eq!(exit(&workspace, &["clean"]), 0);
    assert_eq!(exit(&workspace, &["bad"]), 0);
    assert_eq!(exit(&workspace, &["bad", "--fail-on", "critical"]), 10);
    assert_eq!(exit(&workspace, &["clean", "--fail-on", "info"]), 0);
    assert_eq!(exit(&workspace, &["partly"]), 3);
    assert_eq!(exit(&workspace, &["bad", "partly", "--fail-on", "critical"]), 10);
    assert_eq!(exit(&workspace, &["nowhere"]), 2);
    assert_eq!(exit(&workspace, &["clean", "bad", "nowhere"]), 2);
    assert_eq!(exit(&workspace, &[]), 2);
}

#[test]
fn nothing_but_the_report_is_printed() {
    let workspace = Workspace::new();
    workspace.file("bad/a.js", 0o600, EVAL);
    let answer = Run::new(&workspace, &["scan", "bad", "--json"]).go();
    assert_eq!(answer.stderr, "");
    let report: Value = serde_json::from_str(&answer.stdout).unwrap();
    assert_eq!(report["verdict"], "suspicious");
    assert_eq!(report["findings"][0]["ruleId"], "suspicious.dynamic_code_execution");
    assert_eq!(report["findings"][0]["file"], "a.js");
    assert_eq!(Run::new(&workspace, &["scan", "bad"]).go().stderr, "");
}

#[test]
fn rules_of_the_scanner_are_listed_and_explained() {
    let workspace = Workspace::new();
    let answer = Run::new(&workspace, &["explain", "suspicious.dangerous_exec"]).go();
    assert_eq!(answer.exit, 0, "{}", answer.stderr);
    assert!(answer.stdout.contains("chitin.code"), "{}", answer.stdout);
    assert!(Run::new(&workspace, &["list"]).go().stdout.contains("malicious.env_harvesting"));
}

/// Code that looks like code, different in every file. Its first line has to be judged by a parsed program.
fn code(number: usize, bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 200);
    text.push_str("const world = globalThis;\n");
    let mut line = 0;
    while text.len() < bytes {
        line += 1;
        let _infallible = writeln!(
            text,
            "export function f{number}_{line}(a, b) {{ const key = `${{a}}-{line}`; \
             return b.map((x) => x.value + {line}).filter(Boolean).join(key); }}"
        );
    }
    text
}

fn large_tree(workspace: &Workspace, directory: &str, files: usize, bytes: usize) {
    for number in 0..files {
        workspace.file(
            format!("{directory}/{:03}/{number}.js", number / 100),
            0o600,
            code(number, bytes),
        );
    }
}

pub(super) fn start(workspace: &Workspace, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_chitin-under-test"))
        .arg0("chitin")
        .args(arguments)
        .env_clear()
        .env("HOME", workspace.home())
        .env("OPENCLAW_STATE_DIR", workspace.state())
        .current_dir(workspace.root())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Interrupts a running program; how long it took from there to its end, its exit code and its report.
fn interrupt(child: Child, after: Duration) -> (Duration, Option<i32>, String) {
    sleep(after);
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    let begun = Instant::now();
    let output = child.wait_with_output().unwrap();
    let took = begun.elapsed();
    (took, output.status.code(), String::from_utf8(output.stdout).unwrap())
}

/// Far more than the program needs, and far less than the scan would take: the machine may be busy.
const AT_ONCE: Duration = Duration::from_secs(2);

#[test]
fn ctrl_c_ends_a_scan_with_what_there_is() {
    let workspace = Workspace::new();
    large_tree(&workspace, "big", 600, 200_000);
    let child = start(&workspace, &["scan", "big", "--json"]);
    let (took, exit, report) = interrupt(child, Duration::from_millis(400));
    assert_eq!(exit, Some(3), "{report}");
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!((&report["complete"], &report["truncated"]), (&false.into(), &true.into()));
    let last = report["notScanned"].as_array().unwrap().last().unwrap();
    assert!(last["reason"].as_str().unwrap().ends_with("interrupted"), "{last}");
    assert!(took < AT_ONCE, "{took:?}");
    println!("a scan ended {took:?} after Ctrl-C");
}

#[test]
fn ctrl_c_ends_a_deep_audit_with_what_there_is() {
    let workspace = Workspace::with_config_text("{}");
    large_tree(&workspace, "state/extensions/big", 600, 200_000);
    workspace.file(
        "state/extensions/big/package.json",
        0o600,
        "{\"openclaw\": {\"extensions\": []}}",
    );
    let child = start(&workspace, &["audit", "--deep", "--json"]);
    let (took, exit, report) = interrupt(child, Duration::from_millis(400));
    let report: Value = serde_json::from_str(&report).unwrap();
    assert!(took < AT_ONCE, "{took:?}");
    assert_eq!((exit, &report["chitin"]["complete"]), (Some(3), &false.into()));
    println!("a deep audit ended {took:?} after Ctrl-C");
}

/// The most memory that a process has had, in kilobytes.
fn peak(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[test]
#[cfg(target_os = "linux")]
fn memory_does_not_grow_with_the_tree() {
    let workspace = Workspace::new();
    large_tree(&workspace, "big", 2000, 20_000);
    let mut child = start(&workspace, &["scan", "big", "--json"]);
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        most = most.max(peak(child.id()).unwrap_or(0));
        sleep(Duration::from_millis(5));
    }
    assert!(most < 200_000, "{most} kB");
    println!("40 MB of code took {most} kB");
}

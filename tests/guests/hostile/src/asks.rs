//! Questions that go beyond the grants, of every kind that there is.

use std::fmt::Debug;

use chitin_sdk::{Format, Host, InstallKind, Refusal};

use crate::Step;

fn step<T: Debug>(question: &str, answer: Result<T, Refusal>) -> Step {
    Step::Done(match answer {
        Ok(_) => format!("{question}: answered"),
        Err(Refusal::NotGranted(reason)) => format!("{question}: not granted: {reason}"),
        Err(Refusal::Unavailable(reason)) => format!("{question}: unavailable: {reason}"),
        Err(Refusal::OverLimit(reason)) => format!("{question}: over a limit: {reason}"),
        Err(Refusal::NotHere(reason)) => format!("{question}: not here: {reason}"),
    })
}

/// Above, beside and almost at the granted `/hostile`.
pub fn config(host: &dyn Host) -> Vec<Step> {
    let mut steps = Vec::new();
    for pointer in
        ["", "/", "/gateway", "/hostilex", "/hostil", "hostile", "/hostile~1x", "//hostile"]
    {
        steps.push(step("effective", host.effective(pointer)));
        steps.push(step("authored", host.authored(pointer)));
        steps.push(step("provenance", host.provenance(pointer)));
    }
    steps
}

pub fn files(host: &dyn Host) -> Vec<Step> {
    let mut steps = Vec::new();
    for (root, path) in [
        ("state", ""),
        ("state", "granted"),
        ("state", "openclaw.json"),
        ("config", ""),
        ("credentials", "x"),
        ("nowhere", "x"),
    ] {
        steps.push(step("stat", host.stat(root, path)));
        steps.push(step("list", host.list(root, path)));
        steps.push(step("describe", host.describe(root, path)));
        steps.push(step("read", host.read(root, path, Format::Text, 1)));
    }
    let roots: Vec<_> =
        host.roots().unwrap_or_default().into_iter().map(|root| root.name).collect();
    steps.push(Step::Done(format!("roots: {}", roots.join(" "))));
    steps
}

pub fn facts(host: &dyn Host) -> Vec<Step> {
    vec![
        step("platform", host.platform()),
        step("environment", host.environment("HOME")),
        step("gateway-service", host.gateway_service()),
        step("auth-override", host.auth_override()),
        step("homes", host.homes()),
        step("bind-source", host.bind_source("/hostile/mode")),
        step("exec-approvals", host.exec_approvals()),
        step("pairing-store", host.pairing_store("telegram", "")),
        step("install-records", host.install_records(InstallKind::Plugin)),
        step("browser-containers", host.browser_containers()),
        step("gateway-probe", host.gateway_probe()),
        step("config-problems", host.config_problems()),
    ]
}

/// Code whose content was not granted, and code that was.
pub fn scans(host: &dyn Host) -> Vec<Step> {
    let mut steps = Vec::new();
    for (root, path) in [
        ("state", ""),
        ("state", "granted"),
        ("state", "content/.."),
        ("extensions", ""),
        ("workspace:main", "skills"),
        ("home-state", ""),
        ("nowhere", ""),
        ("state", "content"),
    ] {
        let entries = ["../openclaw.json".to_owned(), "../../x.js".to_owned()];
        steps.push(step(&format!("scan {root}:{path}"), host.scan(root, path, &entries)));
    }
    steps
}

/// Paths that are not below a root, or lead out of it.
pub fn paths(host: &dyn Host, folder: &str) -> Vec<Step> {
    let deep = ["a"; 100].join("/");
    let long = "a".repeat(5000);
    let below = [
        "..",
        "../..",
        "../openclaw.json",
        ".",
        "./file",
        "",
        "file/",
        "a\0b",
        "out",
        "out/hosts",
        "absolute",
        "a\\..\\..\\x",
        "\u{fffd}",
        &deep,
        &long,
    ]
    .map(|rest| format!("{folder}/{rest}"));
    let absolute = ["/etc/passwd", "/", "//", "C:\\x", "~"].map(str::to_owned);
    let mut steps = Vec::new();
    for path in below.iter().chain(&absolute) {
        let shown: String = path.chars().take(40).collect();
        let shown = shown.escape_debug();
        steps.push(step(&format!("stat `{shown}`"), host.stat("state", path)));
        steps.push(step(&format!("list `{shown}`"), host.list("state", path)));
    }
    steps
}

/// A question that is longer than any answer.
pub fn long(host: &dyn Host) -> Vec<Step> {
    let refused = |answered: bool| Step::Done(format!("refused: {}", !answered));
    let pointer = format!("/{}", "\u{1b}".repeat(1 << 18));
    vec![
        refused(host.effective(&pointer).is_ok()),
        refused(host.stat("state", &pointer).is_ok()),
        refused(host.environment(&pointer).is_ok()),
    ]
}

//! A directory that was brought here: whatever its config and its links name, nothing outside of it is read.

use serde_json::json;

use super::{BAD, finished, full, skill, told};
use crate::support::runner::{Report, Run};
use crate::support::workspace::Workspace;

const MARK: &str = "a-name-outside";

fn audit(workspace: &Workspace) -> Report {
    let target = workspace.path("brought");
    finished(Run::new(workspace, &["audit", "--json", "--deep"]).arg(target).go().json())
}

/// Bad plugins and skills that belong to this machine.
fn machine() -> Workspace {
    let workspace = Workspace::new();
    skill(&workspace, &format!("outside/{MARK}"), MARK);
    skill(&workspace, &format!("home/.agents/skills/{MARK}"), MARK);
    skill(&workspace, &format!("home/.openclaw/skills/{MARK}"), MARK);
    workspace.file(format!("outside/{MARK}/index.js"), 0o600, BAD);
    workspace
}

fn assert_nothing_outside(report: &Report) {
    for rule in ["plugins.code_safety", "skills.code_safety"] {
        assert!(told(report, rule).is_empty(), "{:#?}", told(report, rule));
    }
    assert!(!report.0.to_string().contains("execSync"), "{}", report.0);
    // A link's own end may be shown, what is behind it may not.
    assert!(!report.0.to_string().contains(MARK), "{}", report.0);
}

#[test]
fn its_config_names_paths_outside() {
    let workspace = machine();
    let outside = full(&workspace, "outside");
    let config = json!({
        "plugins": {"load": {"paths": [outside, "~/.openclaw", format!("../outside")]}},
        "skills": {"load": {"extraDirs": [outside, "~/.agents/skills"], "allowSymlinkTargets": ["/"]}},
        "agents": {"entries": {"a": {"workspace": outside, "agentDir": outside}}},
    });
    workspace.file("brought/openclaw.json", 0o600, config.to_string());
    assert_nothing_outside(&audit(&workspace));
}

#[test]
fn its_directories_are_links_to_the_outside() {
    let workspace = machine();
    workspace.file("brought/openclaw.json", 0o600, "{}");
    for directory in ["extensions", "skills", "npm", "workspace", "agents", "plugin-skills"] {
        workspace.link(format!("brought/{directory}"), workspace.path("outside"));
    }
    assert_nothing_outside(&audit(&workspace));
}

#[test]
fn links_further_down_lead_outside() {
    let workspace = machine();
    workspace.file("brought/openclaw.json", 0o600, "{}");
    let one = workspace.path("outside").join(MARK);
    for directory in ["extensions", "skills", "workspace/skills", "workspace/.agents/skills"] {
        workspace.dir(format!("brought/{directory}"), 0o700);
    }
    workspace.link("brought/workspace/.openclaw", workspace.path("outside"));
    workspace.link("brought/skills/x", workspace.path("outside"));
    workspace.link("brought/workspace/skills/x", workspace.path("outside"));
    workspace.link("brought/agents/main/agent/workshop-skills", workspace.path("outside"));
    workspace.file(
        "brought/extensions/p/package.json",
        0o600,
        json!({"openclaw": {"extensions": ["x.js", "../../../outside/x.js"]}}).to_string(),
    );
    workspace.link("brought/extensions/p/x.js", "../../../outside/x.js");
    workspace.file("outside/x.js", 0o600, BAD);
    assert!(one.is_dir());
    assert_nothing_outside(&audit(&workspace));
}

#[test]
fn its_own_code_is_read() {
    let workspace = machine();
    workspace.file("brought/openclaw.json", 0o600, "{}");
    workspace.file("brought/extensions/p/index.js", 0o600, BAD);
    skill(&workspace, "brought/skills/s", "s");
    skill(&workspace, "brought/workspace/skills/t", "t");
    let report = audit(&workspace);
    assert_eq!(told(&report, "plugins.code_safety").len(), 1);
    assert_eq!(told(&report, "skills.code_safety").len(), 2);
}

//! A directory that was brought here: whatever its config and its links name, nothing outside of it is read.

use serde_json::json;

use super::{BAD, finished, full, skill, told};
use crate::place::Place;
use crate::runner::{Report, Run};

const MARK: &str = "a-name-outside";

fn audit(place: &Place) -> Report {
    let target = place.path("brought");
    finished(Run::new(place, &["audit", "--json", "--deep"]).arg(target).go().json())
}

/// Bad plugins and skills that belong to this machine.
fn machine() -> Place {
    let place = Place::new();
    skill(&place, &format!("outside/{MARK}"), MARK);
    skill(&place, &format!("home/.agents/skills/{MARK}"), MARK);
    skill(&place, &format!("home/.openclaw/skills/{MARK}"), MARK);
    place.file(format!("outside/{MARK}/index.js"), 0o600, BAD);
    place
}

fn assert_nothing_outside(report: &Report) {
    for rule in ["plugins.code_safety", "skills.code_safety"] {
        assert!(told(report, rule).is_empty(), "{:#?}", told(report, rule));
    }
    assert!(!report.0.to_string().contains("execSync"), "{}", report.0);
    // A link's own end may be told, what lies behind it may not.
    assert!(!report.0.to_string().contains(MARK), "{}", report.0);
}

#[test]
fn its_config_names_places_outside() {
    let place = machine();
    let outside = full(&place, "outside");
    let config = json!({
        "plugins": {"load": {"paths": [outside, "~/.openclaw", format!("../outside")]}},
        "skills": {"load": {"extraDirs": [outside, "~/.agents/skills"], "allowSymlinkTargets": ["/"]}},
        "agents": {"entries": {"a": {"workspace": outside, "agentDir": outside}}},
    });
    place.file("brought/openclaw.json", 0o600, config.to_string());
    assert_nothing_outside(&audit(&place));
}

#[test]
fn its_directories_are_links_to_the_outside() {
    let place = machine();
    place.file("brought/openclaw.json", 0o600, "{}");
    for directory in ["extensions", "skills", "npm", "workspace", "agents", "plugin-skills"] {
        place.link(format!("brought/{directory}"), place.path("outside"));
    }
    assert_nothing_outside(&audit(&place));
}

#[test]
fn links_further_down_lead_outside() {
    let place = machine();
    place.file("brought/openclaw.json", 0o600, "{}");
    let one = place.path("outside").join(MARK);
    for directory in ["extensions", "skills", "workspace/skills", "workspace/.agents/skills"] {
        place.dir(format!("brought/{directory}"), 0o700);
    }
    place.link("brought/workspace/.openclaw", place.path("outside"));
    place.link("brought/skills/x", place.path("outside"));
    place.link("brought/workspace/skills/x", place.path("outside"));
    place.link("brought/agents/main/agent/workshop-skills", place.path("outside"));
    place.file(
        "brought/extensions/p/package.json",
        0o600,
        json!({"openclaw": {"extensions": ["x.js", "../../../outside/x.js"]}}).to_string(),
    );
    place.link("brought/extensions/p/x.js", "../../../outside/x.js");
    place.file("outside/x.js", 0o600, BAD);
    assert!(one.is_dir());
    assert_nothing_outside(&audit(&place));
}

#[test]
fn its_own_code_is_read() {
    let place = machine();
    place.file("brought/openclaw.json", 0o600, "{}");
    place.file("brought/extensions/p/index.js", 0o600, BAD);
    skill(&place, "brought/skills/s", "s");
    skill(&place, "brought/workspace/skills/t", "t");
    let report = audit(&place);
    assert_eq!(told(&report, "plugins.code_safety").len(), 1);
    assert_eq!(told(&report, "skills.code_safety").len(), 2);
}

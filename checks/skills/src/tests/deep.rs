//! What a deep audit reports about skills, over a fake host.

use chitin_sdk::fake::{FakeHost, Said, dangling_link, directory_mode, file_mode, link_to};
use chitin_sdk::{CodeFinding, CodeScan, Content, FileNote, Kind, Refusal, Severity, Value};
use serde_json::json;

use crate::GROUPS;
use crate::code::RULES;

const WORKSPACE: &str = "skills:workspace-main";
const MANAGED: &str = "skills:managed";
const WORKSHOP: &str = "skills:workshop-main";

fn exec() -> CodeScan {
    let finding = CodeFinding {
        file: "run.js".to_owned(),
        rule: "suspicious.dangerous_exec".to_owned(),
        alias: Some("dangerous-exec".to_owned()),
        severity: Severity::Critical,
        line: 1,
        column: 1,
        message: "a program is started".to_owned(),
        evidence: "exec(x)".to_owned(),
    };
    CodeScan { scanned_files: 1, findings: vec![finding], ..CodeScan::default() }
}

fn deep() -> FakeHost {
    deep_with(json!({}))
}

fn deep_with(config: Value) -> FakeHost {
    FakeHost::with_config(config).scanned("none", "", Ok(CodeScan::default()))
}

fn text(name: &str) -> Content {
    Content::Text(format!("---\nname: {name}\ndescription: d\n---\n"))
}

/// A skill with a script that starts programs.
fn bad(host: FakeHost, root: &str, path: &str, name: &str) -> FakeHost {
    let file = if path.is_empty() { "SKILL.md".to_owned() } else { format!("{path}/SKILL.md") };
    host.content(root, &file, text(name)).scanned(root, path, Ok(exec()))
}

fn run(host: FakeHost) -> Said {
    let mut said = host.run(GROUPS);
    said.findings.retain(|finding| finding.rule.starts_with(RULES.safety));
    said
}

/// The paths of the skills that something was found in.
fn places(host: FakeHost) -> Vec<String> {
    let said = run(host);
    said.of(RULES.safety)
        .iter()
        .map(|finding| {
            let (_, rest) = finding.detail.split_once(" under /fake/").unwrap();
            rest.split_once(":\n").unwrap().0.to_owned()
        })
        .collect()
}

fn problems(host: FakeHost) -> Vec<String> {
    let said = run(host);
    said.of(RULES.scan_failed).iter().map(|finding| finding.detail.clone()).collect()
}

#[test]
fn without_deep_no_skill_is_scanned() {
    let said = FakeHost::default().content(WORKSPACE, "evil/SKILL.md", text("evil")).run(GROUPS);
    // The fake host shows roots of code in any run; a real one does not.
    assert!(said.findings.is_empty());
    let said = FakeHost::default().run(GROUPS);
    assert!(said.skipped.contains(&(RULES.safety.to_owned(), "needs --deep".to_owned())));
}

#[test]
fn a_bad_skill_is_found_with_its_place() {
    let said = run(bad(deep(), WORKSPACE, "dir", "evil"));
    assert_eq!(said.ids(), [RULES.safety]);
    assert_eq!(said.severity(RULES.safety), Some(Severity::Critical));
    assert!(said.findings[0].title.contains("Skill \"evil\""));
    let detail = said.detail(RULES.safety);
    assert!(
        detail.starts_with(
            "Found 1 critical issue in 1 scanned file under /fake/skills:workspace-main/dir:\n\
             - [dangerous-exec] a program is started (run.js:1); suspicious.dangerous_exec; evidence: exec(x)"
        ),
        "{detail}"
    );
    assert!(!detail.contains("shadowed"));
}

#[test]
fn every_source_is_scanned() {
    let sources =
        ["skills:extra-0", MANAGED, "skills:personal", "skills:project-main", WORKSPACE, WORKSHOP];
    let host =
        sources.iter().fold(deep(), |host, root| bad(host, root, "s", &format!("of {root}")));
    assert_eq!(places(host).len(), sources.len());
}

#[test]
fn shadowed_skills_are_scanned_and_marked() {
    let host = bad(deep(), "skills:extra-0", "s", "same");
    let said = run(host.content(WORKSPACE, "s2/SKILL.md", text("same")));
    assert_eq!(said.ids(), [RULES.safety]);
    assert!(
        said.detail(RULES.safety)
            .contains("is shadowed: OpenClaw uses /fake/skills:workspace-main/s2")
    );
    // A shadowed skill without findings is not reported.
    let quiet = deep().content(MANAGED, "s/SKILL.md", text("same")).content(
        WORKSPACE,
        "s/SKILL.md",
        text("same"),
    );
    assert!(run(quiet).findings.is_empty());
    // What an agent wrote itself does not shadow the others.
    let host = bad(deep(), WORKSHOP, "s", "same").content(WORKSPACE, "s/SKILL.md", text("same"));
    assert!(!run(host).detail(RULES.safety).contains("shadowed"));
}

#[test]
fn what_openclaw_does_not_load_is_reported_and_not_scanned() {
    for (content, reason) in [
        (Content::Text("# no front matter".to_owned()), "the front matter is missing"),
        (Content::Text("---\nname: x\n---\n".to_owned()), "it has no description"),
        (Content::Text("---\ndescription: x\n".to_owned()), "has no end"),
    ] {
        let said = run(bad(deep(), WORKSPACE, "s", "x").content(WORKSPACE, "s/SKILL.md", content));
        assert_eq!(said.ids(), [RULES.scan_failed]);
        let detail = said.detail(RULES.scan_failed);
        assert!(detail.contains(reason) && detail.contains("s/SKILL.md"), "{detail}");
    }
}

#[test]
fn an_invalid_text_does_not_hide_the_code() {
    for (content, reason) in [
        (Content::TooLarge, "larger than 256000 bytes"),
        (Content::Malformed, "zero bytes"),
        (Content::NotAFile, "not a regular file"),
    ] {
        let said = run(bad(deep(), WORKSPACE, "s", "x").content(WORKSPACE, "s/SKILL.md", content));
        assert_eq!(said.ids(), [RULES.scan_failed, RULES.safety]);
        assert!(said.detail(RULES.scan_failed).contains(reason));
        assert!(said.findings[1].title.contains("\"s\""));
        assert!(said.detail(RULES.safety).contains("in 1 scanned file under"));
    }
}

#[test]
fn a_text_that_may_not_be_read_is_a_failed_scan() {
    let shut = Content::Unreadable("permission denied".to_owned());
    let said = run(bad(deep(), WORKSPACE, "s", "x").content(WORKSPACE, "s/SKILL.md", shut));
    assert_eq!(said.ids(), [RULES.scan_failed]);
    assert!(said.detail(RULES.scan_failed).contains("s/SKILL.md: permission denied"));
}

#[test]
fn the_limit_of_a_text_is_the_configs_except_in_a_workshop() {
    let sized = |root: &str, size: u64, limit: u64| {
        let host = deep_with(json!({"skills": {"limits": {"maxSkillFileBytes": limit}}}));
        let mut metadata = file_mode(0o600);
        metadata.size = size;
        let host = host.file(root, "s/SKILL.md", metadata);
        run(bad(host, root, "s", "x"))
    };
    assert_eq!(sized(WORKSPACE, 2, 1).ids(), [RULES.scan_failed, RULES.safety]);
    assert_eq!(sized(WORKSPACE, 1, 1).ids(), [RULES.safety]);
    assert_eq!(sized(WORKSHOP, 2, 1).ids(), [RULES.safety]);
    let raised = sized(WORKSPACE, 256_001, 500_000);
    assert_eq!(raised.ids(), [RULES.scan_failed, RULES.safety]);
    assert!(raised.detail(RULES.scan_failed).contains("larger than 256000 bytes"));
    assert_eq!(sized(WORKSPACE, 256_000, 500_000).ids(), [RULES.safety]);
}

#[test]
fn a_scan_that_fails_does_not_stop_the_others() {
    let failed = Err(Refusal::Unavailable("permission denied".to_owned()));
    let host = bad(bad(deep(), WORKSPACE, "a", "a"), WORKSPACE, "b", "b");
    let said = run(host.scanned(WORKSPACE, "a", failed));
    assert_eq!(said.ids(), [RULES.scan_failed, RULES.safety]);
    assert!(said.findings[0].title.contains("\"a\""));
    assert!(said.detail(RULES.scan_failed).contains("/a could not be scanned"));
}

#[test]
fn a_skill_with_something_left_out_is_never_clean() {
    let note = FileNote { file: "big.js".to_owned(), reason: "larger than 1 MiB".to_owned() };
    let partly = CodeScan { not_scanned: vec![note], ..CodeScan::default() };
    let said = run(bad(deep(), WORKSPACE, "a", "a").scanned(WORKSPACE, "a", Ok(partly)));
    assert_eq!(said.ids(), [RULES.incomplete]);
}

mod search {
    use super::*;

    #[test]
    fn grouping_directories_are_searched_to_a_depth() {
        let at = |root: &str, path: &str| places(bad(deep(), root, path, "x")).len();
        assert_eq!(at(WORKSPACE, "1/2/3/4/5/6"), 1);
        assert_eq!(at(WORKSPACE, "1/2/3/4/5/6/7"), 0);
        assert_eq!(at("skills:extra-0", "1/2"), 1);
        assert_eq!(at("skills:extra-0", "1/2/3"), 0);
        assert_eq!(at("skills:extra-0", "skills/1/2/3"), 1);
    }

    #[test]
    fn a_skill_inside_a_skill_is_a_part_of_it() {
        let host = bad(bad(deep(), WORKSPACE, "a", "a"), WORKSPACE, "a/b", "b");
        assert_eq!(places(host), ["skills:workspace-main/a"]);
    }

    #[test]
    fn hidden_names_and_node_modules_are_skipped() {
        let host = [".a", "node_modules", "g/.b", "g/node_modules"]
            .iter()
            .fold(deep(), |host, path| bad(host, WORKSPACE, path, path));
        assert!(run(host).findings.is_empty());
    }

    #[test]
    fn a_root_may_itself_be_a_skill() {
        let host = bad(bad(deep(), "skills:extra-0", "", "root"), "skills:extra-0", "a", "a");
        assert_eq!(places(host), ["skills:extra-0"]);
    }

    #[test]
    fn skills_in_a_directory_of_that_name_are_used_when_there_are_no_others() {
        let nested = || bad(deep(), "skills:extra-0", "skills/a", "a");
        assert_eq!(places(nested()), ["skills:extra-0/skills/a"]);
        let both = bad(nested(), "skills:extra-0", "b", "b");
        assert_eq!(places(both), ["skills:extra-0/b", "skills:extra-0/skills/a"]);
        // If the root itself has a text, it is the only skill once it is loaded.
        let root = bad(nested(), "skills:extra-0", "", "root");
        assert_eq!(places(root), ["skills:extra-0"]);
        let broken = nested().content("skills:extra-0", "SKILL.md", Content::Text(String::new()));
        assert_eq!(places(broken), ["skills:extra-0/skills/a"]);
    }

    #[test]
    fn a_workshop_is_a_container_only() {
        let host = bad(bad(deep(), WORKSHOP, "", "root"), WORKSHOP, "child", "child");
        assert_eq!(places(host), ["skills:workshop-main/child"]);
    }

    #[test]
    fn the_limits_of_the_config_hold_outside_workshops() {
        let host = |limits: Value, root: &str| {
            let host = deep_with(json!({"skills": {"limits": limits}}));
            ["a", "b", "c"].iter().fold(host, |host, name| bad(host, root, name, name))
        };
        for limits in [json!({"maxCandidatesPerRoot": 2}), json!({"maxSkillsLoadedPerSource": 2})] {
            assert_eq!(places(host(limits.clone(), WORKSPACE)).len(), 2, "{limits}");
            let told = problems(host(limits.clone(), WORKSPACE));
            assert!(told.len() == 1 && told[0].contains("limit"), "{told:?}");
            assert_eq!(places(host(limits.clone(), WORKSHOP)).len(), 3, "{limits}");
            assert!(problems(host(limits, WORKSHOP)).is_empty());
        }
        for limits in [
            json!({"maxCandidatesPerRoot": 0}),
            json!({"maxSkillsLoadedPerSource": 0}),
            json!({"maxCandidatesPerRoot": -1}),
        ] {
            assert!(places(host(limits.clone(), WORKSPACE)).is_empty(), "{limits}");
            assert_eq!(problems(host(limits.clone(), WORKSPACE)).len(), 1, "{limits}");
            assert_eq!(places(host(limits, WORKSHOP)).len(), 3);
        }
        assert_eq!(places(host(json!({"maxCandidatesPerRoot": "2"}), WORKSPACE)).len(), 3);
    }

    #[test]
    fn three_hundred_and_one_directories_reach_the_limit() {
        let host = |number: usize| {
            (0..number).fold(deep(), |host, at| {
                host.file(WORKSHOP, &format!("empty-{at}"), directory_mode(0o700))
            })
        };
        assert!(problems(host(300)).is_empty());
        let told = problems(host(301));
        assert!(told.len() == 1 && told[0].contains("limit"), "{told:?}");
    }

    #[test]
    fn what_cannot_be_listed_is_reported() {
        let host = bad(deep(), WORKSHOP, "fine", "fine");
        let host =
            host.file(WORKSHOP, "shut", directory_mode(0)).closed(WORKSHOP, "shut", "denied");
        let said = run(host);
        assert_eq!(said.ids(), [RULES.scan_failed, RULES.safety]);
        assert!(said.findings[0].title.contains("workshop inventory"));
        let said = run(deep().file(WORKSPACE, "a", file_mode(0)).closed(WORKSPACE, "", "denied"));
        assert_eq!(said.ids(), [RULES.scan_failed]);
        assert!(said.detail(RULES.scan_failed).contains("denied"));
    }

    #[test]
    fn the_number_of_problems_is_limited() {
        let host = (0..80).fold(deep(), |host, at| {
            host.file(WORKSPACE, &format!("gone-{at:02}"), dangling_link("/gone"))
        });
        let told = problems(host);
        assert_eq!(told.len(), 51);
        assert!(told[50].starts_with("30 more places"));
    }
}

mod links {
    use super::*;

    fn link(root: &str, path: &str, target: &str, inside: bool) -> FakeHost {
        deep().file(root, path, link_to(target, inside, Kind::Directory, 0o700))
    }

    #[test]
    fn a_link_inside_is_followed_once() {
        let host = link(WORKSHOP, "group", "/fake/skills:workshop-main/.storage", true);
        let host = bad(host, WORKSHOP, "group/s", "s");
        assert_eq!(places(host), ["skills:workshop-main/group/s"]);
        // A loop ends.
        let host = link(WORKSHOP, "a", "/fake/skills:workshop-main/a", true);
        let host = host.file(
            WORKSHOP,
            "a/a",
            link_to("/fake/skills:workshop-main/a", true, Kind::Directory, 0o700),
        );
        assert!(run(host).findings.is_empty());
    }

    #[test]
    fn a_link_that_leads_out_is_reported_and_not_followed() {
        for root in [WORKSPACE, WORKSHOP, MANAGED, "skills:extra-0", "skills:project-main"] {
            let said = run(link(root, "leak", "/outside", false));
            assert_eq!(said.ids(), [RULES.scan_failed], "{root}");
            assert!(said.detail(RULES.scan_failed).contains("leads out of its root, to /outside"));
        }
        let told = problems(deep().file(WORKSPACE, "gone", dangling_link("/gone")));
        assert!(told.len() == 1 && told[0].contains("the link is broken: /gone"), "{told:?}");
        let file = deep().file(WORKSPACE, "note", link_to("/x", false, Kind::File, 0o600));
        assert!(run(file).findings.is_empty());
    }

    #[test]
    fn managed_and_personal_skills_may_be_elsewhere() {
        for root in [MANAGED, "skills:personal"] {
            let host = link(root, "s", "/fake/skills:linked-0", false);
            assert_eq!(places(bad(host, "skills:linked-0", "", "s")), ["skills:linked-0"]);
        }
        let host = link(WORKSPACE, "s", "/fake/skills:linked-0", false);
        assert!(places(bad(host, "skills:linked-0", "", "s")).is_empty());
    }

    #[test]
    fn others_only_where_the_config_allows_it() {
        for root in [WORKSPACE, "skills:extra-0", "skills:project-main"] {
            let host = link(root, "s", "/fake/skills:allowed-0/deep/s", false);
            let host = bad(host, "skills:allowed-0", "deep/s", "s");
            assert_eq!(places(host), ["skills:allowed-0/deep/s"]);
        }
        let host = link(WORKSHOP, "s", "/fake/skills:allowed-0/s", false);
        assert!(places(bad(host, "skills:allowed-0", "s", "s")).is_empty());
        let near = link(WORKSPACE, "s", "/fake/skills:allowed-01/s", false);
        assert!(places(bad(near, "skills:allowed-0", "s", "s")).is_empty());
    }

    #[test]
    fn a_text_behind_a_link() {
        let with = |metadata| deep().file(WORKSPACE, "s/SKILL.md", metadata);
        let said = run(with(link_to("/outside/SKILL.md", false, Kind::File, 0o600)));
        assert_eq!(said.ids(), [RULES.scan_failed]);
        assert_eq!(run(with(dangling_link("/gone"))).ids(), [RULES.scan_failed]);
        let host = with(link_to("/fake/skills:workspace-main/x", true, Kind::File, 0o600));
        assert_eq!(places(bad(host, WORKSPACE, "s", "s")).len(), 1);
    }

    #[test]
    fn a_text_with_two_names_is_not_loaded_in_a_workshop() {
        let mut twice = file_mode(0o600);
        twice.hard_links = 2;
        let with =
            |root: &str| run(bad(deep().file(root, "s/SKILL.md", twice.clone()), root, "s", "s"));
        assert_eq!(with(WORKSHOP).ids(), [RULES.scan_failed]);
        assert_eq!(with(WORKSPACE).ids(), [RULES.safety]);
    }
}

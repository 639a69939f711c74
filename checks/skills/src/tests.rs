mod deep;

use chitin_sdk::fake::{FakeHost, Said, dangling_link, directory_mode, file_mode, link_to};
use chitin_sdk::{Host as _, Kind, Root, Severity};

use crate::GROUPS;
use crate::report::{distinct, truncated};
use crate::search::{self, Escape, Found, Gap, Limits};

const ESCAPE: &str = "skills.workspace.symlink_escape";
const TRUNCATED: &str = "skills.workspace.scan_truncated";
const MAIN: &str = "workspace:main";

fn outside(path: &str, kind: Kind) -> chitin_sdk::Metadata {
    link_to(path, false, kind, 0o755)
}

fn inside(path: &str, kind: Kind) -> chitin_sdk::Metadata {
    link_to(path, true, kind, 0o755)
}

fn with(path: &str, metadata: chitin_sdk::Metadata) -> Said {
    FakeHost::default().file(MAIN, path, metadata).run(GROUPS)
}

fn search(host: &FakeHost, limits: Limits) -> Found {
    let root = Root { name: MAIN.to_owned(), path: format!("/fake/{MAIN}") };
    search::workspace(host, &root, &host.roots().unwrap(), limits).unwrap()
}

#[test]
fn a_skill_file_that_leads_outside_fires() {
    let said = with("skills/leak/SKILL.md", outside("/outside/SKILL.md", Kind::File));
    assert_eq!(said.ids(), [ESCAPE]);
    assert_eq!(said.severity(ESCAPE), Some(Severity::Warn));
    for part in [
        "workspace=/fake/workspace:main",
        "skill=/fake/workspace:main/skills/leak/SKILL.md",
        "realpath=/outside/SKILL.md",
    ] {
        assert!(said.detail(ESCAPE).contains(part), "{part}");
    }
    assert_eq!(said.findings[0].locations.len(), 1);
}

#[test]
fn a_directory_that_leads_outside_fires() {
    let said = with("skills/leak", outside("/outside/dir", Kind::Directory));
    assert!(said.detail(ESCAPE).contains("realpath=/outside/dir"));
    let said = with("skills/group/leak", outside("/outside/dir", Kind::Directory));
    assert_eq!(said.ids(), [ESCAPE]);
}

#[test]
fn a_directory_outside_that_the_host_shows_is_searched() {
    let target = "/fake/link-target:0";
    let leak = || FakeHost::default().file(MAIN, "skills/leak", outside(target, Kind::Directory));
    let said = leak().file("link-target:0", "docs/README.md", file_mode(0o644)).run(GROUPS);
    assert!(said.findings.is_empty(), "no skill is there");
    let host = leak()
        .file("link-target:0", "deep/SKILL.md", file_mode(0o644))
        .file("link-target:0", "other/SKILL.md", outside("/else/SKILL.md", Kind::File))
        .file("link-target:0", "back/SKILL.md", outside("/fake/workspace:main/x", Kind::File))
        .file("link-target:0", "home", outside("/fake/workspace:main/skills", Kind::Directory))
        .file("link-target:0", "unknown", outside("/unknown", Kind::Directory));
    let escapes: Vec<(String, String)> = search(&host, Limits::DEFAULT)
        .escapes
        .into_iter()
        .map(|escape| (escape.path, escape.target))
        .collect();
    let pair = |path: &str, target: &str| (path.to_owned(), target.to_owned());
    assert_eq!(
        escapes,
        [
            pair("skills/leak/unknown", "/unknown"),
            pair("skills/leak/deep/SKILL.md", "/fake/link-target:0/deep/SKILL.md"),
            pair("skills/leak/other/SKILL.md", "/else/SKILL.md"),
        ]
    );
}

#[test]
fn the_skills_directory_itself_may_lead_outside() {
    let said = with("skills", outside("/outside", Kind::Directory));
    assert!(said.detail(ESCAPE).contains("skill=/fake/workspace:main/skills realpath=/outside"));
    for harmless in [
        inside("/fake/workspace:main/other", Kind::Directory),
        outside("/outside", Kind::File),
        dangling_link("/gone"),
        file_mode(0o644),
    ] {
        assert!(with("skills", harmless).findings.is_empty());
    }
}

#[test]
fn what_stays_inside_or_makes_no_skill_is_silent() {
    let notes = "/fake/workspace:main/notes/SKILL.md";
    for (path, metadata) in [
        ("skills/a/SKILL.md", file_mode(0o644)),
        ("skills/a/SKILL.md", inside(notes, Kind::File)),
        ("skills/a/SKILL.md", dangling_link("/gone/SKILL.md")),
        ("skills/a/SKILL.md", outside("/dev/null", Kind::Special)),
        ("skills/a/README.md", outside("/outside/README.md", Kind::File)),
        ("skills/a/skill.md", outside("/outside/SKILL.md", Kind::File)),
        ("skills/.hidden/SKILL.md", outside("/outside/SKILL.md", Kind::File)),
        ("skills/node_modules/SKILL.md", outside("/outside/SKILL.md", Kind::File)),
        ("skills/.link", outside("/outside", Kind::Directory)),
        ("other/SKILL.md", outside("/outside/SKILL.md", Kind::File)),
    ] {
        assert!(with(path, metadata).findings.is_empty(), "{path}");
    }
    assert!(FakeHost::default().run(GROUPS).findings.is_empty());
}

#[test]
fn only_workspaces_are_searched() {
    let said = FakeHost::default()
        .file("state", "skills/leak", outside("/outside", Kind::Directory))
        .run(GROUPS);
    assert!(said.findings.is_empty());
}

#[test]
fn a_link_inside_is_followed_and_each_real_directory_searched_once() {
    let host = FakeHost::default()
        .file(MAIN, "skills/a/loop", inside("/fake/workspace:main/skills", Kind::Directory))
        .file(MAIN, "skills/a/SKILL.md", outside("/outside/SKILL.md", Kind::File))
        .file(MAIN, "skills/b", inside("/fake/workspace:main/skills/a", Kind::Directory))
        .file(MAIN, "skills/b/SKILL.md", outside("/outside/SKILL.md", Kind::File))
        .file(MAIN, "skills/c", inside("/fake/workspace:main/more", Kind::Directory))
        .file(MAIN, "skills/c/deep/SKILL.md", outside("/outside/deep", Kind::File));
    let paths: Vec<String> =
        search(&host, Limits::DEFAULT).escapes.into_iter().map(|escape| escape.path).collect();
    assert_eq!(paths, ["skills/a/SKILL.md", "skills/c/deep/SKILL.md"]);
}

#[test]
fn a_workspace_that_agents_share_is_searched_once() {
    let root = |name: &str, path: &str| Root { name: name.to_owned(), path: path.to_owned() };
    let roots = vec![
        root("state", "/s"),
        root("workspace:a", "/w"),
        root("workspace:b", "/w"),
        root("workspace:c", "/v"),
    ];
    let names: Vec<String> = distinct(roots).into_iter().map(|root| root.name).collect();
    assert_eq!(names, ["workspace:a", "workspace:c"]);
}

#[test]
fn one_finding_covers_all_workspaces() {
    let said = FakeHost::default()
        .file("workspace:a", "skills/x", outside("/outside/x", Kind::Directory))
        .file("workspace:b", "skills/y", outside("/outside/y", Kind::Directory))
        .run(GROUPS);
    assert_eq!(said.ids(), [ESCAPE]);
    assert!(
        said.detail(ESCAPE).contains("/outside/x") && said.detail(ESCAPE).contains("/outside/y")
    );
}

#[test]
fn at_most_twelve_rows_are_shown() {
    let leaks = |number: usize| {
        let host = (0..number).fold(FakeHost::default(), |host, at| {
            host.file(MAIN, &format!("skills/l{at:02}"), outside("/outside", Kind::Directory))
        });
        host.run(GROUPS).detail(ESCAPE).to_owned()
    };
    assert_eq!(leaks(12).matches("realpath=").count(), 12);
    assert!(!leaks(12).contains("more"));
    assert_eq!(leaks(15).matches("realpath=").count(), 12);
    assert!(leaks(15).ends_with("- +3 more"));
}

#[test]
fn a_limit_leaves_directories_waiting() {
    let host = ["a", "b", "c"].iter().fold(FakeHost::default(), |host, name| {
        host.file(MAIN, &format!("skills/{name}/SKILL.md"), file_mode(0o644))
    });
    let gaps = |skills, steps| search(&host, Limits { skills, steps }).gaps;
    assert_eq!(gaps(3, 4), []);
    // The first step takes `skills` itself.
    assert_eq!(gaps(3, 3), [Gap::Waiting(1)]);
    assert_eq!(gaps(2, 4), [Gap::Waiting(1)]);
    assert_eq!(gaps(0, 4), [Gap::Waiting(1)]);
}

#[test]
fn a_known_directory_uses_a_step_too() {
    let again = inside("/fake/workspace:main/skills", Kind::Directory);
    let host = FakeHost::default().file(MAIN, "skills/again", again).file(
        MAIN,
        "skills/b",
        directory_mode(0o755),
    );
    assert_eq!(search(&host, Limits { skills: 9, steps: 2 }).gaps, [Gap::Waiting(1)]);
    assert_eq!(search(&host, Limits { skills: 9, steps: 3 }), Found::default());
}

#[test]
fn a_skill_beyond_the_limit_in_one_directory_is_still_seen() {
    let host = FakeHost::default().file(MAIN, "skills/SKILL.md", file_mode(0o644)).file(
        MAIN,
        "skills/leak",
        outside("/outside", Kind::Directory),
    );
    let found = search(&host, Limits { skills: 1, steps: 9 });
    let leak = Escape { path: "skills/leak".to_owned(), target: "/outside".to_owned() };
    assert_eq!(found, Found { escapes: vec![leak], gaps: Vec::new() });
}

#[test]
fn an_incomplete_search_says_where() {
    let root = Root { name: MAIN.to_owned(), path: "/w".to_owned() };
    let finding = truncated(
        &FakeHost::default(),
        &root,
        &[
            Gap::Waiting(7),
            Gap::Long("skills/big".to_owned()),
            Gap::Unreadable("skills/shut".to_owned(), "permission denied".to_owned()),
        ],
    );
    assert_eq!((finding.rule.as_str(), finding.severity), (TRUNCATED, Severity::Warn));
    for part in ["workspace=/w", "waiting: 7", "/skills/big", "/skills/shut (permission denied)"] {
        assert!(finding.detail.contains(part), "{part}");
    }
}

#[test]
fn an_unreadable_directory_makes_the_search_incomplete() {
    let said = FakeHost::default()
        .file(MAIN, "skills/shut", directory_mode(0))
        .closed(MAIN, "skills/shut", "permission denied")
        .run(GROUPS);
    assert_eq!(said.ids(), [TRUNCATED]);
    assert!(said.detail(TRUNCATED).contains("skills/shut (permission denied)"));
}

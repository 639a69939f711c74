//! Which files are read, and in which order.

use chitin_scan::Verdict;

use super::{Scan, found, left_out, notes, workspace};

#[test]
fn directory_by_directory_files_first_and_the_last_directory_first() {
    let workspace = workspace(&[
        ("z.js", "eval("),
        ("b.js", "eval("),
        ("a/x.js", "eval("),
        ("a/c/x.js", "eval("),
        ("d/x.js", "eval("),
        ("d/b/x.ts", "\n\neval("),
        ("d/a.js", "eval("),
        ("notes.txt", "eval("),
    ]);
    let report = Scan::of(&workspace, "code").run();
    let wanted =
        ["b.js:1", "z.js:1", "d/a.js:1", "d/x.js:1", "d/b/x.ts:3", "a/x.js:1", "a/c/x.js:1"];
    assert_eq!(found(&report), wanted);
    assert_eq!(report.scan.scanned_files, 7);
    assert_eq!(report.verdict, Verdict::Suspicious);
    assert!(report.is_complete() && !report.truncated);
    for _ in 0..5 {
        assert_eq!(Scan::of(&workspace, "code").run(), report);
    }
}

#[test]
fn hidden_names_and_packages_are_named_and_not_passed() {
    let workspace = workspace(&[
        (".hidden/a.js", "eval("),
        (".a.js", "eval("),
        ("node_modules/p/a.js", "eval("),
        ("sub/node_modules/p/a.js", "eval("),
        ("sub/.b.js", "eval("),
        ("ok.js", ""),
    ]);
    let report = Scan::of(&workspace, "code").run();
    assert_eq!((report.scan.scanned_files, report.verdict), (1, Verdict::Clean));
    let directory = |path: &str, name: &str| {
        format!(
            "{path}: a directory with 1 entry, which is not searched; --include FILE reads a file in it, \
             --exclude {name} leaves it out"
        )
    };
    assert_eq!(
        left_out(&report),
        [
            ".a.js: a hidden file of code".to_owned(),
            directory(".hidden", ".hidden"),
            directory("node_modules", "node_modules"),
            "sub/.b.js: a hidden file of code".to_owned(),
            directory("sub/node_modules", "node_modules"),
        ]
    );
    let excluded = Scan::of(&workspace, "code").exclude("node_modules").exclude(".*").run();
    assert!(excluded.is_complete(), "{:?}", left_out(&excluded));
    assert_eq!(notes(&excluded), [".: 5 excluded entries were skipped, as requested"]);
    // The directory itself may have any name.
    assert_eq!(found(&Scan::of(&workspace, "code/.hidden").run()), ["a.js:1"]);
}

#[test]
fn languages_that_no_rule_reads_are_named() {
    let workspace = workspace(&[
        ("ok.js", ""),
        ("setup.ps1", "iex(iwr https://example.org)"),
        ("lib/tool.rb", "system('x')"),
        ("icon.svg", "<svg onload='x()'/>"),
        ("plain.svg", "<svg/>"),
        ("notes.txt", "hello"),
    ]);
    let report = Scan::of(&workspace, "code").run();
    assert_eq!(
        left_out(&report),
        [
            "icon.svg: markup that may run a script, which no rule reads",
            "setup.ps1: PowerShell, which no rule reads",
            "lib/tool.rb: Ruby, which no rule reads",
        ]
    );
}

#[test]
fn a_directory_without_anything_to_read_is_not_scanned() {
    let workspace = workspace(&[("notes.txt", "hello")]);
    let report = Scan::of(&workspace, "code").run();
    assert_eq!(report.verdict, Verdict::NotScanned);
    assert_eq!(left_out(&report), [".: there is nothing in it that a rule reads"]);
}

#[test]
fn a_manifest_that_cannot_be_read_is_named() {
    for manifest in ["{oops", &format!("\"{}\"", "x".repeat(5 << 20))] {
        let workspace = workspace(&[("package.json", manifest), ("a.js", "")]);
        let report = Scan::of(&workspace, "code").run();
        let left_out = left_out(&report);
        let named = left_out.iter().any(|line| {
            line.starts_with("package.json: ") && line.contains("entries that OpenClaw would load")
        });
        assert!(named, "{left_out:?}");
    }
}

#[test]
fn everything_that_a_rule_reads_is_counted() {
    let workspace = workspace(&[
        ("a.JS", ""),
        ("a.d.ts", ""),
        ("SKILL.md", "eval("),
        ("README.md", "eval("),
        ("data.json", "{}"),
        ("run.js.txt", "eval("),
        ("logo.png", "eval("),
    ]);
    let report = Scan::of(&workspace, "code").run();
    assert_eq!(report.scan.scanned_files, 5);
    assert_eq!(found(&report), ["README.md:1", "SKILL.md:1"]);
}

#[test]
fn links_are_reported_and_not_followed() {
    let workspace = workspace(&[("real/a.js", "eval("), ("b.js", "")]);
    workspace.file("outside/evil.js", 0o600, "evil(");
    workspace.link("code/inside.js", "real/a.js");
    workspace.link("code/out.js", workspace.path("outside/evil.js"));
    workspace.link("code/out", workspace.path("outside"));
    workspace.link("code/gone.js", "nowhere");
    workspace.link("code/picture.png", "real/a.js");
    let report = Scan::of(&workspace, "code").run();
    assert_eq!(found(&report), ["real/a.js:1"]);
    assert_eq!(
        left_out(&report),
        ["gone.js", "inside.js", "out", "out.js"]
            .map(|name| format!("{name}: a link, which is not followed"))
    );
    assert!(!report.is_complete());
}

#[test]
fn pipes_are_not_opened() {
    let workspace = workspace(&[("a.js", "eval(")]);
    workspace.fifo("code/b.js");
    workspace.fifo("code/c");
    let report = Scan::of(&workspace, "code").run();
    assert_eq!(found(&report), ["a.js:1"]);
    assert_eq!(left_out(&report), ["b.js: a pipe, socket or device"]);
}

#[test]
fn named_files_come_first_wherever_they_lie() {
    let workspace = workspace(&[
        ("a.js", "eval("),
        (".hidden/entry.js", "eval("),
        ("node_modules/p/entry.js", "eval("),
        ("z.js", "eval("),
    ]);
    let report = Scan::of(&workspace, "code")
        .include("./node_modules/../node_modules/p/entry.js")
        .include("z.js")
        .include("z.js")
        .include(workspace.path("code/.hidden/entry.js").to_str().unwrap())
        .include("missing.js")
        .include("../code/a.js")
        .include("notes.txt")
        .include(".hidden")
        .run();
    assert_eq!(
        found(&report),
        ["node_modules/p/entry.js:1", "z.js:1", ".hidden/entry.js:1", "a.js:1"]
    );
    // What else is in a directory that is not searched stays unknown.
    assert!(left_out(&report).iter().all(|line| line.starts_with("node_modules: ")));
    assert!(
        notes(&report)
            .contains(&"missing.js: is named to be scanned, but does not exist".to_owned())
    );
}

#[test]
fn only_named_files_on_request() {
    let workspace = workspace(&[("a.js", "eval("), ("b.js", "eval(")]);
    let report = Scan::of(&workspace, "code").include("b.js").only_included().run();
    assert_eq!((found(&report), report.scan.scanned_files), (vec!["b.js:1".to_owned()], 1));
}

#[test]
fn the_operator_may_name_a_link_that_leads_out_and_a_package_may_not() {
    let workspace =
        workspace(&[("package.json", r#"{"openclaw": {"extensions": ["./alias.js", "own.js"]}}"#)]);
    workspace.file("outside/source.js", 0o600, "evil(");
    workspace.file("outside/id_rsa", 0o600, "evil(");
    workspace.file("code/.real/own.js", 0o600, "eval(");
    workspace.link("code/alias.js", workspace.path("outside/source.js"));
    workspace.link("code/key.js", workspace.path("outside/id_rsa"));
    workspace.link("code/own.js", ".real/own.js");

    let report = Scan::of(&workspace, "code").only_included().run();
    assert_eq!(found(&report), ["own.js:1"]);
    assert_eq!(left_out(&report), ["alias.js: it leads out through a link"]);

    let report =
        Scan::of(&workspace, "code").include("alias.js").include("key.js").only_included().run();
    assert_eq!(found(&report), ["alias.js:1", "own.js:1"]);
    assert_eq!(left_out(&report), ["key.js: a link to something outside that is not code"]);
}

#[test]
fn a_plugins_entries_are_read_wherever_they_are() {
    let workspace = workspace(&[
        ("package.json", r#"{"openclaw": {"extensions": ["./.dist/index.js", 7, "../x.js"]}}"#),
        (".dist/index.js", "eval("),
        ("a.js", "eval("),
    ]);
    assert_eq!(found(&Scan::of(&workspace, "code").run()), [".dist/index.js:1", "a.js:1"]);
}

#[test]
fn tests_are_left_out_on_request() {
    let workspace = workspace(&[
        ("runtime.ts", ""),
        ("worker.test-helper.ts", "eval("),
        ("a.SPEC.js", "eval("),
        ("__tests__/a.js", "eval("),
        ("test/a.js", "eval("),
        ("contest/a.js", "eval("),
    ]);
    let report = Scan::of(&workspace, "code").without_tests().run();
    assert_eq!(found(&report), ["contest/a.js:1"]);
    assert_eq!(notes(&report), [".: 4 test entries were skipped, as requested"]);
    assert_eq!(Scan::of(&workspace, "code").run().scan.scanned_files, 6);
}

#[test]
fn code_files_that_are_not_text_are_reported() {
    let workspace =
        workspace(&[("addon.node", "x"), ("lib.WASM", "x"), ("more.zip", "x"), ("ok.js", "eval(")]);
    workspace.file("code/tool", 0o600, b"\x7fELF\x02\x01");
    workspace.file("code/tool.dat", 0o700, b"\x7fELF\x02\x01");
    workspace.file("code/quiet.dat", 0o600, b"\x7fELF\x02\x01");
    workspace.file("code/masked.js", 0o600, b"\x7fELF eval(");
    workspace.file("code/zeros.js", 0o600, b"eval(\0");
    workspace.file("code/run", 0o700, "#!/bin/sh\n");
    let report = Scan::of(&workspace, "code").run();
    let machine = "machine code, which no rule reads";
    assert_eq!(
        left_out(&report),
        [
            format!("addon.node: {machine}"),
            format!("lib.WASM: {machine}"),
            "more.zip: an archive inside the target; scan it by itself".to_owned(),
            format!("quiet.dat: {machine}"),
            "run: a script that no rule reads".to_owned(),
            format!("tool: {machine}"),
            format!("tool.dat: {machine}"),
            format!("masked.js: {machine}"),
            "zeros.js: it contains zero bytes, so it may not have been read in full".to_owned(),
        ]
    );
    // A zero byte hides nothing.
    assert_eq!(found(&report), ["ok.js:1", "zeros.js:1"]);
}

#[test]
fn a_single_file_is_read_whatever_its_name_hides() {
    let workspace = workspace(&[(".a.js", "eval("), ("SKILL.md", "mode:echo"), ("x.png", "eval(")]);
    assert_eq!(found(&Scan::of(&workspace, "code/.a.js").run()), [".a.js:1"]);
    let report = Scan::of(&workspace, "code/SKILL.md").run();
    assert_eq!(report.scan.findings[0].message, "code | SKILL.md | 9");
    let report = Scan::of(&workspace, "code/x.png").run();
    assert_eq!(
        left_out(&report),
        [".: it is not an archive, and no rule reads files with such a name"]
    );
}

#[test]
fn the_scanner_learns_names_and_nothing_of_the_machine() {
    let workspace = workspace(&[("sub/a.js", "mode:echo")]);
    let report = Scan::of(&workspace, "code").run();
    assert_eq!(report.scan.findings[0].message, "code | sub/a.js | 9");
}

#[test]
fn several_paths_are_told_apart() {
    let workspace = workspace(&[("a.js", "eval("), ("sub/b.js", "")]);
    let report = Scan::of(&workspace, "code/a.js").and(&workspace, "code/sub").report();
    let verdicts: Vec<_> = report.targets.iter().map(|target| target.verdict).collect();
    assert_eq!(verdicts, [Verdict::Suspicious, Verdict::Clean]);
    assert_eq!(report.verdict(), Verdict::Suspicious);
}

#[test]
fn nothing_at_the_path_is_an_error() {
    let workspace = workspace(&[]);
    assert!(Scan::of(&workspace, "nowhere").refused().starts_with("there is nothing at "));
    workspace.link("code/gone", "nowhere");
    assert!(Scan::of(&workspace, "code/gone").refused().starts_with("there is nothing at "));
}

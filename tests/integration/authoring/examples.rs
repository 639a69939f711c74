//! Examples that are not as expected: each way is told, and none passes.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::{CommandOutput, component, module};

/// A directory with examples, for the template's component.
struct Examples(TempDir);

impl Examples {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(self, path: &str, text: &str) -> Self {
        let path = self.0.path().join("examples").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn test(&self) -> CommandOutput {
        module(self.path(), &["test", "--module", component().to_str().unwrap()])
    }

    /// The test fails with this in what it prints.
    #[track_caller]
    fn differs(&self, line: &str) {
        let told = self.test();
        assert_eq!(told.exit, 1, "{}{}", told.stdout, told.stderr);
        assert!(told.stdout.contains(line), "{}", told.stdout);
        assert!(told.stdout.contains("FAIL"), "{}", told.stdout);
    }
}

const LAN: &str = "{gateway: {bind: 'lan'}}";

fn expected(rule: &str, severity: &str) -> String {
    format!("[[finding]]\nrule = \"tests.my-check.{rule}\"\nseverity = \"{severity}\"\n")
}

#[test]
fn a_finding_in_a_good_example_fails() {
    Examples::new()
        .file("good/a/openclaw.json", LAN)
        .differs("unexpected: warn tests.my-check.reachable, \"The gateway can be reached from the network\"");
}

#[test]
fn a_bad_example_has_exactly_the_findings_that_are_expected() {
    let lan = || Examples::new().file("bad/a/openclaw.json", LAN);
    let reachable = expected("reachable", "warn");
    let told = lan().file("bad/a/expected.toml", &reachable).test();
    assert!(told.succeeds().stdout.contains("1 passed, 0 failed"));
    lan()
        .file("bad/a/expected.toml", &expected("reachable", "critical"))
        .differs("missing: critical tests.my-check.reachable");
    lan()
        .file("bad/a/expected.toml", &format!("{reachable}{}", expected("short_token", "warn")))
        .differs("missing: warn tests.my-check.short_token");
    lan()
        .file("bad/a/expected.toml", &format!("{reachable}title = \"Other\"\n"))
        .differs("missing: warn tests.my-check.reachable, \"Other\"");
}

#[test]
fn a_rule_that_could_not_be_decided_fails() {
    let broken = || Examples::new().file("good/a/openclaw.json", "{gateway: ");
    broken().differs("not run: tests.my-check.reachable");
    let told = broken()
        .file(
            "good/a/expected.toml",
            "not-run = [\"tests.my-check.reachable\", \"tests.my-check.short_token\"]\n",
        )
        .test();
    assert_eq!(told.exit, 0, "{}", told.stdout);
}

#[test]
fn a_failed_include_leaves_rules_undecided() {
    Examples::new()
        .file("good/a/openclaw.json", "{gateway: {$include: './none.json5'}}")
        .differs("not run: tests.my-check.reachable, rests on an incomplete config");
}

#[test]
fn a_module_that_does_not_finish_fails() {
    let examples = Examples::new().file("good/a/openclaw.json", "{}");
    let file = component();
    let told = module(
        examples.path(),
        &["test", "--module", file.to_str().unwrap(), "--limit", "fuel=10"],
    );
    assert_eq!(told.exit, 1);
    assert!(
        told.stdout.contains("did not finish: the limit of 10 units of work"),
        "{}",
        told.stdout
    );
}

#[test]
fn invalid_examples_are_errors() {
    let fails = |examples: Examples, with: &str| drop(examples.test().fails(with));
    fails(Examples::new(), "has no examples\nhelp: create `examples/good/NAME/`");
    fails(Examples::new().file("bad/a/openclaw.json", LAN), "a bad example must expect a finding");
    let good = || Examples::new().file("good/a/openclaw.json", "{}");
    fails(
        good().file("good/a/expected.toml", &expected("reachable", "warn")),
        "a good example must not expect a finding",
    );
    fails(good().file("good/a/expected.toml", "findings = []"), "unknown field `findings`");
    fails(
        good().file("good/a/expected.toml", "[modes]\n\"../../x\" = \"644\""),
        "write a path in the example",
    );
}

#[test]
fn a_record_is_an_example_too() {
    let workspace = Examples::new().file("bad/a/openclaw.json", LAN);
    let file = component();
    let record = workspace.path().join("examples/bad/b/record.json");
    fs::create_dir_all(record.parent().unwrap()).unwrap();
    let (file, record) = (file.to_str().unwrap(), record.to_str().unwrap());
    module(workspace.path(), &["record", file, "examples/bad/a", "-o", record]).succeeds();
    let reachable = expected("reachable", "warn");
    let workspace =
        workspace.file("bad/a/expected.toml", &reachable).file("bad/b/expected.toml", &reachable);
    let told = workspace.test().succeeds();
    assert!(told.stdout.contains("ok    bad/b"), "{}", told.stdout);
}

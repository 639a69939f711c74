//! Reads what `cargo test` printed and says what that run proves: how many tests ran, which were ignored and why.
//!
//! `chitin-test-report LOG` fails if a test failed, if a test that the threat model names did not run, or if a test was
//! ignored that `tests/data/allowed_skips.txt` does not name.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

const MODEL: &str = include_str!("../../docs/threat-model.md");
const ALLOWED_SKIPS: &str = include_str!("../data/allowed_skips.txt");

/// What became of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    Passed,
    Ignored(String),
    Failed,
}

/// The tests of a run by their path; one that ran in several programs has its worst outcome.
type Outcomes = BTreeMap<String, Outcome>;

/// A line such as `test module::name ... ok`, as libtest prints it. A test of a whole example says `line 12` in its name.
fn outcome(line: &str) -> Option<(&str, Outcome)> {
    let (name, outcome) = line.strip_prefix("test ")?.split_once(" ... ")?;
    let name = name.strip_suffix(" - should panic").unwrap_or(name);
    let outcome = match outcome.trim() {
        "ok" => Outcome::Passed,
        "FAILED" => Outcome::Failed,
        ignored => {
            Outcome::Ignored(ignored.strip_prefix("ignored")?.trim_matches([',', ' ']).to_owned())
        }
    };
    Some((name, outcome))
}

fn outcomes(log: &str) -> Outcomes {
    let mut outcomes = Outcomes::new();
    for (name, outcome) in log.lines().filter_map(outcome) {
        let known = outcomes.entry(name.to_owned()).or_insert(Outcome::Passed);
        if outcome != Outcome::Passed && *known != Outcome::Failed {
            *known = outcome;
        }
    }
    outcomes
}

/// What the last column of the threat model's tables names: tests, and modules as `the tests of X`.
#[derive(Debug, Default, PartialEq, Eq)]
struct Named<'m> {
    tests: BTreeSet<&'m str>,
    modules: BTreeSet<&'m str>,
}

fn named(model: &str) -> Named<'_> {
    let mut named = Named::default();
    let rows = model.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---"));
    for cell in rows.filter_map(|row| row.trim_end_matches('|').rsplit('|').next()) {
        let parts: Vec<&str> = cell.split('`').collect();
        for (before, name) in parts.iter().step_by(2).zip(parts.iter().skip(1).step_by(2)) {
            let is_module = before.trim_end().ends_with("tests of");
            let _new =
                if is_module { named.modules.insert(name) } else { named.tests.insert(name) };
        }
    }
    named
}

fn is_named(path: &str, name: &str) -> bool {
    path == name || path.strip_suffix(name).is_some_and(|before| before.ends_with("::"))
}

/// The names of tests that may be ignored; what follows a colon says when.
fn allowed_skips(list: &str) -> BTreeSet<&str> {
    let lines = list.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines.filter_map(|line| line.split(": ").next()).collect()
}

/// Everything that keeps a run from proving what it should.
fn problems(outcomes: &Outcomes, named: &Named<'_>, allowed: &BTreeSet<&str>) -> Vec<String> {
    let mut problems = Vec::new();
    for (path, outcome) in outcomes {
        match outcome {
            Outcome::Passed => {}
            Outcome::Failed => problems.push(format!("{path} failed")),
            Outcome::Ignored(_) if allowed.iter().any(|name| is_named(path, name)) => {}
            Outcome::Ignored(reason) => {
                problems.push(format!("{path} was ignored, and may not be: {reason}"));
            }
        }
    }
    let ran = |is_it: &dyn Fn(&str) -> bool| outcomes.keys().any(|path| is_it(path));
    for name in named.tests.iter().filter(|name| !ran(&|path| is_named(path, name))) {
        problems.push(format!("{name}: the threat model names it, and no such test was run"));
    }
    for module in &named.modules {
        let inside = format!("{module}::");
        if !ran(&|path| path.starts_with(&inside) || path.contains(&format!("::{inside}"))) {
            problems.push(format!("{module}: the threat model names its tests, and none was run"));
        }
    }
    problems
}

fn report(log: &str) -> Result<String, String> {
    let outcomes = outcomes(log);
    let passed = outcomes.values().filter(|outcome| **outcome == Outcome::Passed).count();
    if passed == 0 {
        return Err("no test was run".to_owned());
    }
    let mut lines = Vec::new();
    for (path, outcome) in &outcomes {
        if let Outcome::Ignored(reason) = outcome {
            lines.push(format!("ignored: {path}: {reason}"));
        }
    }
    let ignored = lines.len();
    let problems = problems(&outcomes, &named(MODEL), &allowed_skips(ALLOWED_SKIPS));
    if problems.is_empty() {
        lines.push(format!("{passed} tests passed, {ignored} ignored"));
        Ok(lines.join("\n"))
    } else {
        Err(problems.join("\n"))
    }
}

#[allow(clippy::print_stdout, clippy::print_stderr)]
fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: chitin-test-report LOG");
        return ExitCode::from(2);
    };
    let log = match std::fs::read(&path) {
        Ok(log) => String::from_utf8_lossy(&log).into_owned(),
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::from(2);
        }
    };
    match report(&log) {
        Ok(summary) => {
            println!("{summary}");
            ExitCode::SUCCESS
        }
        Err(problems) => {
            eprintln!("{problems}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "| attack | defence | test |\n| --- | --- | --- |\n| a | b | `signed`, `not_signed` |\n\
        | c | d | the tests of `trust::cut` |\n";

    fn problems_of(log: &str) -> Vec<String> {
        problems(&outcomes(log), &named(PAGE), &allowed_skips("# why\nslow: where it is slow\n"))
    }

    #[test]
    fn names_without_underscores_and_modules_are_read() {
        let named = named(PAGE);
        assert_eq!(named.tests, ["not_signed", "signed"].into());
        assert_eq!(named.modules, ["trust::cut"].into());
    }

    #[test]
    fn a_run_with_everything_has_no_problem() {
        let log = "test a::signed ... ok\ntest a::not_signed ... ok\ntest host::trust::cut::one ... ok\n\
            test b::slow ... ignored, no time\n";
        assert_eq!(problems_of(log), Vec::<String>::new());
    }

    #[test]
    fn what_did_not_run_is_a_problem() {
        let log = "test a::not_signed ... ok\ntest b::fast ... ignored, no machine\n";
        assert_eq!(
            problems_of(log),
            [
                "b::fast was ignored, and may not be: no machine",
                "signed: the threat model names it, and no such test was run",
                "trust::cut: the threat model names its tests, and none was run",
            ]
        );
    }

    #[test]
    fn an_ignored_test_that_the_model_names_is_a_problem() {
        let log = "test a::signed ... ignored\ntest a::not_signed ... ok\ntest trust::cut::x ... FAILED\n";
        assert_eq!(
            problems_of(log),
            ["a::signed was ignored, and may not be: ", "trust::cut::x failed"]
        );
    }

    #[test]
    fn a_failure_in_one_program_counts() {
        let log = "test a::signed ... ok\ntest a::signed ... FAILED\n";
        assert_eq!(outcomes(log)["a::signed"], Outcome::Failed);
    }
}

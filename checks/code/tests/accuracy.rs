//! Precision and recall of the scanner and of OpenClaw's own scanner on labelled samples. The figures are in
//! `docs/accuracy.md`; `make accuracy` rewrites it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use chitin_check_code::{RULES, SourceFile, scan};

use crate::baseline;

/// The least precision and recall, in percent.
const MINIMUM: f64 = 95.0;

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples")
}

fn page_path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/accuracy.md")
}

struct Labelled {
    path: String,
    bytes: Vec<u8>,
    expected: BTreeSet<String>,
}

impl Labelled {
    fn found(&self) -> BTreeSet<String> {
        let directory =
            Path::new(&self.path).parent().and_then(Path::file_name).unwrap_or_default();
        let subject = SourceFile {
            path: self.path.clone(),
            directory: directory.to_string_lossy().into_owned(),
            bytes: self.bytes.clone(),
        };
        let findings = scan(&subject).findings;
        findings
            .iter()
            .map(|finding| finding.rule.trim_end_matches("_truncated").to_owned())
            .collect()
    }

    fn found_by_baseline(&self) -> BTreeSet<String> {
        let text = String::from_utf8_lossy(&self.bytes);
        baseline::rules(&self.path, &text).into_iter().map(str::to_owned).collect()
    }
}

fn corpus() -> Vec<Labelled> {
    let root = samples();
    let labels: toml::Table =
        fs::read_to_string(root.join("labels.toml")).unwrap().parse().unwrap();
    let files = labels["files"].as_table().unwrap();
    files
        .iter()
        .map(|(path, rules)| Labelled {
            path: path.clone(),
            bytes: fs::read(root.join(path)).unwrap(),
            expected: rules
                .as_array()
                .unwrap()
                .iter()
                .map(|rule| rule.as_str().unwrap().to_owned())
                .collect(),
        })
        .collect()
}

/// Counts of pairs of a file and a rule.
#[derive(Default, Clone, Copy)]
struct Tally {
    right: usize,
    wrong: usize,
    missed: usize,
}

impl Tally {
    fn count(&mut self, expected: bool, found: bool) {
        match (expected, found) {
            (true, true) => self.right += 1,
            (false, true) => self.wrong += 1,
            (true, false) => self.missed += 1,
            (false, false) => {}
        }
    }

    fn precision(self) -> f64 {
        share(self.right, self.right + self.wrong)
    }

    fn recall(self) -> f64 {
        share(self.right, self.right + self.missed)
    }
}

#[allow(clippy::cast_precision_loss)]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { f64::NAN } else { 100.0 * part as f64 / whole as f64 }
}

#[derive(Default)]
struct Figures {
    files: usize,
    benign: usize,
    ours: BTreeMap<String, Tally>,
    theirs: BTreeMap<String, Tally>,
    mistakes: Vec<String>,
}

impl Figures {
    fn gather() -> Self {
        let mut figures = Self::default();
        let rules: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
        for file in corpus() {
            figures.files += 1;
            figures.benign += usize::from(file.expected.is_empty());
            let (ours, theirs) = (file.found(), file.found_by_baseline());
            for rule in &rules {
                let expected = file.expected.contains(*rule);
                figures
                    .ours
                    .entry((*rule).to_owned())
                    .or_default()
                    .count(expected, ours.contains(*rule));
                figures
                    .theirs
                    .entry((*rule).to_owned())
                    .or_default()
                    .count(expected, theirs.contains(*rule));
                if expected != ours.contains(*rule) {
                    let verb = if expected { "missed" } else { "wrong" };
                    figures.mistakes.push(format!("| `{}` | `{rule}` | {verb} |", file.path));
                }
            }
            let unknown: Vec<_> =
                file.expected.iter().filter(|rule| !rules.contains(rule.as_str())).collect();
            assert!(unknown.is_empty(), "{}: {unknown:?}", file.path);
        }
        figures
    }

    /// The rules that OpenClaw's own scanner has.
    fn shared(tallies: &BTreeMap<String, Tally>) -> Tally {
        let has = |id: &str| RULES.iter().any(|rule| rule.id == id && rule.alias.is_some());
        total(tallies.iter().filter(|(id, _)| has(id)).map(|(_, tally)| *tally))
    }

    fn page(&self) -> String {
        let mut page = String::from(
            "# How often the scanner is right\n\n\
             Written by `make accuracy`. The files are in `checks/code/tests/samples` and were made for this project. Each is \
             labelled with the rules that it breaks in the view of a careful reviewer. The figures count pairs of a file and \
             a rule. *Precision* is the share of findings that are right, *recall* the share of labels that were found. The \
             columns on the right are for OpenClaw 2026.9.6's own scanner, rebuilt from its behaviour. It reads code and \
             `SKILL.md`; \"no rule\" means that it does not have the rule.\n\n",
        );
        let malicious = self.files - self.benign;
        writeln!(
            page,
            "{} files: {malicious} that break rules, {} that do not.\n",
            self.files, self.benign
        )
        .unwrap();
        page.push_str(
            "| rule | labels | precision | recall | OpenClaw: precision | recall |\n| --- | --: | --: | --: | --: | --: |\n",
        );
        for (rule, ours) in &self.ours {
            let theirs = self.theirs[rule];
            let has = RULES.iter().any(|known| known.id == *rule && known.alias.is_some());
            let other = if has {
                format!("{} | {}", percent(theirs.precision()), percent(theirs.recall()))
            } else {
                "no rule | no rule".to_owned()
            };
            row(&mut page, &format!("`{rule}`"), *ours, &other);
        }
        for (name, ours, theirs) in [
            ("**rules that both have**", Self::shared(&self.ours), Self::shared(&self.theirs)),
            (
                "**all rules**",
                total(self.ours.values().copied()),
                total(self.theirs.values().copied()),
            ),
        ] {
            row(
                &mut page,
                name,
                ours,
                &format!("{} | {}", percent(theirs.precision()), percent(theirs.recall())),
            );
        }
        page.push_str("\n## What it gets wrong\n\n| file | rule | |\n| --- | --- | --- |\n");
        for mistake in &self.mistakes {
            writeln!(page, "{mistake}").unwrap();
        }
        page
    }
}

fn row(page: &mut String, name: &str, ours: Tally, other: &str) {
    let labels = ours.right + ours.missed;
    writeln!(
        page,
        "| {name} | {labels} | {} | {} | {other} |",
        percent(ours.precision()),
        percent(ours.recall())
    )
    .unwrap();
}

fn percent(share: f64) -> String {
    if share.is_nan() { "–".to_owned() } else { format!("{share:.1} %") }
}

fn total(tallies: impl Iterator<Item = Tally>) -> Tally {
    tallies.fold(Tally::default(), |sum, tally| Tally {
        right: sum.right + tally.right,
        wrong: sum.wrong + tally.wrong,
        missed: sum.missed + tally.missed,
    })
}

#[test]
fn accuracy_page_is_fresh() {
    let page = Figures::gather().page();
    let path = page_path();
    if std::env::var_os("CHITIN_UPDATE_PAGES").is_some() {
        fs::write(&path, &page).unwrap();
        print!("{page}");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "{} is out of date; `make accuracy` rewrites it", path.display());
}

#[test]
fn the_scanner_is_right_often_enough() {
    let figures = Figures::gather();
    let (ours, theirs) =
        (total(figures.ours.values().copied()), total(figures.theirs.values().copied()));
    assert!(figures.benign >= 150 && figures.files - figures.benign >= 150);
    assert!(ours.precision() >= MINIMUM && ours.recall() >= MINIMUM);
    assert!(ours.precision() > theirs.precision() && ours.recall() > theirs.recall());
    for (rule, ours) in &figures.ours {
        let theirs = figures.theirs[rule];
        assert!(theirs.recall().is_nan() || ours.recall() >= theirs.recall(), "{rule}");
    }
}

/// Fuzzing: samples that are changed at random places.
#[test]
fn mutated_samples_do_not_panic() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let files = corpus();
    let pieces: [&[u8]; 12] = [
        b"(",
        b"}",
        b"`",
        b"\"",
        b"/*",
        b"\\u{",
        b"${",
        b"\xff",
        b"\n",
        b"eval(",
        b"=>",
        b"require('child_process')",
    ];
    for round in 0..8 {
        for file in &files {
            let mut bytes = file.bytes.clone();
            for _ in 0..=round {
                let at = random.below(bytes.len() + 1);
                match random.below(4) {
                    0 => bytes.truncate(at),
                    1 => drop(
                        bytes.splice(at..at, pieces[random.below(pieces.len())].iter().copied()),
                    ),
                    2 => drop(bytes.drain(
                        at..(at + random.below(20)).min(file.bytes.len()).max(at).min(bytes.len()),
                    )),
                    _ => {
                        let other = &files[random.below(files.len())].bytes;
                        let start = random.below(other.len() + 1);
                        let part = other[start..].iter().take(80).copied().collect::<Vec<_>>();
                        drop(bytes.splice(at..at, part));
                    }
                }
            }
            scan(&SourceFile { path: file.path.clone(), directory: "x".to_owned(), bytes });
        }
    }
}

/// A generator with the same numbers on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end.max(1)).unwrap()).unwrap()
    }
}

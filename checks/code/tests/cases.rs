//! Cases from OpenClaw's own scanner and from its registry's moderation, as data in `cases.json`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chitin_check_code::{CodeFinding, Severity, SourceFile, is_scannable, scan, skill_text};
use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Case {
    name: String,
    mode: String,
    /// Whether all versions of the rules agree, so the case must hold here.
    default: bool,
    file: Option<String>,
    slug: Option<String>,
    display_name: Option<String>,
    summary: Option<String>,
    #[serde(default)]
    frontmatter: Map<String, Value>,
    #[serde(default)]
    metadata: Map<String, Value>,
    #[serde(default)]
    files: BTreeMap<String, String>,
    #[serde(default)]
    present: BTreeMap<String, Option<String>>,
    #[serde(default)]
    absent: Vec<String>,
    #[serde(default)]
    counts: BTreeMap<String, usize>,
    #[serde(default)]
    lines: BTreeMap<String, Vec<u32>>,
    #[serde(default)]
    evidence: BTreeMap<String, String>,
    scannable: Option<bool>,
}

impl Case {
    fn findings(&self) -> Vec<CodeFinding> {
        match (self.mode.as_str(), &self.file) {
            ("source", Some(file)) => read(file, "", &self.files[file]),
            ("skill-text", Some(file)) => skill_text(&self.files[file]),
            ("package", _) => self.package(),
            (mode, _) => panic!("mode {mode}"),
        }
    }

    /// The files of a skill. Its SKILL.md has the registry's data as front matter.
    fn package(&self) -> Vec<CodeFinding> {
        let slug = self.slug.as_deref().unwrap();
        let mut matter = format!(
            "---\nname: {}\ndescription: {}\nmetadata: {}\n",
            self.display_name.as_deref().unwrap(),
            self.summary.as_deref().unwrap(),
            serde_json::to_string(&self.metadata).unwrap()
        );
        for (key, value) in &self.frontmatter {
            writeln!(matter, "{key}: {value}").unwrap();
        }
        let mut files = self.files.clone();
        let skill = files.entry("SKILL.md".to_owned()).or_default();
        *skill = format!("{matter}---\n{skill}");
        files.iter().flat_map(|(path, text)| read(path, slug, text)).collect()
    }

    /// The findings by OpenClaw's name of the rule, or by its id here in `package` cases.
    fn by_rule<'f>(&self, findings: &'f [CodeFinding]) -> BTreeMap<&'f str, Vec<&'f CodeFinding>> {
        let mut rules: BTreeMap<&str, Vec<&CodeFinding>> = BTreeMap::new();
        for finding in findings {
            let name = if self.mode == "package" { Some(finding.rule) } else { finding.alias };
            if let Some(name) = name {
                rules.entry(name).or_default().push(finding);
            }
        }
        rules
    }

    fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if let (Some(file), Some(expected)) = (&self.file, self.scannable) {
            if is_scannable(file) != expected {
                problems.push(format!("{file} is scannable: {}", !expected));
            }
            return problems;
        }
        let findings = self.findings();
        let rules = self.by_rule(&findings);
        for (rule, severity) in &self.present {
            let found = rules.get(rule.as_str()).and_then(|findings| findings.first());
            let as_expected = found.is_some_and(|finding| {
                severity.as_deref().is_none_or(|severity| severity == name_of(finding.severity))
            });
            if !as_expected {
                problems.push(format!("{rule} is missing, or of another severity"));
            }
        }
        for rule in self.absent.iter().filter(|rule| rules.contains_key(rule.as_str())) {
            problems.push(format!("{rule} is reported"));
        }
        for (rule, count) in &self.counts {
            let found = rules.get(rule.as_str()).map_or(0, Vec::len);
            if found != *count {
                problems.push(format!("{rule}: {found} times"));
            }
        }
        for (rule, lines) in &self.lines {
            let found: Vec<u32> = rules
                .get(rule.as_str())
                .into_iter()
                .flatten()
                .map(|finding| finding.line)
                .collect();
            if found != *lines {
                problems.push(format!("{rule}: lines {found:?}"));
            }
        }
        for (rule, evidence) in &self.evidence {
            if rules.get(rule.as_str()).is_none_or(|found| found[0].evidence != *evidence) {
                problems.push(format!("{rule}: other evidence"));
            }
        }
        problems
    }
}

fn read(path: &str, directory: &str, text: &str) -> Vec<CodeFinding> {
    let subject =
        SourceFile { path: path.to_owned(), directory: directory.to_owned(), bytes: text.into() };
    scan(&subject).findings
}

fn name_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warn => "warn",
        Severity::Critical => "critical",
    }
}

#[test]
fn every_case_comes_out_as_expected() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("cases.json")).unwrap();
    let mut failed = Vec::new();
    for case in cases.iter().filter(|case| case.default) {
        let problems = case.problems();
        if !problems.is_empty() {
            failed.push(format!("{}: {}", case.name, problems.join("; ")));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

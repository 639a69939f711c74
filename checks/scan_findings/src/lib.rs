//! How the plugins and skills checks report what a scan of code found: the findings about one directory.
//!
//! Where code is and which of it is scanned is decided by the checks.

use chitin_sdk::text::{self, bullets};
use chitin_sdk::{CodeFinding, CodeScan, FileNote, Finding, Host, Location, Refusal, Severity};

/// What a finding lists. A report has room for findings about many directories.
const SHOWN: usize = 12;
/// Characters of a path, a message or a reason.
const LONGEST: usize = 300;
/// A path without code.
const NOWHERE: &str = ".chitin-asks-nothing";

/// Rules of one sort of code.
#[derive(Debug)]
pub struct Rules {
    /// Dangerous or suspicious code.
    pub safety: &'static str,
    /// Code that could not be read.
    pub scan_failed: &'static str,
    /// Code that was left out of the scan.
    pub incomplete: &'static str,
}

/// A directory of code.
#[derive(Debug)]
pub struct Subject<'s> {
    pub rules: &'static Rules,
    /// `Plugin` or `Skill`.
    pub sort: &'static str,
    pub name: &'s str,
    pub root: &'s str,
    /// Below the root.
    pub path: &'s str,
    /// Sentences to add to what is found.
    pub notes: &'s [String],
}

/// Refuses when this run scans no code, as the host does, without scanning any. A run that does has roots of code, whose
/// names begin alike.
pub fn is_scanned(host: &dyn Host, kind: &str) -> Result<(), Refusal> {
    let roots = host.roots()?;
    if roots.iter().any(|root| root.name.starts_with(kind)) {
        return Ok(());
    }
    match host.scan(&format!("{kind}none"), NOWHERE, &[]) {
        Err(refusal @ (Refusal::NotHere(_) | Refusal::NotGranted(_))) => Err(refusal),
        Ok(_) | Err(Refusal::Unavailable(_) | Refusal::OverLimit(_)) => Ok(()),
    }
}

/// What there is to report about a directory. Refuses only what no directory of the run could be asked.
pub fn findings(
    host: &dyn Host,
    subject: &Subject<'_>,
    scan: Result<CodeScan, Refusal>,
) -> Result<Vec<Finding>, Refusal> {
    let scan = match scan {
        Ok(scan) => scan,
        Err(refusal @ (Refusal::NotHere(_) | Refusal::NotGranted(_))) => return Err(refusal),
        Err(refusal) => {
            return Ok(vec![scan_failed(host, subject, refusal.reason())]);
        }
    };
    let left_out: Vec<String> = scan.not_scanned.iter().map(described).collect();
    match worst(&scan) {
        Some(severity) => Ok(vec![unsafe_code(host, subject, &scan, severity, &left_out)]),
        None if !left_out.is_empty() => Ok(vec![incomplete(host, subject, &left_out)]),
        None => Ok(Vec::new()),
    }
}

fn scan_failed(host: &dyn Host, subject: &Subject<'_>, reason: &str) -> Finding {
    let Subject { sort, .. } = subject;
    Finding::new(
        subject.rules.scan_failed,
        Severity::Warn,
        format!("{sort} \"{}\": its code could not be scanned", shown_name(subject.name)),
    )
    .detail(format!(
        "The code under {} could not be scanned to the end, so nothing is known about it: {}",
        shown_place(host, subject),
        cut(reason)
    ))
    .remediation("Check permissions and layout of the directory, then run the deep audit again.")
    .in_place(host, subject.root, subject.path, None)
}

fn incomplete(host: &dyn Host, subject: &Subject<'_>, left_out: &[String]) -> Finding {
    let Subject { sort, .. } = subject;
    Finding::new(
        subject.rules.incomplete,
        Severity::Warn,
        format!("{sort} \"{}\" was not scanned completely", shown_name(subject.name)),
    )
    .detail(format!(
        "Nothing was found in what was scanned under {}, but this was left out:\n{}{}",
        shown_place(host, subject),
        bullets(left_out, SHOWN),
        note_lines(subject)
    ))
    .remediation("Look at what was left out yourself, or scan it on its own with `chitin scan`.")
    .in_place(host, subject.root, subject.path, None)
}

fn unsafe_code(
    host: &dyn Host,
    subject: &Subject<'_>,
    scan: &CodeScan,
    severity: Severity,
    left_out: &[String],
) -> Finding {
    let Subject { sort, name, .. } = subject;
    let found: Vec<&CodeFinding> =
        scan.findings.iter().filter(|finding| finding.severity == severity).collect();
    let rows: Vec<String> = found.iter().map(|finding| row(finding)).collect();
    let place = shown_place(host, subject);
    let files = usize::try_from(scan.scanned_files).unwrap_or(usize::MAX);
    let (title, issues, remediation) = if severity == Severity::Critical {
        (
            "contains dangerous code patterns",
            text::count(found.len(), "critical issue", "critical issues"),
            format!("Review the code before it is used. If it cannot be trusted, remove {place}."),
        )
    } else {
        (
            "contains suspicious code patterns",
            text::count(found.len(), "warning", "warnings"),
            "Review the flagged code, and make sure that it is intended and safe.".to_owned(),
        )
    };
    let mut detail = format!(
        "Found {issues} in {} under {place}:\n{}",
        text::count(files, "scanned file", "scanned files"),
        bullets(&rows, SHOWN)
    );
    detail.push_str(&note_lines(subject));
    if !left_out.is_empty() {
        detail.push_str("\nThis was left out of the scan:\n");
        detail.push_str(&bullets(left_out, SHOWN));
    }
    let finding = Finding::new(
        subject.rules.safety,
        severity,
        format!("{sort} \"{}\" {title}", shown_name(name)),
    )
    .detail(detail)
    .remediation(remediation);
    found.iter().take(SHOWN).fold(finding, |finding, code| {
        let path = joined(subject.path, &code.file);
        finding
            .in_place(host, subject.root, &path, Some(code.line))
            .evidence(code.evidence.as_str())
    })
}

/// One line for what the scanner found, under OpenClaw's name and under its own.
fn row(finding: &CodeFinding) -> String {
    let place = format!("{} ({}:{})", cut(&finding.message), cut(&finding.file), finding.line);
    let evidence = cut(&finding.evidence);
    match &finding.alias {
        Some(alias) => format!("[{alias}] {place}; {}; evidence: {evidence}", finding.rule),
        None => format!("[{}] {place}; evidence: {evidence}", finding.rule),
    }
}

/// Critical or warn, if the scanner found anything of that severity.
fn worst(scan: &CodeScan) -> Option<Severity> {
    let worst = scan.findings.iter().map(|finding| finding.severity).max();
    worst.filter(|severity| *severity != Severity::Info)
}

fn described(note: &FileNote) -> String {
    if note.file.is_empty() {
        cut(&note.reason)
    } else {
        format!("{}: {}", cut(&note.file), cut(&note.reason))
    }
}

/// A line for each note.
fn note_lines(subject: &Subject<'_>) -> String {
    subject.notes.iter().take(SHOWN).flat_map(|note| ["\n", note.as_str()]).collect()
}

/// A path below a path, either of which may be empty.
pub fn joined(path: &str, below: &str) -> String {
    match (path, below) {
        ("", below) => below.to_owned(),
        (path, "") => path.to_owned(),
        (path, below) => format!("{path}/{below}"),
    }
}

/// A name from the disk, as much of it as belongs into a title.
pub fn shown_name(name: &str) -> String {
    cut_to(name, 100)
}

/// A text from the disk, as much of it as belongs into a line.
pub fn cut(text: &str) -> String {
    cut_to(text, LONGEST)
}

fn cut_to(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn shown_place(host: &dyn Host, subject: &Subject<'_>) -> String {
    shown_path(host, subject.root, subject.path)
}

/// The full path, as much of it as belongs into a line.
pub fn shown_path(host: &dyn Host, root: &str, path: &str) -> String {
    cut(&host.describe(root, path).unwrap_or_else(|_| format!("{root}:{path}")))
}

/// A place that the host would not accept would cost the whole finding.
trait InPlace {
    fn in_place(self, host: &dyn Host, root: &str, path: &str, line: Option<u32>) -> Self;
}

impl InPlace for Finding {
    fn in_place(self, host: &dyn Host, root: &str, path: &str, line: Option<u32>) -> Self {
        if host.describe(root, path).is_err() {
            return self;
        }
        self.at_location(Location::File { root: root.to_owned(), path: path.to_owned(), line })
    }
}

#[cfg(test)]
mod tests;

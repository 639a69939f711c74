//! What a tree may come to. Whatever is left out because of a limit is reported, with the option that raises it.

use chitin_scan::Verdict;

use super::{Scan, found, left_out, workspace};

/// The message about a limit.
fn over(limit: &str, unit: &str, name: &str) -> String {
    format!("the limit of {limit} {unit} was reached (raise it with --limit {name}=NUMBER)")
}

#[test]
fn a_file_of_the_limit_is_read_and_one_byte_more_is_not() {
    let workspace =
        workspace(&[("a.js", "eval(12345"), ("b.js", "eval(123456"), ("c.js", "eval(")]);
    let report = Scan::of(&workspace, "code").limit("scan-file=10").run();
    assert_eq!(found(&report), ["a.js:1", "c.js:1"]);
    assert_eq!(left_out(&report), [format!("b.js: {}", over("10", "bytes", "scan-file"))]);
    assert_eq!(report.scan.scanned_files, 2);
    assert!(!report.truncated);
}

#[test]
fn files_over_the_limit_are_reported() {
    let workspace = workspace(&[("a.js", ""), ("b.js", ""), ("c.js", "eval(")]);
    let report = Scan::of(&workspace, "code").limit("scan-files=2").run();
    assert_eq!(left_out(&report), [format!(".: {}", over("2", "files", "scan-files"))]);
    assert_eq!((report.scan.scanned_files, report.verdict), (2, Verdict::Clean));
    assert!(report.truncated && !report.is_complete());
    let report = Scan::of(&workspace, "code").limit("scan-files=3").run();
    assert!(!report.truncated && report.is_complete());
}

#[test]
fn named_files_count_first() {
    let workspace = workspace(&[("regular.js", ""), (".hidden/entry.js", "eval(")]);
    let report =
        Scan::of(&workspace, "code").limit("scan-files=1").include(".hidden/entry.js").run();
    assert_eq!(
        (found(&report), report.scan.scanned_files),
        (vec![".hidden/entry.js:1".to_owned()], 1)
    );
}

#[test]
fn bytes_over_the_limit_are_reported() {
    let workspace = workspace(&[("a.js", "eval(1"), ("b.js", "eval(2"), ("c.js", "eval(3")]);
    let report = Scan::of(&workspace, "code").limit("scan-bytes=12").run();
    assert_eq!(found(&report), ["a.js:1", "b.js:1"]);
    assert_eq!(left_out(&report), [format!(".: {}", over("12", "bytes", "scan-bytes"))]);
    assert!(report.truncated);
}

#[test]
fn findings_beyond_the_limit_are_counted() {
    let workspace = workspace(&[("a.js", "eval(\neval(\neval("), ("b.js", "eval(\neval(")]);
    let report = Scan::of(&workspace, "code").limit("findings=3").run();
    assert_eq!(found(&report).len(), 3);
    let reached = over("3", "findings", "findings");
    assert_eq!(left_out(&report), [format!(".: 2 more findings: {reached}")]);
}

#[test]
fn a_scan_ends_when_its_time_is_over() {
    let files: Vec<(String, &str)> =
        (0..50).map(|number| (format!("{number:02}.js"), "mode:loop")).collect();
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let workspace = workspace(&files);
    let report = Scan::of(&workspace, "code")
        .limit("scan-fuel=1152921504606846976")
        .limit("scan-time=100")
        .limit("scan-total=500")
        .run();
    assert!(report.truncated && !report.is_complete());
    let last = left_out(&report).pop().unwrap();
    assert!(last.ends_with(&over("500", "milliseconds", "scan-total")), "{last}");
}

#[test]
fn many_remarks_are_counted() {
    let files: Vec<String> = (0..1100).map(|number| format!("{number:04}.node")).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|name| (name.as_str(), "")).collect();
    let report = Scan::of(&workspace(&files), "code").run();
    assert_eq!(left_out(&report).len(), 1001);
    assert_eq!(left_out(&report).pop().unwrap(), ".: …and 100 more");
}

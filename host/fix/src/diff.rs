//! A unified diff, made from the splices of an edit and not by comparing texts: one pass is enough for a file of any size,
//! and nothing but the changed lines can be shown.

use super::edit::Splice;

/// Lines that differ, as ranges of line indices.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Hunk {
    old: std::ops::Range<usize>,
    new: std::ops::Range<usize>,
}

/// The changed lines of a text, without context lines. Adjacent ones are one hunk.
pub(super) fn hunks(text: &str, splices: &[Splice]) -> Vec<Hunk> {
    let mut found: Vec<Hunk> = Vec::new();
    let (mut at, mut old_line, mut new_line) = (0, 0, 0);
    for (number, splice) in splices.iter().enumerate() {
        let between = lines(text.get(at..splice.start).unwrap_or_default());
        old_line += between;
        new_line += between;
        // Lines that are added after a line leave that line as it is.
        let after = text.get(splice.start..).unwrap_or_default();
        let is_last_there = splices.get(number + 1).is_none_or(|next| next.start > splice.start);
        let is_appended = is_last_there
            && splice.old.is_empty()
            && ["\n", "\r\n"]
                .iter()
                .any(|end| splice.new.starts_with(end) && after.starts_with(end));
        let (old_start, new_start) =
            if is_appended { (old_line + 1, new_line + 1) } else { (old_line, new_line) };
        at = splice.start + splice.old.len();
        old_line += lines(&splice.old);
        new_line += lines(&splice.new);
        let hunk = Hunk { old: old_start..old_line + 1, new: new_start..new_line + 1 };
        match found.last_mut() {
            Some(last) if hunk.old.start <= last.old.end => {
                last.old = last.old.start.min(hunk.old.start)..hunk.old.end;
                last.new = last.new.start.min(hunk.new.start)..hunk.new.end;
            }
            _ => found.push(hunk),
        }
    }
    found
}

fn lines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

/// A line of a diff, without its line end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'t> {
    Header(String),
    Old(&'t str),
    New(&'t str),
}

/// The hunks of two texts, written out.
pub(super) fn unified<'t>(hunks: &[Hunk], old: &'t str, new: &'t str) -> Vec<Line<'t>> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split('\n').collect(), new.split('\n').collect());
    let mut out = Vec::new();
    for hunk in hunks {
        out.push(Line::Header(format!(
            "@@ -{} +{} @@",
            range_text(&hunk.old),
            range_text(&hunk.new)
        )));
        out.extend(
            old.get(hunk.old.clone()).unwrap_or_default().iter().map(|line| Line::Old(line)),
        );
        out.extend(
            new.get(hunk.new.clone()).unwrap_or_default().iter().map(|line| Line::New(line)),
        );
    }
    out
}

/// First line and number of lines, as `diff` counts them.
fn range_text(range: &std::ops::Range<usize>) -> String {
    match range.len() {
        0 => format!("{},0", range.start),
        1 => (range.start + 1).to_string(),
        count => format!("{},{count}", range.start + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::super::edit::apply;
    use super::super::test_rng::TestRng;
    use super::*;

    fn diff(text: &str, splices: &[(usize, &str, &str)]) -> String {
        let splices: Vec<Splice> = splices
            .iter()
            .map(|(start, old, new)| Splice {
                start: *start,
                old: (*old).to_owned(),
                new: (*new).to_owned(),
            })
            .collect();
        let new = apply(text, &splices).unwrap();
        let lines = unified(&hunks(text, &splices), text, &new);
        let written = lines.iter().map(|line| match line {
            Line::Header(header) => header.clone(),
            Line::Old(line) => format!("-{line}"),
            Line::New(line) => format!("+{line}"),
        });
        written.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn changed_lines_and_no_others() {
        assert_eq!(diff("a\nb\nc\n", &[(2, "b", "x")]), "@@ -2 +2 @@\n-b\n+x");
        assert_eq!(
            diff("a\nb\nc\nd", &[(0, "a", "x"), (4, "c", "y")]),
            "@@ -1 +1 @@\n-a\n+x\n@@ -3 +3 @@\n-c\n+y"
        );
        assert_eq!(
            diff("a\nb", &[(0, "a", "x"), (2, "b", "y")]),
            "@@ -1,2 +1,2 @@\n-a\n-b\n+x\n+y"
        );
        assert_eq!(diff("abc", &[(0, "a", "x"), (2, "c", "y")]), "@@ -1 +1 @@\n-abc\n+xby");
    }

    #[test]
    fn added_and_removed_lines() {
        assert_eq!(diff("a\nb\n", &[(1, "", "\nx")]), "@@ -1,0 +2 @@\n+x");
        assert_eq!(diff("a\r\nb", &[(1, "", "\r\nx")]), "@@ -1,0 +2 @@\n+x\r");
        assert_eq!(
            diff("a\nb\nc", &[(0, "a", "x"), (1, "", "\ny"), (4, "c", "z")]),
            "@@ -1 +1,2 @@\n-a\n+x\n+y\n@@ -3 +4 @@\n-c\n+z"
        );
        assert_eq!(
            diff("[1,\n2]\nb", &[(0, "[1,\n2]", "[1]"), (7, "b", "c")]),
            "@@ -1,3 +1,2 @@\n-[1,\n-2]\n-b\n+[1]\n+c"
        );
        assert_eq!(diff("a", &[(1, "", "\nx")]), "@@ -1 +1,2 @@\n-a\n+a\n+x");
    }

    /// The old text with the hunks applied, as `patch` would.
    fn patched(text: &str, new: &str, hunks: &[Hunk]) -> String {
        let (old, new): (Vec<&str>, Vec<&str>) =
            (text.split('\n').collect(), new.split('\n').collect());
        let (mut out, mut at) = (Vec::<&str>::new(), 0);
        for hunk in hunks {
            assert!(hunk.old.start >= at && hunk.new.start == out.len() + hunk.old.start - at);
            out.extend(&old[at..hunk.old.start]);
            out.extend(&new[hunk.new.clone()]);
            at = hunk.old.end;
        }
        out.extend(&old[at..]);
        out.join("\n")
    }

    #[test]
    fn hunks_contain_every_change_in_ten_thousand_texts() {
        let mut rng = TestRng(0x9e37_79b9);
        let letters = |most: usize, rng: &mut TestRng| -> String {
            (0..rng.below(most)).map(|_| rng.pick(&["a", "b", "\n", "\r\n", "é"])).collect()
        };
        for _ in 0..10_000 {
            let (mut text, mut splices) = (letters(8, &mut rng), Vec::new());
            for _ in 0..rng.below(4) {
                let (start, old) = (text.len(), letters(4, &mut rng));
                let new = letters(4, &mut rng);
                text.push_str(&old);
                text.push_str(&letters(6, &mut rng));
                splices.push(Splice { start, old, new });
            }
            let new = apply(&text, &splices).unwrap();
            assert_eq!(patched(&text, &new, &hunks(&text, &splices)), new, "{text:?} {splices:?}");
        }
    }
}

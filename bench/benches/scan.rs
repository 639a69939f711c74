//! `cargo bench -p chitin-bench --bench scan`: reading the code of a large directory, from the directory to the findings.

// A bench that cannot be set up should say so and stop.
#![allow(clippy::expect_used)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use chitin_runtime::Catalogue;
use chitin_runtime::limits::Limits;
use chitin_scan::{Asked, TargetReport, Unwatched, scan_paths};
use divan::Bencher;
use divan::counter::BytesCount;
use tokio_util::sync::CancellationToken;

fn main() {
    divan::main();
}

/// Files, and bytes in each.
const TREES: [(usize, usize); 3] = [(100, 10_000), (1000, 10_000), (10, 1_000_000)];

/// Ordinary code, different in every file.
fn code(number: usize, bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 200);
    let mut line = 0;
    while text.len() < bytes {
        line += 1;
        let _infallible = writeln!(
            text,
            "export function f{number}_{line}(a, b) {{ const key = `${{a}}-{line}`; \
             return b.map((x) => x.value + {line}).filter(Boolean).join(key); }}"
        );
    }
    text
}

fn make(directory: &Path, files: usize, bytes: usize) {
    for number in 0..files {
        let folder = directory.join(format!("{:03}", number / 100));
        fs::create_dir_all(&folder).expect("a directory");
        fs::write(folder.join(format!("{number}.js")), code(number, bytes)).expect("a file");
    }
}

fn scan(path: PathBuf, catalogue: &Catalogue) -> Vec<TargetReport> {
    let (limits, stop) = (Limits::default(), CancellationToken::new());
    scan_paths(&[path], &Asked::default(), catalogue, limits, &stop, &Unwatched)
        .expect("a scanner and a directory")
}

#[divan::bench(args = TREES, sample_count = 5)]
fn directory(bencher: Bencher<'_, '_>, (files, bytes): (usize, usize)) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    make(directory.path(), files, bytes);
    let catalogue = chitin_builtin::catalogue().expect("the built-in modules load");
    bencher
        .counter(BytesCount::new(files * bytes))
        .bench_local(|| scan(directory.path().to_owned(), &catalogue));
}

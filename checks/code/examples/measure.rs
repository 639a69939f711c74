//! Scans files and prints the throughput: `measure PATH…`. With `-v`, prints each finding too.

#![allow(clippy::print_stdout, clippy::cast_precision_loss)]

use std::time::Instant;

use chitin_check_code::{SourceFile, scan};

fn main() {
    let (options, paths): (Vec<_>, Vec<_>) =
        std::env::args().skip(1).partition(|name| name.starts_with('-'));
    let files: Vec<SourceFile> = paths
        .into_iter()
        .filter_map(|path| {
            let bytes = std::fs::read(&path).ok()?;
            Some(SourceFile { path, directory: String::new(), bytes })
        })
        .collect();
    let bytes: usize = files.iter().map(|file| file.bytes.len()).sum();
    let begin = Instant::now();
    let mut count = 0;
    for file in &files {
        let reading = scan(file);
        count += reading.findings.len();
        if !options.is_empty() {
            for finding in &reading.findings {
                println!(
                    "{}:{}:{} {} {}",
                    file.path, finding.line, finding.column, finding.rule, finding.evidence
                );
            }
            if let Some(note) = &reading.note {
                println!("{}: {note}", file.path);
            }
        }
    }
    let seconds = begin.elapsed().as_secs_f64();
    let megabytes = bytes as f64 / 1e6;
    println!(
        "{} files, {megabytes:.1} MB, {count} findings, {:.1} MB/s",
        files.len(),
        megabytes / seconds
    );
}

//! What OpenClaw reports for given inputs, and what it fixes. The data is in `tests/data/conformance`; where chitin decides differently
//! on purpose, `deviations.toml` or a vector's own `reason` says why.

mod cases;
mod fixes;
mod layout;
mod probe;
mod vectors;

/// Prints one line for each case, and fails if any of them did not come out as it should.
fn assert_all_as_expected(verdicts: Vec<(String, Verdict)>) {
    let mut failed = Vec::new();
    for (name, verdict) in verdicts {
        match verdict {
            Verdict::Ok => println!("ok         {name}"),
            Verdict::Deviation(reason) => println!("deviation  {name}: {reason}"),
            Verdict::Failed(problems) => {
                println!("FAILED     {name}");
                failed.push(format!("{name}\n    {}", problems.join("\n    ")));
            }
        }
    }
    assert!(failed.is_empty(), "{} cases failed:\n{}", failed.len(), failed.join("\n"));
}

enum Verdict {
    Ok,
    /// Not as OpenClaw has it, for a reason.
    Deviation(String),
    Failed(Vec<String>),
}

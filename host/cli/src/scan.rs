//! `chitin scan`.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Args;

use super::audit::FailOn;
use super::progress;
use super::runtime::run_stoppable;
use crate::exit::Exit;
use crate::output::print;
use chitin_model::escape::visible;
use chitin_model::finding::Severity;
use chitin_report::scan::{ScanReport, json, text};
use chitin_runtime::limits::{LimitSetting, Limits};
use chitin_scan::{Asked, ScanError, Search, TestFiles, scan_paths};
use tokio_util::sync::CancellationToken;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Directories of skills or plugins, single files, or archives of them (.zip, .tgz), which are read in place
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    /// Print as JSON
    #[arg(long)]
    json: bool,

    /// Also scan this file below PATH, wherever it lies; the entries of package.json are always scanned
    #[arg(long, value_name = "FILE")]
    include: Vec<String>,

    /// Scan nothing but the included files and the entries of package.json
    #[arg(long)]
    only_included: bool,

    /// Leave out tests, as OpenClaw does when it installs a plugin
    #[arg(long)]
    exclude_tests: bool,

    /// Exit with 10 when a finding is at or above SEVERITY
    #[arg(long, value_name = "SEVERITY")]
    fail_on: Option<FailOn>,

    /// Change a limit, for instance scan-files=100000 or scan-file=8388608
    #[arg(long, value_name = "NAME=NUMBER")]
    limit: Vec<LimitSetting>,
}

impl Arguments {
    pub(super) fn run(self) -> Result<Exit> {
        let asked = Asked {
            include: self.include,
            search: if self.only_included { Search::NamedOnly } else { Search::Everywhere },
            tests: if self.exclude_tests { TestFiles::LeftOut } else { TestFiles::Scanned },
        };
        let (paths, limits) = (self.paths, Limits::with(&self.limit));
        let (cancel, watch) = (CancellationToken::new(), progress::watch());
        let catalogue = chitin_builtin::catalogue()?;
        let waiting = cancel.clone();
        let scanned = run_stoppable(&cancel, async {
            // Beside the threads of the runtime, which listen to the signal meanwhile.
            let scan = move || scan_paths(&paths, &asked, &catalogue, limits, &waiting, &*watch);
            tokio::task::spawn_blocking(scan).await.context("the scan came to no end")
        })?;
        let targets = match scanned {
            Ok(targets) => targets,
            Err(ScanError::NothingThere(path)) => {
                let path = path.display().to_string();
                anstream::eprintln!("error: there is nothing at {}", visible(&path));
                return Ok(Exit::Usage);
            }
            Err(other) => return Err(other.into()),
        };
        let found = ScanReport { targets };
        print(&if self.json { json(&found)? } else { text(&found) })?;
        Ok(verdict(&found, self.fail_on.map(Severity::from)))
    }
}

fn verdict(found: &ScanReport, fail_on: Option<Severity>) -> Exit {
    let hit =
        fail_on.is_some_and(|least| found.findings().any(|finding| finding.severity >= least));
    if hit {
        Exit::Findings
    } else if found.is_complete() {
        Exit::Ok
    } else {
        Exit::Incomplete
    }
}

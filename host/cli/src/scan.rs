//! `chitin scan`.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Args;

use super::environment::{environment, working_directory};
use super::fail_on::{Completeness, FailOn, exit_code};
use super::progress;
use super::runtime::run_until_interrupted;
use crate::exit::Exit;
use crate::output::print;
use chitin_collect::Collected;
use chitin_config::discover::Request;
use chitin_model::escape::visible;
use chitin_report::scan::{ScanReport, json, text};
use chitin_runtime::limits::{LimitSetting, Limits};
use chitin_scan::{ScanError, ScanOptions, Search, TestFiles, scan_paths};
use chitin_view::KnownSecrets;
use glob::Pattern;
use tokio_util::sync::CancellationToken;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Directories of skills or plugins, single files, or archives (.zip, .tgz), which are read in place
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    /// Print as JSON
    #[arg(long)]
    json: bool,

    /// Also scan this file below PATH, wherever it is; the entries of package.json are always scanned
    #[arg(long, value_name = "FILE")]
    include: Vec<String>,

    /// Scan only the included files and the entries of package.json
    #[arg(long)]
    only_included: bool,

    /// Leave out what matches PATTERN, a path below PATH or a name, such as '*.rb'
    #[arg(long, value_name = "PATTERN")]
    exclude: Vec<Pattern>,

    /// Leave out tests, as OpenClaw does when it installs a plugin
    #[arg(long)]
    exclude_tests: bool,

    /// Exit with 10 if a finding is at or above SEVERITY
    #[arg(long, value_name = "SEVERITY")]
    fail_on: Option<FailOn>,

    /// Change a limit, for instance scan-files=100000 or scan-file=8388608
    #[arg(long, value_name = "NAME=NUMBER")]
    limit: Vec<LimitSetting>,
}

impl Arguments {
    pub(super) fn run(self, profile: Option<&str>) -> Result<Exit> {
        let options = ScanOptions {
            include: self.include,
            search: if self.only_included { Search::NamedOnly } else { Search::Everywhere },
            tests: if self.exclude_tests { TestFiles::LeftOut } else { TestFiles::Scanned },
            exclude: self.exclude,
            secrets: own_secrets(profile)?,
        };
        let (paths, limits) = (self.paths, Limits::with(&self.limit));
        let (cancel, progress) = (CancellationToken::new(), progress::on_terminal());
        let catalogue = chitin_builtin::catalogue()?;
        let token = cancel.clone();
        let scanned = run_until_interrupted(&cancel, async {
            // Not on a thread of the runtime: those have to listen for Ctrl-C.
            let scan = move || scan_paths(&paths, &options, &catalogue, limits, &token, &*progress);
            tokio::task::spawn_blocking(scan).await.context("the scan failed; please report this")
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
        let severities = found.findings().map(|finding| finding.severity);
        Ok(exit_code(self.fail_on, severities, Completeness::of(found.is_complete())))
    }
}

/// What the operator's own gateway keeps secret: code that is scanned may contain it.
fn own_secrets(profile: Option<&str>) -> Result<KnownSecrets> {
    let request = Request { cwd: working_directory()?, ..Request::default() };
    let own = Collected::gather(&request, environment(profile));
    Ok(KnownSecrets::of(&own)?)
}

//! The browser containers of OpenClaw's sandbox, as docker lists them.

mod docker;
#[cfg(test)]
#[cfg(unix)]
mod tests;

use std::ffi::OsString;
use std::time::Duration;

use docker::{Docker, Output};
use serde::{Deserialize, Serialize};

use crate::facts::error::FactError;
use chitin_config::ecma::trim;

const MAX_CONTAINERS: usize = 200;

/// Labels that OpenClaw puts on the containers, one tab between them.
const LABELS: &str = concat!(
    r#"{{ index .Config.Labels "openclaw.configHash" }}"#,
    "\t",
    r#"{{ index .Config.Labels "openclaw.browserConfigEpoch" }}"#
);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct BrowserContainer {
    pub name: String,
    pub config_hash: Option<String>,
    pub config_epoch: Option<String>,
    /// Lines of `docker port`.
    pub ports: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct BrowserContainers {
    pub containers: Vec<BrowserContainer>,
    /// The limit, when a command of docker ran into it. No further command was run then.
    pub timed_out_after: Option<Duration>,
}

/// Asks docker, found through `PATH`. The limit is for each command; `variable` gives the environment.
///
/// Needs a tokio runtime with time and input and output enabled.
pub async fn browser_containers(
    variable: impl Fn(&str) -> Option<OsString>,
    limit: Duration,
) -> Result<BrowserContainers, FactError> {
    let docker = Docker::find(variable, limit)
        .ok_or_else(|| FactError::NotHere("docker is not installed".to_owned()))?;
    let list =
        ["ps", "-a", "--filter", "label=openclaw.sandboxBrowser=1", "--format", "{{.Names}}"];
    let mut found = BrowserContainers::default();
    let names = match docker.run(&list).await? {
        Output::Text(text) => lines(&text),
        Output::Failed(reason) => {
            return Err(FactError::new(format!("docker cannot list containers: {reason}")));
        }
        Output::TimedOut => {
            found.timed_out_after = Some(limit);
            return Ok(found);
        }
    };
    if names.len() > MAX_CONTAINERS {
        return Err(FactError::new(format!(
            "docker lists more than {MAX_CONTAINERS} sandbox browser containers"
        )));
    }
    for name in names.into_iter().filter(|name| is_container_name(name)) {
        if inspect(&docker, name, &mut found.containers).await? == Time::Out {
            found.timed_out_after = Some(limit);
            break;
        }
    }
    Ok(found)
}

#[derive(PartialEq, Eq)]
enum Time {
    Left,
    Out,
}

/// A container that docker no longer knows is left out.
async fn inspect(
    docker: &Docker,
    name: String,
    found: &mut Vec<BrowserContainer>,
) -> Result<Time, FactError> {
    let labels = match docker.run(&["inspect", "-f", LABELS, &name]).await? {
        Output::Text(text) => text,
        Output::Failed(_) => return Ok(Time::Left),
        Output::TimedOut => return Ok(Time::Out),
    };
    let mut labels = labels.split('\t').map(label);
    let (config_hash, config_epoch) = (labels.next().flatten(), labels.next().flatten());
    let (ports, time) = match docker.run(&["port", &name]).await? {
        Output::Text(text) => (lines(&text), Time::Left),
        // As for a container that is stopped.
        Output::Failed(_) => (Vec::new(), Time::Left),
        Output::TimedOut => (Vec::new(), Time::Out),
    };
    found.push(BrowserContainer { name, config_hash, config_epoch, ports });
    Ok(time)
}

fn lines(text: &str) -> Vec<String> {
    text.split('\n').map(trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn label(text: &str) -> Option<String> {
    Some(trim(text)).filter(|label| !matches!(*label, "" | "<no value>")).map(str::to_owned)
}

/// Docker's own rule. Anything else could be taken for an option.
fn is_container_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

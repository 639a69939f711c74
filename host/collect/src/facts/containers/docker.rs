//! Runs the docker client: no shell, no input, little environment, little time, little output.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, ChildStderr, Command};
use tokio::task::JoinHandle;

use crate::facts::error::FactError;

const MAX_OUTPUT_BYTES: u64 = 256 * 1024;
const MAX_ERROR_BYTES: u64 = 4096;
const MAX_REASON_CHARS: usize = 200;

/// What the client needs to find its daemon.
const VARIABLES: &[&str] = &[
    "PATH",
    "HOME",
    "DOCKER_HOST",
    "DOCKER_CONTEXT",
    "DOCKER_CONFIG",
    "DOCKER_CERT_PATH",
    "DOCKER_TLS_VERIFY",
    #[cfg(windows)]
    "SystemRoot",
    #[cfg(windows)]
    "USERPROFILE",
];

pub(super) struct Docker {
    program: PathBuf,
    environment: Vec<(&'static str, OsString)>,
    limit: Duration,
}

/// What one command of docker gave.
pub(super) enum Output {
    Text(String),
    /// The first line of docker's error message.
    Failed(String),
    TimedOut,
}

impl Docker {
    /// None when there is no docker in the folders of `PATH`.
    pub(super) fn find(
        variable: impl Fn(&str) -> Option<OsString>,
        limit: Duration,
    ) -> Option<Self> {
        let path = variable("PATH")?;
        // A relative folder would depend on the working directory.
        let mut folders = std::env::split_paths(&path).filter(|folder| folder.is_absolute());
        let program = folders.find_map(|folder| {
            let program = folder.join(if cfg!(windows) { "docker.exe" } else { "docker" });
            is_program(&program).then_some(program)
        })?;
        let environment =
            VARIABLES.iter().filter_map(|name| Some((*name, variable(name)?))).collect();
        Some(Self { program, environment, limit })
    }

    pub(super) async fn run(&self, arguments: &[&str]) -> Result<Output, FactError> {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0);
        let mut child = match command.spawn() {
            Ok(child) => child,
            Err(error) => {
                return Ok(Output::Failed(format!("it cannot be started ({})", error.kind())));
            }
        };
        let output = tokio::time::timeout(self.limit, output_of(&mut child)).await;
        if !matches!(output, Ok(Ok(_))) {
            kill(&mut child).await;
        }
        output.unwrap_or(Ok(Output::TimedOut))
    }
}

async fn output_of(child: &mut Child) -> Result<Output, FactError> {
    let errors = ErrorText::collect(child.stderr.take());
    let printed = read(child.stdout.as_mut(), MAX_OUTPUT_BYTES + 1).await;
    if printed.len() as u64 > MAX_OUTPUT_BYTES {
        return Err(FactError::new("docker prints more than 256 KiB"));
    }
    match child.wait().await {
        Ok(status) if status.success() => {
            Ok(Output::Text(String::from_utf8_lossy(&printed).into_owned()))
        }
        Ok(_) => Ok(Output::Failed(first_line(&errors.text().await))),
        Err(error) => Ok(Output::Failed(format!("it cannot be waited for ({})", error.kind()))),
    }
}

/// Reads docker's error messages while its output is read, so neither waits for the other.
struct ErrorText(JoinHandle<Vec<u8>>);

impl ErrorText {
    fn collect(mut stderr: Option<ChildStderr>) -> Self {
        Self(tokio::spawn(async move {
            let start = read(stderr.as_mut(), MAX_ERROR_BYTES).await;
            if let Some(rest) = &mut stderr {
                let _ = tokio::io::copy(rest, &mut tokio::io::sink()).await;
            }
            start
        }))
    }

    async fn text(mut self) -> String {
        String::from_utf8_lossy(&(&mut self.0).await.unwrap_or_default()).into_owned()
    }
}

impl Drop for ErrorText {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// At most `limit` bytes. What cannot be read ends the text.
async fn read(from: Option<impl AsyncRead + Unpin>, limit: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(from) = from {
        let _ = from.take(limit).read_to_end(&mut bytes).await;
    }
    bytes
}

/// The client, and on POSIX systems whatever it started.
async fn kill(child: &mut Child) {
    #[cfg(unix)]
    if let Some(group) = child.id().and_then(|id| rustix::process::Pid::from_raw(id.cast_signed()))
    {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill().await;
}

/// The first line that is not blank, made fit for a message.
fn first_line(text: &str) -> String {
    let line =
        text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("it gives no reason");
    let plain: String = line.chars().filter(|c| !c.is_control()).collect();
    // Shortened last: half an address would not be recognised.
    without_user_info(&plain).chars().take(MAX_REASON_CHARS).collect()
}

/// The address of a daemon may hold a password.
fn without_user_info(line: &str) -> String {
    let mut result = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("://") {
        result.push_str(before);
        result.push_str("://");
        let end = after.find(|c: char| c == '/' || c.is_whitespace()).unwrap_or(after.len());
        let user_info = after.get(..end).and_then(|authority| authority.rsplit_once('@'));
        rest = user_info.and_then(|(user, _)| after.get(user.len() + 1..)).unwrap_or(after);
    }
    result.push_str(rest);
    result
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

//! One worker process: started with nothing but two pipes, and killed when nobody waits for it any more.

use std::io::{self, BufReader};
use std::path::PathBuf;
// Only this program itself is run, and a test's stand-in for it.
#[allow(clippy::disallowed_types)]
use std::process::Command;
use std::process::{Child, ChildStdin, ChildStdout, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::worker_main::ARGUMENT;

/// How long a worker may take to be gone after it has closed its pipe.
const EXIT_GRACE: Duration = Duration::from_millis(200);

/// What is run as a worker.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Program {
    /// This very program.
    #[default]
    Own,
    /// Another one that behaves like it: where this process is not chitin itself, but for instance a test.
    At(PathBuf),
}

impl Program {
    // Only this program itself is run.
    #[allow(clippy::disallowed_methods)]
    fn path(&self) -> io::Result<PathBuf> {
        match self {
            Self::At(path) => Ok(path.clone()),
            // This very file, also if another one has taken its name since.
            Self::Own if cfg!(target_os = "linux") => Ok("/proc/self/exe".into()),
            Self::Own => std::env::current_exe(),
        }
    }
}

/// What a conversation is held through.
pub(super) type Ends = (BufReader<ChildStdout>, ChildStdin);

/// Holds at most one worker. Anyone who shares it can end it at any time.
#[derive(Debug, Default)]
pub(super) struct WorkerProcess {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    child: Option<Child>,
    /// Nobody waits for it any more.
    killed: bool,
}

impl WorkerProcess {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a worker. It dies with the thread that started it, so its conversation is held on the same.
    pub(super) fn start(&self, program: &Program) -> io::Result<Ends> {
        let mut state = self.state();
        if state.killed {
            return Err(io::ErrorKind::TimedOut.into());
        }
        let mut child = command(program)?.spawn()?;
        let ends = child.stdout.take().zip(child.stdin.take());
        state.child = Some(child);
        let (from, to) = ends.ok_or(io::ErrorKind::BrokenPipe)?;
        Ok((BufReader::new(from), to))
    }

    /// Ends the worker, now or as soon as it is started.
    pub(super) fn kill(&self) {
        let mut state = self.state();
        state.killed = true;
        if let Some(child) = &mut state.child {
            // It may be gone already.
            let _gone = child.kill();
        }
    }

    /// Ends the worker and says how it ended, if it did by itself.
    pub(super) fn end(&self) -> Option<ExitStatus> {
        let mut child = self.state().child.take()?;
        let by_itself = child.try_wait().ok().flatten();
        if by_itself.is_none() {
            let _gone = child.kill();
            // Without this it would stay behind as a zombie. A killed process ends at once.
            let _status = child.wait();
        }
        by_itself
    }

    /// The same for one that has closed its pipe, and should be about to end.
    pub(super) fn end_soon(&self) -> Option<ExitStatus> {
        let started = Instant::now();
        while started.elapsed() < EXIT_GRACE {
            match self.state().child.as_mut().map(Child::try_wait) {
                Some(Ok(None)) => {}
                _ => break,
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        self.end()
    }
}

/// Held while something waits for a worker, which is killed when this is dropped.
pub(super) struct KillOnDrop(pub(super) Arc<WorkerProcess>);

impl Drop for KillOnDrop {
    fn drop(&mut self) {
        self.0.kill();
    }
}

impl Drop for WorkerProcess {
    fn drop(&mut self) {
        self.end();
    }
}

#[allow(clippy::disallowed_types)]
fn command(program: &Program) -> io::Result<Command> {
    let mut command = Command::new(program.path()?);
    command
        .arg(ARGUMENT)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    #[cfg(unix)]
    {
        std::os::unix::process::CommandExt::arg0(&mut command, "chitin");
        command.current_dir("/");
    }
    Ok(command)
}

/// How a process ended, in words.
pub(super) fn describe(status: Option<ExitStatus>) -> String {
    let Some(status) = status else { return "it closed its pipe".to_owned() };
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return if signal == libc::SIGSYS {
            "it was killed for a system call that it may not use".to_owned()
        } else {
            format!("it was killed by signal {signal}")
        };
    }
    status.code().map_or_else(|| "it ended".to_owned(), |code| format!("it ended with code {code}"))
}

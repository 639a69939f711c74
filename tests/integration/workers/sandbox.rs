//! What a sandboxed process cannot do: with each protection alone, and with all of them.

use std::net::{TcpListener, UdpSocket};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, ExitStatus, Stdio};

/// A bad system call ends the process with this signal.
const SIGSYS: i32 = 31;
const SIGKILL: i32 = 9;
const UNAVAILABLE: i32 = 77;

/// How a process ends that sandboxes itself and then tries something.
fn run(protection: &str, attempt: &str, argument: &str) -> ExitStatus {
    let status = Command::new("/bin/sh")
        // A descriptor that should not be inherited.
        .args(["-c", "exec \"$0\" \"$@\" 9</etc/passwd"])
        .arg(env!("CARGO_BIN_EXE_chitin-sandbox-probe"))
        .args([protection, attempt, argument])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    // A test of a protection that this machine lacks is ignored, so it is here.
    assert_ne!(status.code(), Some(UNAVAILABLE), "{protection} is not available");
    status
}

/// Files, sockets and names for the attempts.
struct Targets {
    directory: tempfile::TempDir,
    listener: TcpListener,
    receiver: UdpSocket,
}

impl Targets {
    fn new() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
            listener: TcpListener::bind("127.0.0.1:0").unwrap(),
            receiver: UdpSocket::bind("127.0.0.1:0").unwrap(),
        }
    }

    /// Every attempt with its argument.
    fn attempts(&self) -> Vec<(&'static str, String)> {
        let file = |name: &str| {
            let path = self.directory.path().join(name);
            std::fs::write(&path, "old").unwrap();
            path.display().to_string()
        };
        let none = String::new;
        vec![
            ("read-file", none()),
            ("write-file", file("written")),
            ("delete-file", file("deleted")),
            ("list", none()),
            ("connect", self.listener.local_addr().unwrap().to_string()),
            ("listen", none()),
            ("send", self.receiver.local_addr().unwrap().to_string()),
            ("unix-socket", none()),
            ("execute", none()),
            ("thread", none()),
            ("inherited", none()),
        ]
    }
}

/// Otherwise a refusal would say nothing.
#[test]
fn every_attempt_succeeds_without_protection() {
    for (attempt, argument) in Targets::new().attempts() {
        assert!(run("none", attempt, &argument).success(), "{attempt}");
    }
    for attempt in ["signal-parent", "allocate", "load-code"] {
        assert!(run("none", attempt, "").success(), "{attempt}");
    }
}

#[test]
#[cfg_attr(not(have_seccomp), ignore = "this system has no seccomp")]
fn a_worker_cannot_open_connect_execute_or_fork() {
    let targets = Targets::new();
    for (attempt, argument) in targets.attempts() {
        let status = run("all", attempt, &argument);
        assert_eq!(status.signal(), Some(SIGSYS), "{attempt}: {status}");
    }
    for name in ["written", "deleted"] {
        let content = std::fs::read(targets.directory.path().join(name)).unwrap();
        assert_eq!(content, b"old", "{name}");
    }
    assert!(run("all", "nothing", "").success());
}

#[test]
#[cfg_attr(not(have_seccomp), ignore = "this system has no seccomp")]
fn seccomp_alone_ends_what_a_worker_may_not_do() {
    for (attempt, argument) in Targets::new().attempts() {
        let status = run("seccomp", attempt, &argument);
        assert_eq!(status.signal(), Some(SIGSYS), "{attempt}: {status}");
    }
}

#[test]
#[cfg_attr(not(have_landlock), ignore = "this system has no landlock, or an older one")]
fn landlock_alone_refuses_files_network_and_signals() {
    let targets = Targets::new();
    let denied = ["read-file", "write-file", "delete-file", "list", "connect", "listen", "execute"];
    for (attempt, argument) in targets.attempts() {
        if denied.contains(&attempt) {
            let status = run("landlock", attempt, &argument);
            assert_eq!(status.code(), Some(1), "{attempt}: {status}");
        }
    }
    assert_eq!(run("landlock", "signal-parent", "").code(), Some(1));
}

#[test]
fn limits_alone_bound_memory_time_and_what_is_inherited() {
    assert_eq!(run("limits", "allocate", "").code(), Some(1));
    assert_eq!(run("limits", "inherited", "").code(), Some(1));
    assert_eq!(run("limits", "spin", "").signal(), Some(SIGKILL));
}

#[test]
#[cfg_attr(not(have_seccomp), ignore = "this system has no seccomp")]
fn no_memory_becomes_executable_once_a_module_is_loaded() {
    let status = run("no-more-code", "load-code", "");
    assert_eq!(status.signal(), Some(SIGSYS), "{status}");
}

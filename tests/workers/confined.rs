//! What a confined process is kept from: each protection alone where it can be had alone, and all together.

use std::net::{TcpListener, UdpSocket};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, ExitStatus, Stdio};

/// A bad system call ends the process with this signal.
const SIGSYS: i32 = 31;
const SIGKILL: i32 = 9;
const UNAVAILABLE: i32 = 77;

/// How a process ends that confines itself and tries something. None where this system lacks the protection.
fn run(protection: &str, attempt: &str, argument: &str) -> Option<ExitStatus> {
    let status = Command::new("/bin/sh")
        // A descriptor that should not be inherited.
        .args(["-c", "exec \"$0\" \"$@\" 9</etc/passwd"])
        .arg(env!("CARGO_BIN_EXE_chitin-confined"))
        .args([protection, attempt, argument])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    if status.code() == Some(UNAVAILABLE) {
        println!("skipped: this system does not have {protection}");
        return None;
    }
    Some(status)
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
        assert!(run("none", attempt, &argument).unwrap().success(), "{attempt}");
    }
    for attempt in ["signal-parent", "allocate", "load-code"] {
        assert!(run("none", attempt, "").unwrap().success(), "{attempt}");
    }
}

#[test]
fn a_worker_cannot_open_connect_execute_or_fork() {
    let targets = Targets::new();
    for (attempt, argument) in targets.attempts() {
        let Some(status) = run("all", attempt, &argument) else { return };
        assert_eq!(status.signal(), Some(SIGSYS), "{attempt}: {status}");
    }
    for name in ["written", "deleted"] {
        let content = std::fs::read(targets.directory.path().join(name)).unwrap();
        assert_eq!(content, b"old", "{name}");
    }
    assert!(run("all", "nothing", "").unwrap().success());
}

#[test]
fn seccomp_alone_ends_what_a_worker_may_not_do() {
    for (attempt, argument) in Targets::new().attempts() {
        let Some(status) = run("seccomp", attempt, &argument) else { return };
        assert_eq!(status.signal(), Some(SIGSYS), "{attempt}: {status}");
    }
}

#[test]
fn landlock_alone_refuses_files_network_and_signals() {
    let targets = Targets::new();
    let denied = ["read-file", "write-file", "delete-file", "list", "connect", "listen", "execute"];
    for (attempt, argument) in targets.attempts() {
        if denied.contains(&attempt) {
            let Some(status) = run("landlock", attempt, &argument) else { return };
            assert_eq!(status.code(), Some(1), "{attempt}: {status}");
        }
    }
    assert_eq!(run("landlock", "signal-parent", "").unwrap().code(), Some(1));
}

#[test]
fn limits_alone_bound_memory_time_and_what_is_inherited() {
    assert_eq!(run("limits", "allocate", "").unwrap().code(), Some(1));
    assert_eq!(run("limits", "inherited", "").unwrap().code(), Some(1));
    assert_eq!(run("limits", "spin", "").unwrap().signal(), Some(SIGKILL));
}

#[test]
fn no_memory_becomes_executable_once_a_module_is_loaded() {
    let Some(status) = run("no-more-code", "load-code", "") else { return };
    assert_eq!(status.signal(), Some(SIGSYS), "{status}");
}

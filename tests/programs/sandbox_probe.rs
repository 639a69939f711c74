//! Confines itself as a worker does, and then tries what a worker must not. Run by the tests in `integration/workers/sandbox.rs`.
//!
//! `chitin-sandbox-probe PROTECTION ATTEMPT [ARGUMENT]` ends with 0 if the attempt succeeded, 1 if it was refused, 77 if this
//! system does not have the protection.

#![cfg_attr(not(target_os = "linux"), allow(unused))]

use std::process::ExitCode;

#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    ExitCode::from(77)
}

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().unwrap_or_default();
    let (protection, attempt, argument) = (next(), next(), next());
    if !linux::protect(&protection) {
        return ExitCode::from(77);
    }
    if linux::attempt(&attempt, &argument) { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::hint::black_box;
    use std::io::Read as _;
    use std::net::{TcpListener, TcpStream, UdpSocket};
    use std::os::unix::net::UnixStream;
    use std::process::Command;
    use std::thread;

    use chitin_runtime::Runner;
    use chitin_runtime::limits::Limits;
    use chitin_runtime::worker::Setup;
    use chitin_runtime::worker::sandbox::{
        Bounds, Code, Enforcement, close_inherited_fds, confine, restrict, restrict_access,
        restrict_calls,
    };
    use tokio_util::sync::CancellationToken;

    use rustix::process::{getppid, test_kill_process};

    const BOUNDS: Bounds = Bounds { data: 200 << 20, address_space: 32 << 30, seconds: 1 };

    /// Whether the protection is there.
    pub(crate) fn protect(protection: &str) -> bool {
        match protection {
            "none" => true,
            "all" => confine(&BOUNDS, Code::MayAppear).seccomp == Enforcement::Full,
            "limits" => {
                close_inherited_fds();
                restrict(&BOUNDS) == Enforcement::Full
            }
            "landlock" => restrict_access() == Enforcement::Full,
            "seccomp" => restrict_calls(Code::MayAppear) == Enforcement::Full,
            "no-more-code" => restrict_calls(Code::IsAllThere) == Enforcement::Full,
            other => panic!("no such protection: {other}"),
        }
    }

    pub(crate) fn attempt(attempt: &str, argument: &str) -> bool {
        match attempt {
            "nothing" => true,
            "read-file" => fs::read("/etc/passwd").is_ok(),
            "write-file" => fs::write(argument, "written").is_ok(),
            "delete-file" => fs::remove_file(argument).is_ok(),
            "list" => fs::read_dir("/").is_ok(),
            "connect" => TcpStream::connect(argument).is_ok(),
            "listen" => TcpListener::bind("127.0.0.1:0").is_ok(),
            "send" => UdpSocket::bind("127.0.0.1:0")
                .and_then(|socket| socket.send_to(b"x", argument))
                .is_ok(),
            "unix-socket" => UnixStream::pair().is_ok(),
            "execute" => Command::new("/bin/true").status().is_ok_and(|status| status.success()),
            "thread" => thread::Builder::new().spawn(|| ()).is_ok(),
            "signal-parent" => getppid().is_some_and(|parent| test_kill_process(parent).is_ok()),
            "inherited" => fs::File::open("/proc/self/fd/9")
                .and_then(|mut file| file.read(&mut [0; 1]))
                .is_ok_and(|read| read == 1),
            "allocate" => {
                let mut large: Vec<u8> = Vec::new();
                let taken = large.try_reserve_exact(300 << 20).is_ok();
                black_box(&mut large);
                taken
            }
            "spin" => {
                let mut number = 0_u64;
                while number < 20_000_000_000 {
                    number = black_box(number + 1);
                }
                true
            }
            "load-code" => chitin_builtin::catalogue().is_ok_and(|catalogue| {
                let runner =
                    Runner::new(Limits::default(), Setup::default(), CancellationToken::new());
                runner.is_ok_and(|runner| {
                    let mut checks = catalogue.checks();
                    checks.next().is_some_and(|module| runner.prepare(module).is_ok())
                })
            }),
            other => panic!("no such attempt: {other}"),
        }
    }
}

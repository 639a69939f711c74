//! What happens in a worker: confine, read, compile or run, ask the host, tell how it ended. This process holds nothing
//! but the engine and one module.

use std::io::{self, BufReader, IsTerminal as _, Read, Write};
use std::process::ExitCode;

use wasmtime::component::Linker;
use wasmtime::{Config, Engine};

use super::protocol::{Channel, Job, MAX_BULK, MAX_JOB, Message, Task, WireError};
use super::remote::{GuestCall, RemoteHost, Transport};
use super::sandbox::{Code, close_inherited_fds, confine, deny_exec_mappings, lower_priority};
use crate::execute::{execute, link};
use crate::failure::{LoadFailure, WorkerFailure};
use crate::guest::{self, Guest};
use crate::limits::Limits;
use crate::precompiled;
use crate::usage::Meter;

/// The only argument of a worker.
pub const ARGUMENT: &str = "worker";

/// The engine of all workers: that of the built-in modules, but for what a process of its own makes needless.
pub(super) fn config() -> Config {
    let mut config = chitin_engine::with_room_for(1);
    config
        // The host ends the process at the deadline.
        .epoch_interruption(false)
        // Memory is filled from the artifact; a file in memory would be one more system call to allow.
        .memory_init_cow(false)
        // A worker has one thread.
        .parallel_compilation(false);
    config
}

/// The whole of a worker. Nobody reads its exit code but for a person who started it by hand.
pub fn main() -> ExitCode {
    close_inherited_fds();
    if io::stdin().is_terminal() {
        anstream::eprintln!("error: `chitin {ARGUMENT}` is run by chitin itself");
        return ExitCode::from(2);
    }
    match serve(Channel::new(BufReader::new(Input), Output)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn serve(mut channel: Stdio) -> Result<(), WireError> {
    let job: Job = channel.receive(MAX_JOB)?;
    // The engine looks at the machine while it starts, so it comes first. It has nothing to do with any module yet.
    let engine = Engine::new(&config());
    let code = match job.task {
        Task::Compile => {
            lower_priority();
            Code::IsAllThere
        }
        Task::Run => Code::MayAppear,
    };
    let confinement = confine(&job.bounds, code);
    channel.send(&Message::Confined(confinement))?;
    // Only now does anything of the module come into this process.
    let bytes = channel.receive_bytes(MAX_BULK)?;
    let engine = match engine {
        Ok(engine) => engine,
        Err(error) => return channel.send(&Message::NotLoaded(LoadFailure::of(&error))),
    };
    match job.task {
        Task::Compile => compile(&mut channel, &engine, &bytes),
        Task::Run => run(channel, &engine, bytes, &job.limits),
    }
}

fn compile(channel: &mut Stdio, engine: &Engine, component: &[u8]) -> Result<(), WireError> {
    match engine.precompile_component(component) {
        Ok(artifact) => {
            channel.send(&Message::Compiled)?;
            channel.send_bytes(&artifact)
        }
        Err(error) => channel.send(&Message::NotLoaded(LoadFailure::of(&error))),
    }
}

fn run(
    mut channel: Stdio,
    engine: &Engine,
    artifact: Vec<u8>,
    limits: &Limits,
) -> Result<(), WireError> {
    let mut linker = Linker::new(engine);
    if let Err(error) = guest::link(&mut linker) {
        return channel.send(&Message::NotLoaded(LoadFailure::of(&error)));
    }
    let component = match precompiled::load_in_worker(engine, &artifact) {
        Ok(component) => component,
        Err(error) => return channel.send(&Message::Unfit(LoadFailure::of(&error))),
    };
    drop(artifact);
    let check = match link(engine, &linker, &component) {
        Ok(check) => check,
        Err(failure) => return channel.send(&Message::NotLoaded(failure)),
    };
    deny_exec_mappings();
    let guest = Guest(RemoteHost(Asking { channel, meter: Meter::new(*limits) }));
    // No clock ticks here: the deadline is the host's.
    let (guest, error) = execute(engine, &check, guest, limits, |_| {});
    let Guest(RemoteHost(Asking { mut channel, meter })) = guest;
    channel.send(&Message::Ended(error.map(|error| WorkerFailure::of(&error, &meter))))
}

/// Forwards the guest's calls, and counts what the engine uses up. The host counts the rest.
struct Asking {
    channel: Stdio,
    meter: Meter,
}

impl Transport for Asking {
    fn exchange(&mut self, call: GuestCall) -> wasmtime::Result<Vec<u8>> {
        // Without a host there is nothing left to do; the guest ends with the pipe.
        self.channel
            .send(&Message::Call(call))
            .map_err(|error| wasmtime::Error::msg(error.to_string()))?;
        self.channel
            .receive_bytes(MAX_BULK)
            .map_err(|error| wasmtime::Error::msg(error.to_string()))
    }

    fn meter(&mut self) -> &mut Meter {
        &mut self.meter
    }
}

type Stdio = Channel<BufReader<Input>, Output>;

/// Standard input without the standard library's own buffer.
struct Input;

/// Standard output, where a frame is one system call and a line end means nothing.
struct Output;

#[cfg(unix)]
impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Ok(rustix::io::read(io::stdin(), buffer)?)
    }
}

#[cfg(unix)]
impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(rustix::io::write(io::stdout(), bytes)?)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(not(unix))]
impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        io::stdin().read(buffer)
    }
}

#[cfg(not(unix))]
impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        out.flush()?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

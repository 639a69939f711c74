//! How much a worker process may use up, so the guest's own limits are always reached first.

use std::time::Duration;

use super::protocol::Task;
use super::sandbox::Bounds;
use crate::limits::{Limit, Limits};

const MIB: u64 = 1 << 20;

/// What the program itself writes to, the engine and its tables.
const PROGRAM: u64 = 64 * MIB;

/// Address space for one guest with guard pages on both sides, the program's own file, and libraries.
const RESERVED: u64 = 16 << 30;

pub(super) fn of(task: Task, limits: &Limits, bytes: usize) -> Bounds {
    let (memory, time) = match task {
        Task::Compile => (limits.get(Limit::CompileMemory), limits.duration(Limit::CompileTime)),
        // The guest's memory; an answer on its way there, encoded and decoded.
        Task::Run => (limits.get(Limit::Memory).saturating_mul(3), limits.time()),
    };
    // What came through the pipe, and what is made of it.
    let bytes = (bytes as u64).saturating_mul(3);
    let calls = (limits.transfer() as u64).saturating_mul(3);
    let data = [memory, bytes, calls].into_iter().fold(PROGRAM, u64::saturating_add);
    Bounds { data, address_space: data.saturating_add(RESERVED), seconds: seconds(time) }
}

/// One more than the clock on the wall allows, so the host's deadline comes first.
fn seconds(time: Duration) -> u64 {
    time.as_secs().saturating_add(2)
}

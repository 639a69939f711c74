//! Limits of the process itself, which every Unix has.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::{Bounds, Enforcement};

/// The stack of the only thread.
const STACK: u64 = 8 << 20;

/// Sets a limit that cannot be raised again; a lower one stays.
fn set(resource: Resource, most: u64) -> bool {
    let least = |old: Option<u64>| Some(old.map_or(most, |old| old.min(most)));
    let old = getrlimit(resource);
    let new = Rlimit { current: least(old.current), maximum: least(old.maximum) };
    setrlimit(resource, new).is_ok()
}

pub(super) fn limit(bounds: &Bounds) -> Enforcement {
    let all = [
        set(Resource::Data, bounds.data),
        set(Resource::As, bounds.address_space),
        set(Resource::Stack, STACK),
        set(Resource::Cpu, bounds.seconds),
        set(Resource::Core, 0),
        set(Resource::Fsize, 0),
        set(Resource::Nproc, 0),
    ];
    match all.iter().filter(|set| **set).count() {
        0 => Enforcement::None,
        held if held == all.len() => Enforcement::Full,
        _ => Enforcement::Part,
    }
}

/// Nothing can be opened from now on, not even for a moment.
pub(super) fn no_more_files() {
    // Where this fails, landlock and seccomp say the same.
    let _set = set(Resource::Nofile, 0);
}

/// The worker ends when the host does, also when it is busy. Nobody may look into it or attach to it.
#[cfg(target_os = "linux")]
pub(super) fn die_with_parent() {
    use rustix::process::{
        DumpableBehavior, Signal, set_dumpable_behavior, set_parent_process_death_signal,
    };
    // Both cannot fail with these arguments; should they, the deadline and the other limits still hold.
    let _set = set_parent_process_death_signal(Some(Signal::KILL));
    let _set = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}

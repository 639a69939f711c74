//! Takes away from this process what a worker does not need: before it has seen a byte of a module. What the system does
//! not offer is told, and the rest is done all the same.
//!
//! Nothing here knows about modules. `system` is what this system offers.

#[cfg(unix)]
mod close_fds;
#[cfg(target_os = "linux")]
mod landlock;
#[cfg(unix)]
mod rlimits;
#[cfg(target_os = "linux")]
mod seccomp;

use serde::{Deserialize, Serialize};

/// What a worker may use up.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Bounds {
    /// Bytes of memory that can be written.
    pub data: u64,
    /// Bytes of address space, most of which nobody ever touches.
    pub address_space: u64,
    /// Seconds on a processor.
    pub seconds: u64,
}

/// How much of a protection holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Enforcement {
    None,
    /// An older kernel knows only some of it.
    Part,
    Full,
}

/// What holds in a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confinement {
    /// Limits on memory, processor time, files and processes.
    pub limits: Enforcement,
    /// No files, no network, no signals to others.
    pub landlock: Enforcement,
    /// No system calls but a few.
    pub seccomp: Enforcement,
}

impl Confinement {
    /// The less of two, for all workers of a run together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            limits: self.limits.min(other.limits),
            landlock: self.landlock.min(other.landlock),
            seccomp: self.seccomp.min(other.seccomp),
        }
    }

    /// What does not hold in full, in words.
    pub fn gaps(&self) -> Vec<String> {
        [("resource limits", self.limits), ("landlock", self.landlock), ("seccomp", self.seccomp)]
            .into_iter()
            .filter_map(|(name, held)| match held {
                Enforcement::Full => None,
                Enforcement::Part => Some(format!("all of {name}")),
                Enforcement::None => Some(name.to_owned()),
            })
            .collect()
    }
}

/// Confines this process for good.
#[cfg(target_os = "linux")]
pub fn confine(bounds: &Bounds, code: Code) -> Confinement {
    let limits = restrict(bounds);
    let landlock = restrict_access();
    // Landlock needs one more file.
    rlimits::no_more_files();
    Confinement { limits, landlock, seccomp: restrict_calls(code) }
}

/// Confines this process for good.
#[cfg(all(unix, not(target_os = "linux")))]
pub fn confine(bounds: &Bounds, _: Code) -> Confinement {
    let limits = restrict(bounds);
    rlimits::no_more_files();
    Confinement { limits, landlock: Enforcement::None, seccomp: Enforcement::None }
}

/// Confines this process for good.
#[cfg(not(unix))]
pub fn confine(_: &Bounds, _: Code) -> Confinement {
    Confinement {
        limits: Enforcement::None,
        landlock: Enforcement::None,
        seccomp: Enforcement::None,
    }
}

/// Whether memory may still become executable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    MayAppear,
    IsAllThere,
}

/// From now on no memory becomes executable.
#[cfg(target_os = "linux")]
pub(super) fn deny_exec_mappings() {
    // The first filter stays in force, whatever becomes of this one.
    let _held = restrict_calls(Code::IsAllThere);
}

#[cfg(not(target_os = "linux"))]
pub(super) fn deny_exec_mappings() {}

/// Closes what was left open for this process. To be called first of all.
pub fn close_inherited_fds() {
    #[cfg(unix)]
    close_fds::close_inherited();
}

/// One part of [`confine`]: limits of the process.
#[cfg(unix)]
pub fn restrict(bounds: &Bounds) -> Enforcement {
    #[cfg(target_os = "linux")]
    rlimits::die_with_parent();
    rlimits::limit(bounds)
}

/// One part of [`confine`]: landlock.
#[cfg(target_os = "linux")]
pub fn restrict_access() -> Enforcement {
    landlock::restrict()
}

/// One part of [`confine`]: seccomp.
#[cfg(target_os = "linux")]
pub fn restrict_calls(code: Code) -> Enforcement {
    seccomp::restrict(code)
}

/// Anyone who waits for a compiler should not notice it.
#[cfg(unix)]
pub(super) fn lower_priority() {
    // Only a courtesy.
    let _priority = rustix::process::nice(10);
}

#[cfg(not(unix))]
pub(super) fn lower_priority() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_of_all_workers_counts() {
        let full = Confinement {
            limits: Enforcement::Full,
            landlock: Enforcement::Full,
            seccomp: Enforcement::Full,
        };
        let old = Confinement { landlock: Enforcement::Part, seccomp: Enforcement::None, ..full };
        assert_eq!(full.and(old), old);
        assert_eq!(old.and(full).gaps(), ["all of landlock", "seccomp"]);
        assert!(full.gaps().is_empty());
    }
}

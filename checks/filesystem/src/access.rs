//! What accounts other than the owner may do with a file, by its POSIX permission bits.
//!
//! Execute bits, ownership and parent directories are not considered.

/// What someone may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Rights {
    pub(crate) read: bool,
    pub(crate) write: bool,
}

impl Rights {
    pub(crate) fn or(self, other: Self) -> Self {
        Self { read: self.read || other.read, write: self.write || other.write }
    }
}

/// What every account may do, and what some accounts other than the owner may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Access {
    pub(crate) world: Rights,
    pub(crate) group: Rights,
}

impl Access {
    pub(crate) fn of_mode(mode: u32) -> Self {
        let rights = |bits: u32| Rights { read: bits & 0o4 != 0, write: bits & 0o2 != 0 };
        Self { world: rights(mode), group: rights(mode >> 3) }
    }

    /// Someone else may write.
    pub(crate) fn writable(self) -> bool {
        self.world.write || self.group.write
    }

    /// Someone else may read.
    pub(crate) fn readable(self) -> bool {
        self.world.read || self.group.read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_bits_of_others_count() {
        for silent in [0o700, 0o600, 0o711, 0o701, 0o4700, 0o000] {
            assert_eq!(Access::of_mode(silent), Access::default(), "{silent:o}");
        }
        let read = Rights { read: true, write: false };
        let write = Rights { read: false, write: true };
        assert_eq!(Access::of_mode(0o642), Access { world: write, group: read });
        assert!(Access::of_mode(0o620).writable() && !Access::of_mode(0o620).readable());
        assert!(Access::of_mode(0o604).readable() && !Access::of_mode(0o604).writable());
    }
}

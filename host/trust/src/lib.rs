//! Who may ship modules: keys, signatures, what is trusted, what is installed.
//!
//! A stranger's module runs only if its bytes were signed by a publisher whom the operator trusts, it stays within what
//! that publisher may name and ask for, and the operator has agreed to it. Bytes are read once; those that were verified
//! are the ones that are handed on, and no file is looked at a second time.
//!
//! The room touches chitin's own directories ([`Paths`]) and the files that the operator names, in `disk` alone. It
//! reads nothing of what is audited, compiles nothing, runs nothing, and has no way to the network.
#![cfg_attr(test, allow(clippy::disallowed_methods, clippy::disallowed_types))] // Tests make the files that they are about.

mod archive;
mod digest;
mod dsse;
mod error;
mod installed;
mod key;
mod lock;
mod namespace;
mod package;
mod secret_key;
mod sign;
mod statement;
mod store;
mod strict_json;
#[cfg(test)]
mod testing;
mod trust_file;
mod trusted;
mod verify;

use std::ffi::OsString;
use std::path::PathBuf;

use thiserror::Error;

pub use archive::ArchiveError;
pub use chitin_fs::guarded::GuardedFileError;
pub use digest::Digest;
pub use error::Refusal;
pub use installed::{Installed, Refused, Standing, Unvouched, installed};
pub use key::{KeyError, KeyId, PublicKey};
pub use package::{Offer, OfferError};
pub use secret_key::{Passphrase, SecretKey, SecretKeyError};
pub use sign::{
    Signing, SigningError, cosign, key_pair, public_key, secret_key, sign, write_envelope,
};
pub use statement::Statement;
pub use store::{AddError, Addition, Entry, Memory, Store, StoreError};
pub use trust_file::{Policy, Problem, Publisher, Revoked, TrustError};
pub use trusted::{NewPublisher, Trust};
pub use verify::{Judge, Signed, Verified, Voucher};

/// No module is larger.
pub const MAX_MODULE: u64 = 64 << 20;
/// What stands after a module's file name in that of its envelope.
pub const ENVELOPE_SUFFIX: &str = ".dsse.json";

/// Where chitin keeps what decides about trust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// `$XDG_CONFIG_HOME/chitin`: the user's `trust.toml`.
    pub config: PathBuf,
    /// `$XDG_DATA_HOME/chitin/modules`: installed modules and `modules.lock`.
    pub modules: PathBuf,
    /// `/etc/chitin`: the system's `trust.toml`.
    pub system: PathBuf,
}

#[derive(Debug, Error)]
#[error("there is no home directory; set XDG_CONFIG_HOME and XDG_DATA_HOME")]
pub struct NoHome;

impl Paths {
    /// Of the user with these environment variables.
    pub fn of_user(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self, NoHome> {
        let absolute =
            |name: &str| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let home = absolute("HOME").or_else(chitin_fs::paths::home_dir);
        let below = |name: &str, rest: &str| {
            absolute(name)
                .or_else(|| Some(home.as_ref()?.join(rest)))
                .map(|base| base.join("chitin"))
                .ok_or(NoHome)
        };
        Ok(Self {
            config: below("XDG_CONFIG_HOME", ".config")?,
            modules: below("XDG_DATA_HOME", ".local/share")?.join("modules"),
            system: PathBuf::from("/etc/chitin"),
        })
    }

    pub fn user_trust(&self) -> PathBuf {
        self.config.join("trust.toml")
    }

    pub fn system_trust(&self) -> PathBuf {
        self.system.join("trust.toml")
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn directories_follow_the_environment() {
        let paths = |variables: &[(&str, &str)]| {
            Paths::of_user(|name| {
                let found = variables.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| OsString::from(value))
            })
            .unwrap()
        };
        let home = paths(&[("HOME", "/home/a")]);
        assert_eq!(home.user_trust(), Path::new("/home/a/.config/chitin/trust.toml"));
        assert_eq!(home.modules, Path::new("/home/a/.local/share/chitin/modules"));
        assert_eq!(home.system_trust(), Path::new("/etc/chitin/trust.toml"));
        let set = paths(&[
            ("HOME", "/home/a"),
            ("XDG_CONFIG_HOME", "/c"),
            // A relative one is to be ignored.
            ("XDG_DATA_HOME", "d"),
        ]);
        assert_eq!(set.config, Path::new("/c/chitin"));
        assert_eq!(set.modules, Path::new("/home/a/.local/share/chitin/modules"));
    }
}

//! Whose modules may run: keys, signatures, the trust policy, installed modules.
//!
//! A third-party module runs only if a publisher whom the operator trusts signed its bytes, it stays within the
//! namespaces and grants of that publisher, and the operator agreed to what it asks for. Bytes are read once: the bytes
//! that were verified are the ones that are handed on.
//!
//! What must not enter: the audited files, compiling or running a module, the network. Files are read and written through
//! `chitin_fs::guarded` only: chitin's own directories ([`Paths`]) and files that the operator names.
#![cfg_attr(test, allow(clippy::disallowed_methods, clippy::disallowed_types))] // Tests prepare files.

mod confusables;
mod digest;
mod dsse;
mod error;
mod installed;
mod key;
mod lock;
mod namespace;
mod package;
mod paths;
mod secret_key;
mod sign;
mod statement;
mod store;
mod strict_json;
#[cfg(test)]
mod testing;
mod trust_edit;
mod trust_file;
mod trust_policy;
mod verify;

pub use chitin_fs::guarded::GuardedFileError;
pub use chitin_fs::tree::ExtractError;
pub use digest::Digest;
pub use dsse::EnvelopeError;
pub use error::VerifyError;
pub use installed::{Installed, RefusedModule, TrustReport, UnverifiedModule, installed};
pub use key::{KeyError, KeyId, PublicKey};
pub use lock::{LockEntry, LockError};
pub use package::{ENVELOPE_SUFFIX, MAX_MODULE, Package, PackageError};
pub use paths::{NoHomeError, Paths};
pub use secret_key::{Passphrase, SecretKey, SecretKeyError};
pub use sign::{
    SignOptions, SigningError, cosign, key_pair, public_key, secret_key, sign, write_envelope,
};
pub use statement::{MalformedStatementError, Statement, StatementError};
pub use store::{InstallError, InstallPlan, Removal, Store, StoreError};
pub use strict_json::StrictJsonError;
pub use trust_edit::{NewPublisher, add_publisher, revoke};
pub use trust_file::{Publisher, PublisherError, Revoked, SignaturePolicy, TrustFileError};
pub use trust_policy::TrustPolicy;
pub use verify::{SignatureStatus, ValidSignature, VerifiedModule, Verifier};

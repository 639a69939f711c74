//! The author's side: making keys and signing modules.

use std::path::{Path, PathBuf};

use thiserror::Error;
use zeroize::Zeroizing;

use super::digest::Digest;
use super::dsse::Envelope;
use super::error::VerifyError;
use super::key::{KeyError, MAX_KEY_FILE, PublicKey};
use super::namespace::check_ascii;
use super::package::{Package, envelope_path};
use super::secret_key::{Passphrase, SecretKey, SecretKeyError};
use super::statement::Statement;
use super::strict_json;
use chitin_fs::guarded::{self, GuardedFileError};
use chitin_model::manifest::{MAX_SIZE, Manifest};
use chitin_model::timestamp::Timestamp;

/// How many days a signature may be valid.
const LIFETIME_DAYS: std::ops::RangeInclusive<u64> = 1..=3660;

#[derive(Debug, Error)]
pub enum SigningError {
    #[error(transparent)]
    Disk(#[from] GuardedFileError),
    #[error("{path}: {error}", path = .path.display())]
    Key { path: PathBuf, error: KeyError },
    #[error("{path}: {error}", path = .path.display())]
    SecretKey { path: PathBuf, error: SecretKeyError },
    #[error(transparent)]
    NewKey(#[from] SecretKeyError),
    #[error("there is no key file {path}; `chitin module keygen` makes one", path = .0.display())]
    NoKey(PathBuf),
    #[error("this module cannot be signed: {0}")]
    Module(#[from] VerifyError),
    #[error("there is no envelope to add a signature to; leave out --cosign to make one")]
    NothingToCosign,
    #[error(
        "the envelope is for another module or has expired; ask the first signer for the right one"
    )]
    OtherEnvelope,
    #[error("a module in an archive cannot be signed; sign the .wasm file and pack it again")]
    InArchive,
    #[error(
        "a signature is valid for {} to {} days; choose a number between", LIFETIME_DAYS.start(), LIFETIME_DAYS.end()
    )]
    Lifetime,
    #[error("the statement cannot be written: {0}")]
    Json(#[from] serde_json::Error),
}

/// What an author states about a release.
#[derive(Debug, Clone, Copy)]
pub struct SignOptions {
    /// Higher in each release.
    pub sequence: u64,
    /// How long the signature is valid.
    pub days: u64,
    pub now: Timestamp,
}

fn statement(package: &Package, options: &SignOptions) -> Result<Statement, SigningError> {
    if !LIFETIME_DAYS.contains(&options.days) {
        return Err(SigningError::Lifetime);
    }
    let section = Manifest::section(&package.module).map_err(VerifyError::from)?;
    let manifest = raw_manifest(section)?;
    check_ascii(&manifest)?;
    Manifest::of_json(section).map_err(VerifyError::from)?;
    Ok(Statement {
        name: package.name.clone(),
        digest: Digest::of(&package.module),
        manifest,
        sequence: options.sequence,
        issued: options.now,
        expires: options.now.plus_days(options.days),
    })
}

fn raw_manifest(section: &[u8]) -> Result<serde_json::Value, VerifyError> {
    strict_json::value(section, MAX_SIZE)
        .map_err(|error| VerifyError::NotAModule(format!("its manifest: {error}")))
}

/// Makes the envelope of a module.
pub fn sign(
    package: &Package,
    options: &SignOptions,
    keys: &[SecretKey],
) -> Result<String, SigningError> {
    let mut envelope = Envelope::new(statement(package, options)?.to_json()?);
    for key in keys {
        envelope.sign(key);
    }
    Ok(envelope.to_json()?)
}

/// Adds signatures to the envelope of a module. The signed statement stays as it is.
pub fn cosign(
    package: &Package,
    now: Timestamp,
    keys: &[SecretKey],
) -> Result<String, SigningError> {
    let envelope = package.envelope.as_deref().ok_or(SigningError::NothingToCosign)?;
    let mut envelope = Envelope::parse(envelope).map_err(VerifyError::from)?;
    let signed = Statement::parse(&envelope.payload).map_err(VerifyError::from)?;
    let section = Manifest::section(&package.module).map_err(VerifyError::from)?;
    let manifest = raw_manifest(section)?;
    let is_of_this = signed.digest == Digest::of(&package.module) && signed.manifest == manifest;
    if !is_of_this || signed.expires <= now {
        return Err(SigningError::OtherEnvelope);
    }
    for key in keys {
        envelope.sign(key);
    }
    Ok(envelope.to_json()?)
}

/// Writes an envelope beside its module.
pub fn write_envelope(package: &Package, envelope: &str) -> Result<PathBuf, SigningError> {
    let path = envelope_path(package.path.as_deref().ok_or(SigningError::InArchive)?);
    guarded::replace(&path, envelope.as_bytes())?;
    Ok(path)
}

/// Makes a key and writes it to two files, which must not exist yet. The secret key is encrypted if there is a
/// passphrase.
pub fn key_pair(
    path: &Path,
    passphrase: Option<&Passphrase>,
) -> Result<(PublicKey, PathBuf), SigningError> {
    let key = SecretKey::generate()?;
    let text = match passphrase {
        Some(passphrase) => key.encrypted_file(passphrase)?,
        None => key.plain_file(),
    };
    let public = path.with_extension("pub");
    // The public key first: a secret key without its public key is useless.
    guarded::write_new(&public, &key.public().file())?;
    if let Err(error) = guarded::write_new(path, &text) {
        guarded::remove(&public)?;
        return Err(error.into());
    }
    Ok((key.public().clone(), public))
}

fn read(path: &Path) -> Result<Zeroizing<String>, SigningError> {
    let bytes = guarded::read_given(path, MAX_KEY_FILE as u64)?
        .ok_or_else(|| SigningError::NoKey(path.to_owned()))?;
    let text = String::from_utf8(bytes).map_err(|_| SigningError::SecretKey {
        path: path.to_owned(),
        error: SecretKeyError::Malformed("it is not UTF-8"),
    })?;
    Ok(Zeroizing::new(text))
}

/// Reads a secret key file; asks for the passphrase if there is one.
pub fn secret_key(
    path: &Path,
    ask: impl FnOnce() -> Result<Passphrase, SecretKeyError>,
) -> Result<SecretKey, SigningError> {
    SecretKey::parse(&read(path)?, ask)
        .map_err(|error| SigningError::SecretKey { path: path.to_owned(), error })
}

/// Reads a public key: `given` is the path of a key file, or the base64 line of one.
pub fn public_key(given: &str) -> Result<PublicKey, SigningError> {
    let path = Path::new(given);
    let failed = |error| SigningError::Key { path: path.to_owned(), error };
    match read(path) {
        Ok(text) => PublicKey::parse(&text).map_err(failed),
        Err(missing) => PublicKey::parse(given).map_err(|error| match error {
            KeyError::Malformed(_) => missing,
            error => failed(error),
        }),
    }
}

#[cfg(test)]
mod tests;

//! The author's side: making keys and signing modules.

use std::path::{Path, PathBuf};

use thiserror::Error;

use super::digest::Digest;
use super::dsse::Envelope;
use super::error::Refusal;
use super::key::{KeyError, MAX_KEY_FILE, PublicKey};
use super::namespace::check_letters;
use super::package::{Offer, envelope_path};
use super::secret_key::{Passphrase, SecretKey, SecretKeyError};
use super::statement::Statement;
use super::strict_json;
use chitin_fs::guarded::{self, DiskError};
use chitin_model::manifest::{MAX_SIZE, Manifest};
use chitin_model::timestamp::Timestamp;

#[derive(Debug, Error)]
pub enum SigningError {
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error("{path}: {error}", path = .path.display())]
    Key { path: PathBuf, error: KeyError },
    #[error("{path}: {error}", path = .path.display())]
    SecretKey { path: PathBuf, error: SecretKeyError },
    #[error(transparent)]
    Making(#[from] SecretKeyError),
    #[error("there is no key file {path}", path = .0.display())]
    NoKey(PathBuf),
    #[error("this module cannot be signed: {0}")]
    Module(#[from] Refusal),
    #[error("there is no envelope to sign along; leave --cosign out to make one")]
    NothingToCosign,
    #[error("the envelope to sign along is for another module, or expired; ask whoever made it")]
    OtherEnvelope,
    #[error("a module in an archive cannot be signed; sign the .wasm file and pack it again")]
    InArchive,
    #[error("a signature holds for a day at least, and for ten years at most")]
    Lifetime,
    #[error("the statement cannot be written: {0}")]
    Json(#[from] serde_json::Error),
}

/// What an author says about a release.
#[derive(Debug, Clone, Copy)]
pub struct Signing {
    /// Higher for each release.
    pub sequence: u64,
    pub days: u64,
    pub now: Timestamp,
}

/// The statement about a module.
fn statement(offer: &Offer, signing: &Signing) -> Result<Statement, SigningError> {
    if !(1..=3660).contains(&signing.days) {
        return Err(SigningError::Lifetime);
    }
    let section = Manifest::section(&offer.module).map_err(Refusal::from)?;
    let manifest = strict_json::value(section, MAX_SIZE)
        .map_err(|why| Refusal::NotAModule(format!("its manifest: {why}")))?;
    check_letters(&manifest)?;
    Manifest::of_json(section).map_err(Refusal::from)?;
    Ok(Statement {
        name: offer.name.clone(),
        digest: Digest::of(&offer.module),
        manifest,
        sequence: signing.sequence,
        issued: signing.now,
        expires: signing.now.plus_days(signing.days),
    })
}

/// Makes the envelope of a module.
pub fn sign(offer: &Offer, signing: &Signing, keys: &[SecretKey]) -> Result<String, SigningError> {
    let mut envelope = Envelope::new(statement(offer, signing)?.to_json()?);
    for key in keys {
        envelope.sign(key);
    }
    Ok(envelope.to_json()?)
}

/// Adds signatures to the envelope that is beside a module. What it says stays as it is.
pub fn cosign(offer: &Offer, now: Timestamp, keys: &[SecretKey]) -> Result<String, SigningError> {
    let envelope = offer.envelope.as_deref().ok_or(SigningError::NothingToCosign)?;
    let mut envelope = Envelope::parse(envelope)?;
    let said = Statement::parse(&envelope.payload)?;
    let section = Manifest::section(&offer.module).map_err(Refusal::from)?;
    let manifest = strict_json::value(section, MAX_SIZE).map_err(Refusal::NotAModule)?;
    let is_of_this = said.digest == Digest::of(&offer.module) && said.manifest == manifest;
    if !is_of_this || said.expires <= now {
        return Err(SigningError::OtherEnvelope);
    }
    for key in keys {
        envelope.sign(key);
    }
    Ok(envelope.to_json()?)
}

/// Puts an envelope beside its module.
pub fn write_envelope(offer: &Offer, envelope: &str) -> Result<PathBuf, SigningError> {
    let path = envelope_path(offer.path.as_deref().ok_or(SigningError::InArchive)?);
    guarded::replace(&path, envelope.as_bytes())?;
    Ok(path)
}

/// Makes a key and writes it to two files that must not be there yet; the secret one is encrypted if there is a
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
    // The public one first: a secret key without it is of no use to anybody.
    guarded::write_new(&public, &key.public().file())?;
    if let Err(error) = guarded::write_new(path, &text) {
        guarded::remove(&public)?;
        return Err(error.into());
    }
    Ok((key.public().clone(), public))
}

fn read(path: &Path) -> Result<zeroize::Zeroizing<String>, SigningError> {
    let bytes = guarded::read_given(path, MAX_KEY_FILE as u64)?
        .ok_or_else(|| SigningError::NoKey(path.to_owned()))?;
    let text = String::from_utf8(bytes).map_err(|_| SigningError::SecretKey {
        path: path.to_owned(),
        error: SecretKeyError::Malformed("it is not UTF-8"),
    })?;
    Ok(zeroize::Zeroizing::new(text))
}

/// Reads a secret key file; asks for the passphrase if there is one.
pub fn secret_key(
    path: &Path,
    ask: impl FnOnce() -> Result<Passphrase, SecretKeyError>,
) -> Result<SecretKey, SigningError> {
    SecretKey::parse(&read(path)?, ask)
        .map_err(|error| SigningError::SecretKey { path: path.to_owned(), error })
}

/// A public key: the file that has it, or the line of one.
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

//! Whether one module may be used: depends on its bytes, its envelope, the trust policy and the time, and on nothing
//! else. Reads no file and does not know what is installed.

use std::sync::Arc;

use serde_json::Value;

use super::confusables::confusable_with;
use super::digest::Digest;
use super::dsse::Envelope;
use super::error::VerifyError;
use super::key::KeyId;
use super::namespace::{OWN, check_ascii, check_reserved};
use super::package::ENVELOPE_SUFFIX;
use super::statement::Statement;
use super::strict_json;
use super::trust_file::{Publisher, SignaturePolicy};
use super::trust_policy::TrustPolicy;
use chitin_model::grants::describe;
use chitin_model::manifest::{MAX_SIZE, Manifest};
use chitin_model::timestamp::Timestamp;

/// How far a publisher's clock may be ahead of this one, in seconds.
const MAX_CLOCK_SKEW: u64 = 300;

/// Everything that verification depends on apart from the module.
#[derive(Debug, Clone, Copy)]
pub struct Verifier<'v> {
    pub trust: &'v TrustPolicy,
    /// The rule ids of chitin's own modules and of the host.
    pub own_rules: &'v [String],
    pub now: Timestamp,
}

/// A signature that was checked and counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidSignature {
    /// The publisher's keys whose signatures are valid.
    pub keys: Vec<KeyId>,
    pub sequence: u64,
    pub issued: Timestamp,
    pub expires: Timestamp,
}

/// What is known about the signature of a module that may be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignatureStatus {
    Valid(ValidSignature),
    /// There is none that counts, for this reason, and the policy is `warn`.
    Unverified(VerifyError),
    /// The policy is `off`.
    NotChecked,
}

/// A module that may be used. Only a [`Verifier`] makes one.
#[derive(Debug, Clone)]
pub struct VerifiedModule {
    bytes: Arc<[u8]>,
    digest: Digest,
    manifest: Arc<Manifest>,
    signature: SignatureStatus,
}

impl VerifiedModule {
    /// The bytes that were verified, and the manifest that was read from them.
    pub fn into_parts(self) -> (Arc<[u8]>, Arc<Manifest>) {
        (self.bytes, self.manifest)
    }

    /// The bytes that were verified.
    pub fn bytes(&self) -> &Arc<[u8]> {
        &self.bytes
    }

    pub fn digest(&self) -> Digest {
        self.digest
    }

    pub fn manifest(&self) -> &Arc<Manifest> {
        &self.manifest
    }

    pub fn publisher(&self) -> &str {
        &self.manifest.publisher
    }

    pub fn signature(&self) -> &SignatureStatus {
        &self.signature
    }

    /// The sequence number of the release, if the signature is valid.
    pub fn sequence(&self) -> Option<u64> {
        match &self.signature {
            SignatureStatus::Valid(valid) => Some(valid.sequence),
            SignatureStatus::Unverified(_) | SignatureStatus::NotChecked => None,
        }
    }
}

impl Verifier<'_> {
    /// Verifies a module; `name` is its file name, for messages.
    pub fn verify(
        &self,
        name: &str,
        bytes: Arc<[u8]>,
        envelope: Option<&[u8]>,
    ) -> Result<VerifiedModule, VerifyError> {
        let digest = Digest::of(&bytes);
        if self.trust.is_revoked_digest(&digest) {
            return Err(VerifyError::RevokedDigest(digest));
        }
        let section = Manifest::section(&bytes)?;
        let raw_manifest = strict_json::value(section, MAX_SIZE)
            .map_err(|error| VerifyError::NotAModule(format!("its manifest: {error}")))?;
        check_ascii(&raw_manifest)?;
        let manifest = Manifest::of_json(section)?;
        check_reserved(&manifest, self.own_rules)?;
        self.check_lookalike(&manifest.publisher)?;
        let signature = match self.trust.policy {
            SignaturePolicy::Off => SignatureStatus::NotChecked,
            policy => {
                let publisher = &manifest.publisher;
                match self.check_signature(name, publisher, digest, &raw_manifest, envelope) {
                    Ok(valid) => SignatureStatus::Valid(valid),
                    Err(error) if policy == SignaturePolicy::Warn && error.is_about_signing() => {
                        SignatureStatus::Unverified(error)
                    }
                    Err(error) => return Err(error),
                }
            }
        };
        self.check_limits(&manifest)?;
        Ok(VerifiedModule { bytes, digest, manifest: Arc::new(manifest), signature })
    }

    /// An unknown publisher must not be mistaken for a known one.
    fn check_lookalike(&self, name: &str) -> Result<(), VerifyError> {
        if self.trust.publisher(name).is_some() {
            return Ok(());
        }
        if confusable_with(name, [OWN]).is_some() {
            return Err(VerifyError::ImpersonatesChitin(name.to_owned()));
        }
        match self.trust.confusable_publisher(name) {
            Some(like) => {
                Err(VerifyError::Lookalike { name: name.to_owned(), like: like.to_owned() })
            }
            None => Ok(()),
        }
    }

    fn check_signature(
        &self,
        file_name: &str,
        publisher: &str,
        digest: Digest,
        manifest: &Value,
        envelope: Option<&[u8]>,
    ) -> Result<ValidSignature, VerifyError> {
        let envelope = envelope
            .ok_or_else(|| VerifyError::NotSigned(format!("{file_name}{ENVELOPE_SUFFIX}")))?;
        let envelope = Envelope::parse(envelope)?;
        let keys = self.valid_keys(&envelope, publisher)?;
        // Only now is the payload known to come from the publisher.
        let statement = Statement::parse(&envelope.payload)?;
        if statement.digest != digest {
            return Err(VerifyError::DigestMismatch { signed: statement.digest, found: digest });
        }
        if statement.manifest != *manifest {
            return Err(VerifyError::ManifestMismatch);
        }
        let Statement { issued, expires, sequence, .. } = statement;
        if issued > self.now.plus(MAX_CLOCK_SKEW) {
            return Err(VerifyError::NotYetValid { issued, now: self.now });
        }
        if expires <= self.now {
            return Err(VerifyError::Expired { expires });
        }
        Ok(ValidSignature { keys, sequence, issued, expires })
    }

    /// The publisher's keys that signed, if they are enough. Signatures by other keys do not count and do no harm, so a
    /// publisher can move to new keys, and others can sign as well.
    fn valid_keys(&self, envelope: &Envelope, name: &str) -> Result<Vec<KeyId>, VerifyError> {
        let Some(publisher) = self.trust.publisher(name) else {
            return Err(self
                .other_publishers_key(envelope, name)
                .unwrap_or_else(|| VerifyError::UnknownPublisher { name: name.to_owned() }));
        };
        let message = envelope.signed_bytes();
        let (mut valid, mut invalid, mut revoked) = (Vec::new(), None, None);
        for signature in &envelope.signatures {
            let Some(key) = publisher.keys.get(&signature.key) else {
                if self.trust.is_revoked_key(&signature.key) {
                    revoked = Some(signature.key);
                }
                continue;
            };
            if !key.verify(&message, &signature.bytes) {
                invalid = Some(signature.key);
            } else if self.trust.is_revoked_key(&signature.key) {
                revoked = Some(signature.key);
            } else {
                valid.push(signature.key);
            }
        }
        match (valid.len(), invalid, revoked) {
            (0, Some(key), _) => Err(VerifyError::InvalidSignature(key)),
            (_, Some(key), _) => Err(VerifyError::SecondSignatureInvalid(key)),
            (found, None, _) if found >= publisher.needed => Ok(valid),
            (_, None, Some(key)) => Err(VerifyError::RevokedKey(key)),
            (0, None, None) => {
                Err(self.other_publishers_key(envelope, name).unwrap_or_else(|| {
                    let keys = envelope.signatures.iter().map(|signature| signature.key).collect();
                    VerifyError::UntrustedKey { publisher: name.to_owned(), keys }
                }))
            }
            (found, None, None) => Err(VerifyError::TooFewSignatures {
                publisher: name.to_owned(),
                found,
                needed: publisher.needed,
            }),
        }
    }

    /// The error if one publisher's key signed in another's name.
    fn other_publishers_key(&self, envelope: &Envelope, name: &str) -> Option<VerifyError> {
        envelope.signatures.iter().find_map(|signature| {
            let owner = self.trust.owner_of_key(&signature.key)?;
            Some(VerifyError::KeyOfOtherPublisher {
                key: signature.key,
                owner: owner.name.clone(),
                publisher: name.to_owned(),
            })
        })
    }

    /// Whether the module stays within the namespaces and grants of its publisher. Also checked without a signature: a
    /// module must not get more by just claiming a publisher's name.
    fn check_limits(&self, manifest: &Manifest) -> Result<(), VerifyError> {
        match self.trust.publisher(&manifest.publisher) {
            Some(publisher) => check_publishers_limits(manifest, publisher),
            None => self.check_foreign_namespaces(manifest),
        }
    }

    fn check_foreign_namespaces(&self, manifest: &Manifest) -> Result<(), VerifyError> {
        for rule in &manifest.rules {
            if let Some(owner) = self.trust.owner_of_namespace(&rule.id) {
                let (rule, owner) = (rule.id.clone(), owner.name.clone());
                return Err(VerifyError::NamespaceOfOtherPublisher { rule, owner });
            }
        }
        Ok(())
    }
}

fn check_publishers_limits(manifest: &Manifest, publisher: &Publisher) -> Result<(), VerifyError> {
    if let Some(rule) = manifest.rules.iter().find(|rule| !publisher.has_rule(&rule.id)) {
        return Err(VerifyError::OutsideNamespace {
            rule: rule.id.clone(),
            publisher: publisher.name.clone(),
            namespaces: publisher.namespaces.clone(),
        });
    }
    let beyond = manifest.grants.beyond(&publisher.grants);
    if !beyond.is_empty() {
        return Err(VerifyError::GrantsExceeded {
            publisher: publisher.name.clone(),
            words: describe::lines(&beyond),
            texts: describe::options(&beyond),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests;

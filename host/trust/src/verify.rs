//! The decision about one module: its bytes, its envelope, what is trusted, what time it is. Touches no file and knows
//! nothing of what is installed.

use std::sync::Arc;

use serde_json::Value;

use super::ENVELOPE_SUFFIX;
use super::digest::Digest;
use super::dsse::Envelope;
use super::error::Refusal;
use super::key::KeyId;
use super::namespace::{OWN, check_letters, check_reserved, taken_for};
use super::statement::Statement;
use super::strict_json;
use super::trust_file::{Policy, Publisher};
use super::trusted::Trust;
use chitin_model::grants::describe;
use chitin_model::manifest::{MAX_SIZE, Manifest};
use chitin_model::timestamp::Timestamp;

/// How far a publisher's clock may be ahead of this one, in seconds.
const SKEW: u64 = 300;

/// What a decision depends on apart from the module.
#[derive(Debug, Clone, Copy)]
pub struct Judge<'j> {
    pub trust: &'j Trust,
    /// The rule ids that are chitin's own.
    pub own_rules: &'j [String],
    pub now: Timestamp,
}

/// What a publisher vouched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The publisher's keys whose signatures hold.
    pub keys: Vec<KeyId>,
    pub sequence: u64,
    pub issued: Timestamp,
    pub expires: Timestamp,
}

/// Who stands for a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Voucher {
    Signed(Signed),
    /// Nobody does, for this reason, and the policy is `warn`.
    Doubtful(Refusal),
    /// Nobody was asked: the policy is `off`.
    Unasked,
}

/// A module that may be used. Only a [`Judge`] makes one.
#[derive(Debug, Clone)]
pub struct Verified {
    bytes: Arc<[u8]>,
    digest: Digest,
    manifest: Arc<Manifest>,
    voucher: Voucher,
}

impl Verified {
    /// The very bytes that were verified, and the manifest that was read from them.
    pub fn into_parts(self) -> (Arc<[u8]>, Arc<Manifest>) {
        (self.bytes, self.manifest)
    }

    /// The very bytes that were verified.
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

    pub fn voucher(&self) -> &Voucher {
        &self.voucher
    }

    /// The place in the order of releases, if somebody vouches for it.
    pub fn sequence(&self) -> Option<u64> {
        match &self.voucher {
            Voucher::Signed(signed) => Some(signed.sequence),
            Voucher::Doubtful(_) | Voucher::Unasked => None,
        }
    }
}

impl Judge<'_> {
    /// Decides about a module of this file name.
    pub fn decide(
        &self,
        name: &str,
        bytes: Arc<[u8]>,
        envelope: Option<&[u8]>,
    ) -> Result<Verified, Refusal> {
        let digest = Digest::of(&bytes);
        if self.trust.is_revoked_digest(&digest) {
            return Err(Refusal::RevokedDigest(digest));
        }
        let section = Manifest::section(&bytes)?;
        let written = strict_json::value(section, MAX_SIZE)
            .map_err(|why| Refusal::NotAModule(format!("its manifest: {why}")))?;
        check_letters(&written)?;
        let manifest = Manifest::of_json(section)?;
        check_reserved(&manifest, self.own_rules)?;
        self.check_likeness(&manifest.publisher)?;
        let voucher = match self.trust.policy {
            Policy::Off => Voucher::Unasked,
            policy => {
                match self.authenticate(name, &manifest.publisher, digest, &written, envelope) {
                    Ok(signed) => Voucher::Signed(signed),
                    Err(why) if policy == Policy::Warn && why.is_about_signing() => {
                        Voucher::Doubtful(why)
                    }
                    Err(why) => return Err(why),
                }
            }
        };
        self.check_reach(&manifest)?;
        Ok(Verified { bytes, digest, manifest: Arc::new(manifest), voucher })
    }

    /// A publisher that is not known must not be taken for one that is.
    fn check_likeness(&self, name: &str) -> Result<(), Refusal> {
        if self.trust.publisher(name).is_some() {
            return Ok(());
        }
        if taken_for(name, [OWN]).is_some() {
            return Err(Refusal::PosesAsChitin(name.to_owned()));
        }
        match self.trust.taken_for(name) {
            Some(like) => Err(Refusal::LookAlike { name: name.to_owned(), like: like.to_owned() }),
            None => Ok(()),
        }
    }

    fn authenticate(
        &self,
        file_name: &str,
        publisher: &str,
        digest: Digest,
        manifest: &Value,
        envelope: Option<&[u8]>,
    ) -> Result<Signed, Refusal> {
        let envelope =
            envelope.ok_or_else(|| Refusal::NotSigned(format!("{file_name}{ENVELOPE_SUFFIX}")))?;
        let envelope = Envelope::parse(envelope)?;
        let keys = self.signers(&envelope, publisher)?;
        // From here on it is the publisher who speaks.
        let statement = Statement::parse(&envelope.payload)?;
        if statement.digest != digest {
            return Err(Refusal::OtherBytes { signed: statement.digest, found: digest });
        }
        if statement.manifest != *manifest {
            return Err(Refusal::OtherManifest);
        }
        let Statement { issued, expires, sequence, .. } = statement;
        if issued > self.now.plus(SKEW) {
            return Err(Refusal::NotYetIssued { issued, now: self.now });
        }
        if expires <= self.now {
            return Err(Refusal::Expired { expires });
        }
        Ok(Signed { keys, sequence, issued, expires })
    }

    /// The publisher's keys that signed, if they are enough. Signatures by keys that are not the publisher's do not
    /// count, so that a publisher can move to new keys and others can sign as well.
    fn signers(&self, envelope: &Envelope, name: &str) -> Result<Vec<KeyId>, Refusal> {
        let Some(publisher) = self.trust.publisher(name) else {
            return Err(self
                .confused(envelope, name)
                .unwrap_or_else(|| Refusal::UnknownPublisher { name: name.to_owned() }));
        };
        let message = envelope.signed();
        let (mut holding, mut failing, mut revoked) = (Vec::new(), None, None);
        for signature in &envelope.signatures {
            let Some(key) = publisher.keys.get(&signature.key) else {
                if self.trust.is_revoked_key(&signature.key) {
                    revoked = Some(signature.key);
                }
                continue;
            };
            if !key.holds(&message, &signature.bytes) {
                failing = Some(signature.key);
            } else if self.trust.is_revoked_key(&signature.key) {
                revoked = Some(signature.key);
            } else {
                holding.push(signature.key);
            }
        }
        match (holding.len(), failing, revoked) {
            (0, Some(key), _) => Err(Refusal::FalseSignature(key)),
            (_, Some(key), _) => Err(Refusal::SignatureOfOtherBytes(key)),
            (found, None, _) if found >= publisher.needed => Ok(holding),
            (_, None, Some(key)) => Err(Refusal::RevokedKey(key)),
            (0, None, None) => Err(self.confused(envelope, name).unwrap_or_else(|| {
                let keys = envelope.signatures.iter().map(|signature| signature.key).collect();
                Refusal::AnotherKey { publisher: name.to_owned(), keys }
            })),
            (found, None, None) => Err(Refusal::TooFewSignatures {
                publisher: name.to_owned(),
                found,
                needed: publisher.needed,
            }),
        }
    }

    /// One publisher's key under another's name.
    fn confused(&self, envelope: &Envelope, name: &str) -> Option<Refusal> {
        envelope.signatures.iter().find_map(|signature| {
            let owner = self.trust.owner_of_key(&signature.key)?;
            Some(Refusal::ConfusedKey {
                key: signature.key,
                owner: owner.name.clone(),
                publisher: name.to_owned(),
            })
        })
    }

    /// Whether the module stays within what its publisher may name and ask for. That holds without a signature too: the
    /// name alone gives nobody more.
    fn check_reach(&self, manifest: &Manifest) -> Result<(), Refusal> {
        match self.trust.publisher(&manifest.publisher) {
            Some(publisher) => check_within(manifest, publisher),
            None => self.check_not_anothers(manifest),
        }
    }

    fn check_not_anothers(&self, manifest: &Manifest) -> Result<(), Refusal> {
        for rule in &manifest.rules {
            if let Some(owner) = self.trust.owner_of_rule(&rule.id) {
                let (rule, owner) = (rule.id.clone(), owner.name.clone());
                return Err(Refusal::NamespaceOfAnother { rule, owner });
            }
        }
        Ok(())
    }
}

fn check_within(manifest: &Manifest, publisher: &Publisher) -> Result<(), Refusal> {
    if let Some(rule) = manifest.rules.iter().find(|rule| !publisher.has_rule(&rule.id)) {
        return Err(Refusal::OutsideNamespace {
            rule: rule.id.clone(),
            publisher: publisher.name.clone(),
            namespaces: publisher.namespaces.clone(),
        });
    }
    let beyond = manifest.grants.beyond(&publisher.grants);
    if !beyond.is_empty() {
        return Err(Refusal::GrantsTooWide {
            publisher: publisher.name.clone(),
            words: describe::lines(&beyond),
            texts: describe::options(&beyond),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests;

//! Why a module is refused: a variant for each reason, and each message says what to do next.
//!
//! A message may contain text of a module as it is. Code that prints one escapes it like any other text from outside.

use thiserror::Error;

use super::digest::Digest;
use super::dsse::EnvelopeError;
use super::key::KeyId;
use super::statement::StatementError;
use chitin_model::manifest::ManifestError;
use chitin_model::timestamp::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum VerifyError {
    // The module itself.
    #[error(
        "it is not a module: {0}. Ask its publisher for one that `chitin module inspect` accepts"
    )]
    NotAModule(String),
    #[error(
        "its {what} `{shown}` contains letters that only look like a-z. There is no honest reason for that; do not use it"
    )]
    NonAscii { what: &'static str, shown: String },
    #[error("`{0}` is reserved for chitin itself. Its author has to choose another name")]
    ReservedName(String),
    #[error("its publisher `{0}` looks like chitin itself but is someone else. Do not use it")]
    ImpersonatesChitin(String),
    #[error(
        "its rule `{rule}` can produce the ids of chitin's own rule `{own}`. Its author has to rename the rule"
    )]
    ReservedRule { rule: String, own: String },
    #[error(
        "its publisher `{name}` looks like `{like}` but is a different one. Ask the person who gave you the module \
         which one is meant; if you use both, add `{name}` to trust.toml by hand"
    )]
    Lookalike { name: String, like: String },
    #[error(
        "its id `{id}` does not begin with `{publisher}.`. Its author has to rename the module"
    )]
    IdOutsideNamespace { id: String, publisher: String },

    // The envelope.
    #[error(
        "it is not signed: there is no {0} beside it. Ask its publisher for that file; if you wrote the module, sign it \
         with `chitin module sign`"
    )]
    NotSigned(String),
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    #[error(transparent)]
    Statement(#[from] StatementError),

    // Who signed it.
    #[error(
        "its publisher `{name}` is not trusted here. If you know the publisher, get the public key over a channel that \
         you trust and run `chitin module trust add KEY --publisher {name}`"
    )]
    UnknownPublisher { name: String },
    #[error(
        "it is signed by {}, which is not a key of `{publisher}`. Do not use it until the publisher has confirmed the \
         key; then add the key to trust.toml", list(.keys)
    )]
    UntrustedKey { publisher: String, keys: Vec<KeyId> },
    #[error(
        "it is signed with the key {key} of `{owner}`, but claims to be made by `{publisher}`. Do not use it; report it \
         to both publishers"
    )]
    KeyOfOtherPublisher { key: KeyId, owner: String, publisher: String },
    #[error(
        "the signature by {0} is invalid: what was signed has been changed, or the signature was made with another key. \
         Do not use it; fetch both files again from the publisher"
    )]
    InvalidSignature(KeyId),
    #[error(
        "one signature is valid, but the one by {0} is for other bytes. Do not use it; ask the publisher which release \
         is meant"
    )]
    SecondSignatureInvalid(KeyId),
    #[error(
        "it has {found} of the {needed} signatures that trust.toml requires of `{publisher}`. Ask the publisher for the \
         missing ones"
    )]
    TooFewSignatures { publisher: String, found: usize, needed: usize },
    #[error(
        "it is signed by the revoked key {0}. Do not use it; ask the publisher for a release signed with another key"
    )]
    RevokedKey(KeyId),
    #[error(
        "{0} is revoked. Do not use it; if it is installed, remove it with `chitin module remove`, and ask the \
         publisher for a later release"
    )]
    RevokedDigest(Digest),

    // What was signed.
    #[error(
        "it is not the module that was signed: {signed} was signed, this is {found}. The module was changed, or the \
         envelope belongs to another module; fetch both files again"
    )]
    DigestMismatch { signed: Digest, found: Digest },
    #[error(
        "the signed manifest differs from the one in the module. Do not use it; its publisher has to sign it again"
    )]
    ManifestMismatch,
    #[error(
        "its signature says that it was made on {issued}, but the clock says {now}. If the clock is right, do not use it"
    )]
    NotYetValid { issued: Timestamp, now: Timestamp },
    #[error(
        "its signature expired on {expires}. Ask the publisher for a newer release, or for a new signature of this one"
    )]
    Expired { expires: Timestamp },
    #[error(
        "its rule `{rule}` is outside the namespaces of `{publisher}` ({}). Its author has to rename the rule, or you \
         give the publisher another namespace in trust.toml", .namespaces.join(", ")
    )]
    OutsideNamespace { rule: String, publisher: String, namespaces: Vec<String> },
    #[error(
        "its rule `{rule}` can produce ids in a namespace of `{owner}`. Do not use it; its author has to rename the rule"
    )]
    NamespaceOfOtherPublisher { rule: String, owner: String },
    #[error(
        "it asks for more than `{publisher}` may have:\n{}\nIf you want to allow that, add it to trust.toml: `{}`",
        indented(.words), .texts.join("`, `")
    )]
    GrantsExceeded { publisher: String, words: Vec<String>, texts: Vec<String> },

    #[error(
        "its rule `{rule}` is also a rule of the installed module {module}. Its author has to rename the rule, or you \
         remove the other module"
    )]
    RuleConflict { rule: String, module: String },

    // What was agreed to.
    #[error(
        "release {offered} is older than release {known}, which is or was installed. Someone may want you to have an \
         old flaw again; if you want it, run `chitin module remove --forget` first"
    )]
    Downgrade { known: u64, offered: u64 },
    #[error(
        "release {0} was installed with other bytes before. Its publisher has to give each release a higher sequence number"
    )]
    SequenceReused(u64),
    #[error(
        "it was installed with a valid signature, and this file has none. Ask the publisher for a signed one, or run \
         `chitin module remove --forget` first"
    )]
    SignatureRemoved,
    #[error(
        "a module with this id by `{known}` is or was installed, and this one is by `{offered}`. If that is right, run \
         `chitin module remove --forget` first"
    )]
    PublisherChanged { known: String, offered: String },
    #[error(
        "it asks for more than the installed release:\n{}\nRun `chitin module add` on a terminal and answer the \
         question, or add --accept-widened", indented(.words)
    )]
    GrantsWidened { words: Vec<String> },
    #[error(
        "its file in the store is missing. Install it again with `chitin module add`, or remove it with `chitin module remove`"
    )]
    FileMissing,
    #[error(
        "its file in the store was changed: {locked} was installed, {found} is there. Find out who wrote to the store, \
         then install it again with `chitin module add`"
    )]
    FileModified { locked: Digest, found: Digest },
    #[error(
        "its manifest is not the one that you agreed to when it was installed. Install it again with `chitin module add`"
    )]
    LockMismatch,
    #[error("its file in the store cannot be used: {0}")]
    FileUnusable(String),
}

impl VerifyError {
    /// Whether the policy `warn` lets the module run: a signature is missing or does not count. A false signature, or
    /// anything that a signature would not make better, is refused under every policy.
    pub(super) fn is_about_signing(&self) -> bool {
        matches!(
            self,
            Self::NotSigned(_)
                | Self::Envelope(_)
                | Self::Statement(_)
                | Self::UnknownPublisher { .. }
                | Self::UntrustedKey { .. }
                | Self::TooFewSignatures { .. }
                | Self::NotYetValid { .. }
                | Self::Expired { .. }
        )
    }

    /// Whether this can be an attack, and not just a file that is missing or a signature that has expired.
    pub fn is_alarming(&self) -> bool {
        !matches!(
            self,
            Self::NotSigned(_)
                | Self::UnknownPublisher { .. }
                | Self::TooFewSignatures { .. }
                | Self::NotYetValid { .. }
                | Self::Expired { .. }
                | Self::GrantsExceeded { .. }
                | Self::GrantsWidened { .. }
                | Self::RuleConflict { .. }
                | Self::OutsideNamespace { .. }
                | Self::FileMissing
                | Self::FileUnusable(_)
        )
    }
}

impl From<ManifestError> for VerifyError {
    fn from(error: ManifestError) -> Self {
        Self::NotAModule(error.to_string())
    }
}

fn list(keys: &[KeyId]) -> String {
    keys.iter().map(KeyId::to_string).collect::<Vec<_>>().join(", ")
}

fn indented(words: &[String]) -> String {
    words.iter().map(|line| format!("  - {line}")).collect::<Vec<_>>().join("\n")
}

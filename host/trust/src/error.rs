//! Why a module is not taken: each reason its own variant, and each message says what to do next.
//!
//! Texts of a module may stand in a message as they are; whoever prints one neutralises it like any other text.

use thiserror::Error;

use super::digest::Digest;
use super::key::KeyId;
use chitin_model::manifest::ManifestError;
use chitin_model::timestamp::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    // The module itself.
    #[error("it is no module: {0}. Ask its publisher for one that `chitin module inspect` accepts")]
    NotAModule(String),
    #[error(
        "its {what} `{shown}` has letters that only look like a-z. Nobody honest needs that; do not use it"
    )]
    ForeignLetters { what: &'static str, shown: String },
    #[error("`{0}` is reserved for chitin itself. Its author has to choose another name")]
    ReservedName(String),
    #[error("its publisher `{0}` looks like chitin itself and is somebody else. Do not use it")]
    PosesAsChitin(String),
    #[error("its rule `{rule}` is one of chitin's own, `{own}`. Its author has to rename the rule")]
    ReservedRule { rule: String, own: String },
    #[error(
        "its publisher `{name}` looks like `{like}` and is another one. Ask whoever gave you the module; \
         if both are meant, write `{name}` into trust.toml by hand"
    )]
    LookAlike { name: String, like: String },
    #[error(
        "its id `{id}` does not begin with `{publisher}.`. Its author has to rename the module"
    )]
    IdOfAnother { id: String, publisher: String },

    // The envelope.
    #[error(
        "it is not signed: there is no {0} beside it. Ask its publisher for that file, or sign it yourself with \
         `chitin module sign` if you wrote it"
    )]
    NotSigned(String),
    #[error(
        "its envelope cannot be read: {0}. It may have been cut; fetch module and envelope again"
    )]
    EnvelopeMalformed(String),
    #[error(
        "its envelope has no signature: it was taken out, or never made. Fetch the envelope again"
    )]
    NoSignature,
    #[error(
        "its envelope is for `{0}`, not for an in-toto statement. Fetch the envelope that belongs to the module"
    )]
    PayloadType(String),
    #[error(
        "it is signed with another algorithm: a signature has {length} bytes, one of Ed25519 has 64. Its publisher has to sign it with an Ed25519 key"
    )]
    SignatureKind { length: usize },
    #[error(
        "its envelope has two signatures by the key {0}. One is enough; its publisher has to sign it again"
    )]
    SignedTwice(KeyId),
    #[error(
        "what is signed cannot be read: {0}. Its publisher has to sign it again with `chitin module sign`"
    )]
    StatementMalformed(String),
    #[error(
        "what is signed is about `{0}`, not about a chitin module. Fetch the envelope that belongs to the module"
    )]
    PredicateType(String),

    // Who signed it.
    #[error(
        "its publisher `{name}` is not trusted here. If you know the publisher, get the public key over a way that \
         you trust and run `chitin module trust add KEY --publisher {name}`"
    )]
    UnknownPublisher { name: String },
    #[error(
        "it is signed by {}, which is no key of `{publisher}`. Do not use it before the publisher has confirmed the \
         key; then put the key into trust.toml", list(.keys)
    )]
    AnotherKey { publisher: String, keys: Vec<KeyId> },
    #[error(
        "the key {key} is one of `{owner}`, and the module says that `{publisher}` made it. Do not use it; tell both publishers"
    )]
    ConfusedKey { key: KeyId, owner: String, publisher: String },
    #[error(
        "the signature by {0} does not hold: somebody changed what was signed, or made it with another key. Do not use it; fetch both files again from the publisher"
    )]
    FalseSignature(KeyId),
    #[error(
        "one signature holds, and the one by {0} is of other bytes. Do not use it; ask the publisher which release is meant"
    )]
    SignatureOfOtherBytes(KeyId),
    #[error(
        "it has {found} of the {needed} signatures that trust.toml asks of `{publisher}`. Ask the publisher for the others"
    )]
    TooFewSignatures { publisher: String, found: usize, needed: usize },
    #[error(
        "it is signed by the revoked key {0}. Do not use it; ask the publisher for a release that another key signed"
    )]
    RevokedKey(KeyId),
    #[error(
        "{0} is revoked. Do not use it; remove it with `chitin module remove`, and ask the publisher for a later release"
    )]
    RevokedDigest(Digest),

    // What was signed.
    #[error(
        "it is not the module that was signed: {signed} was signed, this is {found}. A byte was changed, or envelope and module do not belong together; fetch both again"
    )]
    OtherBytes { signed: Digest, found: Digest },
    #[error(
        "the manifest that was signed differs from the one in the module. Do not use it; its publisher has to sign it again"
    )]
    OtherManifest,
    #[error(
        "its signature says that it is from {issued}, and the clock says {now}. If the clock is right, do not use it"
    )]
    NotYetIssued { issued: Timestamp, now: Timestamp },
    #[error(
        "its signature expired on {expires}. Ask the publisher for a newer release, or for a new signature of this one"
    )]
    Expired { expires: Timestamp },
    #[error("its rule `{rule}` lies outside of what `{publisher}` may name ({}). Its author has to rename the rule, or you give the publisher more in trust.toml", .namespaces.join(", "))]
    OutsideNamespace { rule: String, publisher: String, namespaces: Vec<String> },
    #[error(
        "its rule `{rule}` lies in a namespace of `{owner}`. Do not use it; its author has to rename the rule"
    )]
    NamespaceOfAnother { rule: String, owner: String },
    #[error("it asks for more than `{publisher}` may have:\n{}\nIf it should have that, write it into trust.toml: `{}`", indented(.words), .texts.join("`, `"))]
    GrantsTooWide { publisher: String, words: Vec<String>, texts: Vec<String> },

    #[error(
        "its rule `{rule}` is also one of the installed module {module}. Its author has to rename the rule, or you remove the other module"
    )]
    RuleOfAnother { rule: String, module: String },

    // What was agreed to.
    #[error(
        "release {offered} is older than release {known}, which is or was installed. Somebody may want an old fault back; if you want it, `chitin module remove --forget` first"
    )]
    Downgraded { known: u64, offered: u64 },
    #[error(
        "release {0} is known with other bytes. Its publisher has to give each release a higher sequence"
    )]
    Replaced(u64),
    #[error(
        "it was installed with a signature, and this one has none that holds. Ask the publisher for a signed one, or `chitin module remove --forget` first"
    )]
    SignatureLost,
    #[error(
        "a module of this id by `{known}` is or was installed, and this one is by `{offered}`. If that is right, `chitin module remove --forget` first"
    )]
    OtherPublisher { known: String, offered: String },
    #[error("it asks for more than the installed release:\n{}\nAnswer the question on a terminal, or run `chitin module add` with --accept-widened", indented(.words))]
    GrantsWidened { words: Vec<String> },
    #[error(
        "its file in the store is gone. Install it again with `chitin module add`, or `chitin module remove` it"
    )]
    Gone,
    #[error(
        "its file in the store was changed: {locked} was installed, {found} is there. Somebody wrote to the store; find out who, and install it again with `chitin module add`"
    )]
    ChangedInStore { locked: Digest, found: Digest },
    #[error(
        "what it says about itself is not what was agreed to when it was installed. Install it again with `chitin module add`"
    )]
    NotAsAgreed,
    #[error("its file in the store cannot be used: {0}")]
    Store(String),
}

impl Refusal {
    /// Whether the operator can let it pass with a looser policy: it is about a signature that is missing or does not
    /// count, and not about something that a signature would not make better.
    pub(super) fn is_about_signing(&self) -> bool {
        matches!(
            self,
            Self::NotSigned(_)
                | Self::EnvelopeMalformed(_)
                | Self::NoSignature
                | Self::PayloadType(_)
                | Self::SignatureKind { .. }
                | Self::SignedTwice(_)
                | Self::StatementMalformed(_)
                | Self::PredicateType(_)
                | Self::UnknownPublisher { .. }
                | Self::AnotherKey { .. }
                | Self::TooFewSignatures { .. }
                | Self::NotYetIssued { .. }
                | Self::Expired { .. }
        )
    }

    /// Whether somebody may have meant harm, and not only time has passed or a file is missing.
    pub fn is_alarming(&self) -> bool {
        !matches!(
            self,
            Self::NotSigned(_)
                | Self::UnknownPublisher { .. }
                | Self::TooFewSignatures { .. }
                | Self::NotYetIssued { .. }
                | Self::Expired { .. }
                | Self::GrantsTooWide { .. }
                | Self::GrantsWidened { .. }
                | Self::RuleOfAnother { .. }
                | Self::OutsideNamespace { .. }
                | Self::Gone
                | Self::Store(_)
        )
    }
}

impl From<ManifestError> for Refusal {
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

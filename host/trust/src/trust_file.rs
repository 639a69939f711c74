//! `trust.toml`: who may ship modules, what they may ask for, what is revoked, and how strict to be. A file with an
//! error is not used at all.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use thiserror::Error;

use super::confusables::confusable_with;
use super::digest::Digest;
use super::key::{KeyError, KeyId, PublicKey};
use super::namespace::{OWN, in_namespace, reaches_namespace};
use chitin_fs::guarded::{self, GuardedFileError};
use chitin_model::grants::{GrantError, Grants, RawGrants};

/// A larger trust file is not read.
const MAX_SIZE: u64 = 1 << 20;
const MAX_ENTRIES: usize = 1000;

#[derive(Debug, Error)]
pub enum TrustFileError {
    #[error(transparent)]
    Disk(#[from] GuardedFileError),
    #[error("{path} is not a valid trust file: {reason}. Correct it; until then no module is used", path = .path.display())]
    Malformed { path: PathBuf, reason: String },
    #[error("{path}: `{name}`: {error}", path = .path.display())]
    Publisher { path: PathBuf, name: String, error: PublisherError },
    #[error("{path}: `{text}` cannot be revoked: write `sha256:` and 64 hexadecimal digits, or the id of a key", path = .path.display())]
    Revocation { path: PathBuf, text: String },
    #[error("the publisher `{name}` is in {first} and in {second}; remove it from one of them", first = .first.display(), second = .second.display())]
    TwoFiles { name: String, first: PathBuf, second: PathBuf },
    #[error(
        "the publishers `{first}` and `{second}` both have the key {key}; a key says who made a module, so remove it \
         from one of them"
    )]
    SharedKey { first: String, second: String, key: KeyId },
    #[error(
        "the publishers `{first}` and `{second}` both have the namespace `{namespace}`; a rule can belong to one \
         publisher only, so remove it from one of them"
    )]
    SharedNamespace { first: String, second: String, namespace: String },
}

/// What is wrong with the entry of one publisher.
#[derive(Debug, PartialEq, Eq, Error)]
pub enum PublisherError {
    #[error(
        "a name has lower-case letters, digits, `-` and `.`, begins with a letter and has at most 64 characters"
    )]
    Name,
    #[error("this name is reserved for chitin itself; choose another")]
    Reserved,
    #[error(
        "this name looks like chitin's own. It may have been chosen to deceive; do not trust it"
    )]
    LooksLikeChitin,
    #[error(
        "this name looks like `{0}`, which is trusted already. If you mean both, add the entry to trust.toml by hand"
    )]
    Lookalike(String),
    #[error(
        "it is trusted already; edit its entry in trust.toml by hand, for example to add a key"
    )]
    AlreadyTrusted,
    #[error("this key is revoked; ask the publisher for another")]
    RevokedKey,
    #[error("it is in the file twice; remove one of the entries")]
    Duplicate,
    #[error("it has no key; add one to `keys`")]
    NoKey,
    #[error("one of its keys cannot be used: {0}")]
    Key(#[from] KeyError),
    #[error("it has the key {0} twice; remove one")]
    DuplicateKey(KeyId),
    #[error("it has no namespace for its rules; add `rules = [\"NAME\"]`")]
    NoNamespace,
    #[error(
        "`{0}` is not a namespace: write words of letters, digits, `-` and `_`, separated by dots"
    )]
    Namespace(String),
    #[error("the namespace `{namespace}` contains chitin's own rule `{own}`; choose another")]
    OwnNamespace { namespace: String, own: String },
    #[error("{0}")]
    Grants(#[from] GrantError),
    #[error(
        "`minimum = {minimum}`, but it has {keys} keys; choose a number from 1 to the number of keys"
    )]
    Minimum { minimum: usize, keys: usize },
    #[error("`minimum` only works with `require = \"any\"`; remove one of them")]
    MinimumOfAll,
}

/// What happens to a module without a valid signature. Ordered by strictness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SignaturePolicy {
    /// Signatures are not checked.
    Off,
    /// It is used, and every report says so.
    Warn,
    /// It is refused.
    #[default]
    Require,
}

impl SignaturePolicy {
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Warn => "warn",
            Self::Require => "require",
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTrustFile {
    policy: Option<SignaturePolicy>,
    #[serde(default)]
    publisher: Vec<RawPublisher>,
    #[serde(default)]
    revoked: Vec<RawRevocation>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPublisher {
    name: String,
    keys: Vec<String>,
    rules: Vec<String>,
    #[serde(default)]
    require: Require,
    minimum: Option<usize>,
    #[serde(default)]
    grants: RawGrants,
}

/// How many of a publisher's keys have to sign.
#[derive(Debug, Default, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Require {
    #[default]
    Any,
    All,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRevocation {
    /// A module's digest, or a key's id or line.
    what: String,
    /// For people who read the file.
    #[serde(default, rename = "reason")]
    _reason: String,
}

/// A publisher whose modules may be used.
#[derive(Debug, Clone)]
pub struct Publisher {
    pub name: String,
    pub keys: BTreeMap<KeyId, PublicKey>,
    /// How many of the keys have to sign.
    pub needed: usize,
    pub namespaces: Vec<String>,
    /// The most that its modules may ask for.
    pub grants: Grants,
}

/// One `trust.toml`.
#[derive(Debug)]
pub(super) struct TrustFile {
    pub(super) path: PathBuf,
    pub(super) policy: Option<SignaturePolicy>,
    pub(super) publishers: Vec<Publisher>,
    pub(super) revoked_digests: BTreeSet<Digest>,
    pub(super) revoked_keys: BTreeSet<KeyId>,
}

impl TrustFile {
    /// The text of a trust file. None if it does not exist.
    pub(super) fn read_text(path: &Path) -> Result<Option<String>, TrustFileError> {
        let Some(bytes) = guarded::read_guarded(path, MAX_SIZE)? else { return Ok(None) };
        let text = String::from_utf8(bytes).map_err(|_| TrustFileError::Malformed {
            path: path.to_owned(),
            reason: "it is not UTF-8".to_owned(),
        })?;
        Ok(Some(text))
    }

    pub(super) fn parse(
        path: PathBuf,
        text: &str,
        own_rules: &[String],
    ) -> Result<Self, TrustFileError> {
        let malformed = |reason: String| TrustFileError::Malformed { path: path.clone(), reason };
        let raw: RawTrustFile =
            toml::from_str(text).map_err(|error| malformed(error.to_string()))?;
        if raw.publisher.len() > MAX_ENTRIES || raw.revoked.len() > MAX_ENTRIES {
            return Err(malformed(format!("it has more than {MAX_ENTRIES} entries")));
        }
        let mut publishers: Vec<Publisher> = Vec::new();
        for entry in raw.publisher {
            let name = entry.name.clone();
            let publisher = if publishers.iter().any(|earlier| earlier.name == name) {
                Err(PublisherError::Duplicate)
            } else {
                Publisher::read(entry, own_rules)
            };
            publishers.push(publisher.map_err(|error| TrustFileError::Publisher {
                path: path.clone(),
                name,
                error,
            })?);
        }
        let (mut revoked_digests, mut revoked_keys) = (BTreeSet::new(), BTreeSet::new());
        for RawRevocation { what, .. } in raw.revoked {
            match Revoked::parse(&what) {
                Some(Revoked::Digest(digest)) => revoked_digests.insert(digest),
                Some(Revoked::Key(key)) => revoked_keys.insert(key),
                None => return Err(TrustFileError::Revocation { path, text: what }),
            };
        }
        Ok(Self { path, policy: raw.policy, publishers, revoked_digests, revoked_keys })
    }
}

/// What a revocation is about: one release, or everything that a key signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revoked {
    Digest(Digest),
    Key(KeyId),
}

impl Revoked {
    pub fn parse(text: &str) -> Option<Self> {
        Digest::parse(text)
            .map(Self::Digest)
            .or_else(|| KeyId::parse(text).map(Self::Key))
            .or_else(|| Some(Self::Key(PublicKey::parse(text).ok()?.id())))
    }
}

impl std::fmt::Display for Revoked {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Digest(digest) => write!(formatter, "{digest}"),
            Self::Key(key) => write!(formatter, "{key}"),
        }
    }
}

impl Publisher {
    fn read(raw: RawPublisher, own_rules: &[String]) -> Result<Self, PublisherError> {
        check_name(&raw.name)?;
        let mut keys = BTreeMap::new();
        for line in &raw.keys {
            let key = PublicKey::parse(line)?;
            if let Some(twice) = keys.insert(key.id(), key) {
                return Err(PublisherError::DuplicateKey(twice.id()));
            }
        }
        let needed = match (raw.require, raw.minimum) {
            (Require::All, None) => keys.len(),
            (Require::All, Some(_)) => return Err(PublisherError::MinimumOfAll),
            (Require::Any, minimum) => minimum.unwrap_or(1),
        };
        if keys.is_empty() {
            return Err(PublisherError::NoKey);
        }
        if needed == 0 || needed > keys.len() {
            return Err(PublisherError::Minimum { minimum: needed, keys: keys.len() });
        }
        if raw.rules.is_empty() {
            return Err(PublisherError::NoNamespace);
        }
        let namespaces = raw
            .rules
            .iter()
            .map(|text| namespace(text, own_rules))
            .collect::<Result<Vec<_>, _>>()?;
        let grants = raw.grants.parse()?;
        Ok(Self { name: raw.name, keys, needed, namespaces, grants })
    }

    /// Whether all ids of a rule are in one of the namespaces.
    pub(super) fn has_rule(&self, rule: &str) -> bool {
        self.namespaces.iter().any(|namespace| in_namespace(rule, namespace))
    }

    /// Whether a rule can produce an id in one of the namespaces.
    pub(super) fn is_reached_by(&self, rule: &str) -> bool {
        self.namespaces.iter().any(|namespace| reaches_namespace(rule, namespace))
    }
}

/// Whether a publisher may have this name.
pub(super) fn check_name(name: &str) -> Result<(), PublisherError> {
    if !chitin_model::manifest::is_name(name) {
        return Err(PublisherError::Name);
    }
    if name == OWN || in_namespace(name, OWN) {
        return Err(PublisherError::Reserved);
    }
    if confusable_with(name, [OWN]).is_some() {
        return Err(PublisherError::LooksLikeChitin);
    }
    Ok(())
}

/// A namespace, with or without `.*` at its end.
fn namespace(text: &str, own_rules: &[String]) -> Result<String, PublisherError> {
    let namespace = text.strip_suffix(".*").unwrap_or(text);
    let is_word = |word: &str| {
        !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    if namespace.len() > 128 || !namespace.split('.').all(is_word) {
        return Err(PublisherError::Namespace(text.to_owned()));
    }
    if namespace == OWN || in_namespace(namespace, OWN) {
        return Err(PublisherError::Reserved);
    }
    if let Some(own) = own_rules.iter().find(|own| reaches_namespace(own, namespace)) {
        let (namespace, own) = (namespace.to_owned(), own.clone());
        return Err(PublisherError::OwnNamespace { namespace, own });
    }
    Ok(namespace.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "RWQlpnz5O2sjNnMNQ3UBBNl4uHvMI2R/WQdepOr6JdCdoPqYvi5bFPXd";

    fn parse(text: &str) -> Result<TrustFile, TrustFileError> {
        let own = ["gateway.bind_no_auth".to_owned(), "channels.*.dm.open".to_owned()];
        TrustFile::parse("/t/trust.toml".into(), text, &own)
    }

    fn publisher(name: &str, more: &str) -> String {
        format!("[[publisher]]\nname = \"{name}\"\nkeys = [\"{KEY}\"]\n{more}\n")
    }

    #[test]
    fn a_valid_file_is_read() {
        let digest = Digest::of(b"x");
        let file = parse(&format!(
            "policy = \"warn\"\n{}minimum = 1\n[publisher.grants]\nconfig = [\"/gateway\"]\n\
             [[revoked]]\nwhat = \"{digest}\"\nreason = \"it lies\"\n[[revoked]]\nwhat = \"{KEY}\"\n",
            publisher("acme", "rules = [\"acme.*\", \"acme-labs\"]")
        ))
        .unwrap();
        assert_eq!(file.policy, Some(SignaturePolicy::Warn));
        let acme = &file.publishers[0];
        assert_eq!((acme.needed, acme.keys.len()), (1, 1));
        assert!(
            acme.has_rule("acme.x") && acme.has_rule("acme-labs.x") && !acme.has_rule("acmex.y")
        );
        assert!(acme.grants.allow_config("/gateway/auth"));
        assert!(file.revoked_digests.contains(&digest));
        assert!(file.revoked_keys.contains(&PublicKey::parse(KEY).unwrap().id()));
        let empty = parse("").unwrap();
        assert!(empty.publishers.is_empty() && empty.policy.is_none());
    }

    #[test]
    fn one_error_invalidates_the_whole_file() {
        let refused = |text: &str| parse(text).unwrap_err().to_string();
        assert!(refused("polici = \"off\"").contains("unknown field"));
        assert!(refused("policy = \"never\"").contains("unknown variant"));
        assert!(refused("policy = \"off\"\npolicy = \"warn\"").contains("duplicate key"));
        assert!(refused("[[revoked]]\nwhat = \"abc\"").contains("cannot be revoked"));
        for (name, more, expected) in [
            ("Acme", "rules = [\"acme\"]", PublisherError::Name),
            ("chitin", "rules = [\"acme\"]", PublisherError::Reserved),
            ("chitin.more", "rules = [\"acme\"]", PublisherError::Reserved),
            ("chltin", "rules = [\"acme\"]", PublisherError::LooksLikeChitin),
            ("acme", "rules = []", PublisherError::NoNamespace),
            ("acme", "rules = [\"chitin.x\"]", PublisherError::Reserved),
            ("acme", "rules = [\"*\"]", PublisherError::Namespace("*".to_owned())),
            ("acme", "rules = [\"a..b\"]", PublisherError::Namespace("a..b".to_owned())),
            (
                "acme",
                "rules = [\"acme\"]\nminimum = 2",
                PublisherError::Minimum { minimum: 2, keys: 1 },
            ),
            (
                "acme",
                "rules = [\"acme\"]\nminimum = 0",
                PublisherError::Minimum { minimum: 0, keys: 1 },
            ),
            (
                "acme",
                "rules = [\"acme\"]\nrequire = \"all\"\nminimum = 1",
                PublisherError::MinimumOfAll,
            ),
            (
                "acme",
                "rules = [\"gateway\"]",
                PublisherError::OwnNamespace {
                    namespace: "gateway".to_owned(),
                    own: "gateway.bind_no_auth".to_owned(),
                },
            ),
        ] {
            let error = parse(&publisher(name, more)).unwrap_err();
            match error {
                TrustFileError::Publisher { error: found, .. } => assert_eq!(found, expected),
                other => panic!("{name} {more}: {other}"),
            }
        }
        let twice = publisher("acme", "rules = [\"acme\"]").repeat(2);
        assert!(refused(&twice).contains("twice"));
        let same_key =
            format!("[[publisher]]\nname = \"a\"\nrules = [\"a\"]\nkeys = [\"{KEY}\", \"{KEY}\"]");
        assert!(refused(&same_key).contains("twice"));
        let none = "[[publisher]]\nname = \"a\"\nrules = [\"a\"]\nkeys = []";
        assert!(refused(none).contains("has no key"));
        let bad = "[[publisher]]\nname = \"a\"\nrules = [\"a\"]\nkeys = [\"AQAA\"]";
        assert!(refused(bad).contains("not an Ed25519 key"));
        let grants = publisher("acme", "rules = [\"acme\"]\ngrants = { facts = [\"clock\"] }");
        assert!(refused(&grants).contains("no such fact"));
        let grants = publisher("acme", "rules = [\"acme\"]\ngrants = { network = [\"all\"] }");
        assert!(refused(&grants).contains("unknown field"));
    }

    #[test]
    fn require_all_needs_every_key() {
        let other = crate::secret_key::SecretKey::generate().unwrap().public().line();
        let text = |more: &str| {
            format!(
                "[[publisher]]\nname = \"a\"\nrules = [\"a\"]\nkeys = [\"{KEY}\", \"{other}\"]\n{more}"
            )
        };
        for (more, needed) in
            [("", 1), ("require = \"any\"", 1), ("minimum = 2", 2), ("require = \"all\"", 2)]
        {
            assert_eq!(parse(&text(more)).unwrap().publishers[0].needed, needed, "{more}");
        }
    }
}

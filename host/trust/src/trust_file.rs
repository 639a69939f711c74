//! `trust.toml`: who may ship modules, what they may ask for, what is revoked, and how strict to be. A file with an
//! error is not used at all.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::Deserialize;
use thiserror::Error;

use super::digest::Digest;
use super::key::{KeyError, KeyId, PublicKey};
use super::namespace::{OWN, lies_in, overlap, taken_for};
use chitin_fs::guarded::GuardedFileError;
use chitin_model::grants::{GrantError, Grants, Written as WrittenGrants};

/// No trust file is larger.
pub(super) const MAX_SIZE: u64 = 1 << 20;
const MAX_ENTRIES: usize = 1000;

#[derive(Debug, Error)]
pub enum TrustError {
    #[error(transparent)]
    Disk(#[from] GuardedFileError),
    #[error("{path} is no trust file: {reason}. Correct it; until then no module is used", path = .path.display())]
    Malformed { path: PathBuf, reason: String },
    #[error("{path}: `{name}`: {problem}", path = .path.display())]
    Publisher { path: PathBuf, name: String, problem: Problem },
    #[error("{path}: {text}: it is neither `sha256:` with 64 digits nor the id of a key", path = .path.display())]
    Revocation { path: PathBuf, text: String },
    #[error("the publisher `{name}` stands in {first} and in {second}; take it out of one of them", first = .first.display(), second = .second.display())]
    TwoFiles { name: String, first: PathBuf, second: PathBuf },
    #[error(
        "the publishers `{first}` and `{second}` have the key {key}; a key says who made a module, so it can be of one only"
    )]
    SharedKey { first: String, second: String, key: KeyId },
    #[error(
        "the publishers `{first}` and `{second}` both have the namespace `{namespace}`; a rule can be of one only"
    )]
    SharedNamespace { first: String, second: String, namespace: String },
}

/// What is wrong with one publisher's entry.
#[derive(Debug, PartialEq, Eq, Error)]
pub enum Problem {
    #[error(
        "a name is lower-case letters, digits, `-` and `.`, begins with a letter and has 64 at most"
    )]
    Name,
    #[error("this name is reserved for chitin itself")]
    Reserved,
    #[error("this name looks like chitin's own; whoever chose it may mean to deceive")]
    LooksLikeChitin,
    #[error(
        "this name looks like `{0}`, which is trusted already. If both are meant, write the entry into trust.toml by hand"
    )]
    LooksLike(String),
    #[error(
        "it is trusted already; change its entry in trust.toml by hand, for instance to add a key"
    )]
    Known,
    #[error("this key is revoked")]
    RevokedKey,
    #[error("it stands twice in the file")]
    Twice,
    #[error("it has no key")]
    NoKey,
    #[error("a key: {0}")]
    Key(#[from] KeyError),
    #[error("it has the key {0} twice")]
    KeyTwice(KeyId),
    #[error("it has no namespace for its rules; give `rules = [\"NAME\"]`")]
    NoNamespace,
    #[error("`{0}` is no namespace: words of letters, digits, `-` and `_`, separated by dots")]
    Namespace(String),
    #[error("the namespace `{namespace}` has the rule `{own}` of chitin in it; choose another")]
    OwnNamespace { namespace: String, own: String },
    #[error("{0}")]
    Grants(#[from] GrantError),
    #[error("`minimum = {minimum}`, and it has {keys} keys")]
    Minimum { minimum: usize, keys: usize },
    #[error("`minimum` says something only with `require = \"any\"`")]
    MinimumOfAll,
}

/// What becomes of a module whose signature does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Policy {
    /// Signatures are not looked at.
    Off,
    /// It is used, and each run says so.
    Warn,
    /// It is refused.
    #[default]
    Require,
}

impl Policy {
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
struct Written {
    policy: Option<Policy>,
    #[serde(default)]
    publisher: Vec<WrittenPublisher>,
    #[serde(default)]
    revoked: Vec<WrittenRevocation>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPublisher {
    name: String,
    keys: Vec<String>,
    rules: Vec<String>,
    #[serde(default)]
    require: Require,
    minimum: Option<usize>,
    #[serde(default)]
    grants: WrittenGrants,
}

/// How many of a publisher's keys have to have signed.
#[derive(Debug, Default, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Require {
    #[default]
    Any,
    All,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRevocation {
    /// A module's digest, or a key's id or line.
    what: String,
    /// For people.
    #[serde(default, rename = "reason")]
    _reason: String,
}

/// Somebody whose modules are used.
#[derive(Debug, Clone)]
pub struct Publisher {
    pub name: String,
    pub keys: BTreeMap<KeyId, PublicKey>,
    /// How many of the keys have to have signed.
    pub needed: usize,
    pub namespaces: Vec<String>,
    /// The most that its modules may ask for.
    pub grants: Grants,
}

/// One file.
#[derive(Debug)]
pub(super) struct TrustFile {
    pub(super) path: PathBuf,
    pub(super) policy: Option<Policy>,
    pub(super) publishers: Vec<Publisher>,
    pub(super) revoked_digests: BTreeSet<Digest>,
    pub(super) revoked_keys: BTreeSet<KeyId>,
}

impl TrustFile {
    pub(super) fn parse(
        path: PathBuf,
        text: &str,
        own_rules: &[String],
    ) -> Result<Self, TrustError> {
        let malformed = |reason: String| TrustError::Malformed { path: path.clone(), reason };
        let written: Written =
            toml::from_str(text).map_err(|error| malformed(error.to_string()))?;
        if written.publisher.len() > MAX_ENTRIES || written.revoked.len() > MAX_ENTRIES {
            return Err(malformed(format!("it has more than {MAX_ENTRIES} entries")));
        }
        let mut publishers: Vec<Publisher> = Vec::new();
        for entry in written.publisher {
            let name = entry.name.clone();
            let publisher = if publishers.iter().any(|earlier| earlier.name == name) {
                Err(Problem::Twice)
            } else {
                Publisher::read(entry, own_rules)
            };
            publishers.push(publisher.map_err(|problem| TrustError::Publisher {
                path: path.clone(),
                name,
                problem,
            })?);
        }
        let (mut revoked_digests, mut revoked_keys) = (BTreeSet::new(), BTreeSet::new());
        for WrittenRevocation { what, .. } in written.revoked {
            match Revoked::parse(&what) {
                Some(Revoked::Digest(digest)) => revoked_digests.insert(digest),
                Some(Revoked::Key(key)) => revoked_keys.insert(key),
                None => return Err(TrustError::Revocation { path, text: what }),
            };
        }
        Ok(Self { path, policy: written.policy, publishers, revoked_digests, revoked_keys })
    }
}

/// Something that is not trusted any more.
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
    fn read(written: WrittenPublisher, own_rules: &[String]) -> Result<Self, Problem> {
        check_name(&written.name)?;
        let mut keys = BTreeMap::new();
        for line in &written.keys {
            let key = PublicKey::parse(line)?;
            if let Some(twice) = keys.insert(key.id(), key) {
                return Err(Problem::KeyTwice(twice.id()));
            }
        }
        let needed = match (written.require, written.minimum) {
            (Require::All, None) => keys.len(),
            (Require::All, Some(_)) => return Err(Problem::MinimumOfAll),
            (Require::Any, minimum) => minimum.unwrap_or(1),
        };
        if keys.is_empty() {
            return Err(Problem::NoKey);
        }
        if needed == 0 || needed > keys.len() {
            return Err(Problem::Minimum { minimum: needed, keys: keys.len() });
        }
        if written.rules.is_empty() {
            return Err(Problem::NoNamespace);
        }
        let namespaces = written
            .rules
            .iter()
            .map(|text| namespace(text, own_rules))
            .collect::<Result<Vec<_>, _>>()?;
        let grants = written.grants.parse()?;
        Ok(Self { name: written.name, keys, needed, namespaces, grants })
    }

    pub(super) fn has_rule(&self, rule: &str) -> bool {
        self.namespaces.iter().any(|namespace| lies_in(rule, namespace))
    }
}

/// Also without a file: for a publisher that is about to be added.
pub(super) fn check_name(name: &str) -> Result<(), Problem> {
    if !chitin_model::manifest::is_name(name) {
        return Err(Problem::Name);
    }
    if name == OWN || lies_in(name, OWN) {
        return Err(Problem::Reserved);
    }
    if taken_for(name, [OWN]).is_some() {
        return Err(Problem::LooksLikeChitin);
    }
    Ok(())
}

/// A namespace, with or without `.*` at its end.
fn namespace(text: &str, own_rules: &[String]) -> Result<String, Problem> {
    let namespace = text.strip_suffix(".*").unwrap_or(text);
    let is_word = |word: &str| {
        !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    if namespace.len() > 128 || !namespace.split('.').all(is_word) {
        return Err(Problem::Namespace(text.to_owned()));
    }
    if namespace == OWN || lies_in(namespace, OWN) {
        return Err(Problem::Reserved);
    }
    let everything = format!("{namespace}.*");
    if let Some(own) = own_rules.iter().find(|own| overlap(&everything, own)) {
        let (namespace, own) = (namespace.to_owned(), own.clone());
        return Err(Problem::OwnNamespace { namespace, own });
    }
    Ok(namespace.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "RWQlpnz5O2sjNnMNQ3UBBNl4uHvMI2R/WQdepOr6JdCdoPqYvi5bFPXd";

    fn parse(text: &str) -> Result<TrustFile, TrustError> {
        let own = ["gateway.bind_no_auth".to_owned(), "channels.*.dm.open".to_owned()];
        TrustFile::parse("/t/trust.toml".into(), text, &own)
    }

    fn publisher(name: &str, more: &str) -> String {
        format!("[[publisher]]\nname = \"{name}\"\nkeys = [\"{KEY}\"]\n{more}\n")
    }

    #[test]
    fn a_file_is_read() {
        let digest = Digest::of(b"x");
        let file = parse(&format!(
            "policy = \"warn\"\n{}minimum = 1\n[publisher.grants]\nconfig = [\"/gateway\"]\n\
             [[revoked]]\nwhat = \"{digest}\"\nreason = \"it lies\"\n[[revoked]]\nwhat = \"{KEY}\"\n",
            publisher("acme", "rules = [\"acme.*\", \"acme-labs\"]")
        ))
        .unwrap();
        assert_eq!(file.policy, Some(Policy::Warn));
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
    fn an_error_anywhere_refuses_the_whole_file() {
        let refused = |text: &str| parse(text).unwrap_err().to_string();
        assert!(refused("polici = \"off\"").contains("unknown field"));
        assert!(refused("policy = \"never\"").contains("unknown variant"));
        assert!(refused("policy = \"off\"\npolicy = \"warn\"").contains("duplicate key"));
        assert!(refused("[[revoked]]\nwhat = \"abc\"").contains("neither"));
        for (name, more, problem) in [
            ("Acme", "rules = [\"acme\"]", Problem::Name),
            ("chitin", "rules = [\"acme\"]", Problem::Reserved),
            ("chitin.more", "rules = [\"acme\"]", Problem::Reserved),
            ("chltin", "rules = [\"acme\"]", Problem::LooksLikeChitin),
            ("acme", "rules = []", Problem::NoNamespace),
            ("acme", "rules = [\"chitin.x\"]", Problem::Reserved),
            ("acme", "rules = [\"*\"]", Problem::Namespace("*".to_owned())),
            ("acme", "rules = [\"a..b\"]", Problem::Namespace("a..b".to_owned())),
            ("acme", "rules = [\"acme\"]\nminimum = 2", Problem::Minimum { minimum: 2, keys: 1 }),
            ("acme", "rules = [\"acme\"]\nminimum = 0", Problem::Minimum { minimum: 0, keys: 1 }),
            ("acme", "rules = [\"acme\"]\nrequire = \"all\"\nminimum = 1", Problem::MinimumOfAll),
            (
                "acme",
                "rules = [\"gateway\"]",
                Problem::OwnNamespace {
                    namespace: "gateway".to_owned(),
                    own: "gateway.bind_no_auth".to_owned(),
                },
            ),
        ] {
            let error = parse(&publisher(name, more)).unwrap_err();
            match error {
                TrustError::Publisher { problem: found, .. } => assert_eq!(found, problem),
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
        assert!(refused(bad).contains("another algorithm"));
        let grants = publisher("acme", "rules = [\"acme\"]\ngrants = { facts = [\"clock\"] }");
        assert!(refused(&grants).contains("no such fact"));
        let grants = publisher("acme", "rules = [\"acme\"]\ngrants = { network = [\"all\"] }");
        assert!(refused(&grants).contains("unknown field"));
    }

    #[test]
    fn all_means_every_key() {
        let other = super::super::secret_key::SecretKey::generate().unwrap().public().line();
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

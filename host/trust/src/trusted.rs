//! The system's and the user's `trust.toml` as one. The user adds to what the system says and never takes away: the
//! stricter policy holds, and what either revokes is revoked.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use super::Paths;
use super::digest::Digest;
use super::key::{KeyId, PublicKey};
use super::namespace::{lies_in, taken_for};
use super::trust_file::{
    MAX_SIZE, Policy, Problem, Publisher, Revoked, TrustError, TrustFile, check_name,
};
use chitin_fs::guarded;
use chitin_model::grants::Grants;

/// Everything that is trusted here.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    pub policy: Policy,
    publishers: Vec<Publisher>,
    revoked_digests: BTreeSet<Digest>,
    revoked_keys: BTreeSet<KeyId>,
}

impl Trust {
    /// Reads both files; one that is not there says nothing.
    pub fn load(paths: &Paths, own_rules: &[String]) -> Result<Self, TrustError> {
        let mut files = Vec::new();
        for path in [paths.system_trust(), paths.user_trust()] {
            if let Some(text) = read(&path)? {
                files.push(TrustFile::parse(path, &text, own_rules)?);
            }
        }
        Self::of_files(files)
    }

    fn of_files(files: Vec<TrustFile>) -> Result<Self, TrustError> {
        // Policies are ordered by how strict they are.
        let policy = files.iter().filter_map(|file| file.policy).max().unwrap_or_default();
        let mut trust = Self { policy, ..Self::default() };
        let mut origins: Vec<PathBuf> = Vec::new();
        for file in files {
            for publisher in file.publishers {
                let earlier = trust.publishers.iter().position(|one| one.name == publisher.name);
                if let Some(first) = earlier.and_then(|at| origins.get(at)) {
                    let (first, second) = (first.clone(), file.path);
                    return Err(TrustError::TwoFiles { name: publisher.name, first, second });
                }
                trust.check_apart(&publisher)?;
                origins.push(file.path.clone());
                trust.publishers.push(publisher);
            }
            trust.revoked_digests.extend(file.revoked_digests);
            trust.revoked_keys.extend(file.revoked_keys);
        }
        Ok(trust)
    }

    /// Two publishers share neither a key nor a namespace.
    fn check_apart(&self, new: &Publisher) -> Result<(), TrustError> {
        for known in &self.publishers {
            let names = || (known.name.clone(), new.name.clone());
            if let Some(key) = new.keys.keys().find(|key| known.keys.contains_key(key)) {
                let (first, second) = names();
                return Err(TrustError::SharedKey { first, second, key: *key });
            }
            let shared = new.namespaces.iter().find(|one| {
                let meets =
                    |other: &String| one == &other || lies_in(one, other) || lies_in(other, one);
                known.namespaces.iter().any(meets)
            });
            if let Some(namespace) = shared {
                let (first, second) = names();
                let namespace = namespace.clone();
                return Err(TrustError::SharedNamespace { first, second, namespace });
            }
        }
        Ok(())
    }

    pub fn publishers(&self) -> &[Publisher] {
        &self.publishers
    }

    pub fn publisher(&self, name: &str) -> Option<&Publisher> {
        self.publishers.iter().find(|publisher| publisher.name == name)
    }

    pub fn revoked(&self) -> impl Iterator<Item = Revoked> + '_ {
        let digests = self.revoked_digests.iter().copied().map(Revoked::Digest);
        digests.chain(self.revoked_keys.iter().copied().map(Revoked::Key))
    }

    pub(super) fn is_revoked_digest(&self, digest: &Digest) -> bool {
        self.revoked_digests.contains(digest)
    }

    pub(super) fn is_revoked_key(&self, key: &KeyId) -> bool {
        self.revoked_keys.contains(key)
    }

    /// The publisher whose key this is.
    pub(super) fn owner_of_key(&self, key: &KeyId) -> Option<&Publisher> {
        self.publishers.iter().find(|publisher| publisher.keys.contains_key(key))
    }

    /// The publisher in whose namespaces a rule lies.
    pub(super) fn owner_of_rule(&self, rule: &str) -> Option<&Publisher> {
        self.publishers.iter().find(|publisher| publisher.has_rule(rule))
    }

    /// A publisher that is trusted and that this name could be taken for.
    pub(super) fn taken_for(&self, name: &str) -> Option<&str> {
        taken_for(name, self.publishers.iter().map(|publisher| publisher.name.as_str()))
    }
}

fn read(path: &std::path::Path) -> Result<Option<String>, TrustError> {
    let Some(bytes) = guarded::read_guarded(path, MAX_SIZE)? else { return Ok(None) };
    let text = String::from_utf8(bytes).map_err(|_| TrustError::Malformed {
        path: path.to_owned(),
        reason: "it is not UTF-8".to_owned(),
    })?;
    Ok(Some(text))
}

/// A publisher as `chitin module trust add` writes it.
#[derive(Debug)]
pub struct NewPublisher {
    pub name: String,
    pub key: PublicKey,
    pub namespaces: Vec<String>,
    pub grants: Grants,
}

impl NewPublisher {
    fn to_toml(&self) -> String {
        let list =
            |texts: &[String]| texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ");
        let grants = self.grants.written();
        let mut out = format!(
            "\n[[publisher]]\nname = {}\nrules = [{}]\nkeys = [{}]\n",
            quoted(&self.name),
            list(&self.namespaces),
            quoted(&self.key.line()),
        );
        let kinds = [
            ("config", grants.config),
            ("files", grants.files),
            ("facts", grants.facts),
            ("fix-config", grants.fix_config),
            ("fix-mode", grants.fix_mode),
        ];
        if kinds.iter().any(|(_, texts)| !texts.is_empty()) {
            out.push_str("[publisher.grants]\n");
        }
        for (kind, texts) in kinds {
            if !texts.is_empty() {
                let _infallible = writeln!(out, "{kind} = [{}]", list(&texts));
            }
        }
        out
    }
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

impl Paths {
    /// Trusts a publisher from now on. What the user's file has stays as it is; the entry comes after it.
    pub fn add_publisher(
        &self,
        new: &NewPublisher,
        own_rules: &[String],
    ) -> Result<(), TrustError> {
        let path = self.user_trust();
        let problem =
            |problem| TrustError::Publisher { path: path.clone(), name: new.name.clone(), problem };
        check_name(&new.name).map_err(problem)?;
        let trust = Trust::load(self, own_rules)?;
        if trust.publisher(&new.name).is_some() {
            return Err(problem(Problem::Known));
        }
        if let Some(like) = trust.taken_for(&new.name) {
            return Err(problem(Problem::LooksLike(like.to_owned())));
        }
        if trust.is_revoked_key(&new.key.id()) {
            return Err(problem(Problem::RevokedKey));
        }
        self.append(&new.to_toml(), own_rules)
    }

    /// Trusts a key or a module no more.
    pub fn revoke(
        &self,
        what: Revoked,
        reason: &str,
        own_rules: &[String],
    ) -> Result<(), TrustError> {
        let mut entry = format!("\n[[revoked]]\nwhat = {}\n", quoted(&what.to_string()));
        if !reason.is_empty() {
            let _infallible = writeln!(entry, "reason = {}", quoted(reason));
        }
        self.append(&entry, own_rules)
    }

    /// Adds to the user's file, if the result is a good one.
    fn append(&self, entry: &str, own_rules: &[String]) -> Result<(), TrustError> {
        guarded::make_private(&self.config)?;
        let _hold = guarded::lock_file(&self.config.join(".lock"))?;
        let path = self.user_trust();
        let mut text = read(&path)?.unwrap_or_default();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(if text.is_empty() { entry.trim_start() } else { entry });
        let mut files = Vec::new();
        let system = self.system_trust();
        if let Some(text) = read(&system)? {
            files.push(TrustFile::parse(system, &text, own_rules)?);
        }
        files.push(TrustFile::parse(path.clone(), &text, own_rules)?);
        Trust::of_files(files)?;
        Ok(guarded::replace(&path, text.as_bytes())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret_key::SecretKey;
    use crate::testing::{Bench, write};
    use chitin_model::grants::Written;

    fn new(name: &str, namespace: &str) -> NewPublisher {
        NewPublisher {
            name: name.to_owned(),
            key: SecretKey::generate().unwrap().public().clone(),
            namespaces: vec![namespace.to_owned()],
            grants: Written { config: vec!["/gateway".to_owned()], ..Written::default() }
                .parse()
                .unwrap(),
        }
    }

    fn load(bench: &Bench) -> Result<Trust, TrustError> {
        Trust::load(&bench.paths, &[])
    }

    #[test]
    fn nothing_is_trusted_by_default() {
        let trust = load(&Bench::new()).unwrap();
        assert!(trust.publishers().is_empty());
        assert_eq!(trust.policy, Policy::Require);
    }

    #[test]
    fn what_is_added_is_trusted_and_what_was_there_stays() {
        let bench = Bench::new();
        let path = bench.paths.user_trust();
        write(&path, "# mine\npolicy = \"warn\" # for now");
        bench.paths.add_publisher(&new("acme", "acme"), &[]).unwrap();
        bench.paths.add_publisher(&new("other", "other"), &[]).unwrap();
        let digest = Digest::of(b"x");
        bench.paths.revoke(Revoked::Digest(digest), "it \"lies\"", &[]).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(
            text.starts_with("# mine\npolicy = \"warn\" # for now\n\n[[publisher]]\n"),
            "{text}"
        );
        let trust = load(&bench).unwrap();
        assert_eq!(trust.policy, Policy::Warn);
        assert!(trust.publisher("acme").unwrap().grants.allow_config("/gateway/auth"));
        assert!(trust.publisher("other").is_some() && trust.is_revoked_digest(&digest));
    }

    #[test]
    fn a_publisher_that_must_not_be_added_is_not() {
        let bench = Bench::new();
        let first = new("acme-labs", "acme");
        bench.paths.add_publisher(&first, &[]).unwrap();
        let before = std::fs::read(bench.paths.user_trust()).unwrap();
        let refused =
            |new: &NewPublisher| bench.paths.add_publisher(new, &[]).unwrap_err().to_string();
        assert!(refused(&new("acme-labs", "more")).contains("trusted already"));
        assert!(refused(&new("acme-1abs", "more")).contains("looks like `acme-labs`"));
        assert!(refused(&new("chitin", "more")).contains("reserved"));
        assert!(refused(&new("ch1tin", "more")).contains("looks like chitin"));
        assert!(refused(&new("other", "acme.x")).contains("both have the namespace"));
        let shared = NewPublisher { key: first.key.clone(), ..new("other", "other") };
        assert!(refused(&shared).contains("have the key"));
        let own = ["gateway.x".to_owned()];
        let error = bench.paths.add_publisher(&new("other", "gateway"), &own).unwrap_err();
        assert!(error.to_string().contains("choose another"), "{error}");
        assert_eq!(std::fs::read(bench.paths.user_trust()).unwrap(), before);
        let revoked = new("late", "late");
        bench.paths.revoke(Revoked::Key(revoked.key.id()), "", &[]).unwrap();
        assert!(refused(&revoked).contains("revoked"));
    }

    #[test]
    fn the_user_adds_to_the_system_and_never_takes_away() {
        let bench = Bench::new();
        let digest = Digest::of(b"x");
        for (system, user, policy) in [
            ("require", "off", Policy::Require),
            ("warn", "off", Policy::Warn),
            ("off", "warn", Policy::Warn),
            ("off", "off", Policy::Off),
        ] {
            let revoked = format!("[[revoked]]\nwhat = \"{digest}\"\n");
            write(&bench.paths.system_trust(), &format!("policy = \"{system}\"\n{revoked}"));
            write(&bench.paths.user_trust(), &format!("policy = \"{user}\""));
            let trust = load(&bench).unwrap();
            assert_eq!(trust.policy, policy);
            assert!(trust.is_revoked_digest(&digest));
        }
        write(&bench.paths.system_trust(), "policy = \"warn\"");
        write(&bench.paths.user_trust(), "");
        assert_eq!(load(&bench).unwrap().policy, Policy::Warn);
    }

    #[test]
    fn a_publisher_stands_in_one_file() {
        let bench = Bench::new();
        let entry = new("acme", "acme").to_toml();
        write(&bench.paths.system_trust(), &entry);
        write(&bench.paths.user_trust(), &new("acme", "other").to_toml());
        let error = load(&bench).unwrap_err();
        assert!(matches!(&error, TrustError::TwoFiles { name, .. } if name == "acme"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_trust_file_writable_by_others_is_not_used() {
        use std::os::unix::fs::PermissionsExt as _;
        for system_level in [false, true] {
            let bench = Bench::new();
            let path =
                if system_level { bench.paths.system_trust() } else { bench.paths.user_trust() };
            write(&path, "");
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o666)).unwrap();
            let error = load(&bench).unwrap_err();
            assert!(error.to_string().contains("may be written by others"), "{error}");
            let error = bench.paths.add_publisher(&new("acme", "acme"), &[]).unwrap_err();
            assert!(error.to_string().contains("may be written by others"), "{error}");
        }
    }
}

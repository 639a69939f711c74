//! The system's and the user's `trust.toml` as one policy. The user's file can add to the system's and make it stricter,
//! never looser: the stricter signature policy applies, and what either file revokes is revoked.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::confusables::confusable_with;
use super::digest::Digest;
use super::key::KeyId;
use super::namespace::in_namespace;
use super::paths::Paths;
use super::trust_file::{Publisher, Revoked, SignaturePolicy, TrustFile, TrustFileError};

/// Who is trusted, and how strict to be.
#[derive(Debug, Clone, Default)]
pub struct TrustPolicy {
    pub policy: SignaturePolicy,
    publishers: Vec<Publisher>,
    revoked_digests: BTreeSet<Digest>,
    revoked_keys: BTreeSet<KeyId>,
}

impl TrustPolicy {
    /// Reads both files. A missing file adds nothing.
    pub fn load(paths: &Paths, own_rules: &[String]) -> Result<Self, TrustFileError> {
        let mut files = Vec::new();
        for path in [paths.system_trust(), paths.user_trust()] {
            if let Some(text) = TrustFile::read_text(&path)? {
                files.push(TrustFile::parse(path, &text, own_rules)?);
            }
        }
        Self::merge(files)
    }

    /// Merges the files, the system's first.
    pub(super) fn merge(files: Vec<TrustFile>) -> Result<Self, TrustFileError> {
        // The order of the policies is their strictness.
        let policy = files.iter().filter_map(|file| file.policy).max().unwrap_or_default();
        let mut trust = Self { policy, ..Self::default() };
        let mut origins: Vec<PathBuf> = Vec::new();
        for file in files {
            for publisher in file.publishers {
                let earlier = trust.publishers.iter().position(|one| one.name == publisher.name);
                if let Some(first) = earlier.and_then(|at| origins.get(at)) {
                    let (first, second) = (first.clone(), file.path);
                    return Err(TrustFileError::TwoFiles { name: publisher.name, first, second });
                }
                trust.check_disjoint(&publisher)?;
                origins.push(file.path.clone());
                trust.publishers.push(publisher);
            }
            trust.revoked_digests.extend(file.revoked_digests);
            trust.revoked_keys.extend(file.revoked_keys);
        }
        Ok(trust)
    }

    /// Two publishers must not share a key or a namespace.
    fn check_disjoint(&self, new: &Publisher) -> Result<(), TrustFileError> {
        for known in &self.publishers {
            let names = || (known.name.clone(), new.name.clone());
            if let Some(key) = new.keys.keys().find(|key| known.keys.contains_key(key)) {
                let (first, second) = names();
                return Err(TrustFileError::SharedKey { first, second, key: *key });
            }
            let shared = new.namespaces.iter().find(|one| {
                let overlap = |other: &String| {
                    *one == other || in_namespace(one, other) || in_namespace(other, one)
                };
                known.namespaces.iter().any(overlap)
            });
            if let Some(namespace) = shared {
                let (first, second) = names();
                let namespace = namespace.clone();
                return Err(TrustFileError::SharedNamespace { first, second, namespace });
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

    /// The publisher in one of whose namespaces a rule can produce an id.
    pub(super) fn owner_of_namespace(&self, rule: &str) -> Option<&Publisher> {
        self.publishers.iter().find(|publisher| publisher.is_reached_by(rule))
    }

    /// A trusted publisher that this name can be mistaken for.
    pub(super) fn confusable_publisher(&self, name: &str) -> Option<&str> {
        confusable_with(name, self.publishers.iter().map(|publisher| publisher.name.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Author, Bench, write};

    fn load(bench: &Bench) -> Result<TrustPolicy, TrustFileError> {
        TrustPolicy::load(&bench.paths, &[])
    }

    #[test]
    fn no_publisher_is_trusted_by_default() {
        let trust = load(&Bench::new()).unwrap();
        assert!(trust.publishers().is_empty());
        assert_eq!(trust.policy, SignaturePolicy::Require);
    }

    #[test]
    fn the_users_file_cannot_loosen_the_systems() {
        let bench = Bench::new();
        let digest = Digest::of(b"x");
        for (system, user, policy) in [
            ("require", "off", SignaturePolicy::Require),
            ("warn", "off", SignaturePolicy::Warn),
            ("off", "warn", SignaturePolicy::Warn),
            ("off", "off", SignaturePolicy::Off),
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
        assert_eq!(load(&bench).unwrap().policy, SignaturePolicy::Warn);
    }

    #[test]
    fn a_publisher_is_in_one_file_only() {
        let bench = Bench::new();
        write(&bench.paths.system_trust(), &Author::new("acme").entry());
        write(&bench.paths.user_trust(), &Author::new("acme").entry());
        let error = load(&bench).unwrap_err();
        assert!(
            matches!(&error, TrustFileError::TwoFiles { name, .. } if name == "acme"),
            "{error}"
        );
    }

    #[test]
    fn a_pattern_that_reaches_a_namespace_belongs_to_its_publisher() {
        let bench = Bench::new();
        bench.trust(&Author::new("acme").entry());
        let trust = load(&bench).unwrap();
        let owner = |rule: &str| trust.owner_of_namespace(rule).map(|owner| owner.name.as_str());
        for rule in ["acme.rule", "acme.*", "*.rule", "*.*"] {
            assert_eq!(owner(rule), Some("acme"), "{rule}");
        }
        assert_eq!((owner("other.rule"), owner("acmex.*")), (None, None));
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
            assert!(matches!(error, TrustFileError::Disk(_)), "{error}");
            let digest = Revoked::Digest(Digest::of(b"x"));
            let error = crate::revoke(&bench.paths, digest, "", &[]).unwrap_err();
            assert!(matches!(error, TrustFileError::Disk(_)), "{error}");
        }
    }
}

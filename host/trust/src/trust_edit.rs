//! Changes that `chitin module trust` makes to the user's `trust.toml`: entries are added at the end, and what the file
//! contains already stays as it is.

use std::fmt::Write as _;

use super::key::PublicKey;
use super::paths::Paths;
use super::trust_file::{PublisherError, Revoked, TrustFile, TrustFileError, check_name};
use super::trust_policy::TrustPolicy;
use chitin_fs::guarded;
use chitin_model::grants::Grants;

/// Held while the file is changed, so two runs of this program do not change it at the same time.
const MUTEX_FILE: &str = ".lock";

/// The entry that `chitin module trust add` adds.
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
        let grants = self.grants.to_raw();
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

/// The text as a TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Adds a publisher to the user's file.
pub fn add_publisher(
    paths: &Paths,
    new: &NewPublisher,
    own_rules: &[String],
) -> Result<(), TrustFileError> {
    let path = paths.user_trust();
    let refused =
        |error| TrustFileError::Publisher { path: path.clone(), name: new.name.clone(), error };
    check_name(&new.name).map_err(refused)?;
    let trust = TrustPolicy::load(paths, own_rules)?;
    if trust.publisher(&new.name).is_some() {
        return Err(refused(PublisherError::AlreadyTrusted));
    }
    if let Some(like) = trust.confusable_publisher(&new.name) {
        return Err(refused(PublisherError::Lookalike(like.to_owned())));
    }
    if trust.is_revoked_key(&new.key.id()) {
        return Err(refused(PublisherError::RevokedKey));
    }
    append(paths, &new.to_toml(), own_rules)
}

/// Adds a revocation to the user's file.
pub fn revoke(
    paths: &Paths,
    what: Revoked,
    reason: &str,
    own_rules: &[String],
) -> Result<(), TrustFileError> {
    let mut entry = format!("\n[[revoked]]\nwhat = {}\n", quoted(&what.to_string()));
    if !reason.is_empty() {
        let _infallible = writeln!(entry, "reason = {}", quoted(reason));
    }
    append(paths, &entry, own_rules)
}

/// Appends an entry, unless the policy would be invalid with it.
fn append(paths: &Paths, entry: &str, own_rules: &[String]) -> Result<(), TrustFileError> {
    guarded::make_private(&paths.config)?;
    let _guard = guarded::lock_file(&paths.config.join(MUTEX_FILE))?;
    let path = paths.user_trust();
    let mut text = TrustFile::read_text(&path)?.unwrap_or_default();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(if text.is_empty() { entry.trim_start() } else { entry });
    let mut files = Vec::new();
    let system = paths.system_trust();
    if let Some(text) = TrustFile::read_text(&system)? {
        files.push(TrustFile::parse(system, &text, own_rules)?);
    }
    files.push(TrustFile::parse(path.clone(), &text, own_rules)?);
    TrustPolicy::merge(files)?;
    Ok(guarded::replace(&path, text.as_bytes())?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Digest;
    use crate::secret_key::SecretKey;
    use crate::testing::{Bench, write};
    use crate::trust_file::SignaturePolicy;
    use chitin_model::grants::RawGrants;

    fn new(name: &str, namespace: &str) -> NewPublisher {
        NewPublisher {
            name: name.to_owned(),
            key: SecretKey::generate().unwrap().public().clone(),
            namespaces: vec![namespace.to_owned()],
            grants: RawGrants { config: vec!["/gateway".to_owned()], ..RawGrants::default() }
                .parse()
                .unwrap(),
        }
    }

    #[test]
    fn entries_are_added_and_the_rest_of_the_file_stays() {
        let bench = Bench::new();
        let path = bench.paths.user_trust();
        write(&path, "# mine\npolicy = \"warn\" # for now");
        add_publisher(&bench.paths, &new("acme", "acme"), &[]).unwrap();
        add_publisher(&bench.paths, &new("other", "other"), &[]).unwrap();
        let digest = Digest::of(b"x");
        revoke(&bench.paths, Revoked::Digest(digest), "it \"lies\"", &[]).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(
            text.starts_with("# mine\npolicy = \"warn\" # for now\n\n[[publisher]]\n"),
            "{text}"
        );
        let trust = TrustPolicy::load(&bench.paths, &[]).unwrap();
        assert_eq!(trust.policy, SignaturePolicy::Warn);
        assert!(trust.publisher("acme").unwrap().grants.allow_config("/gateway/auth"));
        assert!(trust.publisher("other").is_some() && trust.is_revoked_digest(&digest));
    }

    #[test]
    fn an_invalid_entry_is_not_added() {
        let bench = Bench::new();
        let first = new("acme-labs", "acme");
        add_publisher(&bench.paths, &first, &[]).unwrap();
        let before = std::fs::read(bench.paths.user_trust()).unwrap();
        let refused =
            |new: &NewPublisher| add_publisher(&bench.paths, new, &[]).unwrap_err().to_string();
        assert!(refused(&new("acme-labs", "more")).contains("trusted already"));
        assert!(refused(&new("acme-1abs", "more")).contains("looks like `acme-labs`"));
        assert!(refused(&new("chitin", "more")).contains("reserved"));
        assert!(refused(&new("ch1tin", "more")).contains("looks like chitin"));
        assert!(refused(&new("other", "acme.x")).contains("both have the namespace"));
        let shared = NewPublisher { key: first.key.clone(), ..new("other", "other") };
        assert!(refused(&shared).contains("both have the key"));
        let own = ["gateway.x".to_owned()];
        let error = add_publisher(&bench.paths, &new("other", "gateway"), &own).unwrap_err();
        assert!(error.to_string().contains("choose another"), "{error}");
        assert_eq!(std::fs::read(bench.paths.user_trust()).unwrap(), before);
        let revoked = new("late", "late");
        revoke(&bench.paths, Revoked::Key(revoked.key.id()), "", &[]).unwrap();
        assert!(refused(&revoked).contains("revoked"));
    }
}

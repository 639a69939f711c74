//! For the tests of this crate: temporary directories, components that consist of a manifest only, publishers with fresh
//! keys.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::error::VerifyError;
use super::package::Package;
use super::paths::Paths;
use super::secret_key::SecretKey;
use super::sign::{SignOptions, sign};
use super::store::Store;
use super::trust_policy::TrustPolicy;
use super::verify::{VerifiedModule, Verifier};
use chitin_model::timestamp::Timestamp;

/// The time at which all tests run.
pub(super) const NOW: Timestamp = Timestamp::new(1_800_000_000);
pub(super) const OWN_RULES: [&str; 2] = ["gateway.bind_no_auth", "channels.*.dm.open"];

pub(super) struct Bench {
    directory: tempfile::TempDir,
    pub(super) paths: Paths,
    pub(super) own_rules: Vec<String>,
}

impl Bench {
    pub(super) fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().canonicalize().unwrap();
        let paths = Paths {
            config: root.join("config/chitin"),
            modules: root.join("data/chitin/modules"),
            system: root.join("etc/chitin"),
        };
        let own_rules = OWN_RULES.map(str::to_owned).to_vec();
        Self { directory, paths, own_rules }
    }

    pub(super) fn root(&self) -> PathBuf {
        self.directory.path().canonicalize().unwrap()
    }

    /// Makes this text the user's trust.toml.
    pub(super) fn trust(&self, text: &str) {
        write(&self.paths.user_trust(), text);
    }

    pub(super) fn verify(&self, package: &Package) -> Result<VerifiedModule, VerifyError> {
        self.verify_at(package, NOW)
    }

    pub(super) fn verify_at(
        &self,
        package: &Package,
        now: Timestamp,
    ) -> Result<VerifiedModule, VerifyError> {
        let trust = TrustPolicy::load(&self.paths, &self.own_rules).unwrap();
        let verifier = Verifier { trust: &trust, own_rules: &self.own_rules, now };
        verifier.verify(&package.name, package.module.clone(), package.envelope.as_deref())
    }

    pub(super) fn store(&self) -> Store {
        Store::new(&self.paths)
    }
}

/// Writes a file for its owner only, with its parents.
pub(super) fn write(path: &Path, text: &str) {
    chitin_fs::guarded::make_private(path.parent().unwrap()).unwrap();
    chitin_fs::guarded::replace(path, text.as_bytes()).unwrap();
    assert_eq!(fs::read_to_string(path).unwrap(), text);
}

/// A component with a manifest and nothing else.
pub(super) fn component(manifest: &str) -> Vec<u8> {
    let length = |mut number: usize| {
        let mut bytes = Vec::new();
        loop {
            let low = u8::try_from(number & 0x7f).unwrap();
            number >>= 7;
            if number == 0 {
                bytes.push(low);
                return bytes;
            }
            bytes.push(low | 0x80);
        }
    };
    let name = b"chitin:manifest";
    let body = [&length(name.len())[..], name, manifest.as_bytes()].concat();
    [&b"\0asm\x0d\0\x01\0\0"[..], &length(body.len()), &body].concat()
}

pub(super) struct Author {
    pub(super) name: &'static str,
    pub(super) key: SecretKey,
}

impl Author {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, key: SecretKey::generate().unwrap() }
    }

    /// The entry that trusts this author, with `more` in it.
    pub(super) fn entry_with(&self, more: &str) -> String {
        format!(
            "[[publisher]]\nname = \"{0}\"\nkeys = [\"{1}\"]\nrules = [\"{0}\"]\n{more}\n\
             [publisher.grants]\nconfig = [\"/gateway\"]\n",
            self.name,
            self.key.public().line()
        )
    }

    pub(super) fn entry(&self) -> String {
        self.entry_with("")
    }

    pub(super) fn manifest(&self) -> Value {
        json!({
            "id": format!("{}.check", self.name),
            "version": "1.0.0",
            "publisher": self.name,
            "wit": "0.1.0",
            "summary": "Checks something",
            "grants": {"config": ["/gateway/port"]},
            "rule": [{
                "id": format!("{}.rule", self.name),
                "severities": ["warn"],
                "title": "t",
                "why": "w",
                "fix": "f",
            }],
        })
    }

    pub(super) fn release(&self, manifest: &Value, sequence: u64) -> Package {
        release(manifest, sequence, std::slice::from_ref(&self.key))
    }

    /// An ordinary release.
    pub(super) fn first(&self) -> Package {
        self.release(&self.manifest(), 1)
    }
}

pub(super) fn release(manifest: &Value, sequence: u64, keys: &[SecretKey]) -> Package {
    let mut package = unsigned(manifest);
    let options = SignOptions { sequence, days: 30, now: NOW };
    package.envelope = Some(sign(&package, &options, keys).unwrap().into_bytes());
    package
}

pub(super) fn unsigned(manifest: &Value) -> Package {
    Package {
        name: "check.wasm".to_owned(),
        path: None,
        module: component(&manifest.to_string()).into(),
        envelope: None,
    }
}

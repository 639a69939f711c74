//! For this room's tests: directories of their own, components that are nothing but a manifest, publishers with keys
//! made on the fly.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::error::Refusal;
use super::package::Offer;
use super::secret_key::SecretKey;
use super::sign::{Signing, sign};
use super::trusted::Trust;
use super::verify::{Judge, Verified};
use super::{Paths, Store};
use chitin_model::timestamp::Timestamp;

/// A time of day for all tests.
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

    /// Trusts what this text says and nothing else.
    pub(super) fn trust(&self, text: &str) {
        write(&self.paths.user_trust(), text);
    }

    pub(super) fn decide(&self, offer: &Offer) -> Result<Verified, Refusal> {
        self.decide_at(offer, NOW)
    }

    pub(super) fn decide_at(&self, offer: &Offer, now: Timestamp) -> Result<Verified, Refusal> {
        let trust = Trust::load(&self.paths, &self.own_rules).unwrap();
        let judge = Judge { trust: &trust, own_rules: &self.own_rules, now };
        judge.decide(&offer.name, offer.module.clone(), offer.envelope.as_deref())
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

    pub(super) fn release(&self, manifest: &Value, sequence: u64) -> Offer {
        release(manifest, sequence, std::slice::from_ref(&self.key))
    }

    /// An ordinary release.
    pub(super) fn first(&self) -> Offer {
        self.release(&self.manifest(), 1)
    }
}

pub(super) fn release(manifest: &Value, sequence: u64, keys: &[SecretKey]) -> Offer {
    let mut offer = unsigned(manifest);
    let signing = Signing { sequence, days: 30, now: NOW };
    offer.envelope = Some(sign(&offer, &signing, keys).unwrap().into_bytes());
    offer
}

pub(super) fn unsigned(manifest: &Value) -> Offer {
    Offer {
        name: "check.wasm".to_owned(),
        path: None,
        module: component(&manifest.to_string()).into(),
        envelope: None,
    }
}

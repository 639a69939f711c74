use serde_json::{Value, json};

use super::super::secret_key::SecretKey;
use super::super::testing::{Author, Bench, NOW, release, unsigned};
use super::*;
use crate::dsse::EnvelopeError;
use crate::package::Package;

/// Trusts one author.
fn bench(author: &Author) -> Bench {
    let bench = Bench::new();
    bench.trust(&author.entry());
    bench
}

fn refused(bench: &Bench, package: &Package) -> VerifyError {
    bench.verify(package).unwrap_err()
}

fn with(author: &Author, pointer: &str, new: Value) -> Value {
    let mut manifest = author.manifest();
    *manifest.pointer_mut(pointer).unwrap() = new;
    manifest
}

#[test]
fn what_a_trusted_publisher_signed_is_accepted_and_its_bytes_are_handed_on() {
    let acme = Author::new("acme");
    let package = acme.first();
    let module = bench(&acme).verify(&package).unwrap();
    assert!(Arc::ptr_eq(module.bytes(), &package.module));
    assert_eq!(module.digest(), Digest::of(&package.module));
    assert_eq!((module.publisher(), module.sequence()), ("acme", Some(1)));
    let SignatureStatus::Valid(valid) = module.signature() else { panic!("it is signed") };
    assert_eq!(valid.keys, [acme.key.public().id()]);
    assert_eq!((valid.issued, valid.expires), (NOW, NOW.plus_days(30)));
}

#[test]
fn an_unsigned_module_is_refused() {
    let acme = Author::new("acme");
    let package = unsigned(&acme.manifest());
    let error = refused(&bench(&acme), &package);
    assert_eq!(error, VerifyError::NotSigned("check.wasm.dsse.json".to_owned()));
}

#[test]
fn a_stripped_envelope_is_refused() {
    let acme = Author::new("acme");
    let mut package = acme.first();
    let mut envelope: Value = serde_json::from_slice(&package.envelope.unwrap()).unwrap();
    envelope["signatures"] = json!([]);
    package.envelope = Some(envelope.to_string().into_bytes());
    assert_eq!(refused(&bench(&acme), &package), VerifyError::Envelope(EnvelopeError::NoSignature));
}

#[test]
fn a_truncated_envelope_is_refused() {
    let acme = Author::new("acme");
    let mut package = acme.first();
    let envelope = package.envelope.take().unwrap();
    package.envelope = Some(envelope[..envelope.len() / 2].to_vec());
    assert!(matches!(
        refused(&bench(&acme), &package),
        VerifyError::Envelope(EnvelopeError::Json(_))
    ));
    package.envelope = Some(Vec::new());
    assert!(matches!(
        refused(&bench(&acme), &package),
        VerifyError::Envelope(EnvelopeError::Json(_))
    ));
}

#[test]
fn a_changed_byte_anywhere_is_refused() {
    let acme = Author::new("acme");
    let bench = bench(&acme);
    let package = acme.first();
    for at in 0..package.module.len() {
        let mut bytes = package.module.to_vec();
        bytes[at] ^= 1;
        assert!(
            bench.verify(&Package { module: bytes.into(), ..package.clone() }).is_err(),
            "{at}"
        );
    }
    // Also where nothing else is wrong with it.
    let longer = [&package.module[..], &[0, 2, 1, b'x']].concat();
    let error = refused(&bench, &Package { module: longer.into(), ..package.clone() });
    assert!(matches!(error, VerifyError::DigestMismatch { .. }), "{error}");
    let envelope = package.envelope.clone().unwrap();
    for at in 0..envelope.len() {
        let mut bytes = envelope.clone();
        bytes[at] ^= 1;
        let changed = Package { envelope: Some(bytes), ..package.clone() };
        if let Ok(module) = bench.verify(&changed) {
            // White space between the values means nothing.
            assert!(envelope[at].is_ascii_whitespace(), "{at}");
            assert_eq!(module.digest(), Digest::of(&package.module));
        }
    }
}

#[test]
fn a_swapped_envelope_is_refused() {
    let acme = Author::new("acme");
    let mut package = acme.first();
    let other = acme.release(&with(&acme, "/id", json!("acme.other")), 1);
    package.envelope = other.envelope;
    let error = refused(&bench(&acme), &package);
    assert!(matches!(error, VerifyError::DigestMismatch { .. }), "{error}");
}

#[test]
fn a_manifest_that_differs_from_the_signed_one_is_refused() {
    let acme = Author::new("acme");
    let package = acme.first();
    let statement = Statement {
        name: "check.wasm".to_owned(),
        digest: Digest::of(&package.module),
        manifest: with(&acme, "/grants/config", json!([])),
        sequence: 1,
        issued: NOW,
        expires: NOW.plus_days(1),
    };
    let mut envelope = Envelope::new(statement.to_json().unwrap());
    envelope.sign(&acme.key);
    let envelope = Some(envelope.to_json().unwrap().into_bytes());
    assert_eq!(
        refused(&bench(&acme), &Package { envelope, ..package }),
        VerifyError::ManifestMismatch
    );
}

#[test]
fn the_order_of_keys_in_the_signed_manifest_does_not_matter() {
    let acme = Author::new("acme");
    let package = acme.first();
    let Value::Object(map) = acme.manifest() else { panic!("a manifest is an object") };
    let statement = Statement {
        name: String::new(),
        digest: Digest::of(&package.module),
        manifest: Value::Object(map.into_iter().rev().collect()),
        sequence: 1,
        issued: NOW,
        expires: NOW.plus_days(1),
    };
    let mut envelope = Envelope::new(statement.to_json().unwrap());
    envelope.sign(&acme.key);
    let envelope = Some(envelope.to_json().unwrap().into_bytes());
    assert!(bench(&acme).verify(&Package { envelope, ..package }).is_ok());
}

#[test]
fn a_manifest_with_a_duplicate_key_is_refused() {
    let acme = Author::new("acme");
    let text = acme.manifest().to_string();
    let twice = text.replacen('{', "{\"publisher\":\"other\",", 1);
    let package = Package {
        module: super::super::testing::component(&twice).into(),
        ..unsigned(&acme.manifest())
    };
    let error = refused(&bench(&acme), &package);
    assert!(error.to_string().contains("`publisher` appears twice"), "{error}");
}

#[test]
fn an_unknown_publisher_is_refused() {
    let (acme, other) = (Author::new("acme"), Author::new("stranger"));
    let error = refused(&bench(&acme), &other.first());
    assert_eq!(error, VerifyError::UnknownPublisher { name: "stranger".to_owned() });
}

#[test]
fn an_untrusted_key_is_refused() {
    let acme = Author::new("acme");
    let thief = Author::new("acme");
    let error = refused(&bench(&acme), &thief.first());
    let keys = vec![thief.key.public().id()];
    assert_eq!(error, VerifyError::UntrustedKey { publisher: "acme".to_owned(), keys });
}

#[test]
fn a_key_of_another_publisher_is_refused() {
    let (acme, other) = (Author::new("acme"), Author::new("umbrella"));
    let bench = Bench::new();
    bench.trust(&(acme.entry() + &other.entry()));
    // One trusted publisher signs in the name of another.
    let package = other.release(&acme.manifest(), 1);
    let key = other.key.public().id();
    let (owner, publisher) = ("umbrella".to_owned(), "acme".to_owned());
    assert_eq!(
        refused(&bench, &package),
        VerifyError::KeyOfOtherPublisher { key, owner, publisher }
    );
    // And says that it was the other's key.
    let mut lying = package;
    let text = String::from_utf8(lying.envelope.unwrap()).unwrap();
    let text = text.replace(&key.to_string(), &acme.key.public().id().to_string());
    lying.envelope = Some(text.into_bytes());
    assert_eq!(refused(&bench, &lying), VerifyError::InvalidSignature(acme.key.public().id()));
}

#[test]
fn a_second_signature_of_other_bytes_is_refused() {
    let (acme, second) = (Author::new("acme"), SecretKey::generate().unwrap());
    let bench = Bench::new();
    let keys = format!("keys = [\"{}\", ", second.public().line());
    bench.trust(&acme.entry().replace("keys = [", &keys));
    let mut package = acme.first();
    let other = release(&with(&acme, "/version", json!("2")), 1, &[second]);
    let mut envelope: Value = serde_json::from_slice(&package.envelope.unwrap()).unwrap();
    let foreign: Value = serde_json::from_slice(&other.envelope.unwrap()).unwrap();
    let signatures = envelope["signatures"].as_array_mut().unwrap();
    signatures.push(foreign["signatures"][0].clone());
    package.envelope = Some(envelope.to_string().into_bytes());
    let error = refused(&bench, &package);
    assert!(matches!(error, VerifyError::SecondSignatureInvalid(_)), "{error}");
}

#[test]
fn all_required_signatures_are_needed() {
    let (acme, second) = (Author::new("acme"), SecretKey::generate().unwrap());
    let lines = format!("keys = [\"{}\", ", second.public().line());
    let bench = Bench::new();
    let one = acme.first();
    let both = release(&acme.manifest(), 1, &[second, SecretKey::generate().unwrap()]);
    for more in ["require = \"all\"", "require = \"any\"\nminimum = 2"] {
        bench.trust(&acme.entry_with(more).replace("keys = [", &lines));
        let error = refused(&bench, &one);
        let publisher = "acme".to_owned();
        assert_eq!(error, VerifyError::TooFewSignatures { publisher, found: 1, needed: 2 });
        // A stranger's signature does not count.
        let error = refused(&bench, &both);
        assert!(matches!(error, VerifyError::TooFewSignatures { found: 1, .. }), "{error}");
    }
    bench.trust(&acme.entry_with("require = \"any\"").replace("keys = [", &lines));
    assert!(bench.verify(&one).is_ok() && bench.verify(&both).is_ok());
}

#[test]
fn a_publisher_can_move_to_a_new_key() {
    let (old, new) = (Author::new("acme"), SecretKey::generate().unwrap());
    let bench = bench(&old);
    let package = Package { envelope: None, ..old.first() };
    let options = super::super::sign::SignOptions { sequence: 1, days: 1, now: NOW };
    let keys = [new, old.key];
    let envelope = super::super::sign::sign(&package, &options, &keys).unwrap();
    assert!(bench.verify(&Package { envelope: Some(envelope.into_bytes()), ..package }).is_ok());
}

#[test]
fn a_revoked_key_is_refused() {
    let acme = Author::new("acme");
    let bench = Bench::new();
    for what in [acme.key.public().id().to_string(), acme.key.public().line()] {
        bench.trust(&format!("{}[[revoked]]\nwhat = \"{what}\"\n", acme.entry()));
        let error = refused(&bench, &acme.first());
        assert_eq!(error, VerifyError::RevokedKey(acme.key.public().id()));
    }
    // Also when it was taken out of the publisher's entry.
    let id = acme.key.public().id();
    let other = Author::new("acme");
    bench.trust(&format!("{}[[revoked]]\nwhat = \"{id}\"\n", other.entry()));
    assert_eq!(refused(&bench, &acme.first()), VerifyError::RevokedKey(id));
}

#[test]
fn a_revoked_digest_is_refused_under_every_policy() {
    let acme = Author::new("acme");
    let (bench, package) = (Bench::new(), acme.first());
    let digest = Digest::of(&package.module);
    for policy in ["require", "warn", "off"] {
        let revoked = format!("[[revoked]]\nwhat = \"{digest}\"\n");
        bench.trust(&format!("policy = \"{policy}\"\n{}{revoked}", acme.entry()));
        assert_eq!(refused(&bench, &package), VerifyError::RevokedDigest(digest), "{policy}");
    }
}

#[test]
fn an_expired_signature_is_refused() {
    let acme = Author::new("acme");
    let (bench, package) = (bench(&acme), acme.first());
    let expires = NOW.plus_days(30);
    assert!(bench.verify_at(&package, Timestamp::new(expires.seconds() - 1)).is_ok());
    let error = bench.verify_at(&package, expires).unwrap_err();
    assert_eq!(error, VerifyError::Expired { expires });
}

#[test]
fn a_signature_from_the_future_is_refused() {
    let acme = Author::new("acme");
    let (bench, package) = (bench(&acme), acme.first());
    // Clocks differ a little.
    let early = Timestamp::new(NOW.seconds() - MAX_CLOCK_SKEW);
    assert!(bench.verify_at(&package, early).is_ok());
    let now = Timestamp::new(early.seconds() - 1);
    let error = bench.verify_at(&package, now).unwrap_err();
    assert_eq!(error, VerifyError::NotYetValid { issued: NOW, now });
    assert!(bench.verify_at(&package, Timestamp::new(0)).is_err());
}

#[test]
fn a_rule_outside_the_publishers_namespaces_is_refused() {
    let acme = Author::new("acme");
    let bench = bench(&acme);
    for rule in ["other.rule", "acmex.rule", "*.rule", "acme-x.rule"] {
        let package = acme.release(&with(&acme, "/rule/0/id", json!(rule)), 1);
        let error = refused(&bench, &package);
        assert!(
            matches!(&error, VerifyError::OutsideNamespace { rule: found, .. } if found == rule)
                || rule == "*.rule" && matches!(error, VerifyError::ReservedRule { .. }),
            "{error}"
        );
    }
}

#[test]
fn chitins_own_names_are_refused() {
    let acme = Author::new("acme");
    let (bench, own) = (bench(&acme), Author::new("chitin"));
    for (manifest, name) in [
        (own.manifest(), "chitin"),
        (with(&acme, "/id", json!("chitin.gateway")), "chitin.gateway"),
        (with(&acme, "/publisher", json!("chitin.labs")), "chitin.labs"),
        (with(&acme, "/rule/0/id", json!("chitin.rule")), "chitin.rule"),
    ] {
        let error = refused(&bench, &acme.release(&manifest, 1));
        assert_eq!(error, VerifyError::ReservedName(name.to_owned()));
    }
    for rule in ["gateway.bind_no_auth", "channels.acme.dm.open", "gateway.*", "*.dm.open"] {
        let error = refused(&bench, &acme.release(&with(&acme, "/rule/0/id", json!(rule)), 1));
        assert!(
            matches!(&error, VerifyError::ReservedRule { rule: found, .. } if found == rule),
            "{error}"
        );
    }
    let error = refused(&bench, &acme.release(&with(&acme, "/id", json!("other.check")), 1));
    assert!(matches!(error, VerifyError::IdOutsideNamespace { .. }), "{error}");
}

#[test]
fn a_lookalike_is_refused_under_every_policy() {
    let acme = Author::new("acme-labs");
    let bench = Bench::new();
    for policy in ["require", "warn", "off"] {
        bench.trust(&format!("policy = \"{policy}\"\n{}", acme.entry()));
        let (name, like) = ("acme-1abs".to_owned(), "acme-labs".to_owned());
        let error = refused(&bench, &Author::new("acme-1abs").first());
        assert_eq!(error, VerifyError::Lookalike { name, like }, "{policy}");
        let error = refused(&bench, &Author::new("ch1tin").first());
        assert_eq!(error, VerifyError::ImpersonatesChitin("ch1tin".to_owned()), "{policy}");
        let cyrillic = with(&acme, "/publisher", json!("\u{430}cme-labs"));
        let error = refused(&bench, &unsigned(&cyrillic));
        assert!(matches!(error, VerifyError::NonAscii { what: "publisher", .. }), "{error}");
    }
}

#[test]
fn grants_beyond_the_publishers_are_refused() {
    let acme = Author::new("acme");
    let bench = bench(&acme);
    for (grants, option) in [
        (json!({"config": [""]}), "config:"),
        (json!({"config": ["/gateway/port", "/hooks"]}), "config:/hooks"),
        (json!({"files": ["state:** content"]}), "files:state:** content"),
        (json!({"facts": ["platform"]}), "facts:platform"),
    ] {
        let package = acme.release(&with(&acme, "/grants", grants), 1);
        let error = refused(&bench, &package);
        let VerifyError::GrantsExceeded { texts, .. } = &error else { panic!("{error}") };
        assert_eq!(texts, &[option]);
    }
    let mut manifest = acme.manifest();
    manifest["fixes"] = json!({"config": ["/gateway/port"]});
    let error = refused(&bench, &acme.release(&manifest, 1));
    assert!(error.to_string().contains("fix-config:/gateway/port"), "{error}");
}

#[test]
fn warn_accepts_a_missing_signature_and_no_false_one() {
    let acme = Author::new("acme");
    let bench = Bench::new();
    bench.trust(&format!("policy = \"warn\"\n{}", acme.entry()));
    let passes = |package: &Package| match bench.verify(package).unwrap().signature() {
        SignatureStatus::Unverified(why) => why.clone(),
        other => panic!("{other:?}"),
    };
    assert!(matches!(passes(&unsigned(&acme.manifest())), VerifyError::NotSigned(_)));
    let stranger = Author::new("stranger");
    assert!(matches!(passes(&stranger.first()), VerifyError::UnknownPublisher { .. }));
    assert!(matches!(passes(&Author::new("acme").first()), VerifyError::UntrustedKey { .. }));
    let late = bench.verify_at(&acme.first(), NOW.plus_days(99)).unwrap();
    assert!(matches!(late.signature(), SignatureStatus::Unverified(VerifyError::Expired { .. })));
    assert!(matches!(bench.verify(&acme.first()).unwrap().signature(), SignatureStatus::Valid(_)));

    let package = acme.first();
    let longer = [&package.module[..], &[0, 2, 1, b'x']].concat();
    let changed = Package { module: longer.into(), ..package };
    assert!(matches!(refused(&bench, &changed), VerifyError::DigestMismatch { .. }));
    let wide = unsigned(&with(&acme, "/grants", json!({"facts": ["platform"]})));
    assert!(matches!(refused(&bench, &wide), VerifyError::GrantsExceeded { .. }));
    let poser = with(&stranger, "/rule/0/id", json!("acme.rule"));
    assert!(matches!(
        refused(&bench, &unsigned(&poser)),
        VerifyError::NamespaceOfOtherPublisher { .. }
    ));
}

#[test]
fn off_checks_no_signature_but_everything_else() {
    let acme = Author::new("acme");
    let bench = Bench::new();
    bench.trust(&format!("policy = \"off\"\n{}", acme.entry()));
    let mut package = acme.first();
    package.envelope = Some(b"nonsense".to_vec());
    assert_eq!(*bench.verify(&package).unwrap().signature(), SignatureStatus::NotChecked);
    let wide = unsigned(&with(&acme, "/grants", json!({"facts": ["platform"]})));
    assert!(matches!(refused(&bench, &wide), VerifyError::GrantsExceeded { .. }));
    let own = unsigned(&Author::new("chitin").manifest());
    assert!(matches!(refused(&bench, &own), VerifyError::ReservedName(_)));
}

#[test]
fn a_file_that_is_not_a_module_is_refused() {
    let bench = Bench::new();
    for bytes in [&b""[..], b"text", b"\0asm\x01\0\0\0", b"\0asm\x0d\0\x01\0"] {
        let package = Package { module: bytes.into(), ..unsigned(&json!({})) };
        assert!(matches!(refused(&bench, &package), VerifyError::NotAModule(_)));
    }
}

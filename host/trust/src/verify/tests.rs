use serde_json::{Value, json};

use super::super::secret_key::SecretKey;
use super::super::testing::{Author, Bench, NOW, release, unsigned};
use super::*;
use crate::package::Offer;

/// Trusts one author.
fn bench(author: &Author) -> Bench {
    let bench = Bench::new();
    bench.trust(&author.entry());
    bench
}

fn refused(bench: &Bench, offer: &Offer) -> Refusal {
    bench.decide(offer).unwrap_err()
}

fn with(author: &Author, pointer: &str, new: Value) -> Value {
    let mut manifest = author.manifest();
    *manifest.pointer_mut(pointer).unwrap() = new;
    manifest
}

#[test]
fn what_a_trusted_publisher_signed_is_taken_and_its_bytes_are_handed_on() {
    let acme = Author::new("acme");
    let offer = acme.first();
    let module = bench(&acme).decide(&offer).unwrap();
    assert!(Arc::ptr_eq(module.bytes(), &offer.module));
    assert_eq!(module.digest(), Digest::of(&offer.module));
    assert_eq!((module.publisher(), module.sequence()), ("acme", Some(1)));
    let Voucher::Signed(signed) = module.voucher() else { panic!("it is signed") };
    assert_eq!(signed.keys, [acme.key.public().id()]);
    assert_eq!((signed.issued, signed.expires), (NOW, NOW.plus_days(30)));
}

#[test]
fn an_unsigned_module_is_refused() {
    let acme = Author::new("acme");
    let offer = unsigned(&acme.manifest());
    let refusal = refused(&bench(&acme), &offer);
    assert_eq!(refusal, Refusal::NotSigned("check.wasm.dsse.json".to_owned()));
}

#[test]
fn a_stripped_envelope_is_refused() {
    let acme = Author::new("acme");
    let mut offer = acme.first();
    let mut envelope: Value = serde_json::from_slice(&offer.envelope.unwrap()).unwrap();
    envelope["signatures"] = json!([]);
    offer.envelope = Some(envelope.to_string().into_bytes());
    assert_eq!(refused(&bench(&acme), &offer), Refusal::NoSignature);
}

#[test]
fn a_cut_envelope_is_refused() {
    let acme = Author::new("acme");
    let mut offer = acme.first();
    let envelope = offer.envelope.take().unwrap();
    offer.envelope = Some(envelope[..envelope.len() / 2].to_vec());
    assert!(matches!(refused(&bench(&acme), &offer), Refusal::EnvelopeMalformed(_)));
    offer.envelope = Some(Vec::new());
    assert!(matches!(refused(&bench(&acme), &offer), Refusal::EnvelopeMalformed(_)));
}

#[test]
fn a_changed_byte_anywhere_is_refused() {
    let acme = Author::new("acme");
    let bench = bench(&acme);
    let offer = acme.first();
    for at in 0..offer.module.len() {
        let mut bytes = offer.module.to_vec();
        bytes[at] ^= 1;
        assert!(bench.decide(&Offer { module: bytes.into(), ..offer.clone() }).is_err(), "{at}");
    }
    // Also where nothing else is wrong with it.
    let longer = [&offer.module[..], &[0, 2, 1, b'x']].concat();
    let refusal = refused(&bench, &Offer { module: longer.into(), ..offer.clone() });
    assert!(matches!(refusal, Refusal::OtherBytes { .. }), "{refusal}");
    let envelope = offer.envelope.clone().unwrap();
    for at in 0..envelope.len() {
        let mut bytes = envelope.clone();
        bytes[at] ^= 1;
        let changed = Offer { envelope: Some(bytes), ..offer.clone() };
        if let Ok(module) = bench.decide(&changed) {
            // White space between the values means nothing.
            assert!(envelope[at].is_ascii_whitespace(), "{at}");
            assert_eq!(module.digest(), Digest::of(&offer.module));
        }
    }
}

#[test]
fn a_swapped_envelope_is_refused() {
    let acme = Author::new("acme");
    let mut offer = acme.first();
    let other = acme.release(&with(&acme, "/id", json!("acme.other")), 1);
    offer.envelope = other.envelope;
    let refusal = refused(&bench(&acme), &offer);
    assert!(matches!(refusal, Refusal::OtherBytes { .. }), "{refusal}");
}

#[test]
fn a_manifest_that_differs_from_the_signed_one_is_refused() {
    let acme = Author::new("acme");
    let offer = acme.first();
    let statement = Statement {
        name: "check.wasm".to_owned(),
        digest: Digest::of(&offer.module),
        manifest: with(&acme, "/grants/config", json!([])),
        sequence: 1,
        issued: NOW,
        expires: NOW.plus_days(1),
    };
    let mut envelope = Envelope::new(statement.to_json().unwrap());
    envelope.sign(&acme.key);
    let envelope = Some(envelope.to_json().unwrap().into_bytes());
    assert_eq!(refused(&bench(&acme), &Offer { envelope, ..offer }), Refusal::OtherManifest);
}

#[test]
fn the_order_of_keys_in_the_signed_manifest_means_nothing() {
    let acme = Author::new("acme");
    let offer = acme.first();
    let Value::Object(map) = acme.manifest() else { panic!("a manifest is an object") };
    let statement = Statement {
        name: String::new(),
        digest: Digest::of(&offer.module),
        manifest: Value::Object(map.into_iter().rev().collect()),
        sequence: 1,
        issued: NOW,
        expires: NOW.plus_days(1),
    };
    let mut envelope = Envelope::new(statement.to_json().unwrap());
    envelope.sign(&acme.key);
    let envelope = Some(envelope.to_json().unwrap().into_bytes());
    assert!(bench(&acme).decide(&Offer { envelope, ..offer }).is_ok());
}

#[test]
fn a_manifest_with_a_key_twice_is_refused() {
    let acme = Author::new("acme");
    let text = acme.manifest().to_string();
    let twice = text.replacen('{', "{\"publisher\":\"other\",", 1);
    let offer = Offer {
        module: super::super::testing::component(&twice).into(),
        ..unsigned(&acme.manifest())
    };
    let refusal = refused(&bench(&acme), &offer);
    assert!(refusal.to_string().contains("`publisher` stands twice"), "{refusal}");
}

#[test]
fn an_unknown_publisher_is_refused() {
    let (acme, other) = (Author::new("acme"), Author::new("stranger"));
    let refusal = refused(&bench(&acme), &other.first());
    assert_eq!(refusal, Refusal::UnknownPublisher { name: "stranger".to_owned() });
}

#[test]
fn another_key_is_refused() {
    let acme = Author::new("acme");
    let thief = Author::new("acme");
    let refusal = refused(&bench(&acme), &thief.first());
    let keys = vec![thief.key.public().id()];
    assert_eq!(refusal, Refusal::AnotherKey { publisher: "acme".to_owned(), keys });
}

#[test]
fn a_confused_key_is_refused() {
    let (acme, other) = (Author::new("acme"), Author::new("umbrella"));
    let bench = Bench::new();
    bench.trust(&(acme.entry() + &other.entry()));
    // One trusted publisher signs in the name of another.
    let offer = other.release(&acme.manifest(), 1);
    let key = other.key.public().id();
    let (owner, publisher) = ("umbrella".to_owned(), "acme".to_owned());
    assert_eq!(refused(&bench, &offer), Refusal::ConfusedKey { key, owner, publisher });
    // And says that it was the other's key.
    let mut lying = offer;
    let text = String::from_utf8(lying.envelope.unwrap()).unwrap();
    let text = text.replace(&key.to_string(), &acme.key.public().id().to_string());
    lying.envelope = Some(text.into_bytes());
    assert_eq!(refused(&bench, &lying), Refusal::FalseSignature(acme.key.public().id()));
}

#[test]
fn a_second_signature_of_other_bytes_is_refused() {
    let (acme, second) = (Author::new("acme"), SecretKey::generate().unwrap());
    let bench = Bench::new();
    let keys = format!("keys = [\"{}\", ", second.public().line());
    bench.trust(&acme.entry().replace("keys = [", &keys));
    let mut offer = acme.first();
    let other = release(&with(&acme, "/version", json!("2")), 1, &[second]);
    let mut envelope: Value = serde_json::from_slice(&offer.envelope.unwrap()).unwrap();
    let foreign: Value = serde_json::from_slice(&other.envelope.unwrap()).unwrap();
    let signatures = envelope["signatures"].as_array_mut().unwrap();
    signatures.push(foreign["signatures"][0].clone());
    offer.envelope = Some(envelope.to_string().into_bytes());
    let refusal = refused(&bench, &offer);
    assert!(matches!(refusal, Refusal::SignatureOfOtherBytes(_)), "{refusal}");
}

#[test]
fn as_many_signatures_as_asked_for_are_needed() {
    let (acme, second) = (Author::new("acme"), SecretKey::generate().unwrap());
    let lines = format!("keys = [\"{}\", ", second.public().line());
    let bench = Bench::new();
    let one = acme.first();
    let both = release(&acme.manifest(), 1, &[second, SecretKey::generate().unwrap()]);
    for more in ["require = \"all\"", "require = \"any\"\nminimum = 2"] {
        bench.trust(&acme.entry_with(more).replace("keys = [", &lines));
        let refusal = refused(&bench, &one);
        let publisher = "acme".to_owned();
        assert_eq!(refusal, Refusal::TooFewSignatures { publisher, found: 1, needed: 2 });
        // A stranger's signature does not count.
        let refusal = refused(&bench, &both);
        assert!(matches!(refusal, Refusal::TooFewSignatures { found: 1, .. }), "{refusal}");
    }
    bench.trust(&acme.entry_with("require = \"any\"").replace("keys = [", &lines));
    assert!(bench.decide(&one).is_ok() && bench.decide(&both).is_ok());
}

#[test]
fn a_publisher_can_move_to_a_new_key() {
    let (old, new) = (Author::new("acme"), SecretKey::generate().unwrap());
    let bench = bench(&old);
    let offer = Offer { envelope: None, ..old.first() };
    let signing = super::super::sign::Signing { sequence: 1, days: 1, now: NOW };
    let keys = [new, old.key];
    let envelope = super::super::sign::sign(&offer, &signing, &keys).unwrap();
    assert!(bench.decide(&Offer { envelope: Some(envelope.into_bytes()), ..offer }).is_ok());
}

#[test]
fn a_revoked_key_is_refused() {
    let acme = Author::new("acme");
    let bench = Bench::new();
    for what in [acme.key.public().id().to_string(), acme.key.public().line()] {
        bench.trust(&format!("{}[[revoked]]\nwhat = \"{what}\"\n", acme.entry()));
        let refusal = refused(&bench, &acme.first());
        assert_eq!(refusal, Refusal::RevokedKey(acme.key.public().id()));
    }
    // Also when it was taken out of the publisher's entry.
    let id = acme.key.public().id();
    let other = Author::new("acme");
    bench.trust(&format!("{}[[revoked]]\nwhat = \"{id}\"\n", other.entry()));
    assert_eq!(refused(&bench, &acme.first()), Refusal::RevokedKey(id));
}

#[test]
fn a_revoked_digest_is_refused_whatever_the_policy_is() {
    let acme = Author::new("acme");
    let (bench, offer) = (Bench::new(), acme.first());
    let digest = Digest::of(&offer.module);
    for policy in ["require", "warn", "off"] {
        let revoked = format!("[[revoked]]\nwhat = \"{digest}\"\n");
        bench.trust(&format!("policy = \"{policy}\"\n{}{revoked}", acme.entry()));
        assert_eq!(refused(&bench, &offer), Refusal::RevokedDigest(digest), "{policy}");
    }
}

#[test]
fn an_expired_signature_is_refused() {
    let acme = Author::new("acme");
    let (bench, offer) = (bench(&acme), acme.first());
    let expires = NOW.plus_days(30);
    assert!(bench.decide_at(&offer, Timestamp::new(expires.seconds() - 1)).is_ok());
    let refusal = bench.decide_at(&offer, expires).unwrap_err();
    assert_eq!(refusal, Refusal::Expired { expires });
}

#[test]
fn a_signature_from_the_future_is_refused() {
    let acme = Author::new("acme");
    let (bench, offer) = (bench(&acme), acme.first());
    // Clocks differ a little.
    let early = Timestamp::new(NOW.seconds() - SKEW);
    assert!(bench.decide_at(&offer, early).is_ok());
    let now = Timestamp::new(early.seconds() - 1);
    let refusal = bench.decide_at(&offer, now).unwrap_err();
    assert_eq!(refusal, Refusal::NotYetIssued { issued: NOW, now });
    assert!(bench.decide_at(&offer, Timestamp::new(0)).is_err());
}

#[test]
fn a_rule_outside_of_the_publishers_namespaces_is_refused() {
    let acme = Author::new("acme");
    let bench = bench(&acme);
    for rule in ["other.rule", "acmex.rule", "*.rule", "acme-x.rule"] {
        let offer = acme.release(&with(&acme, "/rule/0/id", json!(rule)), 1);
        let refusal = refused(&bench, &offer);
        assert!(
            matches!(&refusal, Refusal::OutsideNamespace { rule: found, .. } if found == rule)
                || rule == "*.rule" && matches!(refusal, Refusal::ReservedRule { .. }),
            "{refusal}"
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
        let refusal = refused(&bench, &acme.release(&manifest, 1));
        assert_eq!(refusal, Refusal::ReservedName(name.to_owned()));
    }
    for rule in ["gateway.bind_no_auth", "channels.acme.dm.open", "gateway.*", "*.dm.open"] {
        let refusal = refused(&bench, &acme.release(&with(&acme, "/rule/0/id", json!(rule)), 1));
        assert!(
            matches!(&refusal, Refusal::ReservedRule { rule: found, .. } if found == rule),
            "{refusal}"
        );
    }
    let refusal = refused(&bench, &acme.release(&with(&acme, "/id", json!("other.check")), 1));
    assert!(matches!(refusal, Refusal::IdOfAnother { .. }), "{refusal}");
}

#[test]
fn a_look_alike_is_refused_whatever_the_policy_is() {
    let acme = Author::new("acme-labs");
    let bench = Bench::new();
    for policy in ["require", "warn", "off"] {
        bench.trust(&format!("policy = \"{policy}\"\n{}", acme.entry()));
        let (name, like) = ("acme-1abs".to_owned(), "acme-labs".to_owned());
        let refusal = refused(&bench, &Author::new("acme-1abs").first());
        assert_eq!(refusal, Refusal::LookAlike { name, like }, "{policy}");
        let refusal = refused(&bench, &Author::new("ch1tin").first());
        assert_eq!(refusal, Refusal::PosesAsChitin("ch1tin".to_owned()), "{policy}");
        let cyrillic = with(&acme, "/publisher", json!("\u{430}cme-labs"));
        let refusal = refused(&bench, &unsigned(&cyrillic));
        assert!(matches!(refusal, Refusal::ForeignLetters { what: "publisher", .. }), "{refusal}");
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
        let offer = acme.release(&with(&acme, "/grants", grants), 1);
        let refusal = refused(&bench, &offer);
        let Refusal::GrantsTooWide { texts, .. } = &refusal else { panic!("{refusal}") };
        assert_eq!(texts, &[option]);
    }
    let mut manifest = acme.manifest();
    manifest["fixes"] = json!({"config": ["/gateway/port"]});
    let refusal = refused(&bench, &acme.release(&manifest, 1));
    assert!(refusal.to_string().contains("fix-config:/gateway/port"), "{refusal}");
}

#[test]
fn warn_lets_pass_what_is_missing_and_nothing_that_is_false() {
    let acme = Author::new("acme");
    let bench = Bench::new();
    bench.trust(&format!("policy = \"warn\"\n{}", acme.entry()));
    let passes = |offer: &Offer| match bench.decide(offer).unwrap().voucher() {
        Voucher::Doubtful(why) => why.clone(),
        other => panic!("{other:?}"),
    };
    assert!(matches!(passes(&unsigned(&acme.manifest())), Refusal::NotSigned(_)));
    let stranger = Author::new("stranger");
    assert!(matches!(passes(&stranger.first()), Refusal::UnknownPublisher { .. }));
    assert!(matches!(passes(&Author::new("acme").first()), Refusal::AnotherKey { .. }));
    let late = bench.decide_at(&acme.first(), NOW.plus_days(99)).unwrap();
    assert!(matches!(late.voucher(), Voucher::Doubtful(Refusal::Expired { .. })));
    assert!(matches!(bench.decide(&acme.first()).unwrap().voucher(), Voucher::Signed(_)));

    let offer = acme.first();
    let longer = [&offer.module[..], &[0, 2, 1, b'x']].concat();
    let changed = Offer { module: longer.into(), ..offer };
    assert!(matches!(refused(&bench, &changed), Refusal::OtherBytes { .. }));
    let wide = unsigned(&with(&acme, "/grants", json!({"facts": ["platform"]})));
    assert!(matches!(refused(&bench, &wide), Refusal::GrantsTooWide { .. }));
    let poser = with(&stranger, "/rule/0/id", json!("acme.rule"));
    assert!(matches!(refused(&bench, &unsigned(&poser)), Refusal::NamespaceOfAnother { .. }));
}

#[test]
fn off_looks_at_no_signature_and_keeps_to_everything_else() {
    let acme = Author::new("acme");
    let bench = Bench::new();
    bench.trust(&format!("policy = \"off\"\n{}", acme.entry()));
    let mut offer = acme.first();
    offer.envelope = Some(b"nonsense".to_vec());
    assert_eq!(*bench.decide(&offer).unwrap().voucher(), Voucher::Unasked);
    let wide = unsigned(&with(&acme, "/grants", json!({"facts": ["platform"]})));
    assert!(matches!(refused(&bench, &wide), Refusal::GrantsTooWide { .. }));
    let own = unsigned(&Author::new("chitin").manifest());
    assert!(matches!(refused(&bench, &own), Refusal::ReservedName(_)));
}

#[test]
fn what_is_no_module_is_refused() {
    let bench = Bench::new();
    for bytes in [&b""[..], b"text", b"\0asm\x01\0\0\0", b"\0asm\x0d\0\x01\0"] {
        let offer = Offer { module: bytes.into(), ..unsigned(&json!({})) };
        assert!(matches!(refused(&bench, &offer), Refusal::NotAModule(_)));
    }
}

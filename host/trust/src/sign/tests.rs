use serde_json::json;

use super::super::testing::{Author, Bench, NOW, release, unsigned};
use super::*;
use chitin_fs::guarded::GuardedFileError;

fn unasked() -> Result<Passphrase, SecretKeyError> {
    panic!("nothing is encrypted")
}

#[test]
fn a_key_pair_is_written_once_and_for_its_owner_only() {
    let bench = Bench::new();
    let path = bench.root().join("acme.key");
    let (public, public_path) = key_pair(&path, None).unwrap();
    assert_eq!(public_path, bench.root().join("acme.pub"));
    assert_eq!(*secret_key(&path, unasked).unwrap().public(), public);
    assert_eq!(public_key(public_path.to_str().unwrap()).unwrap(), public);
    assert_eq!(public_key(&public.line()).unwrap(), public);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o7777, 0o600);
    }
    let before = std::fs::read(&path).unwrap();
    let error = key_pair(&path, None).unwrap_err();
    assert!(matches!(error, SigningError::Disk(GuardedFileError::Exists { .. })), "{error}");
    std::fs::remove_file(&public_path).unwrap();
    assert!(key_pair(&path, None).is_err());
    // What was begun is taken back.
    assert!(!public_path.exists());
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn keys_that_are_none_are_told_apart() {
    let bench = Bench::new();
    let path = bench.root().join("acme.key");
    let (public, public_path) = key_pair(&path, None).unwrap();
    let missing = secret_key(&bench.root().join("none.key"), unasked).unwrap_err();
    assert!(matches!(missing, SigningError::NoKey(_)), "{missing}");
    let swapped = secret_key(&public_path, unasked).unwrap_err();
    assert!(swapped.to_string().contains("this is a public key"), "{swapped}");
    let swapped = public_key(path.to_str().unwrap()).unwrap_err();
    assert!(swapped.to_string().contains("this is a secret key"), "{swapped}");
    assert!(!swapped.to_string().contains(&public.line()[..40]));
}

#[test]
fn what_could_not_be_used_is_not_signed() {
    let acme = Author::new("acme");
    let keys = std::slice::from_ref(&acme.key);
    let signing = Signing { sequence: 1, days: 1, now: NOW };
    for days in [0, 3661] {
        let error = sign(&acme.first(), &Signing { days, ..signing }, keys).unwrap_err();
        assert!(matches!(error, SigningError::Lifetime), "{error}");
    }
    let no_rule_text = {
        let mut manifest = acme.manifest();
        manifest["rule"][0]["why"] = "".into();
        manifest
    };
    for manifest in [json!({}), no_rule_text] {
        let error = sign(&unsigned(&manifest), &signing, keys).unwrap_err();
        assert!(matches!(error, SigningError::Module(_)), "{error}");
    }
}

#[test]
fn a_second_key_signs_the_same_statement() {
    let acme = Author::new("acme");
    let second = SecretKey::generate().unwrap();
    let line = second.public().line();
    let bench = Bench::new();
    let keys = format!("keys = [\"{line}\", ");
    bench.trust(&acme.entry_with("require = \"all\"").replace("keys = [", &keys));
    let mut offer = acme.first();
    assert!(bench.decide(&offer).is_err());
    let both = cosign(&offer, NOW, std::slice::from_ref(&second)).unwrap();
    offer.envelope = Some(both.into_bytes());
    assert!(bench.decide(&offer).is_ok());

    let keys = [second];
    let nothing = Offer { envelope: None, ..acme.first() };
    assert!(matches!(cosign(&nothing, NOW, &keys), Err(SigningError::NothingToCosign)));
    let mut manifest = acme.manifest();
    manifest["version"] = "2".into();
    let other = Offer { envelope: offer.envelope, ..release(&manifest, 1, &keys) };
    assert!(matches!(cosign(&other, NOW, &keys), Err(SigningError::OtherEnvelope)));
    let late = cosign(&acme.first(), NOW.plus_days(30), &keys);
    assert!(matches!(late, Err(SigningError::OtherEnvelope)));
}

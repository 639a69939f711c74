use serde_json::json;

use super::super::testing::{Author, Bench, NOW, release, unsigned};
use super::*;
use chitin_fs::guarded::GuardedFileError;

fn no_passphrase() -> Result<Passphrase, SecretKeyError> {
    panic!("nothing is encrypted")
}

#[test]
fn a_key_pair_is_private_and_never_overwritten() {
    let bench = Bench::new();
    let path = bench.root().join("acme.key");
    let (public, public_path) = key_pair(&path, None).unwrap();
    assert_eq!(public_path, bench.root().join("acme.pub"));
    assert_eq!(*secret_key(&path, no_passphrase).unwrap().public(), public);
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
    // The file that was written first is removed again.
    assert!(!public_path.exists());
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn mixed_up_key_files_are_recognized() {
    let bench = Bench::new();
    let path = bench.root().join("acme.key");
    let (public, public_path) = key_pair(&path, None).unwrap();
    let missing = secret_key(&bench.root().join("none.key"), no_passphrase).unwrap_err();
    assert!(matches!(missing, SigningError::NoKey(_)), "{missing}");
    let swapped = secret_key(&public_path, no_passphrase).unwrap_err();
    assert!(swapped.to_string().contains("this is a public key"), "{swapped}");
    let swapped = public_key(path.to_str().unwrap()).unwrap_err();
    assert!(swapped.to_string().contains("this is a secret key"), "{swapped}");
    assert!(!swapped.to_string().contains(&public.line()[..40]));
}

#[test]
fn a_module_that_could_not_be_used_is_not_signed() {
    let acme = Author::new("acme");
    let keys = std::slice::from_ref(&acme.key);
    let options = SignOptions { sequence: 1, days: 1, now: NOW };
    for days in [0, 3661] {
        let error = sign(&acme.first(), &SignOptions { days, ..options }, keys).unwrap_err();
        assert!(matches!(error, SigningError::Lifetime), "{error}");
    }
    let no_rule_text = {
        let mut manifest = acme.manifest();
        manifest["rule"][0]["why"] = "".into();
        manifest
    };
    for manifest in [json!({}), no_rule_text] {
        let error = sign(&unsigned(&manifest), &options, keys).unwrap_err();
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
    let mut package = acme.first();
    assert!(bench.verify(&package).is_err());
    let both = cosign(&package, NOW, std::slice::from_ref(&second)).unwrap();
    package.envelope = Some(both.into_bytes());
    assert!(bench.verify(&package).is_ok());

    let keys = [second];
    let nothing = Package { envelope: None, ..acme.first() };
    assert!(matches!(cosign(&nothing, NOW, &keys), Err(SigningError::NothingToCosign)));
    let mut manifest = acme.manifest();
    manifest["version"] = "2".into();
    let other = Package { envelope: package.envelope, ..release(&manifest, 1, &keys) };
    assert!(matches!(cosign(&other, NOW, &keys), Err(SigningError::OtherEnvelope)));
    let late = cosign(&acme.first(), NOW.plus_days(30), &keys);
    assert!(matches!(late, Err(SigningError::OtherEnvelope)));
}

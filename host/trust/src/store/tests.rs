use std::fs;

use serde_json::json;

use super::super::package::Package;
use super::super::testing::{Author, Bench, NOW, unsigned};
use super::*;
use crate::trust_policy::TrustPolicy;

fn bench(author: &Author) -> Bench {
    let bench = Bench::new();
    bench.trust(&author.entry());
    bench
}

/// What `chitin module add --yes --accept-widened` does.
fn add(bench: &Bench, package: &Package) -> Result<InstallPlan, InstallError> {
    let module = bench.verify(package)?;
    let plan = bench.store().plan_install(&module)?;
    bench.store().add(&module, package.envelope.as_deref(), &plan, NOW)?;
    Ok(plan)
}

fn refused(bench: &Bench, package: &Package) -> VerifyError {
    match add(bench, package) {
        Err(InstallError::Refused(error)) => error,
        other => panic!("{other:?}"),
    }
}

/// The only installed module, verified again.
fn load(bench: &Bench) -> Result<VerifiedModule, VerifyError> {
    let trust = TrustPolicy::load(&bench.paths, &bench.own_rules).unwrap();
    let verifier = Verifier { trust: &trust, own_rules: &bench.own_rules, now: NOW };
    let entries = bench.store().entries().unwrap();
    bench.store().load(&entries[0], &verifier)
}

fn release(author: &Author, sequence: u64, version: &str) -> Package {
    let mut manifest = author.manifest();
    manifest["version"] = version.into();
    author.release(&manifest, sequence)
}

fn module_file(bench: &Bench) -> PathBuf {
    let entries = bench.store().entries().unwrap();
    bench.store().module_path(&entries[0].digest().unwrap())
}

#[test]
fn what_was_added_is_loaded() {
    let acme = Author::new("acme");
    let bench = bench(&acme);
    assert!(bench.store().entries().unwrap().is_empty());
    assert_eq!(add(&bench, &acme.first()).unwrap(), InstallPlan::New);
    assert_eq!(add(&bench, &acme.first()).unwrap(), InstallPlan::AlreadyInstalled);
    let module = load(&bench).unwrap();
    assert_eq!(module.bytes(), &acme.first().module);
    let entry = &bench.store().entries().unwrap()[0];
    assert_eq!((entry.id.as_str(), entry.sequence), ("acme.check", Some(1)));
    assert_eq!(entry.grants.config, ["/gateway/port"]);
    assert_eq!(entry.rules, ["acme.rule"]);
}

#[test]
fn a_later_release_replaces_an_earlier_one() {
    let acme = Author::new("acme");
    let bench = bench(&acme);
    add(&bench, &release(&acme, 1, "1")).unwrap();
    let earlier = module_file(&bench);
    assert_eq!(add(&bench, &release(&acme, 2, "2")).unwrap(), InstallPlan::Update);
    assert_eq!(load(&bench).unwrap().manifest().version, "2");
    assert!(!earlier.exists() && !envelope_path(&earlier).exists());
}

#[test]
fn a_downgrade_is_refused() {
    let acme = Author::new("acme");
    let bench = bench(&acme);
    add(&bench, &release(&acme, 5, "5")).unwrap();
    let downgraded = VerifyError::Downgrade { known: 5, offered: 4 };
    assert_eq!(refused(&bench, &release(&acme, 4, "4")), downgraded);
    assert_eq!(refused(&bench, &release(&acme, 5, "other")), VerifyError::SequenceReused(5));
    // Removing it first does not help.
    bench.store().remove("acme.check", Removal::KeepTombstone).unwrap();
    assert_eq!(refused(&bench, &release(&acme, 4, "4")), downgraded);
    assert_eq!(add(&bench, &release(&acme, 5, "5")).unwrap(), InstallPlan::New);
    bench.store().remove("acme.check", Removal::Forget).unwrap();
    add(&bench, &release(&acme, 4, "4")).unwrap();
}

#[test]
fn a_replayed_release_in_the_store_is_refused() {
    let acme = Author::new("acme");
    let bench = bench(&acme);
    let old = release(&acme, 1, "1");
    add(&bench, &release(&acme, 2, "2")).unwrap();
    // Someone puts the old release, correctly signed, where the new one was.
    let file = module_file(&bench);
    fs::write(&file, &old.module).unwrap();
    fs::write(envelope_path(&file), old.envelope.unwrap()).unwrap();
    let error = load(&bench).unwrap_err();
    assert!(matches!(error, VerifyError::FileModified { .. }), "{error}");
}

#[test]
fn an_older_envelope_in_the_store_is_refused() {
    let acme = Author::new("acme");
    let bench = bench(&acme);
    let old = acme.release(&acme.manifest(), 1);
    add(&bench, &acme.release(&acme.manifest(), 2)).unwrap();
    fs::write(envelope_path(&module_file(&bench)), old.envelope.unwrap()).unwrap();
    assert_eq!(load(&bench).unwrap_err(), VerifyError::Downgrade { known: 2, offered: 1 });
}

#[test]
fn a_changed_or_missing_file_in_the_store_is_refused() {
    let acme = Author::new("acme");
    let bench = bench(&acme);
    add(&bench, &acme.first()).unwrap();
    let file = module_file(&bench);
    let bytes = fs::read(&file).unwrap();
    for at in [0, 8, bytes.len() / 2, bytes.len() - 1] {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        fs::write(&file, changed).unwrap();
        assert!(matches!(load(&bench).unwrap_err(), VerifyError::FileModified { .. }));
    }
    fs::write(&file, &bytes).unwrap();
    assert!(load(&bench).is_ok());
    let envelope = envelope_path(&file);
    fs::remove_file(&envelope).unwrap();
    assert!(matches!(load(&bench).unwrap_err(), VerifyError::NotSigned(_)));
    fs::remove_file(&file).unwrap();
    assert_eq!(load(&bench).unwrap_err(), VerifyError::FileMissing);
}

#[cfg(unix)]
#[test]
fn a_file_in_the_store_writable_by_others_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let acme = Author::new("acme");
    let bench = bench(&acme);
    add(&bench, &acme.first()).unwrap();
    fs::set_permissions(module_file(&bench), fs::Permissions::from_mode(0o666)).unwrap();
    let error = load(&bench).unwrap_err();
    assert!(error.to_string().contains("may be written by others"), "{error}");
}

#[test]
fn a_file_without_a_lock_entry_is_ignored() {
    let acme = Author::new("acme");
    let bench = bench(&acme);
    add(&bench, &acme.first()).unwrap();
    let mut manifest = acme.manifest();
    manifest["id"] = "acme.other".into();
    let other = acme.release(&manifest, 1);
    let path = bench.store().module_path(&Digest::of(&other.module));
    fs::write(&path, &other.module).unwrap();
    fs::write(envelope_path(&path), other.envelope.unwrap()).unwrap();
    assert_eq!(bench.store().entries().unwrap().len(), 1);
    // The next change removes it.
    add(&bench, &release(&acme, 2, "2")).unwrap();
    assert!(!path.exists() && !envelope_path(&path).exists());
}

#[test]
fn wider_grants_are_asked_about_again() {
    let acme = Author::new("acme");
    let bench = bench(&acme);
    add(&bench, &acme.first()).unwrap();
    let mut manifest = acme.manifest();
    manifest["version"] = "2".into();
    manifest["grants"]["config"] = json!(["/gateway"]);
    let wider = acme.release(&manifest, 2);
    let module = bench.verify(&wider).unwrap();
    let words = "read `gateway` in the configuration and everything below it, with secrets sealed";
    assert_eq!(
        bench.store().plan_install(&module).unwrap(),
        InstallPlan::Widened(vec![words.to_owned()])
    );
    // Agreeing to an update does not mean agreeing to this.
    let added = bench.store().add(&module, wider.envelope.as_deref(), &InstallPlan::Update, NOW);
    assert!(matches!(added, Err(InstallError::Conflict)));
    assert_eq!(load(&bench).unwrap().manifest().version, "1.0.0");
}

#[test]
fn modules_are_refused_when_the_lock_was_edited() {
    let acme = Author::new("acme");
    let bench = bench(&acme);
    add(&bench, &acme.first()).unwrap();
    let path = bench.store().lock_path();
    let text = fs::read_to_string(&path).unwrap();
    for (from, to) in [
        ("/gateway/port", "/gateway"),
        ("acme.rule", "acme.other"),
        ("\"acme.check\"", "\"acme.other\""),
        ("publisher = \"acme\"", "publisher = \"other\""),
    ] {
        assert!(text.contains(from), "{text}");
        fs::write(&path, text.replace(from, to)).unwrap();
        assert_eq!(load(&bench).unwrap_err(), VerifyError::LockMismatch, "{from}");
    }
    fs::write(&path, text.replace("sequence = 1", "sequence = 9")).unwrap();
    assert_eq!(load(&bench).unwrap_err(), VerifyError::Downgrade { known: 9, offered: 1 });
    for malformed in [
        "nonsense".to_owned(),
        text.replace("schema = 1", "schema = 2"),
        text.replace("sha256:", "md5:"),
        text.replace("schema = 1", "schema = 1\nextra = 1"),
        format!("{text}{}", text.split_once("[[module]]").unwrap().1.replacen("", "[[module]]", 1)),
    ] {
        fs::write(&path, &malformed).unwrap();
        let error = bench.store().entries().unwrap_err();
        assert!(matches!(error, StoreError::Malformed { .. }), "{error}\n{malformed}");
    }
}

#[test]
fn a_removed_signature_is_refused_under_every_policy() {
    let acme = Author::new("acme");
    let bench = bench(&acme);
    add(&bench, &release(&acme, 5, "5")).unwrap();
    bench.trust(&format!("policy = \"warn\"\n{}", acme.entry()));
    let mut manifest = acme.manifest();
    manifest["version"] = "4".into();
    assert_eq!(refused(&bench, &unsigned(&manifest)), VerifyError::SignatureRemoved);
    // The same bytes can be installed again, and their sequence number stays.
    let same = Package { envelope: None, ..release(&acme, 5, "5") };
    assert_eq!(add(&bench, &same).unwrap(), InstallPlan::AlreadyInstalled);
    assert_eq!(bench.store().entries().unwrap()[0].sequence, Some(5));
}

#[test]
fn an_id_stays_with_its_publisher() {
    let (acme, labs) = (Author::new("acme"), Author::new("acme.labs"));
    let bench = Bench::new();
    bench.trust(
        &(acme.entry() + &labs.entry().replace("rules = [\"acme.labs\"]", "rules = [\"labs\"]")),
    );
    let mut manifest = acme.manifest();
    manifest["id"] = "acme.labs.check".into();
    add(&bench, &acme.release(&manifest, 1)).unwrap();
    let mut manifest = labs.manifest();
    manifest["rule"][0]["id"] = "labs.rule".into();
    let error = refused(&bench, &labs.release(&manifest, 9));
    assert!(matches!(error, VerifyError::PublisherChanged { .. }), "{error}");
}

#[test]
fn a_rule_of_another_installed_module_is_refused() {
    let acme = Author::new("acme");
    let bench = bench(&acme);
    add(&bench, &acme.first()).unwrap();
    let mut manifest = acme.manifest();
    manifest["id"] = "acme.other".into();
    for rule in ["acme.rule", "acme.*"] {
        manifest["rule"][0]["id"] = rule.into();
        let error = refused(&bench, &acme.release(&manifest, 1));
        assert!(matches!(error, VerifyError::RuleConflict { .. }), "{error}");
    }
    manifest["rule"][0]["id"] = "acme.more".into();
    add(&bench, &acme.release(&manifest, 1)).unwrap();
}

#[test]
fn a_module_that_is_not_installed_cannot_be_removed() {
    let bench = Bench::new();
    for removal in [Removal::KeepTombstone, Removal::Forget] {
        let error = bench.store().remove("acme.check", removal).unwrap_err();
        assert!(matches!(error, StoreError::NoModule(_)), "{error}");
    }
}

#[test]
fn the_verified_bytes_are_the_ones_that_are_handed_on() {
    let acme = Author::new("acme");
    let bench = bench(&acme);
    add(&bench, &acme.first()).unwrap();
    let module = load(&bench).unwrap();
    // A change of the file after it was read has no effect.
    let file = module_file(&bench);
    fs::write(&file, b"other").unwrap();
    assert_eq!(Digest::of(module.bytes()), module.digest());
    assert_eq!(module.bytes(), &acme.first().module);
    // While someone keeps changing the file, the module is either refused or the right one.
    let good = acme.first().module;
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                fs::write(&file, &good).unwrap();
                fs::write(&file, b"\0asm\x0d\0\x01\0evil").unwrap();
            }
        });
        for _ in 0..500 {
            if let Ok(module) = load(&bench) {
                assert_eq!(module.bytes(), &good);
            }
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}

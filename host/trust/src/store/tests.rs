use std::fs;

use serde_json::json;

use super::super::package::Offer;
use super::super::testing::{Author, Bench, NOW, unsigned};
use super::*;
use crate::trusted::Trust;

fn bench(author: &Author) -> Bench {
    let bench = Bench::new();
    bench.trust(&author.entry());
    bench
}

/// What `chitin module add` does, with every question answered by yes.
fn add(bench: &Bench, offer: &Offer) -> Result<Addition, AddError> {
    let module = bench.decide(offer)?;
    let addition = bench.store().weigh(&module)?;
    bench.store().add(&module, offer.envelope.as_deref(), &addition, NOW)?;
    Ok(addition)
}

fn refused(bench: &Bench, offer: &Offer) -> Refusal {
    match add(bench, offer) {
        Err(AddError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

/// The one installed module, verified anew.
fn load(bench: &Bench) -> Result<Verified, Refusal> {
    let trust = Trust::load(&bench.paths, &bench.own_rules).unwrap();
    let judge = Judge { trust: &trust, own_rules: &bench.own_rules, now: NOW };
    let entries = bench.store().entries().unwrap();
    bench.store().load(&entries[0], &judge)
}

fn release(author: &Author, sequence: u64, version: &str) -> Offer {
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
    assert_eq!(add(&bench, &acme.first()).unwrap(), Addition::New);
    assert_eq!(add(&bench, &acme.first()).unwrap(), Addition::Again);
    let module = load(&bench).unwrap();
    assert_eq!(module.bytes(), &acme.first().module);
    let entry = &bench.store().entries().unwrap()[0];
    assert_eq!((entry.id.as_str(), entry.sequence), ("acme.check", Some(1)));
    assert_eq!(entry.grants.config, ["/gateway/port"]);
    assert_eq!(entry.rules, ["acme.rule"]);
}

#[test]
fn a_later_release_takes_the_place_of_an_earlier_one() {
    let acme = Author::new("acme");
    let bench = bench(&acme);
    add(&bench, &release(&acme, 1, "1")).unwrap();
    let earlier = module_file(&bench);
    assert_eq!(add(&bench, &release(&acme, 2, "2")).unwrap(), Addition::Update);
    assert_eq!(load(&bench).unwrap().manifest().version, "2");
    assert!(!earlier.exists() && !envelope_path(&earlier).exists());
}

#[test]
fn a_downgrade_is_refused() {
    let acme = Author::new("acme");
    let bench = bench(&acme);
    add(&bench, &release(&acme, 5, "5")).unwrap();
    let downgraded = Refusal::Downgraded { known: 5, offered: 4 };
    assert_eq!(refused(&bench, &release(&acme, 4, "4")), downgraded);
    assert_eq!(refused(&bench, &release(&acme, 5, "other")), Refusal::Replaced(5));
    // Not through removing it first either.
    bench.store().remove("acme.check", Memory::Keep).unwrap();
    assert_eq!(refused(&bench, &release(&acme, 4, "4")), downgraded);
    assert_eq!(add(&bench, &release(&acme, 5, "5")).unwrap(), Addition::New);
    bench.store().remove("acme.check", Memory::Forget).unwrap();
    add(&bench, &release(&acme, 4, "4")).unwrap();
}

#[test]
fn a_replayed_release_in_the_store_is_refused() {
    let acme = Author::new("acme");
    let bench = bench(&acme);
    let old = release(&acme, 1, "1");
    add(&bench, &release(&acme, 2, "2")).unwrap();
    // Somebody puts the old release, rightly signed, where the new one was.
    let file = module_file(&bench);
    fs::write(&file, &old.module).unwrap();
    fs::write(envelope_path(&file), old.envelope.unwrap()).unwrap();
    let refusal = load(&bench).unwrap_err();
    assert!(matches!(refusal, Refusal::ChangedInStore { .. }), "{refusal}");
}

#[test]
fn an_older_envelope_in_the_store_is_refused() {
    let acme = Author::new("acme");
    let bench = bench(&acme);
    let old = acme.release(&acme.manifest(), 1);
    add(&bench, &acme.release(&acme.manifest(), 2)).unwrap();
    fs::write(envelope_path(&module_file(&bench)), old.envelope.unwrap()).unwrap();
    assert_eq!(load(&bench).unwrap_err(), Refusal::Downgraded { known: 2, offered: 1 });
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
        assert!(matches!(load(&bench).unwrap_err(), Refusal::ChangedInStore { .. }));
    }
    fs::write(&file, &bytes).unwrap();
    assert!(load(&bench).is_ok());
    let envelope = envelope_path(&file);
    fs::remove_file(&envelope).unwrap();
    assert!(matches!(load(&bench).unwrap_err(), Refusal::NotSigned(_)));
    fs::remove_file(&file).unwrap();
    assert_eq!(load(&bench).unwrap_err(), Refusal::Gone);
}

#[cfg(unix)]
#[test]
fn a_file_in_the_store_that_others_may_write_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let acme = Author::new("acme");
    let bench = bench(&acme);
    add(&bench, &acme.first()).unwrap();
    fs::set_permissions(module_file(&bench), fs::Permissions::from_mode(0o666)).unwrap();
    let refusal = load(&bench).unwrap_err();
    assert!(refusal.to_string().contains("may be written by others"), "{refusal}");
}

#[test]
fn a_file_that_nobody_added_is_nothing() {
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
    // The next change clears up.
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
    let module = bench.decide(&wider).unwrap();
    let words = "read `gateway` in the configuration and everything below it, with secrets sealed";
    assert_eq!(bench.store().weigh(&module).unwrap(), Addition::Wider(vec![words.to_owned()]));
    // Having agreed to an update is not having agreed to this.
    let added = bench.store().add(&module, wider.envelope.as_deref(), &Addition::Update, NOW);
    assert!(matches!(added, Err(AddError::Meanwhile)));
    assert_eq!(load(&bench).unwrap().manifest().version, "1.0.0");
}

#[test]
fn a_lock_that_was_changed_makes_modules_refused() {
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
        assert_eq!(load(&bench).unwrap_err(), Refusal::NotAsAgreed, "{from}");
    }
    fs::write(&path, text.replace("sequence = 1", "sequence = 9")).unwrap();
    assert_eq!(load(&bench).unwrap_err(), Refusal::Downgraded { known: 9, offered: 1 });
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
fn a_lost_signature_is_refused_also_where_none_is_needed() {
    let acme = Author::new("acme");
    let bench = bench(&acme);
    add(&bench, &release(&acme, 5, "5")).unwrap();
    bench.trust(&format!("policy = \"warn\"\n{}", acme.entry()));
    let mut manifest = acme.manifest();
    manifest["version"] = "4".into();
    assert_eq!(refused(&bench, &unsigned(&manifest)), Refusal::SignatureLost);
    // The same bytes may come again, and what is known of them stays known.
    let same = Offer { envelope: None, ..release(&acme, 5, "5") };
    assert_eq!(add(&bench, &same).unwrap(), Addition::Again);
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
    let refusal = refused(&bench, &labs.release(&manifest, 9));
    assert!(matches!(refusal, Refusal::OtherPublisher { .. }), "{refusal}");
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
        let refusal = refused(&bench, &acme.release(&manifest, 1));
        assert!(matches!(refusal, Refusal::RuleOfAnother { .. }), "{refusal}");
    }
    manifest["rule"][0]["id"] = "acme.more".into();
    add(&bench, &acme.release(&manifest, 1)).unwrap();
}

#[test]
fn what_is_not_installed_cannot_be_removed() {
    let bench = Bench::new();
    for memory in [Memory::Keep, Memory::Forget] {
        let error = bench.store().remove("acme.check", memory).unwrap_err();
        assert!(matches!(error, StoreError::NoModule(_)), "{error}");
    }
}

#[test]
fn the_bytes_that_were_verified_are_those_that_are_handed_on() {
    let acme = Author::new("acme");
    let bench = bench(&acme);
    add(&bench, &acme.first()).unwrap();
    let module = load(&bench).unwrap();
    // Whatever happens to the file after it was read changes nothing.
    let file = module_file(&bench);
    fs::write(&file, b"other").unwrap();
    assert_eq!(Digest::of(module.bytes()), module.digest());
    assert_eq!(module.bytes(), &acme.first().module);
    // And while somebody changes the file all the time, it is either refused or the right one.
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

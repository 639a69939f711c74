//! Journals that were tampered with: undo makes no change that the record does not prove, and never hangs.

use std::os::unix::fs::symlink;

use serde_json::{Value, json};

use super::*;

/// A fixed gateway, and the path of the record.
fn fixed() -> (TempDir, PathBuf) {
    let place = gateway();
    let run = fix(place.path(), &NoFailpoints).run.unwrap();
    let record = place.path().join("journal").join(run).join("record.json");
    (place, record)
}

fn rewrite(record: &Path, change: impl FnOnce(&mut Value)) {
    let mut value: Value = serde_json::from_slice(&fs::read(record).unwrap()).unwrap();
    change(&mut value);
    fs::write(record, value.to_string()).unwrap();
}

#[test]
fn an_impossible_record_is_refused() {
    let changes: [fn(&mut Value); 5] = [
        |record| record["modes"][0]["before"] = json!(0o10_777),
        |record| record["modes"][0]["after"] = json!(0o4700),
        |record| record["run"] = json!("another"),
        |record| record["schema"] = json!(2),
        |record| record["files"][0]["splices"][0]["start"] = json!(-1),
    ];
    for change in changes {
        let (place, record) = fixed();
        let before = snapshot(place.path());
        rewrite(&record, change);
        let refused = undo(&journal(place.path()), None, None, &NoFailpoints);
        assert!(matches!(refused, Err(JournalError::Malformed(_))), "{refused:?}");
        assert_eq!(snapshot(place.path()), before);
    }
}

#[test]
fn a_change_that_a_record_does_not_prove_is_not_made() {
    let changes: [fn(&mut Value); 7] = [
        |record| record["files"][0]["splices"][0]["start"] = json!(u64::MAX),
        |record| record["files"][0]["splices"][0]["old"] = json!("'everybody'"),
        |record| record["files"][0]["splices"] = json!([]),
        |record| record["files"][0]["at"]["directory"] = json!("state"),
        |record| record["files"][0]["at"]["below"] = json!([]),
        |record| record["files"][0]["after"] = json!(""),
        |record| record["files"] = json!([]),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let (place, record) = fixed();
        rewrite(&record, change);
        let undone = undo(&journal(place.path()), None, None, &NoFailpoints).unwrap();
        assert!(!undone.kept.is_empty(), "{number}: {undone:?}");
        let config = fs::read_to_string(place.path().join("state/openclaw.json")).unwrap();
        assert_eq!(config, CONFIG.replace("'open'", "'allowlist'"), "{number}");
    }
}

#[test]
fn a_record_cannot_lead_outside_through_dots_or_symlinks() {
    let (place, record) = fixed();
    let root = place.path();
    fs::create_dir(root.join("outside")).unwrap();
    fs::write(root.join("outside/secret"), "").unwrap();
    fs::set_permissions(root.join("outside/secret"), Permissions::from_mode(0o600)).unwrap();
    symlink(root.join("outside"), root.join("state/link")).unwrap();
    let names = |names: &[&str]| -> Value {
        names.iter().map(|name| json!({"Unix": name.as_bytes()})).collect()
    };
    for below in [names(&["..", "outside", "secret"]), names(&["link", "secret"]), names(&["../x"])]
    {
        rewrite(&record, |record| {
            record["files"] = json!([]);
            record["modes"] = json!([{
                "at": {"directory": root.join("state"), "below": below},
                "before": 0o666, "after": 0o600, "identity": null,
            }]);
        });
        let undone = undo(&journal(root), None, None, &NoFailpoints).unwrap();
        assert_eq!((undone.kept.len(), undone.restored.len()), (1, 0), "{undone:?}");
        assert_eq!(mode(root.join("outside/secret")), 0o600);
    }
}

#[test]
fn a_record_has_to_be_a_private_file_of_the_user() {
    let (place, record) = fixed();
    let aside = place.path().join("aside.json");
    fs::rename(&record, &aside).unwrap();
    let refused = || match undo(&journal(place.path()), None, None, &NoFailpoints) {
        Err(JournalError::Malformed(_)) => {}
        other => panic!("{other:?}"),
    };
    symlink(&aside, &record).unwrap();
    refused();
    fs::remove_file(&record).unwrap();

    let made = Command::new("mkfifo").args(["-m", "600"]).arg(&record).status().unwrap();
    assert!(made.success());
    refused();
    fs::remove_file(&record).unwrap();

    fs::copy(&aside, &record).unwrap();
    fs::set_permissions(&record, Permissions::from_mode(0o640)).unwrap();
    refused();

    fs::set_permissions(&record, Permissions::from_mode(0o600)).unwrap();
    fs::OpenOptions::new().write(true).open(&record).unwrap().set_len(1 << 40).unwrap();
    refused();

    fs::remove_file(&record).unwrap();
    fs::rename(&aside, &record).unwrap();
    assert!(undo(&journal(place.path()), None, None, &NoFailpoints).unwrap().kept.is_empty());
}

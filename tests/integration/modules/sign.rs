//! The way from a key to an installed module, without an attacker.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::{STORE, TRUST, TestBed, manifest};
use crate::support::runner::Run;

#[test]
fn from_a_key_to_an_installed_module_and_out_again() {
    let bed = TestBed::new();
    bed.trust("acme");
    bed.sign("check.wasm", "acme", 1);
    let shown = bed.ok(&["module", "verify", "check.wasm"]);
    for line in [
        "acme.check 1.0.0",
        "Publisher: acme",
        "acme.rule (warn): Something is wrong",
        "- read `gateway.port` in the configuration and everything below it, with secrets sealed",
    ] {
        assert!(shown.contains(line), "{line}\n{shown}");
    }
    assert_eq!(bed.stored().len(), 0);
    assert!(bed.ok(&["module", "list"]).contains("No module is installed"));
    let added = bed.ok(&["module", "add", "check.wasm", "--yes"]);
    assert!(added.starts_with(&shown) && added.ends_with("Installed acme.check.\n"), "{added}");
    assert!(bed.ok(&["module", "list"]).starts_with("acme.check 1.0.0  verified  valid until"));
    let list: serde_json::Value =
        serde_json::from_str(&bed.ok(&["module", "list", "--json"])).unwrap();
    assert_eq!(list["policy"], "require");
    assert_eq!(list["modules"][0]["state"], "verified");
    assert_eq!(list["modules"][0]["sequence"], 1);
    for private in [STORE, "home/.config/chitin"] {
        let mode = fs::metadata(bed.workspace.path(private)).unwrap().permissions().mode();
        assert_eq!(mode & 0o7777, 0o700, "{private}");
    }
    for private in [&bed.stored_module(), TRUST, &format!("{STORE}/modules.lock"), "acme.key"] {
        let mode = fs::metadata(bed.workspace.path(private)).unwrap().permissions().mode();
        assert_eq!(mode & 0o7777, 0o600, "{private}");
    }
    bed.ok(&["module", "remove", "acme.check"]);
    assert_eq!(bed.stored().len(), 0);
    let gone = bed.refused(&["module", "remove", "acme.check"]);
    assert!(gone.contains("there is no installed module `acme.check`"), "{gone}");
}

#[test]
fn an_encrypted_key_needs_its_passphrase() {
    let bed = TestBed::new();
    let run = |arguments: &[&str], passphrase: &str| {
        Run::new(&bed.workspace, arguments).env("CHITIN_KEY_PASSPHRASE", passphrase).go()
    };
    assert_eq!(run(&["module", "keygen", "-o", "locked.key"], "open sesame").exit, 0);
    let file = String::from_utf8(bed.read("locked.key")).unwrap();
    assert!(!file.contains("open sesame"));
    let sign = ["module", "sign", "check.wasm", "-k", "locked.key"];
    let answer = run(&sign, "wrong");
    assert_eq!(answer.exit, 1);
    assert!(answer.stderr.contains("the passphrase is wrong"), "{}", answer.stderr);
    assert!(!bed.workspace.path("check.wasm.dsse.json").exists());
    assert_eq!(run(&sign, "open sesame").exit, 0);
    let answer = run(&["module", "keygen", "-o", "empty.key"], "");
    assert!(answer.stderr.contains("the passphrase is empty"), "{}", answer.stderr);
    assert!(!bed.workspace.path("empty.key").exists() && !bed.workspace.path("empty.pub").exists());
}

#[test]
fn a_key_is_never_written_over() {
    let bed = TestBed::new();
    let before = (bed.read("acme.key"), bed.read("acme.pub"));
    let refused = bed.refused(&["module", "keygen", "--no-passphrase", "--out", "acme.key"]);
    assert!(refused.contains("never overwritten"), "{refused}");
    assert_eq!((bed.read("acme.key"), bed.read("acme.pub")), before);
}

#[test]
fn directories_and_archives_are_taken_too() {
    let bed = TestBed::trusting();
    bed.workspace.dir("d", 0o755);
    for file in ["check.wasm", "check.wasm.dsse.json"] {
        bed.write(&format!("d/{file}"), bed.read(file));
    }
    bed.ok(&["module", "verify", "d"]);
    let tar = std::process::Command::new("tar")
        .args(["-czf", "d.tgz", "d"])
        .current_dir(bed.workspace.root())
        .status()
        .unwrap();
    assert!(tar.success());
    bed.ok(&["module", "add", "d.tgz", "--yes"]);
    assert_eq!(bed.read(&bed.stored_module()), bed.read("check.wasm"));
}

#[test]
fn nothing_is_installed_without_confirmation() {
    let bed = TestBed::trusting();
    let answer = bed.run(&["module", "add", "check.wasm"]);
    assert_eq!(answer.exit, 2);
    assert!(answer.stderr.contains("no terminal to ask on"), "{}", answer.stderr);
    assert!(answer.stdout.contains("It may:\n  - read `gateway.port`"), "{}", answer.stdout);
    assert!(bed.stored().is_empty());
}

#[test]
fn two_keys_sign_one_after_the_other() {
    let bed = TestBed::trusting();
    bed.keygen("second");
    let line = String::from_utf8(bed.read("second.pub")).unwrap();
    let line = line.lines().nth(1).unwrap();
    let trust = String::from_utf8(bed.read(TRUST)).unwrap();
    let both = trust.replace("keys = [", &format!("require = \"all\"\nkeys = [\"{line}\", "));
    bed.write(TRUST, both);
    let refused = bed.refused_to_add("check.wasm");
    assert!(refused.contains("1 of the 2 signatures"), "{refused}");
    bed.ok(&["module", "sign", "check.wasm", "--cosign", "--key", "second.key"]);
    bed.ok(&["module", "add", "check.wasm", "--yes"]);
}

#[test]
fn a_publisher_is_trusted_by_hand_or_by_command() {
    let bed = TestBed::new();
    let add = ["module", "trust", "add", "acme.pub", "--publisher", "acme"];
    let answer = bed.run(&[&add[..], &["--grant", "network:all"]].concat());
    assert_eq!(answer.exit, 2, "{}", answer.stderr);
    let answer = bed.run(&[&add[..], &["--grant", "facts:clock"]].concat());
    assert_eq!(answer.exit, 2, "{}", answer.stderr);
    let refused = bed.refused(&[&add[..], &["--rules", "gateway"]].concat());
    assert!(refused.contains("contains chitin's own rule"), "{refused}");
    assert!(!bed.workspace.path(TRUST).exists());
    bed.write(TRUST, "# by hand\n");
    let added = bed.ok(&add);
    assert!(added.contains("may see nothing yet"), "{added}");
    let text = String::from_utf8(bed.read(TRUST)).unwrap();
    assert!(text.starts_with("# by hand\n"), "{text}");
    let listed = bed.ok(&["module", "trust", "list"]);
    assert!(listed.starts_with("Policy: require\n\nacme  rules acme  1 of 1 keys"), "{listed}");
    let poser = ["module", "trust", "add", "acme.pub", "--publisher", "ch1tin"];
    assert!(bed.refused(&poser).contains("looks like chitin's own"));
}

#[test]
fn a_module_that_cannot_be_used_is_not_signed() {
    let bed = TestBed::new();
    let mut broken = manifest("acme");
    broken["rule"][0]["severities"] = serde_json::json!([]);
    bed.module("broken.wasm", &broken);
    let refused = bed.refused(&["module", "sign", "broken.wasm", "--key", "acme.key"]);
    assert!(refused.contains("declares no severity"), "{refused}");
}

#[test]
fn inspecting_tells_whether_the_signature_would_do() {
    let bed = TestBed::new();
    let unsigned = bed.ok(&["module", "inspect", "check.wasm"]);
    assert!(unsigned.contains("Signature: would be refused: "), "{unsigned}");
    let bed = TestBed::trusting();
    let signed = bed.ok(&["module", "inspect", "check.wasm"]);
    assert!(signed.contains("Signature: valid until "), "{signed}");
    let json = bed.ok(&["module", "inspect", "check.wasm", "--json"]);
    assert!(json.contains("\"holds\": true"), "{json}");
}

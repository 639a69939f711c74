//! The way from a key to an installed module, without an attacker.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::{Bench, STORE, TRUST, manifest};
use crate::runner::Run;

#[test]
fn from_a_key_to_an_installed_module_and_out_again() {
    let bench = Bench::new();
    bench.trust("acme");
    bench.sign("check.wasm", "acme", 1);
    let shown = bench.ok(&["module", "verify", "check.wasm"]);
    for line in [
        "acme.check 1.0.0",
        "Publisher: acme",
        "acme.rule (warn): Something is wrong",
        "- read `gateway.port` in the configuration and everything below it, with secrets sealed",
    ] {
        assert!(shown.contains(line), "{line}\n{shown}");
    }
    assert_eq!(bench.stored().len(), 0);
    assert!(bench.ok(&["module", "list"]).contains("No module is installed"));
    let added = bench.ok(&["module", "add", "check.wasm", "--yes"]);
    assert!(added.starts_with(&shown) && added.ends_with("Installed acme.check.\n"), "{added}");
    assert!(bench.ok(&["module", "list"]).starts_with("acme.check 1.0.0  verified  valid until"));
    let list: serde_json::Value =
        serde_json::from_str(&bench.ok(&["module", "list", "--json"])).unwrap();
    assert_eq!(list["policy"], "require");
    assert_eq!(list["modules"][0]["state"], "verified");
    assert_eq!(list["modules"][0]["sequence"], 1);
    for private in [STORE, "home/.config/chitin"] {
        let mode = fs::metadata(bench.place.path(private)).unwrap().permissions().mode();
        assert_eq!(mode & 0o7777, 0o700, "{private}");
    }
    for private in [&bench.stored_module(), TRUST, &format!("{STORE}/modules.lock"), "acme.key"] {
        let mode = fs::metadata(bench.place.path(private)).unwrap().permissions().mode();
        assert_eq!(mode & 0o7777, 0o600, "{private}");
    }
    bench.ok(&["module", "remove", "acme.check"]);
    assert_eq!(bench.stored().len(), 0);
    let gone = bench.refused(&["module", "remove", "acme.check"]);
    assert!(gone.contains("there is no installed module `acme.check`"), "{gone}");
}

#[test]
fn an_encrypted_key_needs_its_passphrase() {
    let bench = Bench::new();
    let run = |arguments: &[&str], passphrase: &str| {
        Run::new(&bench.place, arguments).env("CHITIN_KEY_PASSPHRASE", passphrase).go()
    };
    assert_eq!(run(&["module", "keygen", "-o", "locked.key"], "open sesame").exit, 0);
    let file = String::from_utf8(bench.read("locked.key")).unwrap();
    assert!(!file.contains("open sesame"));
    let sign = ["module", "sign", "check.wasm", "-k", "locked.key"];
    let answer = run(&sign, "wrong");
    assert_eq!(answer.exit, 1);
    assert!(answer.stderr.contains("the passphrase is wrong"), "{}", answer.stderr);
    assert!(!bench.place.path("check.wasm.dsse.json").exists());
    assert_eq!(run(&sign, "open sesame").exit, 0);
    let answer = run(&["module", "keygen", "-o", "empty.key"], "");
    assert!(answer.stderr.contains("the passphrase is empty"), "{}", answer.stderr);
    assert!(!bench.place.path("empty.key").exists() && !bench.place.path("empty.pub").exists());
}

#[test]
fn a_key_is_never_written_over() {
    let bench = Bench::new();
    let before = (bench.read("acme.key"), bench.read("acme.pub"));
    let refused = bench.refused(&["module", "keygen", "--no-passphrase", "--out", "acme.key"]);
    assert!(refused.contains("never overwritten"), "{refused}");
    assert_eq!((bench.read("acme.key"), bench.read("acme.pub")), before);
}

#[test]
fn directories_and_archives_are_taken_too() {
    let bench = Bench::trusting();
    bench.place.dir("d", 0o755);
    for file in ["check.wasm", "check.wasm.dsse.json"] {
        bench.write(&format!("d/{file}"), bench.read(file));
    }
    bench.ok(&["module", "verify", "d"]);
    let tar = std::process::Command::new("tar")
        .args(["-czf", "d.tgz", "d"])
        .current_dir(bench.place.root())
        .status()
        .unwrap();
    assert!(tar.success());
    bench.ok(&["module", "add", "d.tgz", "--yes"]);
    assert_eq!(bench.read(&bench.stored_module()), bench.read("check.wasm"));
}

#[test]
fn without_a_terminal_nothing_is_installed_unasked() {
    let bench = Bench::trusting();
    let answer = bench.run(&["module", "add", "check.wasm"]);
    assert_eq!(answer.exit, 2);
    assert!(answer.stderr.contains("no terminal to ask on"), "{}", answer.stderr);
    assert!(answer.stdout.contains("It may:\n  - read `gateway.port`"), "{}", answer.stdout);
    assert!(bench.stored().is_empty());
}

#[test]
fn two_keys_sign_one_after_the_other() {
    let bench = Bench::trusting();
    bench.keygen("second");
    let line = String::from_utf8(bench.read("second.pub")).unwrap();
    let line = line.lines().nth(1).unwrap();
    let trust = String::from_utf8(bench.read(TRUST)).unwrap();
    let both = trust.replace("keys = [", &format!("require = \"all\"\nkeys = [\"{line}\", "));
    bench.write(TRUST, both);
    let refused = bench.refused_to_add("check.wasm");
    assert!(refused.contains("1 of the 2 signatures"), "{refused}");
    bench.ok(&["module", "sign", "check.wasm", "--cosign", "--key", "second.key"]);
    bench.ok(&["module", "add", "check.wasm", "--yes"]);
}

#[test]
fn a_publisher_is_trusted_by_hand_or_by_command() {
    let bench = Bench::new();
    let add = ["module", "trust", "add", "acme.pub", "--publisher", "acme"];
    let answer = bench.run(&[&add[..], &["--grant", "network:all"]].concat());
    assert_eq!(answer.exit, 2, "{}", answer.stderr);
    let answer = bench.run(&[&add[..], &["--grant", "facts:clock"]].concat());
    assert_eq!(answer.exit, 2, "{}", answer.stderr);
    let refused = bench.refused(&[&add[..], &["--rules", "gateway"]].concat());
    assert!(refused.contains("contains chitin's own rule"), "{refused}");
    assert!(!bench.place.path(TRUST).exists());
    bench.write(TRUST, "# by hand\n");
    let added = bench.ok(&add);
    assert!(added.contains("may see nothing yet"), "{added}");
    let text = String::from_utf8(bench.read(TRUST)).unwrap();
    assert!(text.starts_with("# by hand\n"), "{text}");
    let listed = bench.ok(&["module", "trust", "list"]);
    assert!(listed.starts_with("Policy: require\n\nacme  rules acme  1 of 1 keys"), "{listed}");
    let poser = ["module", "trust", "add", "acme.pub", "--publisher", "ch1tin"];
    assert!(bench.refused(&poser).contains("looks like chitin's own"));
}

#[test]
fn a_module_that_cannot_be_used_is_not_signed() {
    let bench = Bench::new();
    let mut broken = manifest("acme");
    broken["rule"][0]["severities"] = serde_json::json!([]);
    bench.module("broken.wasm", &broken);
    let refused = bench.refused(&["module", "sign", "broken.wasm", "--key", "acme.key"]);
    assert!(refused.contains("declares no severity"), "{refused}");
}

#[test]
fn inspecting_tells_whether_the_signature_would_do() {
    let bench = Bench::new();
    let unsigned = bench.ok(&["module", "inspect", "check.wasm"]);
    assert!(unsigned.contains("Signature: would be refused: "), "{unsigned}");
    let bench = Bench::trusting();
    let signed = bench.ok(&["module", "inspect", "check.wasm"]);
    assert!(signed.contains("Signature: valid until "), "{signed}");
    let json = bench.ok(&["module", "inspect", "check.wasm", "--json"]);
    assert!(json.contains("\"holds\": true"), "{json}");
}

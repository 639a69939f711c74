//! Attacks on the way from a publisher to an audit. Each has to end in its own words, with nothing installed.

use serde_json::{Value, json};

use super::{STORE, TRUST, TestBed, manifest};
use crate::support::output_hygiene::assert_printable;

fn envelope(bed: &TestBed) -> Value {
    serde_json::from_slice(&bed.read("check.wasm.dsse.json")).unwrap()
}

#[test]
fn unsigned() {
    let bed = TestBed::new();
    bed.trust("acme");
    let refused = bed.refused_to_add("check.wasm");
    assert!(refused.contains("not signed: there is no check.wasm.dsse.json"), "{refused}");
}

#[test]
fn stripped() {
    let bed = TestBed::trusting();
    let mut envelope = envelope(&bed);
    envelope["signatures"] = json!([]);
    bed.write("check.wasm.dsse.json", envelope.to_string());
    let refused = bed.refused_to_add("check.wasm");
    assert!(refused.contains("has no signature"), "{refused}");
}

#[test]
fn cut() {
    let bed = TestBed::trusting();
    let envelope = bed.read("check.wasm.dsse.json");
    bed.write("check.wasm.dsse.json", &envelope[..envelope.len() - 20]);
    let refused = bed.refused_to_add("check.wasm");
    assert!(refused.contains("envelope cannot be read"), "{refused}");
}

#[test]
fn a_changed_byte() {
    let bed = TestBed::trusting();
    let mut module = bed.read("check.wasm");
    module.extend([0, 2, 1, b'x']);
    bed.write("check.wasm", module);
    let refused = bed.refused_to_add("check.wasm");
    assert!(refused.contains("it is not the module that was signed"), "{refused}");
}

#[test]
fn swapped() {
    let bed = TestBed::trusting();
    let mut other = manifest("acme");
    other["id"] = "acme.other".into();
    bed.module("other.wasm", &other);
    bed.sign("other.wasm", "acme", 2);
    bed.write("check.wasm.dsse.json", bed.read("other.wasm.dsse.json"));
    let refused = bed.refused_to_add("check.wasm");
    assert!(refused.contains("it is not the module that was signed"), "{refused}");
}

#[test]
fn downgraded() {
    let bed = TestBed::installed();
    let old = (bed.read("check.wasm"), bed.read("check.wasm.dsse.json"));
    let mut newer = manifest("acme");
    newer["version"] = "2.0.0".into();
    bed.module("check.wasm", &newer);
    bed.sign("check.wasm", "acme", 2);
    bed.ok(&["module", "add", "check.wasm", "--yes"]);
    bed.write("check.wasm", old.0);
    bed.write("check.wasm.dsse.json", old.1);
    let refused = bed.refused_to_add("check.wasm");
    assert!(refused.contains("release 1 is older than release 2"), "{refused}");
    bed.ok(&["module", "remove", "acme.check"]);
    assert_eq!(bed.refused_to_add("check.wasm"), refused);
    bed.ok(&["module", "remove", "acme.check", "--forget"]);
    bed.ok(&["module", "add", "check.wasm", "--yes"]);
}

#[test]
fn replayed_in_the_store() {
    let bed = TestBed::installed();
    let old = (bed.read("check.wasm"), bed.read("check.wasm.dsse.json"));
    let mut newer = manifest("acme");
    newer["version"] = "2.0.0".into();
    bed.module("check.wasm", &newer);
    bed.sign("check.wasm", "acme", 2);
    bed.ok(&["module", "add", "check.wasm", "--yes"]);
    let stored = bed.stored_module();
    bed.write(&stored, old.0);
    bed.write(&format!("{stored}.dsse.json"), old.1);
    assert!(bed.ok(&["module", "list"]).contains("acme.check 2.0.0  refused"));
    let report = bed.audit();
    assert!(report.texts("chitin.module_refused", "detail").contains("in the store was changed"));
    assert_eq!(report.ledger("acme.rule").0, "not-run");
}

#[test]
fn another_key() {
    let bed = TestBed::trusting();
    bed.keygen("thief");
    bed.sign("check.wasm", "thief", 9);
    let refused = bed.refused_to_add("check.wasm");
    assert!(refused.contains("not a key of `acme`"), "{refused}");
}

#[test]
fn confused_key() {
    let bed = TestBed::trusting();
    bed.keygen("umbrella");
    bed.trust("umbrella");
    bed.sign("check.wasm", "umbrella", 9);
    let refused = bed.refused_to_add("check.wasm");
    assert!(refused.contains("of `umbrella`, but claims to be made by `acme`"), "{refused}");
    // The same signature under the name of the right key.
    let mut envelope = envelope(&bed);
    bed.sign("check.wasm", "acme", 1);
    let acme = self::envelope(&bed)["signatures"][0]["keyid"].clone();
    envelope["signatures"][0]["keyid"] = acme;
    bed.write("check.wasm.dsse.json", envelope.to_string());
    let refused = bed.refused_to_add("check.wasm");
    assert!(refused.contains("is invalid"), "{refused}");
}

#[test]
fn a_second_signature_of_other_bytes() {
    let bed = TestBed::trusting();
    bed.keygen("second");
    let line = String::from_utf8(bed.read("second.pub")).unwrap();
    let line = line.lines().nth(1).unwrap();
    let trust = String::from_utf8(bed.read(TRUST)).unwrap();
    bed.write(TRUST, trust.replace("keys = [", &format!("keys = [\"{line}\", ")));
    let mut first = envelope(&bed);
    bed.sign("check.wasm", "second", 2);
    let second = envelope(&bed)["signatures"][0].clone();
    first["signatures"].as_array_mut().unwrap().push(second);
    bed.write("check.wasm.dsse.json", first.to_string());
    let refused = bed.refused_to_add("check.wasm");
    assert!(refused.contains("is for other bytes"), "{refused}");
}

#[test]
fn another_algorithm() {
    let bed = TestBed::trusting();
    let mut envelope = envelope(&bed);
    envelope["signatures"][0]["sig"] = "MEUCIQD0".into();
    bed.write("check.wasm.dsse.json", envelope.to_string());
    let refused = bed.refused_to_add("check.wasm");
    assert!(refused.contains("signed with another algorithm"), "{refused}");
}

#[test]
fn a_weak_key() {
    let bed = TestBed::new();
    // The neutral element: with it, one signature holds for every text.
    let weak = "RWQHBwcHBwcHBwEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let refused = bed.refused(&["module", "trust", "add", weak, "--publisher", "acme"]);
    assert!(refused.contains("this key is weak"), "{refused}");
    bed.write(
        TRUST,
        format!("[[publisher]]\nname = \"acme\"\nrules = [\"acme\"]\nkeys = [\"{weak}\"]\n"),
    );
    bed.sign("check.wasm", "acme", 1);
    assert!(bed.refused_to_add("check.wasm").contains("this key is weak"));
}

#[test]
fn a_key_twice_in_the_envelope() {
    let bed = TestBed::trusting();
    let text = String::from_utf8(bed.read("check.wasm.dsse.json")).unwrap();
    let twice = text.replacen('{', "{\"payload\": \"e30=\",", 1);
    bed.write("check.wasm.dsse.json", twice);
    let refused = bed.refused_to_add("check.wasm");
    assert!(refused.contains("`payload` appears twice"), "{refused}");
}

#[test]
fn revoked() {
    for what in ["acme.pub", "check.wasm"] {
        let bed = TestBed::trusting();
        bed.ok(&["module", "trust", "revoke", what, "--reason", "stolen"]);
        let refused = bed.refused_to_add("check.wasm");
        assert!(refused.contains("revoked"), "{refused}");
    }
}

#[test]
fn revoked_after_it_was_installed() {
    for what in ["acme.pub", "check.wasm"] {
        let bed = TestBed::installed();
        bed.ok(&["module", "trust", "revoke", what]);
        let report = bed.audit();
        assert!(report.texts("chitin.module_refused", "detail").contains("revoked"));
        assert_eq!(report.texts("chitin.module_refused", "severity"), "critical");
    }
}

#[test]
fn wrong_namespace() {
    let bed = TestBed::trusting();
    for (rule, reason) in [
        ("other.rule", "is outside the namespaces of `acme`"),
        ("gateway.bind_no_auth", "ids of chitin's own rule"),
        ("channels.acme.dm.open", "ids of chitin's own rule"),
        ("chitin.rule", "is reserved for chitin itself"),
    ] {
        let mut module = manifest("acme");
        module["rule"][0]["id"] = rule.into();
        bed.module("check.wasm", &module);
        bed.sign("check.wasm", "acme", 1);
        let refused = bed.refused_to_add("check.wasm");
        assert!(refused.contains(reason), "{refused}");
    }
}

#[test]
fn look_alike_name() {
    let bed = TestBed::trusting();
    for (name, reason) in [
        ("acrne", "looks like `acme`"),
        ("ch1tin", "looks like chitin itself"),
        ("chitin", "reserved for chitin itself"),
    ] {
        bed.module("check.wasm", &manifest(name));
        bed.sign("check.wasm", "acme", 1);
        let refused = bed.refused_to_add("check.wasm");
        assert!(refused.contains(reason), "{refused}");
    }
    bed.module("check.wasm", &manifest("a\u{441}me"));
    let refused = bed.refused_to_add("check.wasm");
    assert!(refused.contains(r"`a\u{441}me` contains letters that only look like"), "{refused}");
}

#[test]
fn widened_permission() {
    let bed = TestBed::installed();
    let mut wider = manifest("acme");
    wider["version"] = "2.0.0".into();
    wider["grants"]["config"] = json!(["/gateway"]);
    bed.module("check.wasm", &wider);
    bed.sign("check.wasm", "acme", 2);
    let refused = bed.refused(&["module", "add", "check.wasm", "--yes"]);
    assert!(
        refused.contains("asks for more than the installed release:\n  - read `gateway`"),
        "{refused}"
    );
    bed.ok(&["module", "add", "check.wasm", "--yes", "--accept-widened"]);
    // Beyond what the publisher may have, no answer helps.
    wider["version"] = "3.0.0".into();
    wider["grants"]["config"] = json!([""]);
    bed.module("check.wasm", &wider);
    bed.sign("check.wasm", "acme", 3);
    let refused = bed.refused_to_add("check.wasm");
    assert!(
        refused.contains("asks for more than `acme` may have:\n  - read the whole"),
        "{refused}"
    );
}

#[test]
fn a_trust_file_writable_by_others() {
    for (path, mode) in [(TRUST, 0o666), ("home/.config/chitin", 0o777), ("home/.config", 0o770)] {
        let bed = TestBed::trusting();
        bed.workspace.mode(path, mode);
        let refused = bed.refused_to_add("check.wasm");
        assert!(refused.contains("may be written by others"), "{refused}");
        assert!(refused.contains("chmod go-w"), "{refused}");
    }
}

#[test]
fn a_store_writable_by_others() {
    let bed = TestBed::installed();
    bed.workspace.mode(STORE, 0o777);
    let report = bed.audit();
    assert!(report.texts("chitin.module_refused", "detail").contains("may be written by others"));
    assert_eq!(report.0["chitin"]["complete"], false);
}

#[test]
fn hostile_texts_stay_texts() {
    let bed = TestBed::trusting();
    let mut hostile = manifest("acme");
    hostile["version"] = "1\u{1b}[2J\u{202e}".into();
    hostile["summary"] = "Made by chitin\u{1b}]0;x\u{7}\r\nPublisher: chitin".into();
    hostile["rule"][0]["title"] = "t\u{200b}\u{e0041}".into();
    bed.module("check.wasm", &hostile);
    bed.sign("check.wasm", "acme", 1);
    let shown = bed.ok(&["module", "add", "check.wasm", "--yes"]);
    assert_printable(&shown);
    assert!(!shown.contains("\nPublisher: chitin"), "{shown}");
    assert_printable(&bed.ok(&["module", "list"]));
    assert_printable(&bed.ok(&["module", "list", "--json"]));
}

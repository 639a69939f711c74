//! Attacks on the way from a publisher to an audit. Each has to end in its own words, with nothing installed.

use serde_json::{Value, json};

use super::{Bench, STORE, TRUST, manifest};
use crate::neutral::assert_neutral;

fn envelope(bench: &Bench) -> Value {
    serde_json::from_slice(&bench.read("check.wasm.dsse.json")).unwrap()
}

#[test]
fn unsigned() {
    let bench = Bench::new();
    bench.trust("acme");
    let refused = bench.refused_to_add("check.wasm");
    assert!(refused.contains("not signed: there is no check.wasm.dsse.json"), "{refused}");
}

#[test]
fn stripped() {
    let bench = Bench::trusting();
    let mut envelope = envelope(&bench);
    envelope["signatures"] = json!([]);
    bench.write("check.wasm.dsse.json", envelope.to_string());
    let refused = bench.refused_to_add("check.wasm");
    assert!(refused.contains("has no signature"), "{refused}");
}

#[test]
fn cut() {
    let bench = Bench::trusting();
    let envelope = bench.read("check.wasm.dsse.json");
    bench.write("check.wasm.dsse.json", &envelope[..envelope.len() - 20]);
    let refused = bench.refused_to_add("check.wasm");
    assert!(refused.contains("envelope cannot be read"), "{refused}");
}

#[test]
fn a_changed_byte() {
    let bench = Bench::trusting();
    let mut module = bench.read("check.wasm");
    module.extend([0, 2, 1, b'x']);
    bench.write("check.wasm", module);
    let refused = bench.refused_to_add("check.wasm");
    assert!(refused.contains("it is not the module that was signed"), "{refused}");
}

#[test]
fn swapped() {
    let bench = Bench::trusting();
    let mut other = manifest("acme");
    other["id"] = "acme.other".into();
    bench.module("other.wasm", &other);
    bench.sign("other.wasm", "acme", 2);
    bench.write("check.wasm.dsse.json", bench.read("other.wasm.dsse.json"));
    let refused = bench.refused_to_add("check.wasm");
    assert!(refused.contains("it is not the module that was signed"), "{refused}");
}

#[test]
fn downgraded() {
    let bench = Bench::installed();
    let old = (bench.read("check.wasm"), bench.read("check.wasm.dsse.json"));
    let mut newer = manifest("acme");
    newer["version"] = "2.0.0".into();
    bench.module("check.wasm", &newer);
    bench.sign("check.wasm", "acme", 2);
    bench.ok(&["module", "add", "check.wasm", "--yes"]);
    bench.write("check.wasm", old.0);
    bench.write("check.wasm.dsse.json", old.1);
    let refused = bench.refused_to_add("check.wasm");
    assert!(refused.contains("release 1 is older than release 2"), "{refused}");
    bench.ok(&["module", "remove", "acme.check"]);
    assert_eq!(bench.refused_to_add("check.wasm"), refused);
    bench.ok(&["module", "remove", "acme.check", "--forget"]);
    bench.ok(&["module", "add", "check.wasm", "--yes"]);
}

#[test]
fn replayed_in_the_store() {
    let bench = Bench::installed();
    let old = (bench.read("check.wasm"), bench.read("check.wasm.dsse.json"));
    let mut newer = manifest("acme");
    newer["version"] = "2.0.0".into();
    bench.module("check.wasm", &newer);
    bench.sign("check.wasm", "acme", 2);
    bench.ok(&["module", "add", "check.wasm", "--yes"]);
    let stored = bench.stored_module();
    bench.write(&stored, old.0);
    bench.write(&format!("{stored}.dsse.json"), old.1);
    assert!(bench.ok(&["module", "list"]).contains("acme.check 2.0.0  refused"));
    let report = bench.audit();
    assert!(report.texts("chitin.module_refused", "detail").contains("in the store was changed"));
    assert_eq!(report.ledger("acme.rule").0, "not-run");
}

#[test]
fn another_key() {
    let bench = Bench::trusting();
    bench.keygen("thief");
    bench.sign("check.wasm", "thief", 9);
    let refused = bench.refused_to_add("check.wasm");
    assert!(refused.contains("not a key of `acme`"), "{refused}");
}

#[test]
fn confused_key() {
    let bench = Bench::trusting();
    bench.keygen("umbrella");
    bench.trust("umbrella");
    bench.sign("check.wasm", "umbrella", 9);
    let refused = bench.refused_to_add("check.wasm");
    assert!(refused.contains("of `umbrella`, but claims to be made by `acme`"), "{refused}");
    // The same signature under the name of the right key.
    let mut envelope = envelope(&bench);
    bench.sign("check.wasm", "acme", 1);
    let acme = self::envelope(&bench)["signatures"][0]["keyid"].clone();
    envelope["signatures"][0]["keyid"] = acme;
    bench.write("check.wasm.dsse.json", envelope.to_string());
    let refused = bench.refused_to_add("check.wasm");
    assert!(refused.contains("is invalid"), "{refused}");
}

#[test]
fn a_second_signature_of_other_bytes() {
    let bench = Bench::trusting();
    bench.keygen("second");
    let line = String::from_utf8(bench.read("second.pub")).unwrap();
    let line = line.lines().nth(1).unwrap();
    let trust = String::from_utf8(bench.read(TRUST)).unwrap();
    bench.write(TRUST, trust.replace("keys = [", &format!("keys = [\"{line}\", ")));
    let mut first = envelope(&bench);
    bench.sign("check.wasm", "second", 2);
    let second = envelope(&bench)["signatures"][0].clone();
    first["signatures"].as_array_mut().unwrap().push(second);
    bench.write("check.wasm.dsse.json", first.to_string());
    let refused = bench.refused_to_add("check.wasm");
    assert!(refused.contains("is for other bytes"), "{refused}");
}

#[test]
fn another_algorithm() {
    let bench = Bench::trusting();
    let mut envelope = envelope(&bench);
    envelope["signatures"][0]["sig"] = "MEUCIQD0".into();
    bench.write("check.wasm.dsse.json", envelope.to_string());
    let refused = bench.refused_to_add("check.wasm");
    assert!(refused.contains("signed with another algorithm"), "{refused}");
}

#[test]
fn a_weak_key() {
    let bench = Bench::new();
    // The neutral element: with it, one signature holds for every text.
    let weak = "RWQHBwcHBwcHBwEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let refused = bench.refused(&["module", "trust", "add", weak, "--publisher", "acme"]);
    assert!(refused.contains("this key is weak"), "{refused}");
    bench.write(
        TRUST,
        format!("[[publisher]]\nname = \"acme\"\nrules = [\"acme\"]\nkeys = [\"{weak}\"]\n"),
    );
    bench.sign("check.wasm", "acme", 1);
    assert!(bench.refused_to_add("check.wasm").contains("this key is weak"));
}

#[test]
fn a_key_twice_in_the_envelope() {
    let bench = Bench::trusting();
    let text = String::from_utf8(bench.read("check.wasm.dsse.json")).unwrap();
    let twice = text.replacen('{', "{\"payload\": \"e30=\",", 1);
    bench.write("check.wasm.dsse.json", twice);
    let refused = bench.refused_to_add("check.wasm");
    assert!(refused.contains("`payload` appears twice"), "{refused}");
}

#[test]
fn revoked() {
    for what in ["acme.pub", "check.wasm"] {
        let bench = Bench::trusting();
        bench.ok(&["module", "trust", "revoke", what, "--reason", "stolen"]);
        let refused = bench.refused_to_add("check.wasm");
        assert!(refused.contains("revoked"), "{refused}");
    }
}

#[test]
fn revoked_after_it_was_installed() {
    for what in ["acme.pub", "check.wasm"] {
        let bench = Bench::installed();
        bench.ok(&["module", "trust", "revoke", what]);
        let report = bench.audit();
        assert!(report.texts("chitin.module_refused", "detail").contains("revoked"));
        assert_eq!(report.texts("chitin.module_refused", "severity"), "critical");
    }
}

#[test]
fn wrong_namespace() {
    let bench = Bench::trusting();
    for (rule, reason) in [
        ("other.rule", "is outside the namespaces of `acme`"),
        ("gateway.bind_no_auth", "ids of chitin's own rule"),
        ("channels.acme.dm.open", "ids of chitin's own rule"),
        ("chitin.rule", "is reserved for chitin itself"),
    ] {
        let mut module = manifest("acme");
        module["rule"][0]["id"] = rule.into();
        bench.module("check.wasm", &module);
        bench.sign("check.wasm", "acme", 1);
        let refused = bench.refused_to_add("check.wasm");
        assert!(refused.contains(reason), "{refused}");
    }
}

#[test]
fn look_alike_name() {
    let bench = Bench::trusting();
    for (name, reason) in [
        ("acrne", "looks like `acme`"),
        ("ch1tin", "looks like chitin itself"),
        ("chitin", "reserved for chitin itself"),
    ] {
        bench.module("check.wasm", &manifest(name));
        bench.sign("check.wasm", "acme", 1);
        let refused = bench.refused_to_add("check.wasm");
        assert!(refused.contains(reason), "{refused}");
    }
    bench.module("check.wasm", &manifest("a\u{441}me"));
    let refused = bench.refused_to_add("check.wasm");
    assert!(refused.contains(r"`a\u{441}me` contains letters that only look like"), "{refused}");
}

#[test]
fn widened_permission() {
    let bench = Bench::installed();
    let mut wider = manifest("acme");
    wider["version"] = "2.0.0".into();
    wider["grants"]["config"] = json!(["/gateway"]);
    bench.module("check.wasm", &wider);
    bench.sign("check.wasm", "acme", 2);
    let refused = bench.refused(&["module", "add", "check.wasm", "--yes"]);
    assert!(
        refused.contains("asks for more than the installed release:\n  - read `gateway`"),
        "{refused}"
    );
    bench.ok(&["module", "add", "check.wasm", "--yes", "--accept-widened"]);
    // Beyond what the publisher may have, no answer helps.
    wider["version"] = "3.0.0".into();
    wider["grants"]["config"] = json!([""]);
    bench.module("check.wasm", &wider);
    bench.sign("check.wasm", "acme", 3);
    let refused = bench.refused_to_add("check.wasm");
    assert!(
        refused.contains("asks for more than `acme` may have:\n  - read the whole"),
        "{refused}"
    );
}

#[test]
fn a_trust_file_writable_by_others() {
    for (path, mode) in [(TRUST, 0o666), ("home/.config/chitin", 0o777), ("home/.config", 0o770)] {
        let bench = Bench::trusting();
        bench.place.mode(path, mode);
        let refused = bench.refused_to_add("check.wasm");
        assert!(refused.contains("may be written by others"), "{refused}");
        assert!(refused.contains("chmod go-w"), "{refused}");
    }
}

#[test]
fn a_store_writable_by_others() {
    let bench = Bench::installed();
    bench.place.mode(STORE, 0o777);
    let report = bench.audit();
    assert!(report.texts("chitin.module_refused", "detail").contains("may be written by others"));
    assert_eq!(report.0["chitin"]["complete"], false);
}

#[test]
fn hostile_texts_stay_texts() {
    let bench = Bench::trusting();
    let mut hostile = manifest("acme");
    hostile["version"] = "1\u{1b}[2J\u{202e}".into();
    hostile["summary"] = "Made by chitin\u{1b}]0;x\u{7}\r\nPublisher: chitin".into();
    hostile["rule"][0]["title"] = "t\u{200b}\u{e0041}".into();
    bench.module("check.wasm", &hostile);
    bench.sign("check.wasm", "acme", 1);
    let shown = bench.ok(&["module", "add", "check.wasm", "--yes"]);
    assert_neutral(&shown);
    assert!(!shown.contains("\nPublisher: chitin"), "{shown}");
    assert_neutral(&bench.ok(&["module", "list"]));
    assert_neutral(&bench.ok(&["module", "list", "--json"]));
}

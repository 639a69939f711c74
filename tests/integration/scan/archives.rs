//! Archives, read in place. Nothing of them is ever written, and nothing that they say of themselves is believed.

use std::fs;

use chitin_scan::{TargetReport, Verdict};

use super::pack::{Zipped, gzip, header, tar, zip};
use super::{Scan, found, left_out, workspace};
use crate::support::workspace::Workspace;

fn scanned(name: &str, bytes: &[u8]) -> TargetReport {
    let workspace = workspace(&[]);
    workspace.file(format!("code/{name}"), 0o600, bytes);
    let before = names(&workspace);
    let report = Scan::of(&workspace, &format!("code/{name}")).run();
    assert_eq!(names(&workspace), before, "nothing is unpacked");
    report
}

fn names(workspace: &Workspace) -> Vec<String> {
    let entries = fs::read_dir(workspace.path("code")).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn one(entry: Zipped) -> TargetReport {
    scanned("a.zip", &zip(&[Zipped::new("ok.js", b"eval("), entry]))
}

#[test]
fn a_zip_is_read_as_a_directory() {
    let report = scanned(
        "skill.zip",
        &zip(&[
            Zipped::new("demo/SKILL.md", b"mode:echo"),
            Zipped::new("demo/z.js", b"eval("),
            Zipped::new("demo/lib/a.js", b"eval("),
            Zipped::new("demo/node_modules/a.js", b"eval("),
            Zipped::new("demo/a.js", b"eval("),
        ]),
    );
    assert_eq!(
        found(&report),
        ["demo/SKILL.md:1", "demo/a.js:1", "demo/z.js:1", "demo/lib/a.js:1"]
    );
    assert_eq!(report.scan.findings[0].message, "demo | SKILL.md | 9");
    assert_eq!(report.scan.scanned_files, 4);
    let packages = "demo/node_modules: a directory with 1 entry, which is not searched; --include FILE reads a file in it, \
        --exclude node_modules leaves it out";
    assert_eq!(left_out(&report), [packages]);
}

#[test]
fn a_package_of_npm_is_read_as_a_directory() {
    let package = br#"{"openclaw": {"extensions": [".dist/index.js"]}}"#;
    let report = scanned(
        "plugin-1.0.0.tgz",
        &gzip(&tar(&[
            (b"package/lib/z.js", b"eval("),
            (b"package/package.json", package),
            (b"package/a.js", b"mode:echo"),
            (b"package/.dist/index.js", b"\neval("),
        ])),
    );
    assert_eq!(
        found(&report),
        ["package/.dist/index.js:2", "package/a.js:1", "package/lib/z.js:1"]
    );
    assert_eq!(report.scan.findings[1].message, "plugin-1.0.0 | a.js | 9");
    assert!(report.is_complete(), "{:?}", left_out(&report));
}

#[test]
fn an_archive_is_known_by_its_content() {
    let report = scanned("plugin.skill", &zip(&[Zipped::new("a.js", b"eval(")]));
    assert_eq!(found(&report), ["a.js:1"]);
    let report = scanned("plugin", &gzip(&tar(&[(b"a.js", b"eval(")])));
    assert_eq!(found(&report), ["a.js:1"]);
    assert_eq!(scanned("empty.zip", &zip(&[])).verdict, Verdict::NotScanned);
}

#[test]
fn stored_files_are_read() {
    let mut stored = Zipped::new("a.js", b"eval(");
    (stored.method, stored.packed) = (0, b"eval(".to_vec());
    assert_eq!(found(&one(stored)), ["a.js:1", "ok.js:1"]);
}

#[test]
fn path_traversal_is_reported_and_not_read() {
    for name in ["../evil.js", "a/../../evil.js", "/etc/evil.js", "C:\\evil.js", "a\\evil.js"] {
        let report = one(Zipped::new(name, b"evil("));
        let [told] = left_out(&report).try_into().unwrap();
        assert!(told.starts_with(&format!("{name}: its name ")), "{told}");
        assert_eq!(found(&report), ["ok.js:1"], "{name}");

        let bytes = tar(&[(b"ok.js", b"eval("), (name.as_bytes(), b"evil(")]);
        let report = scanned("a.tgz", &gzip(&bytes));
        assert_eq!((left_out(&report).len(), found(&report).len()), (1, 1), "{name}");
    }
}

#[test]
fn links_and_devices_are_reported_and_not_followed() {
    let mut link = Zipped::new("link.js", b"/etc/passwd");
    link.mode = 0o120_777;
    assert_eq!(left_out(&one(link)), ["link.js: a link, which is not followed"]);

    let mut builder = tar::Builder::new(Vec::new());
    for (name, kind) in [
        ("soft", tar::EntryType::Symlink),
        ("hard.js", tar::EntryType::Link),
        ("device.js", tar::EntryType::Char),
        ("pipe.js", tar::EntryType::Fifo),
    ] {
        let mut header = header(name.as_bytes(), 0, kind);
        header.set_link_name("/etc/passwd").unwrap();
        header.set_cksum();
        builder.append(&header, &b""[..]).unwrap();
    }
    let report = scanned("a.tgz", &gzip(&builder.into_inner().unwrap()));
    assert_eq!(
        left_out(&report),
        [
            "device.js: a pipe, socket or device",
            "hard.js: a link, which is not followed",
            "pipe.js: a pipe, socket or device",
            "soft: a link, which is not followed",
        ]
    );
}

#[test]
fn a_wrong_size_is_not_read() {
    let mut liar = Zipped::new("liar.js", &b"evil( ".repeat(1000));
    liar.size = 10;
    let report = one(liar);
    let [told] = left_out(&report).try_into().unwrap();
    assert!(told.starts_with("liar.js: it cannot be unpacked: "), "{told}");
    assert_eq!(found(&report), ["ok.js:1"]);
}

#[test]
fn a_wrong_checksum_is_not_read() {
    let mut wrong = Zipped::new("wrong.js", b"eval(");
    wrong.crc ^= 1;
    assert!(left_out(&one(wrong))[0].starts_with("wrong.js: it cannot be unpacked: "));
    let mut torn = Zipped::new("torn.js", b"eval(");
    torn.packed = vec![0xff; 20];
    assert!(left_out(&one(torn))[0].starts_with("torn.js: it cannot be unpacked: "));
}

#[test]
fn conflicting_names_are_not_read() {
    let mut two = Zipped::new("shown.js", b"eval(");
    two.local_name = b"other.js".to_vec();
    assert_eq!(left_out(&one(two)), ["shown.js: the archive has two names for it"]);
}

#[test]
fn duplicate_names_are_reported() {
    let report = one(Zipped::new("ok.js", b"evil("));
    assert_eq!(left_out(&report), ["ok.js: the archive has more than one entry of this name"]);
    let report = scanned("a.tgz", &gzip(&tar(&[(b"a.js", b"eval("), (b"a.js", b"evil(")])));
    assert_eq!(left_out(&report).len(), 1);
}

#[test]
fn encrypted_and_unsupported_entries_are_reported() {
    let mut encrypted = Zipped::new("a.js", b"eval(");
    encrypted.flags = 1;
    assert_eq!(left_out(&one(encrypted)), ["a.js: it is encrypted"]);
    let mut strange = Zipped::new("a.js", b"eval(");
    strange.method = 14;
    assert_eq!(left_out(&one(strange)), ["a.js: it is packed in a way that chitin does not read"]);
}

#[test]
fn a_zip_bomb_is_not_unpacked() {
    // By its ratio.
    let report = one(Zipped::new("bomb.js", &vec![b' '; 3 << 20]));
    assert_eq!(left_out(&report), ["bomb.js: it unpacks to more than 200 times its packed size"]);
    // By sharing bytes.
    let mut again = Zipped::new("again.js", b"eval(");
    again.shared = true;
    let report = one(again);
    assert_eq!(
        left_out(&report),
        [".: entries of the archive overlap, as in a decompression bomb"]
    );
}

#[test]
fn a_tar_bomb_is_not_unpacked() {
    let zeros = vec![0; 64 << 20];
    let report = scanned("bomb.tgz", &gzip(&tar(&[(b"ok.js", b"eval("), (b"big.dat", &zeros)])));
    assert_eq!(found(&report), ["ok.js:1"]);
    assert_eq!(
        left_out(&report),
        [
            ".: the archive cannot be read to its end: the archive unpacks to more than 200 times its size"
        ]
    );
}

#[test]
fn a_huge_name_is_refused() {
    let mut builder = tar::Builder::new(Vec::new());
    // Random enough not to be a bomb before it is too long a name.
    let mut state = 1_u32;
    let name: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        b'a' + u8::try_from((state >> 24) % 26).unwrap()
    })
    .take(4 << 20)
    .collect();
    let header = header(b"././@LongLink", name.len() as u64, tar::EntryType::GNULongName);
    builder.append(&header, name.as_slice()).unwrap();
    let report = scanned("a.tgz", &gzip(&builder.into_inner().unwrap()));
    assert_eq!(
        left_out(&report),
        [".: the archive cannot be read to its end: a header of the archive is too large"]
    );
}

#[test]
fn a_sparse_file_is_refused() {
    let mut builder = tar::Builder::new(Vec::new());
    let header = header(b"a.js", 0, tar::EntryType::GNUSparse);
    builder.append(&header, &b""[..]).unwrap();
    let report = scanned("a.tgz", &gzip(&builder.into_inner().unwrap()));
    assert!(!report.is_complete());
    assert_eq!(report.verdict, Verdict::NotScanned);
}

#[test]
fn truncated_archives_are_reported() {
    let whole = gzip(&tar(&[(b"a.js", b"eval("), (b"b.js", b"eval(")]));
    let torn = &whole[..whole.len() - 20];
    let report = scanned("a.tgz", torn);
    assert!(!report.is_complete(), "{:?}", found(&report));
    let whole = zip(&[Zipped::new("a.js", b"eval(")]);
    for length in [10, whole.len() / 2, whole.len() - 1] {
        let report = scanned("a.zip", &whole[..length]);
        assert!(!report.is_complete(), "{length}");
    }
    assert!(!scanned("a.gz", &gzip(b"this is no tar archive")).is_complete());
}

#[test]
fn nested_archives_are_reported_and_not_opened() {
    let inner = zip(&[Zipped::new("a.js", b"evil(")]);
    let report = one(Zipped::new("inner.zip", &inner));
    assert_eq!(found(&report), ["ok.js:1"]);
    assert_eq!(left_out(&report), ["inner.zip: an archive inside the target; scan it by itself"]);
    let report = one(Zipped::new("tool", b"\x7fELF"));
    assert_eq!(left_out(&report), ["tool: machine code, which no rule reads"]);
}

#[test]
fn the_number_of_entries_is_limited() {
    let mut bytes = zip(&[]);
    // Says that it has many, and has none.
    let count = bytes.len() - 14;
    bytes[count..count + 4].copy_from_slice(&[0xff, 0x7f, 0xff, 0x7f]);
    assert!(!scanned("a.zip", &bytes).is_complete());

    let mut builder = tar::Builder::new(Vec::new());
    for number in 0..100_001 {
        let name = format!("{number}");
        let header = header(name.as_bytes(), 0, tar::EntryType::Regular);
        builder.append(&header, &b""[..]).unwrap();
    }
    let report = scanned("a.tgz", &gzip(&builder.into_inner().unwrap()));
    assert!(left_out(&report)[0].starts_with(".: the archive "), "{:?}", left_out(&report));
}

#[test]
fn garbage_is_not_an_archive() {
    let mut state = 7_u64;
    for head in [&b"PK\x03\x04"[..], b"PK\x05\x06", b"\x1f\x8b\x08\0"] {
        for length in [0, 1, 30, 300, 3000] {
            let noise = std::iter::repeat_with(|| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                (state >> 56).to_le_bytes()[0]
            });
            let bytes: Vec<u8> = head.iter().copied().chain(noise.take(length)).collect();
            assert!(!scanned("noise", &bytes).is_complete());
        }
    }
}

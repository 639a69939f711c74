use std::io::Write as _;

use flate2::write::DeflateEncoder;
use flate2::{Compression, GzBuilder};

use super::*;

const LIMITS: ExtractLimits = ExtractLimits { entries: 1000, file: 64 << 20, total: 80 << 20 };

type Found = BTreeMap<String, Vec<u8>>;

fn unpack(format: ArchiveFormat, bytes: &[u8]) -> Result<Found, ExtractError> {
    extract(format, bytes, LIMITS, |name| name.contains("check.wasm") || name == "a.wasm")
}

/// A gzip file with every part of its head that is optional.
fn gzip(content: &[u8]) -> Vec<u8> {
    let head = GzBuilder::new().extra(vec![7, 7]).filename("name").comment("comment");
    let mut out = head.write(Vec::new(), Compression::default());
    out.write_all(content).unwrap();
    out.finish().unwrap()
}

fn deflated(content: &[u8]) -> Vec<u8> {
    let mut out = DeflateEncoder::new(Vec::new(), Compression::default());
    out.write_all(content).unwrap();
    out.finish().unwrap()
}

fn tarball(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in entries {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        // Not through the builder, which refuses names that lead out.
        header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        builder.append(&header, *content).unwrap();
    }
    builder.into_inner().unwrap()
}

fn zipped(entries: &[(&str, &[u8])], method: rawzip::CompressionMethod) -> Vec<u8> {
    let mut out = Vec::new();
    let mut archive = rawzip::ZipArchiveWriter::new(&mut out);
    for (name, content) in entries {
        let (mut entry, config) =
            archive.new_file(name).compression_method(method).start().unwrap();
        let packed = if method == rawzip::CompressionMethod::DEFLATE {
            deflated(content)
        } else {
            content.to_vec()
        };
        // The claim is about the content, so it is counted beside what is written.
        let mut counted = config.wrap(std::io::sink());
        counted.write_all(content).unwrap();
        let (_, claim) = counted.finish().unwrap();
        entry.write_all(&packed).unwrap();
        entry.finish(claim).unwrap();
    }
    archive.finish().unwrap();
    out
}

const ENTRIES: [(&str, &[u8]); 4] = [
    ("acme/README.md", b"text"),
    ("acme/check.wasm", b"module"),
    ("acme/check.wasm.dsse.json", b"envelope"),
    ("../../etc/cron.d/x", b"evil"),
];

fn assert_both(found: &Found) {
    let names: Vec<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(names, ["acme/check.wasm", "acme/check.wasm.dsse.json"]);
    assert_eq!(found["acme/check.wasm"], b"module");
}

#[test]
fn only_wanted_files_are_taken_out() {
    let tgz = gzip(&tarball(&ENTRIES));
    assert_eq!(ArchiveFormat::of(&tgz), Some(ArchiveFormat::TarGz));
    assert_both(&unpack(ArchiveFormat::TarGz, &tgz).unwrap());
    for method in [rawzip::CompressionMethod::STORE, rawzip::CompressionMethod::DEFLATE] {
        let zip = zipped(&ENTRIES, method);
        assert_eq!(ArchiveFormat::of(&zip), Some(ArchiveFormat::Zip));
        assert_both(&unpack(ArchiveFormat::Zip, &zip).unwrap());
    }
    assert_eq!(ArchiveFormat::of(b"\0asm\x0d\0\x01\0"), None);
}

#[test]
fn an_archive_that_was_cut_or_changed_is_refused() {
    let tgz = gzip(&tarball(&ENTRIES));
    for length in 0..tgz.len() {
        assert!(unpack(ArchiveFormat::TarGz, &tgz[..length]).is_err(), "{length}");
    }
    let zip = zipped(&ENTRIES, rawzip::CompressionMethod::DEFLATE);
    for length in 0..zip.len() {
        assert!(unpack(ArchiveFormat::Zip, &zip[..length]).is_err(), "{length}");
    }
    // Whatever byte is changed, nothing panics.
    for at in 0..zip.len() {
        let mut changed = zip.clone();
        changed[at] ^= 0xff;
        let _either = unpack(ArchiveFormat::Zip, &changed);
    }
    for at in 0..tgz.len() {
        let mut changed = tgz.clone();
        changed[at] ^= 0xff;
        let _either = unpack(ArchiveFormat::TarGz, &changed);
    }
}

#[test]
fn a_duplicate_name_is_refused() {
    let twice = [ENTRIES[1], ENTRIES[1]];
    let refused = ExtractError::Duplicate("acme/check.wasm".to_owned());
    assert_eq!(unpack(ArchiveFormat::TarGz, &gzip(&tarball(&twice))), Err(refused.clone()));
    let zip = zipped(&twice, rawzip::CompressionMethod::STORE);
    assert_eq!(unpack(ArchiveFormat::Zip, &zip), Err(refused));
}

#[test]
fn a_link_is_refused() {
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::Symlink);
    header.set_size(0);
    builder.append_link(&mut header, "check.wasm", "/etc/passwd").unwrap();
    let tgz = gzip(&builder.into_inner().unwrap());
    let refused = ExtractError::NotRegular("check.wasm".to_owned());
    assert_eq!(unpack(ArchiveFormat::TarGz, &tgz), Err(refused));
}

#[test]
fn what_unpacks_to_too_much_is_refused() {
    let zeros = vec![0; usize::try_from(LIMITS.total).unwrap() + 1];
    assert_eq!(
        unpack(ArchiveFormat::TarGz, &gzip(&zeros)),
        Err(ExtractError::TooLarge(LIMITS.total))
    );
    let zip = zipped(&[("a.wasm", &zeros)], rawzip::CompressionMethod::DEFLATE);
    assert!(zip.len() < 1 << 20);
    assert_eq!(unpack(ArchiveFormat::Zip, &zip), Err(ExtractError::TooLarge(LIMITS.total)));
    let many: Vec<(&str, &[u8])> = vec![("x", b""); LIMITS.entries + 1];
    assert_eq!(
        unpack(ArchiveFormat::TarGz, &gzip(&tarball(&many))),
        Err(ExtractError::TooMany(LIMITS.entries))
    );
}

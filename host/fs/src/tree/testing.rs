//! Archives for tests.

use std::io::Write as _;

use flate2::write::DeflateEncoder;
use flate2::{Compression, GzBuilder};

/// A gzip file with every part of its head that is optional.
pub(super) fn gzip(content: &[u8]) -> Vec<u8> {
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

/// A tar archive of regular files, under any names.
pub(super) fn tarball(entries: &[(&str, &[u8])]) -> Vec<u8> {
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

/// A zip archive, all of its files packed in one way.
pub(super) fn zipped(entries: &[(&str, &[u8])], method: rawzip::CompressionMethod) -> Vec<u8> {
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

//! Makes archives, honest and hostile ones.

use std::io::Write as _;

use flate2::write::{DeflateEncoder, GzEncoder};
use flate2::{Compression, Crc};

/// One entry of a zip archive, with everything that it says of itself.
pub(super) struct Zipped {
    pub(super) name: Vec<u8>,
    /// In the header that stands before the content.
    pub(super) local_name: Vec<u8>,
    pub(super) packed: Vec<u8>,
    pub(super) size: u32,
    pub(super) crc: u32,
    pub(super) method: u16,
    pub(super) flags: u16,
    pub(super) mode: u32,
    /// Shares its content with the entry before it.
    pub(super) shared: bool,
}

impl Zipped {
    pub(super) fn new(name: &str, content: &[u8]) -> Self {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(content).unwrap();
        let mut crc = Crc::new();
        crc.update(content);
        Self {
            name: name.into(),
            local_name: name.into(),
            packed: encoder.finish().unwrap(),
            size: u32::try_from(content.len()).unwrap(),
            crc: crc.sum(),
            method: 8,
            flags: 0,
            mode: 0o100_644,
            shared: false,
        }
    }

    /// What both headers have in common.
    fn common(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for number in [20, self.flags, self.method, 0, 0] {
            out.extend(number.to_le_bytes());
        }
        let packed = u32::try_from(self.packed.len()).unwrap();
        for number in [self.crc, packed, self.size] {
            out.extend(number.to_le_bytes());
        }
        out
    }
}

fn length(bytes: &[u8]) -> [u8; 2] {
    u16::try_from(bytes.len()).unwrap().to_le_bytes()
}

fn position(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap()
}

pub(super) fn zip(entries: &[Zipped]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    let mut start = 0;
    for entry in entries {
        if !entry.shared {
            start = position(&out);
            out.extend(b"PK\x03\x04");
            out.extend(entry.common());
            out.extend(length(&entry.local_name));
            out.extend([0, 0]);
            out.extend(&entry.local_name);
            out.extend(&entry.packed);
        }
        // Made by a Unix system, so the mode counts.
        directory.extend(b"PK\x01\x02\x14\x03");
        directory.extend(entry.common());
        directory.extend(length(&entry.name));
        directory.extend([0; 8]);
        directory.extend((entry.mode << 16).to_le_bytes());
        directory.extend(start.to_le_bytes());
        directory.extend(&entry.name);
    }
    let count = u16::try_from(entries.len()).unwrap().to_le_bytes();
    let (at, size) = (position(&out), position(&directory));
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend([count, count].concat());
    out.extend(size.to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0, 0]);
    out
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A header for a name that a careful program would not write.
pub(super) fn header(name: &[u8], size: u64, kind: tar::EntryType) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.as_old_mut().name[..name.len()].copy_from_slice(name);
    header.set_size(size);
    header.set_mode(0o644);
    header.set_entry_type(kind);
    header.set_cksum();
    header
}

pub(super) fn tar(entries: &[(&[u8], &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in entries {
        let header = header(name, content.len() as u64, tar::EntryType::Regular);
        builder.append(&header, *content).unwrap();
    }
    builder.into_inner().unwrap()
}

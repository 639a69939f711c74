//! Names in an archive. Nothing is ever written under one, so a name that leads out does no harm here. But the archive
//! may be unpacked elsewhere with less care, so such a file is reported and not read.

use super::error::EntryError;

/// Longer and deeper names than these are hostile or broken.
const MAX_BYTES: usize = 4096;
const MAX_SEGMENTS: usize = 64;

/// The path that a name stands for; the error says which rule it breaks. Empty for the archive itself.
pub(super) fn parse(raw: &[u8]) -> Result<String, EntryError> {
    let Ok(name) = std::str::from_utf8(raw) else { return Err(EntryError::NotUtf8) };
    if name.len() > MAX_BYTES {
        return Err(EntryError::LongName);
    }
    if name.contains('\0') {
        return Err(EntryError::Nul);
    }
    // Some programs take it as a separator, others as part of a name.
    if name.contains('\\') {
        return Err(EntryError::Backslash);
    }
    if name.starts_with('/') {
        return Err(EntryError::Absolute);
    }
    let has_drive = name.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
        && name.as_bytes().get(1) == Some(&b':');
    if has_drive {
        return Err(EntryError::Drive);
    }
    let segments: Vec<&str> =
        name.split('/').filter(|segment| !matches!(*segment, "" | ".")).collect();
    if segments.contains(&"..") {
        return Err(EntryError::ParentDirectory);
    }
    if segments.len() > MAX_SEGMENTS {
        return Err(EntryError::TooDeep);
    }
    Ok(segments.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_are_paths() {
        for (name, wanted) in [
            ("a/b.js", "a/b.js"),
            ("./a/./b", "a/b"),
            ("a/", "a"),
            ("./", ""),
            ("..a/b..", "..a/b.."),
        ] {
            assert_eq!(parse(name.as_bytes()).as_deref(), Ok(wanted), "{name}");
        }
    }

    #[test]
    fn names_that_lead_out_are_refused() {
        let (deep, long) = (["a"; 65].join("/"), "a".repeat(4097));
        for name in [
            "../evil.js",
            "a/../../evil.js",
            "a/..",
            "..",
            "/etc/evil.js",
            "//evil.js",
            "C:evil.js",
            "c:/evil.js",
            "a\\..\\evil.js",
            "a\0.js",
            &deep,
            &long,
        ] {
            assert!(parse(name.as_bytes()).is_err(), "{name:?}");
        }
        assert!(parse(b"\xff.js").is_err());
    }
}

//! Names in an archive. Nothing is ever written under one, so a name that leads out does no harm here; whoever unpacks
//! the archive may be less careful, so such a file is told of and not read.

/// Longer and deeper names than these are nobody's.
const MAX_BYTES: usize = 4096;
const MAX_SEGMENTS: usize = 64;

/// The path that a name stands for; the error says which rule it breaks. Empty for the archive itself.
pub(super) fn path(raw: &[u8]) -> Result<String, &'static str> {
    let Ok(name) = std::str::from_utf8(raw) else { return Err("its name is not UTF-8") };
    if name.len() > MAX_BYTES {
        return Err("its name is longer than 4096 bytes");
    }
    if name.contains('\0') {
        return Err("its name contains a NUL byte");
    }
    // Some programs take it for a separator, others for part of a name.
    if name.contains('\\') {
        return Err("its name contains a backslash");
    }
    if name.starts_with('/') {
        return Err("its name is absolute and leads out of the archive");
    }
    let has_drive = name.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
        && name.as_bytes().get(1) == Some(&b':');
    if has_drive {
        return Err("its name begins with a drive and leads out of the archive");
    }
    let segments: Vec<&str> =
        name.split('/').filter(|segment| !matches!(*segment, "" | ".")).collect();
    if segments.contains(&"..") {
        return Err("its name contains `..` and leads out of the archive");
    }
    if segments.len() > MAX_SEGMENTS {
        return Err("its name is deeper than 64 segments");
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
            assert_eq!(path(name.as_bytes()).as_deref(), Ok(wanted), "{name}");
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
            assert!(path(name.as_bytes()).is_err(), "{name:?}");
        }
        assert!(path(b"\xff.js").is_err());
    }
}

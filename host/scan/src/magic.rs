//! Files that hold code which is no text: known by their endings, or by their first bytes.

/// Endings of machine code and of archives, in lower case.
const OPAQUE: &[(&str, &str)] = &[
    (".node", MACHINE),
    (".wasm", MACHINE),
    (".so", MACHINE),
    (".dylib", MACHINE),
    (".dll", MACHINE),
    (".exe", MACHINE),
    (".bin", MACHINE),
    (".o", MACHINE),
    (".a", MACHINE),
    (".class", MACHINE),
    (".pyc", MACHINE),
    (".jsc", MACHINE),
    (".jar", ARCHIVE),
    (".zip", ARCHIVE),
    (".tgz", ARCHIVE),
    (".tar", ARCHIVE),
    (".gz", ARCHIVE),
    (".bz2", ARCHIVE),
    (".xz", ARCHIVE),
    (".zst", ARCHIVE),
    (".7z", ARCHIVE),
    (".rar", ARCHIVE),
    (".asar", ARCHIVE),
];

const MACHINE: &str = "machine code, which no rule reads";
const ARCHIVE: &str = "an archive inside of what is scanned; scan it by itself";

/// Code that cannot be read as text, by the name of its file.
pub(super) fn opaque(name: &str) -> Option<&'static str> {
    let at = name.rfind('.').filter(|at| *at > 0)?;
    let ending = name.get(at..)?;
    OPAQUE.iter().find(|(known, _)| ending.eq_ignore_ascii_case(known)).map(|(_, what)| *what)
}

/// Machine code, by the first bytes of its file: ELF, PE, Mach-O, WebAssembly.
pub(super) fn machine_code(head: &[u8]) -> Option<&'static str> {
    let known = head.starts_with(b"\x7fELF")
        || head.starts_with(b"MZ")
        || head.starts_with(b"\0asm")
        || matches!(
            head,
            [0xfe, 0xed, 0xfa, 0xce | 0xcf, ..]
                | [0xce | 0xcf, 0xfa, 0xed, 0xfe, ..]
                | [0xca, 0xfe, 0xba, 0xbe, ..]
        );
    known.then_some(MACHINE)
}

/// A script whose name does not say so.
pub(super) fn is_script(head: &[u8]) -> bool {
    head.starts_with(b"#!")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machine_code_is_known_by_name_and_by_its_beginning() {
        assert!(opaque("addon.NODE").is_some() && opaque("a.tar.gz").is_some());
        assert!(opaque("a.js").is_none() && opaque(".so").is_none() && opaque("so").is_none());
        for head in [&b"\x7fELF"[..], b"MZ\x90\0", b"\0asm", &[0xcf, 0xfa, 0xed, 0xfe]] {
            assert!(machine_code(head).is_some(), "{head:?}");
        }
        assert!(machine_code(b"M").is_none() && machine_code(b"#!/b").is_none());
        assert!(is_script(b"#!/b") && !is_script(b"#"));
    }
}

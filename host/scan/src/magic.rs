//! Files whose code is not text: recognised by their extensions, or by their first bytes.

/// Extensions of machine code and of archives, in lower case.
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
const ARCHIVE: &str = "an archive inside the target; scan it by itself";

/// Code that cannot be read as text, by its file name.
pub(super) fn opaque(name: &str) -> Option<&'static str> {
    let at = name.rfind('.').filter(|at| *at > 0)?;
    let extension = name.get(at..)?;
    OPAQUE.iter().find(|(known, _)| extension.eq_ignore_ascii_case(known)).map(|(_, what)| *what)
}

/// Machine code, by the first bytes of the file: ELF, PE, Mach-O, WebAssembly.
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

/// Markup that can run a script when it is opened, by its file name.
pub(super) fn is_markup(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    ["svg", "html", "htm", "xhtml", "xml"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// Whether markup has a script in it.
pub(super) fn is_active(markup: &[u8]) -> bool {
    let text = String::from_utf8_lossy(markup).to_lowercase();
    let has_handler = || {
        text.match_indices(" on").any(|(at, _)| {
            let rest = text[at + 3..].trim_start_matches(|c: char| c.is_ascii_lowercase());
            rest.trim_start().starts_with('=')
        })
    };
    text.contains("<script") || text.contains("javascript:") || has_handler()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machine_code_is_recognised_by_its_name_and_its_first_bytes() {
        assert!(opaque("addon.NODE").is_some() && opaque("a.tar.gz").is_some());
        assert!(opaque("a.js").is_none() && opaque(".so").is_none() && opaque("so").is_none());
        for head in [&b"\x7fELF"[..], b"MZ\x90\0", b"\0asm", &[0xcf, 0xfa, 0xed, 0xfe]] {
            assert!(machine_code(head).is_some(), "{head:?}");
        }
        assert!(machine_code(b"M").is_none() && machine_code(b"#!/b").is_none());
        assert!(is_script(b"#!/b") && !is_script(b"#"));
    }

    #[test]
    fn markup_that_runs_is_recognised() {
        for active in
            ["<svg><script>x()</script></svg>", "<SVG ONLOAD = x()>", "<a href='javascript:x'>"]
        {
            assert!(is_active(active.as_bytes()), "{active}");
        }
        assert!(!is_active(b"<svg><path d='M0 0'/></svg>") && !is_active(b"<p>on = off</p>"));
        assert!(is_markup("a/icon.SVG") && !is_markup("svg") && !is_markup("a.md"));
    }
}

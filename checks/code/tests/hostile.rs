//! Hostile files: the scanner answers for each of them. How much fuel that takes is measured by `tests/scan`.

use chitin_check_code::{Reading, SourceFile, scan};

use crate::traps::{NESTS, PARTS};

const PATHS: &[&str] = &[
    "a.js",
    "a.ts",
    "a.tsx",
    "a.jsx",
    "a.cjs",
    "a.d.ts",
    "SKILL.md",
    "README.md",
    "package.json",
    "a.yaml",
    "a.toml",
    "a.sh",
    "a.py",
    "a.txt",
];

fn read(path: &str, bytes: &[u8]) -> Reading {
    let reading = scan(&SourceFile {
        path: path.to_owned(),
        directory: "demo".to_owned(),
        bytes: bytes.to_vec(),
    });
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(40)]).into_owned();
    for finding in &reading.findings {
        assert!(finding.line >= 1 && finding.column >= 1);
        assert!(finding.evidence.encode_utf16().count() <= 121, "{path}: {head:?}");
    }
    assert!(reading.findings.len() <= 200, "{path}: {head:?}");
    reading
}

#[test]
fn deep_nesting_does_not_overflow() {
    for (open, middle, close) in NESTS {
        for depth in [40, 200, 800, 100_000] {
            let nested = format!("eval(x);{}{middle}{}", open.repeat(depth), close.repeat(depth));
            for path in ["a.js", "a.ts", "a.tsx", "SKILL.md", "a.json", "a.py"] {
                read(path, nested.as_bytes());
            }
        }
    }
}

/// The stack of a sandbox is enough for the parser and the passes over its tree.
#[test]
fn the_deepest_programs_fit_a_small_stack() {
    let worst = || {
        for (open, middle, close) in [
            ("(", "1", ")"),
            ("[", "", "]"),
            ("{", "", "}"),
            ("!", "a", ""),
            ("a=>", "a", ""),
            ("a?b:", "c", ""),
            ("a.", "b", ""),
            ("a+", "b", ""),
            ("if(a){}else ", "{}", ""),
            ("f(", "", ")"),
            ("function f(){", "", "}"),
            ("`${", "1", "}`"),
            ("new ", "a", ""),
            ("<a>", "", "</a>"),
            ("class A{m(){", "", "}}"),
            ("{a:[", "", "]}"),
            ("a=", "a", ""),
            ("(async()=>{await f(", "", ")})()"),
            ("a[", "0", "]"),
            ("a**", "b", ""),
            ("typeof ", "a", ""),
            ("let x: A<", "B", ">"),
            ("let x: [", "B", "]"),
            ("let x: (a:", "B", ") => C"),
        ] {
            for depth in (20..1700).step_by(40) {
                let nested =
                    format!("eval(x);{}{middle}{}", open.repeat(depth), close.repeat(depth));
                for path in ["a.js", "a.ts"] {
                    read(path, nested.as_bytes());
                }
            }
        }
    };
    std::thread::Builder::new().stack_size(STACK).spawn(worst).unwrap().join().unwrap();
}

/// Less than a sandbox has, because compiled WebAssembly takes a little more.
const STACK: usize = 400 * 1024;

#[test]
fn long_files_take_linear_time() {
    let long = 1 << 20;
    for part in PARTS {
        let text = part.repeat(long / part.len());
        for path in ["a.js", "SKILL.md", "a.json", "a.sh", "a.py", "a.yaml"] {
            read(path, text.as_bytes());
        }
    }
}

#[test]
fn files_that_are_not_utf8_are_scanned_too() {
    let mut bytes = vec![0xff, 0xfe, 0x00];
    bytes.extend(b"\neval(x)\n\0\0");
    let reading = read("a.js", &bytes);
    assert!(
        reading.findings.iter().any(|finding| finding.rule == "suspicious.dynamic_code_execution")
    );
    assert!(reading.note.is_some_and(|note| note.starts_with("is not UTF-8")));
    for path in PATHS {
        read(path, &(0..=255).collect::<Vec<u8>>());
        read(path, b"");
        read(path, &[0xf0, 0x9f, 0x98]);
    }
}

#[test]
fn unclosed_constructs_end_with_the_file() {
    for text in [
        "eval(x); \"abc",
        "eval(x); 'abc",
        "eval(x); `abc ${",
        "eval(x); /* abc",
        "eval(x); /[abc",
        "eval(x); (((",
        "<a",
        "${`${`",
        "---\nname: \"x",
        "```js\neval(x)",
        "'''abc",
        "\"\"\"abc",
        "{\"a\": \"",
        "-----BEGIN PRIVATE KEY-----\nAAAA",
        "$(curl x | ",
    ] {
        for path in PATHS {
            read(path, text.as_bytes());
        }
    }
}

#[test]
fn cyclic_names_end() {
    for text in [
        "const a = a; a.exec(x)",
        "const a = b, b = a; eval(a)",
        "function f() { return f() } f().exec(require('child_process'))",
        "function f(a) { return f(a) } f(f).eval(x)",
        "const {a = a} = a; a()",
        "for (const a of a) a()",
        "let a = 'x'; a += a; a += a; a += a; eval(a)",
        "const o = {...o}; o.spawn(require('child_process'))",
        "this.a = this.a; this.a.eval(x)",
        "class A extends A { a = this.a; b() { this.a() } } eval(new A())",
    ] {
        read("a.js", text.as_bytes());
    }
    let chain = lines(0..5000, |at| format!("const a{} = a{at};", at + 1));
    let reading = read("a.js", format!("const a0 = eval;\n{chain}\na5000(x)").as_bytes());
    assert_eq!(reading.findings.len(), 1);
    let doubling = lines(0..60, |at| format!("const a{} = a{at} + a{at};", at + 1));
    read("a.js", format!("const a0 = 'xy';\n{doubling}\nrequire(a60)").as_bytes());
}

fn lines(numbers: std::ops::Range<u32>, line: impl FnMut(u32) -> String) -> String {
    numbers.map(line).collect::<Vec<_>>().join("\n")
}

//! Modules of others for the bench: the built-in ones under other names, so that they are as large as real ones.

use chitin_runtime::Foreign;
use serde_json::Value;

const SECTION: &str = "chitin:manifest";

/// So many modules, each under an id of its own and with rules of its own.
///
/// # Panics
///
/// Where this program carries no modules.
pub fn modules(number: usize) -> Vec<Foreign> {
    let built_in = chitin_builtin::catalogue().unwrap_or_else(|error| panic!("{error}"));
    let components: Vec<&[u8]> =
        built_in.checks().filter_map(chitin_runtime::Module::bytes).collect();
    components
        .iter()
        .cycle()
        .take(number)
        .enumerate()
        .map(|(at, bytes)| renamed(bytes, at))
        .collect()
}

fn renamed(component: &[u8], number: usize) -> Foreign {
    let (mut rest, manifest) = without_manifest(component);
    let mut manifest: Value =
        serde_json::from_slice(&manifest).unwrap_or_else(|error| panic!("{error}"));
    manifest["id"] = format!("bench.n{number}").into();
    for rule in manifest["rule"].as_array_mut().into_iter().flatten() {
        let id = rule["id"].as_str().unwrap_or_default();
        rule["id"] = format!("bench-{number}.{id}").into();
    }
    append(&mut rest, manifest.to_string().as_bytes());
    Foreign::read("bench", rest.into()).unwrap_or_else(|error| panic!("{error}"))
}

/// A component without its manifest section, and the manifest.
fn without_manifest(component: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let (head, mut sections) = component.split_at(8);
    let (mut kept, mut manifest) = (head.to_vec(), Vec::new());
    while let Some((id, rest)) = sections.split_first() {
        let (length, after) = number(rest);
        let (body, next) = after.split_at(length);
        let (name_length, named) = number(body);
        if *id == 0 && named.starts_with(SECTION.as_bytes()) {
            manifest = named[name_length..].to_vec();
        } else {
            kept.extend(&sections[..sections.len() - next.len()]);
        }
        sections = next;
    }
    (kept, manifest)
}

/// A number in LEB128, and what follows it.
fn number(bytes: &[u8]) -> (usize, &[u8]) {
    let mut value = 0;
    for (at, byte) in bytes.iter().enumerate() {
        value |= usize::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return (value, &bytes[at + 1..]);
        }
    }
    (value, &[])
}

fn append(component: &mut Vec<u8>, manifest: &[u8]) {
    let mut body = leb128(SECTION.len());
    body.extend(SECTION.as_bytes());
    body.extend(manifest);
    component.push(0);
    component.extend(leb128(body.len()));
    component.extend(body);
}

fn leb128(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(value & 0x7f).unwrap_or_default();
        value >>= 7;
        if value == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

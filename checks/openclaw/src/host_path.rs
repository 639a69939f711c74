//! Paths of the gateway's machine as text. Nothing here looks at a disk.

/// From the root, without `.`, `..` and empty parts. Separators are `/`.
pub fn normalized(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_and_empty_parts_go() {
        for (path, normal) in
            [("", "/"), ("/", "/"), ("a//b/./c/", "/a/b/c"), ("/a/../b", "/b"), ("/../..", "/")]
        {
            assert_eq!(normalized(path), normal, "{path}");
        }
    }
}

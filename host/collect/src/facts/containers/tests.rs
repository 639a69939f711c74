//! With shell scripts in place of docker.

use std::fs;
use std::path::Path;
use std::time::Instant;

use tempfile::TempDir;

use super::*;

const EPOCH: &str = "2026-05-12-cdp-relay-auth";
const LIMIT: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(400);

fn docker(script: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    program(&folder.path().join("docker"), script);
    folder
}

/// Another process writes it: a program cannot be started while a process has it open for writing, and one that
/// another test is starting at this moment would have.
fn program(path: &Path, script: &str) {
    let interpreter = if script.starts_with("#!") { "" } else { "#!/bin/sh\n" };
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", r#"printf '%s' "$1" > "$0" && chmod 755 "$0""#]).arg(path);
    assert!(shell.arg(format!("{interpreter}{script}\n")).status().unwrap().success());
}

fn path_of(folder: &Path) -> OsString {
    format!("{}:/usr/bin:/bin", folder.display()).into()
}

fn run(
    variable: impl Fn(&str) -> Option<OsString>,
    limit: Duration,
) -> Result<BrowserContainers, FactError> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(browser_containers(variable, limit))
}

fn ask(folder: &TempDir, limit: Duration) -> Result<BrowserContainers, FactError> {
    run(|name| (name == "PATH").then(|| path_of(folder.path())), limit)
}

fn reason(folder: &TempDir) -> String {
    ask(folder, LIMIT).unwrap_err().to_string()
}

#[test]
fn lists_what_docker_lists() {
    let folder = docker(&format!(
        r#"
        case "$1" in
        ps) [ "$*" = "ps -a --filter label=openclaw.sandboxBrowser=1 --format {{{{.Names}}}}" ] || exit 9
            printf 'one\r\n\n  two \ngone\n' ;;
        inspect)
            [ "$2" = -f ] && [ "$3" = '{{{{ index .Config.Labels "openclaw.configHash" }}}}	{{{{ index .Config.Labels "openclaw.browserConfigEpoch" }}}}' ] || exit 9
            case "$4" in
            one) printf 'hash\t{EPOCH}\n' ;;
            two) printf '<no value>\t<no value>\n' ;;
            *) exit 1 ;;
            esac ;;
        port) [ "$2" = one ] || exit 1
            printf '9222/tcp -> 127.0.0.1:49153\n 9222/tcp -> [::1]:49153 \n' ;;
        esac"#
    ));
    let one = BrowserContainer {
        name: "one".to_owned(),
        config_hash: Some("hash".to_owned()),
        config_epoch: Some(EPOCH.to_owned()),
        ports: vec!["9222/tcp -> 127.0.0.1:49153".to_owned(), "9222/tcp -> [::1]:49153".to_owned()],
    };
    let two = BrowserContainer {
        name: "two".to_owned(),
        config_hash: None,
        config_epoch: None,
        ports: Vec::new(),
    };
    let expected = BrowserContainers { containers: vec![one, two], timed_out_after: None };
    assert_eq!(ask(&folder, LIMIT), Ok(expected));
}

#[test]
fn there_may_be_no_containers() {
    assert_eq!(ask(&docker("exit 0"), LIMIT), Ok(BrowserContainers::default()));
}

#[test]
fn docker_may_not_be_installed() {
    let none = Err(FactError::NotHere("docker is not installed".to_owned()));
    let empty = tempfile::tempdir().unwrap();
    let only = |path: &Path| Some(path.as_os_str().to_owned());
    assert_eq!(run(|name| (name == "PATH").then(|| only(empty.path())).flatten(), LIMIT), none);
    assert_eq!(run(|_| None, LIMIT), none);
    // Neither the current directory, nor a folder of that name, nor a file that is not a program.
    for path in ["", ":", ".", "bin"] {
        assert_eq!(run(|_| Some(path.into()), LIMIT), none, "{path:?}");
    }
    fs::create_dir(empty.path().join("docker")).unwrap();
    assert_eq!(run(|_| only(empty.path()), LIMIT), none);
    fs::remove_dir(empty.path().join("docker")).unwrap();
    fs::write(empty.path().join("docker"), "").unwrap();
    assert_eq!(run(|_| only(empty.path()), LIMIT), none);
}

#[test]
fn a_list_that_fails_is_reported_in_one_plain_line() {
    let folder = docker(
        "printf '\\n  \\033[31mCannot connect\\007 to tcp://user:pw@host:1/x\\nmore\\n' >&2; exit 1",
    );
    assert_eq!(
        reason(&folder),
        "docker cannot list containers: [31mCannot connect to tcp://host:1/x"
    );
    assert_eq!(reason(&docker("exit 1")), "docker cannot list containers: it gives no reason");
    let long = reason(&docker("head -c 100000 /dev/zero | tr '\\0' x >&2; exit 1"));
    assert_eq!(long, format!("docker cannot list containers: {}", "x".repeat(200)));
}

#[test]
fn a_program_that_cannot_be_started_is_reported() {
    let folder = docker("");
    program(&folder.path().join("docker"), "#!/no-such-interpreter");
    assert!(reason(&folder).starts_with("docker cannot list containers: it cannot be started ("));
}

#[test]
fn output_without_end_is_cut_off() {
    let folder = docker("exec cat /dev/zero");
    assert_eq!(reason(&folder), "docker prints more than 256 KiB");
}

#[test]
fn endless_error_messages_are_harmless() {
    let folder = docker("head -c 10000000 /dev/zero >&2");
    assert_eq!(ask(&folder, LIMIT), Ok(BrowserContainers::default()));
}

#[test]
fn too_many_containers_are_reported() {
    let count = |count| {
        docker(&format!(
            "[ $1 = ps ] || exit 1; i=0; while [ $i -lt {count} ]; do i=$((i+1)); echo c$i; done"
        ))
    };
    assert_eq!(reason(&count(201)), "docker lists more than 200 sandbox browser containers");
    assert_eq!(ask(&count(20), LIMIT), Ok(BrowserContainers::default()));
}

#[test]
fn a_name_that_could_be_an_option_is_not_asked_for() {
    let folder = docker(
        r#"[ "$1" = ps ] && { printf '%s\n' --help -f 'a b' 'a/b' '' '$(x)'; exit 0; }; printf 'h\te\n'"#,
    );
    assert_eq!(ask(&folder, LIMIT), Ok(BrowserContainers::default()));
}

#[test]
fn a_list_that_hangs_is_left() {
    let folder = docker("sleep 100");
    let started = Instant::now();
    let expected = BrowserContainers { containers: Vec::new(), timed_out_after: Some(SHORT) };
    assert_eq!(ask(&folder, SHORT), Ok(expected));
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[test]
fn the_first_question_that_hangs_is_the_last() {
    let folder = docker(
        r#"
        case "$1" in
        ps) printf 'one\ntwo\nthree\n' ;;
        inspect) [ "$4" = three ] && exit 1; printf 'h\te\n' ;;
        port) [ "$2" = two ] && sleep 100; echo "9222/tcp -> 0.0.0.0:1" ;;
        esac"#,
    );
    let limit = Duration::from_secs(4);
    let found = ask(&folder, limit).unwrap();
    assert_eq!(found.timed_out_after, Some(limit));
    let names: Vec<_> =
        found.containers.iter().map(|found| (found.name.as_str(), found.ports.len())).collect();
    assert_eq!(names, [("one", 1), ("two", 0)]);
}

#[test]
#[cfg(target_os = "linux")]
fn what_docker_started_does_not_outlive_it() {
    let folder = docker("sh -c 'echo $$ > \"$HOME/pid\"; sleep 100' & wait");
    let home = folder.path().to_path_buf();
    let limit = Duration::from_secs(2);
    let found = run(
        |name| match name {
            "PATH" => Some(path_of(&home)),
            "HOME" => Some(home.clone().into()),
            _ => None,
        },
        limit,
    );
    assert_eq!(found.unwrap().timed_out_after, Some(limit));
    let pid = fs::read_to_string(home.join("pid")).unwrap();
    let is_running = || {
        let stat = fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
        !stat.is_empty() && !stat.contains(") Z ")
    };
    let started = Instant::now();
    while is_running() && started.elapsed() < Duration::from_secs(5) {
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(!is_running());
}

#[test]
fn docker_sees_only_what_it_needs_of_the_environment() {
    let folder = docker("env | sed 's/=.*//' | sort | tr '\\n' ' ' >&2; cat; exit 1");
    let path = path_of(folder.path());
    let found = run(
        |name| {
            if name == "PATH" {
                Some(path.clone())
            } else {
                Some(format!("value of {name}").into())
            }
        },
        LIMIT,
    );
    let reason = found.unwrap_err().to_string();
    let names = reason.trim_start_matches("docker cannot list containers: ").split_whitespace();
    let names: Vec<_> =
        names.filter(|name| !matches!(*name, "PWD" | "OLDPWD" | "SHLVL" | "_")).collect();
    assert_eq!(
        names,
        [
            "DOCKER_CERT_PATH",
            "DOCKER_CONFIG",
            "DOCKER_CONTEXT",
            "DOCKER_HOST",
            "DOCKER_TLS_VERIFY",
            "HOME",
            "PATH"
        ]
    );
}

#[test]
fn the_first_docker_on_the_path_is_taken() {
    let (first, second) = (docker("echo first >&2; exit 1"), docker("echo second >&2; exit 1"));
    let path = format!("/no-such:relative:{}:{}", first.path().display(), second.path().display());
    let found = run(|name| (name == "PATH").then(|| path.clone().into()), LIMIT);
    assert_eq!(found.unwrap_err().to_string(), "docker cannot list containers: first");
}

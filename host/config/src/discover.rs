//! Finds the gateway that is to be audited: its home, state directory, config file and credentials, as OpenClaw finds
//! them. Looks only at which candidates exist, and at dotenv files, which belong to the environment.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use super::ecma::trim;
use super::environment::{Environment, Variables};
use chitin_fs::path_normalize::normalize;
use chitin_fs::paths;
use chitin_fs::read::{self, Access};

const STATE: &str = ".openclaw";
const LEGACY_STATE: &str = ".clawdbot";
const CONFIG: &str = "openclaw.json";
const LEGACY_CONFIG: &str = "clawdbot.json";

const STATE_DIR_VARIABLE: &str = "OPENCLAW_STATE_DIR";
const CONFIG_VARIABLE: &str = "OPENCLAW_CONFIG_PATH";

/// What stands in place of a path for a config that came in through standard input.
pub const STANDARD_INPUT: &str = "(standard input)";

/// OpenClaw does not read larger dotenv files.
const MAX_DOTENV: u64 = 1 << 20;

/// How far an audit goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    #[default]
    Ordinary,
    /// Also reads code, and asks the live gateway.
    Deep,
}

/// A token, a password, both or none.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    pub token: Option<String>,
    pub password: Option<String>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Credentials").finish_non_exhaustive()
    }
}

impl Credentials {
    /// Neither is given.
    pub fn is_empty(&self) -> bool {
        self.token.is_none() && self.password.is_none()
    }
}

/// The text of a config, which holds secrets in the clear.
#[derive(Clone, PartialEq, Eq)]
pub struct ConfigText(pub String);

impl fmt::Debug for ConfigText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[sealed]")
    }
}

/// What is audited in place of the operator's own gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A state directory, or the file of a config.
    Path(PathBuf),
    /// A config that came in through standard input.
    StandardInput(ConfigText),
}

/// What the command line says about the gateway.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// `--state-dir`
    pub state_dir: Option<PathBuf>,
    /// `--config`
    pub config: Option<PathBuf>,
    /// Another gateway than the operator's own.
    pub target: Option<Target>,
    /// `--profile`
    pub profile: Option<String>,
    /// `--env-file` and `--env`: variables of the gateway. Of equal names the last counts.
    pub variables: Variables,
    /// Absolute.
    pub cwd: PathBuf,
    pub depth: Depth,
    /// `--token` and `--password`, for asking the live gateway.
    pub credentials: Credentials,
}

/// How much of a gateway there is to look at, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The gateway of this machine and environment.
    Own,
    /// A state directory that was brought here: its environment is unknown.
    Directory,
    /// The file of a config, and nothing around it.
    ConfigFile,
    /// The text of a config.
    StandardInput(ConfigText),
}

/// What decided where something is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FoundBy {
    Argument,
    /// An option of the command line, by its name.
    Option(&'static str),
    /// The profile of this name.
    Profile(String),
    /// An environment variable, by its name.
    Variable(&'static str),
    /// It is where a state directory has it.
    StateDir,
    Default,
}

impl fmt::Display for FoundBy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument => formatter.write_str("argument"),
            Self::Option(name) | Self::Variable(name) => formatter.write_str(name),
            Self::Profile(name) => write!(formatter, "--profile {name}"),
            Self::StateDir => formatter.write_str("in the state directory"),
            Self::Default => formatter.write_str("default"),
        }
    }
}

/// Where the gateway is. All paths are absolute and without `..`; nothing has to exist there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locations {
    pub home: PathBuf,
    pub state_dir: PathBuf,
    pub config_path: PathBuf,
    pub credentials_dir: PathBuf,
    /// The working directory, which relative paths in the environment start from.
    pub cwd: PathBuf,
    pub scope: Scope,
    pub state_dir_by: FoundBy,
    pub config_by: FoundBy,
}

impl Locations {
    /// Whether it is the gateway of this machine and environment, and not something that was brought here.
    pub fn own_gateway(&self) -> bool {
        self.scope == Scope::Own
    }

    /// Whether there is a config and nothing around it.
    pub fn is_config_alone(&self) -> bool {
        matches!(self.scope, Scope::ConfigFile | Scope::StandardInput(_))
    }
}

/// Finds the gateway that is asked for, and turns the environment of this process into that gateway's.
pub fn find(request: &Request, environment: &mut Environment) -> Locations {
    let found = match &request.target {
        Some(Target::Path(target)) => {
            let target = absolute(target, &request.cwd);
            if paths::exists(&target) && !paths::is_dir(&target) {
                alone(request, environment, target, Scope::ConfigFile)
            } else {
                find_foreign(request, target, environment)
            }
        }
        Some(Target::StandardInput(text)) => alone(
            request,
            environment,
            PathBuf::from(STANDARD_INPUT),
            Scope::StandardInput(text.clone()),
        ),
        None => find_own(request, environment),
    };
    environment.add_given(&request.variables);
    found
}

/// A config with nothing around it. Its includes may come from its own directory; from standard input there is none.
fn alone(
    request: &Request,
    environment: &mut Environment,
    config_path: PathBuf,
    scope: Scope,
) -> Locations {
    let home = home(environment, &request.cwd);
    environment.forget_this_machine();
    let state_dir = config_path.parent().map(Path::to_path_buf).unwrap_or_default();
    Locations {
        home,
        credentials_dir: state_dir.join("credentials"),
        state_dir,
        config_path,
        cwd: request.cwd.clone(),
        scope,
        state_dir_by: FoundBy::Argument,
        config_by: FoundBy::Argument,
    }
}

/// A directory that was copied here: only what is in it counts, not what its settings point to.
fn find_foreign(request: &Request, state_dir: PathBuf, environment: &mut Environment) -> Locations {
    let home = home(environment, &request.cwd);
    environment.forget_this_machine();
    // A link could lead to a file of this machine.
    let dotenv = read::text_below(&state_dir, Path::new(".env"), MAX_DOTENV, Access::Any);
    environment.add_dotenv(&dotenv.unwrap_or_default());
    Locations {
        home,
        credentials_dir: state_dir.join("credentials"),
        config_path: existing(&[&state_dir]).unwrap_or_else(|| state_dir.join(CONFIG)),
        state_dir,
        cwd: request.cwd.clone(),
        scope: Scope::Directory,
        state_dir_by: FoundBy::Argument,
        config_by: FoundBy::StateDir,
    }
}

fn find_own(request: &Request, environment: &mut Environment) -> Locations {
    let cwd = &request.cwd;
    if let Ok(text) = read::text(&cwd.join(".env"), MAX_DOTENV) {
        environment.add_project_dotenv(&text);
    }
    let first_home = home(environment, cwd);
    let (first_state_dir, _) = state_dir(request, environment, &first_home);
    let is_named = request.state_dir.is_some() || environment.get(STATE_DIR_VARIABLE).is_some();
    add_dotenv(environment, &first_state_dir.join(".env"));
    if !is_named || first_state_dir == first_home.join(STATE) {
        add_dotenv(environment, &first_home.join(".config/openclaw/gateway.env"));
    }
    // These files may themselves say where things are.
    let home = home(environment, cwd);
    let (state_dir, state_dir_by) = state_dir(request, environment, &home);
    let credentials_dir = user_path(environment, "OPENCLAW_OAUTH_DIR", &home, cwd)
        .unwrap_or_else(|| state_dir.join("credentials"));
    let (config_path, config_by) = config_path(request, environment, &home, &state_dir);
    Locations {
        config_path,
        home,
        state_dir,
        credentials_dir,
        cwd: cwd.clone(),
        scope: Scope::Own,
        state_dir_by,
        config_by,
    }
}

fn add_dotenv(environment: &mut Environment, path: &Path) {
    if let Ok(text) = read::text(path, MAX_DOTENV) {
        environment.add_dotenv(&text);
    }
}

/// The home directory of the gateway's user.
fn home(environment: &Environment, cwd: &Path) -> PathBuf {
    let of_system = || {
        named(environment, "HOME")
            .or_else(|| named(environment, "USERPROFILE"))
            .map(PathBuf::from)
            .or_else(paths::home_dir)
    };
    let home = match named(environment, "OPENCLAW_HOME") {
        Some(path) if after_tilde(path).is_some() => {
            of_system().map(|home| expand_user_path(path, &home, cwd))
        }
        Some(path) => Some(PathBuf::from(path)),
        None => of_system(),
    };
    absolute(&home.unwrap_or_default(), cwd)
}

/// A home directory in the environment. Careless scripts write `undefined` or `null`, which OpenClaw ignores.
fn named<'a>(environment: &'a Environment, name: &str) -> Option<&'a str> {
    environment.get(name).filter(|path| !matches!(*path, "undefined" | "null"))
}

fn state_dir(request: &Request, environment: &Environment, home: &Path) -> (PathBuf, FoundBy) {
    let cwd = &request.cwd;
    if let Some(path) = &request.state_dir {
        return (absolute(path, cwd), FoundBy::Option("--state-dir"));
    }
    if let Some(path) = user_path(environment, STATE_DIR_VARIABLE, home, cwd) {
        return (path, by_variable(request, environment, STATE_DIR_VARIABLE));
    }
    let current = home.join(STATE);
    let legacy = home.join(LEGACY_STATE);
    let found = if !paths::exists(&current) && paths::exists(&legacy) { legacy } else { current };
    (found, FoundBy::Default)
}

/// A profile sets variables, unless the environment does.
fn by_variable(request: &Request, environment: &Environment, name: &'static str) -> FoundBy {
    let of_profile = |profile: &&String| {
        let rest = environment.get(name).and_then(|path| path.strip_prefix(&profile_dir(profile)));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let profile = request.profile.as_ref().filter(of_profile);
    profile.map_or(FoundBy::Variable(name), |profile| FoundBy::Profile(profile.clone()))
}

/// The state directory of a profile, as its variable has it.
pub fn profile_dir(profile: &str) -> String {
    format!("~/{STATE}-{profile}")
}

fn config_path(
    request: &Request,
    environment: &Environment,
    home: &Path,
    state_dir: &Path,
) -> (PathBuf, FoundBy) {
    let cwd = &request.cwd;
    if let Some(path) = &request.config {
        return (absolute(path, cwd), FoundBy::Option("--config"));
    }
    if request.state_dir.is_none()
        && let Some(path) = user_path(environment, CONFIG_VARIABLE, home, cwd)
    {
        return (path, by_variable(request, environment, CONFIG_VARIABLE));
    }
    if let Some(path) = existing(&[state_dir]) {
        return (path, FoundBy::StateDir);
    }
    let is_named = request.state_dir.is_some() || environment.get(STATE_DIR_VARIABLE).is_some();
    let anywhere = || existing(&[&home.join(STATE), &home.join(LEGACY_STATE)]);
    match anywhere().filter(|_| !is_named) {
        Some(path) => (path, FoundBy::Default),
        None => (state_dir.join(CONFIG), FoundBy::StateDir),
    }
}

/// The first config file that exists in these directories.
pub(super) fn existing(directories: &[&Path]) -> Option<PathBuf> {
    let candidates = directories.iter().flat_map(|dir| [dir.join(CONFIG), dir.join(LEGACY_CONFIG)]);
    candidates.into_iter().find(|path| paths::exists(path))
}

/// The path that a variable holds.
fn user_path(environment: &Environment, name: &str, home: &Path, cwd: &Path) -> Option<PathBuf> {
    environment.get(name).map(|path| expand_user_path(path, home, cwd))
}

/// A path as a user writes it: `~` at its start is the home directory, and a relative path starts from the working
/// directory. This is also what OpenClaw does to values like `logging.file`.
pub fn expand_user_path(path: &str, home: &Path, cwd: &Path) -> PathBuf {
    let path = trim(path);
    match after_tilde(path) {
        Some(rest) => {
            let mut expanded = OsString::from(home);
            expanded.push(rest);
            absolute(Path::new(&expanded), cwd)
        }
        None => absolute(Path::new(path), cwd),
    }
}

/// What follows a tilde that stands for the home directory.
fn after_tilde(path: &str) -> Option<&str> {
    path.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with(['/', '\\']))
}

pub(super) fn absolute(path: &Path, cwd: &Path) -> PathBuf {
    normalize(&cwd.join(path))
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A home directory with files, and the environment that names it.
    struct Machine {
        root: tempfile::TempDir,
        variables: Vec<(&'static str, String)>,
        request: Request,
    }

    impl Machine {
        fn with(files: &[(&str, &str)]) -> Self {
            let root = tempfile::tempdir().unwrap();
            let path = |name: &str| root.path().join(name);
            fs::create_dir_all(path("home")).unwrap();
            fs::create_dir_all(path("cwd")).unwrap();
            for (name, content) in files {
                fs::create_dir_all(path(name).parent().unwrap()).unwrap();
                fs::write(path(name), content).unwrap();
            }
            let variables = vec![("HOME", path("home").display().to_string())];
            let request = Request { cwd: path("cwd"), ..Request::default() };
            Self { root, variables, request }
        }

        fn set(mut self, name: &'static str, value: &str) -> Self {
            let value = value.replace("ROOT", self.root.path().to_str().unwrap());
            self.variables.push((name, value));
            self
        }

        fn asked(mut self, change: impl Fn(&mut Request)) -> Self {
            change(&mut self.request);
            self
        }

        fn find(&self) -> (Locations, Environment) {
            let mut environment = Environment::from_pairs(self.variables.clone());
            (find(&self.request, &mut environment), environment)
        }

        /// State directory and config, relative to the root.
        fn found(&self) -> (String, String) {
            let (locations, _) = self.find();
            let relative = |path: &Path| {
                path.strip_prefix(self.root.path()).unwrap().to_str().unwrap().to_owned()
            };
            (relative(&locations.state_dir), relative(&locations.config_path))
        }
    }

    fn pair(state_dir: &str, config: &str) -> (String, String) {
        (state_dir.to_owned(), config.to_owned())
    }

    #[test]
    fn finds_the_default_and_legacy_places() {
        let cases: &[(&[&str], &str, &str)] = &[
            (&[], "home/.openclaw", "home/.openclaw/openclaw.json"),
            (&["home/.openclaw/openclaw.json"], "home/.openclaw", "home/.openclaw/openclaw.json"),
            (&["home/.openclaw/clawdbot.json"], "home/.openclaw", "home/.openclaw/clawdbot.json"),
            (&["home/.clawdbot/x"], "home/.clawdbot", "home/.clawdbot/openclaw.json"),
            (&["home/.clawdbot/clawdbot.json"], "home/.clawdbot", "home/.clawdbot/clawdbot.json"),
            (&["home/.moltbot/moltbot.json"], "home/.openclaw", "home/.openclaw/openclaw.json"),
            (
                &["home/.openclaw/x", "home/.clawdbot/openclaw.json"],
                "home/.openclaw",
                "home/.clawdbot/openclaw.json",
            ),
            (
                &["home/.openclaw/clawdbot.json", "home/.clawdbot/openclaw.json"],
                "home/.openclaw",
                "home/.openclaw/clawdbot.json",
            ),
        ];
        for (files, state_dir, config) in cases {
            let files: Vec<(&str, &str)> = files.iter().map(|name| (*name, "")).collect();
            assert_eq!(Machine::with(&files).found(), pair(state_dir, config), "{files:?}");
        }
    }

    #[test]
    fn variables_name_places() {
        let files = [("home/.openclaw/openclaw.json", ""), ("s/clawdbot.json", "")];
        let machine = || Machine::with(&files);
        let cases = [
            (machine().set("OPENCLAW_STATE_DIR", " ROOT/s "), "s", "s/clawdbot.json"),
            (machine().set("OPENCLAW_STATE_DIR", "../s/./x/.."), "s", "s/clawdbot.json"),
            (machine().set("OPENCLAW_STATE_DIR", "~/none"), "home/none", "home/none/openclaw.json"),
            (machine().set("OPENCLAW_STATE_DIR", "~\\x"), "home\\x", "home\\x/openclaw.json"),
            (machine().set("OPENCLAW_STATE_DIR", "~x"), "cwd/~x", "cwd/~x/openclaw.json"),
            (
                machine().set("OPENCLAW_STATE_DIR", "  "),
                "home/.openclaw",
                "home/.openclaw/openclaw.json",
            ),
            (
                machine().set("OPENCLAW_CONFIG_PATH", "ROOT/none.json"),
                "home/.openclaw",
                "none.json",
            ),
            (machine().set("OPENCLAW_CONFIG_PATH", "~"), "home/.openclaw", "home"),
            (
                machine().set("CLAWDBOT_STATE_DIR", "ROOT/s"),
                "home/.openclaw",
                "home/.openclaw/openclaw.json",
            ),
        ];
        for (machine, state_dir, config) in cases {
            assert_eq!(machine.found(), pair(state_dir, config));
        }
    }

    #[test]
    fn options_win_over_variables() {
        let files = [("s/clawdbot.json", "")];
        let machine = || {
            Machine::with(&files)
                .set("OPENCLAW_STATE_DIR", "ROOT/other")
                .set("OPENCLAW_CONFIG_PATH", "ROOT/other.json")
        };
        let by_state_dir = machine().asked(|request| request.state_dir = Some("../s".into()));
        assert_eq!(by_state_dir.found(), pair("s", "s/clawdbot.json"));
        let by_config = machine().asked(|request| request.config = Some("c.json".into()));
        assert_eq!(by_config.found(), pair("other", "cwd/c.json"));
    }

    #[test]
    fn finds_home() {
        let home = |variables: &[(&str, &str)]| {
            home(&Environment::from_pairs(variables.iter().copied()), Path::new("/cwd"))
        };
        assert_eq!(home(&[("HOME", "/h/"), ("USERPROFILE", "/u")]), Path::new("/h"));
        assert_eq!(home(&[("HOME", "undefined"), ("USERPROFILE", "/u")]), Path::new("/u"));
        assert_eq!(home(&[("HOME", "/h"), ("OPENCLAW_HOME", "o")]), Path::new("/cwd/o"));
        assert_eq!(home(&[("HOME", "/h"), ("OPENCLAW_HOME", "~/o")]), Path::new("/h/o"));
        assert_eq!(home(&[("HOME", "/h"), ("OPENCLAW_HOME", "~")]), Path::new("/h"));
        assert_eq!(home(&[("HOME", "/h"), ("OPENCLAW_HOME", "null")]), Path::new("/h"));
    }

    #[test]
    fn finds_credentials() {
        let machine = Machine::with(&[]).set("OPENCLAW_OAUTH_DIR", "~/oauth");
        assert!(machine.find().0.credentials_dir.ends_with("home/oauth"));
        assert!(
            Machine::with(&[]).find().0.credentials_dir.ends_with("home/.openclaw/credentials")
        );
    }

    #[test]
    fn dotenv_files_come_in_order() {
        let files = [
            ("cwd/.env", "A=cwd\nB=cwd\nOPENCLAW_GATEWAY_TOKEN=cwd"),
            ("home/.openclaw/.env", "A=state\nC=state\nD=state\nOPENCLAW_GATEWAY_TOKEN=state"),
            ("home/.config/openclaw/gateway.env", "D=gateway\nE=gateway"),
        ];
        let (_, environment) = Machine::with(&files).set("A", "process").find();
        let values =
            ["A", "B", "C", "D", "E", "OPENCLAW_GATEWAY_TOKEN"].map(|name| environment.get(name));
        assert_eq!(
            values.map(Option::unwrap),
            ["process", "cwd", "state", "state", "gateway", "state"]
        );

        let named = |name| Machine::with(&files).set("OPENCLAW_STATE_DIR", name).find().1;
        assert_eq!(named("ROOT/s").get("E"), None);
        assert_eq!(named("~/.openclaw").get("E"), Some("gateway"));
        let by_option = Machine::with(&files).asked(|request| request.state_dir = Some("s".into()));
        assert_eq!(by_option.find().1.get("E"), None);
    }

    #[test]
    fn a_dotenv_file_may_name_the_config() {
        let machine = Machine::with(&[("home/.openclaw/.env", "OPENCLAW_CONFIG_PATH=~/c.json")]);
        assert_eq!(machine.found(), pair("home/.openclaw", "home/c.json"));
    }

    #[test]
    fn a_copied_directory_learns_nothing_of_this_machine() {
        let files = [
            ("brought/clawdbot.json", ""),
            (
                "brought/.env",
                "A=brought\nOPENCLAW_CONFIG_PATH=/etc/passwd\nOPENCLAW_OAUTH_DIR=/etc",
            ),
            ("cwd/.env", "B=cwd"),
        ];
        let machine = Machine::with(&files)
            .set("OPENCLAW_GATEWAY_TOKEN", "mine")
            .set("OPENCLAW_CONFIG_PATH", "ROOT/mine.json")
            .set("OTHER", "mine")
            .asked(|request| request.target = Some(Target::Path("../brought".into())));
        assert_eq!(machine.found(), pair("brought", "brought/clawdbot.json"));
        let (locations, environment) = machine.find();
        assert!(!locations.own_gateway());
        assert!(locations.credentials_dir.ends_with("brought/credentials"));
        assert_eq!(environment.get("OPENCLAW_GATEWAY_TOKEN"), None);
        assert_eq!((environment.get("A"), environment.get("B")), (Some("brought"), None));
        assert_eq!(environment.get("OTHER"), None);

        let dotenv = machine.root.path().join("brought/.env");
        fs::remove_file(&dotenv).unwrap();
        std::os::unix::fs::symlink("../cwd/.env", dotenv).unwrap();
        assert_eq!(machine.find().1.get("B"), None);
    }
}

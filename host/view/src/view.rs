//! What a module looks through: its window on a run, the same with a recorder beside it, or a record of an earlier run.
//! Every question of a module passes here, and what is decided about it is decided in the window.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::recording::{Document, Player, Question, Recorder};
use super::seal::{NoRandomness, Sealer};
use super::{
    Answer, CodeScan, Content, Format, Inputs, Platform, Provenance, Seal, SealedOverride,
    ShownProblem, Window,
};
use chitin_collect::facts::{BrowserContainers, GatewayProbe, InstallKind, InstallRecords};
use chitin_fs::files::{Listing, Metadata};
use chitin_model::finding::{Change, Location, Position};
use chitin_model::grants::{Fact, Grants, Level};

/// One module's view.
pub struct View {
    grants: Grants,
    source: Source,
}

enum Source {
    Live(Window),
    Recorded(Window, Recorder),
    /// The sealer knows no value here, and blanks out what has a secret's shape.
    Replayed(Player, Sealer),
}

/// The place of a file, as a question names it.
fn place(root: &str, path: &str) -> (String, String) {
    (root.to_owned(), path.to_owned())
}

impl View {
    pub fn new(inputs: Arc<Inputs>, grants: Grants) -> Self {
        Self { source: Source::Live(Window::new(inputs, grants.clone())), grants }
    }

    /// The same view, with someone who listens.
    pub fn recorded(inputs: Arc<Inputs>, grants: Grants, recorder: Recorder) -> Self {
        Self { source: Source::Recorded(Window::new(inputs, grants.clone()), recorder), grants }
    }

    /// The answers of an earlier run. They are given as they were; grants are not looked at anew.
    pub fn replayed(player: Player, grants: Grants) -> Result<Self, NoRandomness> {
        Ok(Self { source: Source::Replayed(player, Sealer::new()?), grants })
    }

    /// Gathers the granted facts that take long, before the module's time begins to run.
    pub async fn prepare(&self) {
        match &self.source {
            Source::Live(window) | Source::Recorded(window, _) => window.prepare().await,
            Source::Replayed(..) => {}
        }
    }

    fn ask<T: Serialize + DeserializeOwned>(
        &self,
        question: impl FnOnce() -> Question,
        answer: impl FnOnce(&Window) -> Answer<T>,
    ) -> Answer<T> {
        match &self.source {
            Source::Live(window) => answer(window),
            Source::Recorded(window, recorder) => {
                let answer = answer(window);
                recorder.note(question(), &answer);
                answer
            }
            Source::Replayed(player, _) => player.answer(question()),
        }
    }

    /// A question whose answer is the text of a JSON document, or nothing.
    fn ask_document(
        &self,
        question: impl FnOnce() -> Question,
        answer: impl FnOnce(&Window) -> Answer<Option<String>>,
    ) -> Answer<Option<String>> {
        let document = self.ask(question, |window| Ok(answer(window)?.map(Document)))?;
        Ok(document.map(|Document(text)| text))
    }

    pub fn effective(&self, pointer: &str) -> Answer<Option<String>> {
        let question = || Question::Effective { pointer: pointer.to_owned() };
        self.ask_document(question, |window| window.effective(pointer))
    }

    pub fn authored(&self, pointer: &str) -> Answer<Option<String>> {
        let question = || Question::Authored { pointer: pointer.to_owned() };
        self.ask_document(question, |window| window.authored(pointer))
    }

    pub fn provenance(&self, pointer: &str) -> Answer<Option<Provenance>> {
        let question = || Question::Provenance { pointer: pointer.to_owned() };
        self.ask(question, |window| window.provenance(pointer))
    }

    pub fn problems(&self) -> Answer<Vec<ShownProblem>> {
        self.ask(|| Question::Problems, Window::problems)
    }

    /// The granted roots of this run, with their paths.
    pub fn roots(&self) -> Vec<(String, String)> {
        self.ask(|| Question::Roots, |window| Ok(window.roots())).unwrap_or_default()
    }

    pub fn describe(&self, root: &str, path: &str) -> Answer<String> {
        let question = || {
            let (root, path) = place(root, path);
            Question::Describe { root, path }
        };
        self.ask(question, |window| window.describe(root, path))
    }

    pub fn stat(&self, root: &str, path: &str) -> Answer<Option<Metadata>> {
        let question = || {
            let (root, path) = place(root, path);
            Question::Stat { root, path }
        };
        self.ask(question, |window| window.stat(root, path))
    }

    pub fn list(&self, root: &str, path: &str) -> Answer<Option<Listing>> {
        let question = || {
            let (root, path) = place(root, path);
            Question::List { root, path }
        };
        self.ask(question, |window| window.list(root, path))
    }

    pub fn read(&self, root: &str, path: &str, format: Format, max: u32) -> Answer<Content> {
        let question = || {
            let (root, path) = place(root, path);
            Question::Read { root, path, format, max_bytes: max }
        };
        self.ask(question, |window| window.read(root, path, format, max))
    }

    pub fn platform(&self) -> Answer<Platform> {
        self.ask(|| Question::Platform, Window::platform)
    }

    pub fn environment(&self, name: &str) -> Answer<Option<Seal>> {
        let question = || Question::Environment { name: name.to_owned() };
        self.ask(question, |window| window.environment(name))
    }

    pub fn gateway_service(&self) -> Answer<bool> {
        self.ask(|| Question::GatewayService, Window::gateway_service)
    }

    pub fn auth_override(&self) -> Answer<Option<SealedOverride>> {
        self.ask(|| Question::AuthOverride, Window::auth_override)
    }

    pub fn homes(&self) -> Answer<Vec<String>> {
        self.ask(|| Question::Homes, Window::homes)
    }

    pub fn bind_source(&self, pointer: &str) -> Answer<Option<String>> {
        let question = || Question::BindSource { pointer: pointer.to_owned() };
        self.ask(question, |window| window.bind_source(pointer))
    }

    pub fn exec_approvals(&self) -> Answer<Option<String>> {
        self.ask_document(|| Question::ExecApprovals, Window::exec_approvals)
    }

    pub fn pairing_store(&self, channel: &str, account: &str) -> Answer<Vec<String>> {
        let question =
            || Question::PairingStore { channel: channel.to_owned(), account: account.to_owned() };
        self.ask(question, |window| window.pairing_store(channel, account))
    }

    pub fn install_records(&self, kind: InstallKind) -> Answer<InstallRecords> {
        self.ask(|| Question::InstallRecords { kind }, |window| window.install_records(kind))
    }

    pub fn browser_containers(&self) -> Answer<BrowserContainers> {
        self.ask(|| Question::BrowserContainers, Window::browser_containers)
    }

    pub fn gateway_probe(&self) -> Answer<GatewayProbe> {
        self.ask(|| Question::GatewayProbe, Window::gateway_probe)
    }

    pub fn scan(&self, root: &str, path: &str, entries: &[String]) -> Answer<CodeScan> {
        let question = || {
            let (root, path) = place(root, path);
            Question::Scan { root, path, entries: entries.to_vec() }
        };
        self.ask(question, |window| window.scan(root, path, entries))
    }

    /// A text with everything blanked out that is or looks like a secret.
    pub fn blank(&self, text: &str) -> String {
        match &self.source {
            Source::Live(window) | Source::Recorded(window, _) => window.blank(text),
            Source::Replayed(_, sealer) => sealer.blank(text),
        }
    }

    /// A text with known secrets blanked out.
    pub fn blank_known(&self, text: &str) -> String {
        match &self.source {
            Source::Live(window) | Source::Recorded(window, _) => window.blank_known(text),
            Source::Replayed(_, sealer) => sealer.blank_known(text),
        }
    }

    /// The position of a location, or why it is not accepted. A record knows places only by their names.
    pub fn locate(&self, location: &Location) -> Result<Position, String> {
        match &self.source {
            Source::Live(window) | Source::Recorded(window, _) => window.locate(location),
            Source::Replayed(..) => self.named(location),
        }
    }

    fn named(&self, location: &Location) -> Result<Position, String> {
        match location {
            Location::Config(pointer) if self.grants.allow_config(pointer) => Ok(Position {
                pointer: Some(pointer.clone()),
                file: Some("config".to_owned()),
                ..Position::default()
            }),
            Location::Config(pointer) => {
                Err(format!("a place in the config outside its grants, `{pointer}`"))
            }
            Location::File { root, path, line }
                if self.grants.allow_file(root, path, Level::Metadata) =>
            {
                Ok(Position {
                    file: Some(format!("{root}:{path}")),
                    line: line.and_then(|line| usize::try_from(line).ok()),
                    ..Position::default()
                })
            }
            Location::File { root, path, .. } => {
                Err(format!("a file outside its grants, `{root}:{path}`"))
            }
            Location::Problem(_) if self.grants.allow_fact(&Fact::ConfigProblems) => {
                Ok(Position { file: Some("config".to_owned()), ..Position::default() })
            }
            Location::Problem(_) => Err("a problem that there is not".to_owned()),
        }
    }

    /// Whether the module may ask for this change. Whether it is made is another question, and not this room's.
    pub fn allow_fix(&self, change: &Change) -> Result<(), String> {
        match change {
            Change::SetMode { mode, .. } if *mode > 0o777 => {
                Err(format!("a fix with the mode {mode:o}"))
            }
            Change::SetMode { root, path, .. } if self.grants.allow_mode_fix(root, path) => Ok(()),
            Change::SetValue { pointer, .. } if self.grants.allow_config_fix(pointer) => Ok(()),
            Change::SetMode { root, path, .. } => {
                Err(format!("a fix of `{root}:{path}`, which its manifest does not ask for"))
            }
            Change::SetValue { pointer, .. } => {
                Err(format!("a fix of `{pointer}`, which its manifest does not ask for"))
            }
        }
    }
}

//! What a module looks through: the inputs of a run, the same with a recorder beside it, or a recording of an earlier
//! run.

use std::sync::Arc;

use chitin_model::finding::{Change, Location, ResolvedLocation};
use chitin_model::grants::{Grants, Level};

use futures_util::future::BoxFuture;

use crate::calls::{self, Call};
use crate::inputs::Inputs;
use crate::live::{CONFIG_PROBLEMS, LiveView};
use crate::recording::{Recorder, Replayer};
use crate::refusal::Answer;
use crate::seal::{NoRandomness, Sealer};

/// One module's view.
pub struct View {
    grants: Grants,
    source: Source,
}

enum Source {
    Live(LiveView),
    Recorded(LiveView, Recorder),
    /// The sealer knows no value here, and blanks out what has a secret's shape.
    Replayed(Replayer, Sealer),
}

impl View {
    pub fn new(inputs: Arc<Inputs>, grants: Grants) -> Self {
        Self { source: Source::Live(LiveView::new(inputs, grants.clone())), grants }
    }

    /// The same view, recorded as it answers.
    pub fn recorded(inputs: Arc<Inputs>, grants: Grants, recorder: Recorder) -> Self {
        Self { source: Source::Recorded(LiveView::new(inputs, grants.clone()), recorder), grants }
    }

    /// The answers of an earlier run. They are given as they were; grants are not looked at anew.
    pub fn replayed(replayer: Replayer, grants: Grants) -> Result<Self, NoRandomness> {
        Ok(Self { source: Source::Replayed(replayer, Sealer::new()?), grants })
    }

    /// Gathers the granted facts that take long, before the module's time begins to run.
    ///
    /// Boxed, so a crate that awaits it does not compile it again.
    pub fn prepare(&self) -> BoxFuture<'_, ()> {
        match &self.source {
            Source::Live(view) | Source::Recorded(view, _) => Box::pin(view.prepare()),
            Source::Replayed(..) => Box::pin(std::future::ready(())),
        }
    }

    /// Answers a call.
    pub fn ask<C: Call>(&self, call: &C) -> Answer<C::Reply> {
        match &self.source {
            Source::Live(view) => calls::answer(call, view),
            Source::Recorded(view, recorder) => {
                let answer = calls::answer(call, view);
                recorder.note(call, &answer);
                answer
            }
            Source::Replayed(replayer, _) => replayer.answer(call),
        }
    }

    /// A text with everything blanked out that is or looks like a secret.
    pub fn blank(&self, text: &str) -> String {
        match &self.source {
            Source::Live(view) | Source::Recorded(view, _) => view.blank(text),
            Source::Replayed(_, sealer) => sealer.blank(text),
        }
    }

    /// A text with known secrets blanked out.
    pub fn blank_known(&self, text: &str) -> String {
        match &self.source {
            Source::Live(view) | Source::Recorded(view, _) => view.blank_known(text),
            Source::Replayed(_, sealer) => sealer.blank_known(text),
        }
    }

    /// The position of a location, or why it is not accepted. A record knows places only by their names.
    pub fn locate(&self, location: &Location) -> Result<ResolvedLocation, String> {
        match &self.source {
            Source::Live(view) | Source::Recorded(view, _) => view.locate(location),
            Source::Replayed(..) => self.named(location),
        }
    }

    fn named(&self, location: &Location) -> Result<ResolvedLocation, String> {
        match location {
            Location::Config(pointer) if self.grants.allow_config(pointer) => {
                Ok(ResolvedLocation {
                    pointer: Some(pointer.clone()),
                    file: Some("config".to_owned()),
                    ..ResolvedLocation::default()
                })
            }
            Location::Config(pointer) => {
                Err(format!("a place in the config outside its grants, `{pointer}`"))
            }
            Location::File { root, path, line }
                if self.grants.allow_file(root, path, Level::Metadata) =>
            {
                Ok(ResolvedLocation {
                    file: Some(format!("{root}:{path}")),
                    line: line.and_then(|line| usize::try_from(line).ok()),
                    ..ResolvedLocation::default()
                })
            }
            Location::File { root, path, .. } => {
                Err(format!("a file outside its grants, `{root}:{path}`"))
            }
            Location::Problem(_) if self.grants.allow_fact(CONFIG_PROBLEMS, None) => {
                Ok(ResolvedLocation {
                    file: Some("config".to_owned()),
                    ..ResolvedLocation::default()
                })
            }
            Location::Problem(_) => Err("a problem that does not exist".to_owned()),
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

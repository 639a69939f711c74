//! A part of the config as it was written.

use serde::{Deserialize, Serialize};

use super::{Call, Grant};
use crate::live::LiveView;
use crate::recording;
use crate::refusal::Answer;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authored {
    pub pointer: String,
}

impl Call for Authored {
    type Reply = Option<String>;

    fn grant(&self) -> Grant<'_> {
        Grant::Config(&self.pointer)
    }

    fn answer(&self, view: &LiveView) -> Answer<Self::Reply> {
        let sealed = view.inputs().sealed_config()?;
        Ok(sealed.authored.pointer(&self.pointer).map(ToString::to_string))
    }

    fn record(reply: &Self::Reply) -> serde_json::Result<serde_json::Value> {
        recording::record_document(reply.as_deref())
    }

    fn replay(recorded: serde_json::Value) -> serde_json::Result<Self::Reply> {
        Ok(recording::replay_document(&recorded))
    }
}

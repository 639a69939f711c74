//! Which version of OpenClaw wrote the config, and which one is installed.

use chitin_collect::facts::openclaw_versions;
use chitin_contract::facts::OpenclawVersions;
use serde::{Deserialize, Serialize};

use super::{Call, Grant};
use crate::live::LiveView;
use crate::refusal::{Answer, of_fact};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenclawVersion {}

impl Call for OpenclawVersion {
    type Reply = OpenclawVersions;

    fn grant(&self) -> Grant<'_> {
        Grant::Fact
    }

    fn answer(&self, view: &LiveView) -> Answer<Self::Reply> {
        let inputs = view.inputs();
        let found = openclaw_versions(inputs.config(), inputs.roots()).map_err(of_fact)?;
        Ok(OpenclawVersions { config: found.config, installed: found.installed })
    }
}

//! The operating system.

use serde::{Deserialize, Serialize};

use chitin_contract::facts::OperatingSystem;

use super::{Call, Grant};
use crate::live::LiveView;
use crate::refusal::Answer;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Platform {}

impl Call for Platform {
    type Reply = OperatingSystem;

    fn grant(&self) -> Grant<'_> {
        Grant::Fact
    }

    fn answer(&self, _: &LiveView) -> Answer<Self::Reply> {
        Ok(match std::env::consts::OS {
            "linux" => OperatingSystem::Linux,
            "macos" => OperatingSystem::Macos,
            "windows" => OperatingSystem::Windows,
            _ => OperatingSystem::Other,
        })
    }
}

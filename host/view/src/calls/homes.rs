//! The home directories of the audited user.

use serde::{Deserialize, Serialize};

use chitin_collect::facts::{HomeSources, homes};
use chitin_fs::paths::home_dir;

use super::{Call, Grant};
use crate::live::LiveView;
use crate::refusal::Answer;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Homes {}

impl Call for Homes {
    type Reply = Vec<String>;

    fn grant(&self) -> Grant<'_> {
        Grant::Fact
    }

    fn answer(&self, view: &LiveView) -> Answer<Self::Reply> {
        let inputs = view.inputs();
        let variable = |name| inputs.environment().get(name);
        Ok(homes(&HomeSources {
            openclaw_home: variable("OPENCLAW_HOME"),
            home: variable("HOME"),
            user_profile: variable("USERPROFILE"),
            effective: Some(&inputs.collected().locations.home),
            system: home_dir().as_deref(),
        }))
    }
}

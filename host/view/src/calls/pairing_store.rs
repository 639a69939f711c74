//! The people whom pairing admitted to a channel account.

use serde::{Deserialize, Serialize};

use super::{Call, Grant};
use crate::live::LiveView;
use crate::refusal::{Answer, Refusal};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairingStore {
    pub channel: String,
    pub account: String,
}

impl Call for PairingStore {
    type Reply = Vec<String>;

    fn grant(&self) -> Grant<'_> {
        Grant::Fact
    }

    fn answer(&self, view: &LiveView) -> Answer<Self::Reply> {
        let people = match view.inputs().pairing_store(&self.channel, &self.account) {
            // Without a state directory nobody is known to be paired; what the config says of a channel holds.
            Err(Refusal::NotHere(_)) => Vec::new(),
            answer => answer?,
        };
        Ok(people.iter().map(|person| view.blank(person)).collect())
    }
}

//! An environment variable of the gateway, sealed.

use serde::{Deserialize, Serialize};

use chitin_contract::types::{Seal, SecretSource};

use super::{Call, Grant};
use crate::live::LiveView;
use crate::refusal::Answer;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Environment {
    pub name: String,
}

impl Call for Environment {
    type Reply = Option<Seal>;

    fn grant(&self) -> Grant<'_> {
        Grant::FactAbout(&self.name)
    }

    fn answer(&self, view: &LiveView) -> Answer<Self::Reply> {
        let inputs = view.inputs();
        let value = inputs.environment().get(&self.name);
        let sealed = value.map(|value| inputs.sealer().seal(SecretSource::Env, value));
        Ok(sealed.filter(|seal| seal.length > 0))
    }
}

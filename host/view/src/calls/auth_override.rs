//! `--auth`, `--token` and `--password` of this run, sealed.

use serde::{Deserialize, Serialize};

use chitin_contract::facts::GivenAuth;
use chitin_contract::types::SecretSource;

use super::{Call, Grant};
use crate::live::LiveView;
use crate::refusal::Answer;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthOverride {}

impl Call for AuthOverride {
    type Reply = Option<GivenAuth>;

    fn grant(&self) -> Grant<'_> {
        Grant::Fact
    }

    fn answer(&self, view: &LiveView) -> Answer<Self::Reply> {
        let inputs = view.inputs();
        let seal = |value: &Option<String>| {
            value.as_deref().map(|value| inputs.sealer().seal(SecretSource::Literal, value))
        };
        Ok(inputs.auth().map(|auth| GivenAuth {
            mode: auth.mode.clone(),
            token: seal(&auth.token),
            password: seal(&auth.password),
        }))
    }
}

//! Where a value of the config comes from.

use serde::{Deserialize, Serialize};

use chitin_config::{Shape, Text};
use chitin_contract::config::{Origin, Provenance};

use super::{Call, Grant};
use crate::live::LiveView;
use crate::refusal::Answer;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetProvenance {
    pub pointer: String,
}

impl Call for GetProvenance {
    type Reply = Option<Provenance>;

    fn grant(&self) -> Grant<'_> {
        Grant::Config(&self.pointer)
    }

    fn answer(&self, view: &LiveView) -> Answer<Self::Reply> {
        let inputs = view.inputs();
        let pointer = inputs.sealed_config()?.real_pointer(&self.pointer);
        let Some(value) = inputs.config().value(&pointer) else { return Ok(None) };
        let (origin, variables) = match &value.shape {
            Shape::Reference(_) => (Origin::SecretRef, Vec::new()),
            Shape::Text(Text { variables, missing, .. }) => {
                let origin = match (variables.is_empty(), missing.is_empty()) {
                    (true, _) => Origin::Literal,
                    (false, true) => Origin::Env,
                    (false, false) => Origin::EnvUnresolved,
                };
                (origin, variables.clone())
            }
            _ => (Origin::Literal, Vec::new()),
        };
        let file = inputs.config().files.get(value.location.file);
        Ok(Some(Provenance {
            origin,
            variables,
            file: file.map_or_else(String::new, |file| inputs.config_relative(&file.path)),
            included: file.is_some_and(|file| file.included),
        }))
    }
}

//! Where the source of a bind mount really leads.

use serde::{Deserialize, Serialize};

use chitin_collect::facts::bind_source;
use chitin_config::Value;

use super::{Call, Grant};
use crate::live::LiveView;
use crate::refusal::Answer;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BindSource {
    pub pointer: String,
}

impl Call for BindSource {
    type Reply = Option<String>;

    fn grant(&self) -> Grant<'_> {
        Grant::FactAndConfig(&self.pointer)
    }

    fn answer(&self, view: &LiveView) -> Answer<Self::Reply> {
        let inputs = view.inputs();
        let pointer = inputs.sealed_config()?.real_pointer(&self.pointer);
        let spec = inputs.config().value(&pointer).and_then(Value::text);
        // Where a path of another user's config leads on this machine says nothing about theirs.
        Ok(spec.and_then(bind_source).filter(|_| inputs.is_own_gateway()))
    }
}

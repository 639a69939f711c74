//! Whether the gateway runs as a managed service.

use serde::{Deserialize, Serialize};

use super::{Call, Grant};
use crate::live::LiveView;
use crate::refusal::Answer;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GatewayService {}

impl Call for GatewayService {
    type Reply = bool;

    fn grant(&self) -> Grant<'_> {
        Grant::Fact
    }

    fn answer(&self, view: &LiveView) -> Answer<Self::Reply> {
        Ok(view.inputs().environment().get("OPENCLAW_SERVICE_KIND") == Some("gateway"))
    }
}

//! What the live gateway answered.

use serde::{Deserialize, Serialize};

use chitin_contract::facts::{GatewayClose, ProbeResult};

use super::{Call, Grant};
use crate::live::LiveView;
use crate::refusal::Answer;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GatewayProbe {}

impl Call for GatewayProbe {
    type Reply = ProbeResult;

    fn grant(&self) -> Grant<'_> {
        Grant::Fact
    }

    fn answer(&self, view: &LiveView) -> Answer<Self::Reply> {
        let found = view.inputs().gateway_probe()?;
        Ok(ProbeResult {
            url: found.url,
            ok: found.ok,
            error: found.error,
            close: found.close.map(|close| GatewayClose { code: close.code, reason: close.reason }),
            credential_warning: found.credential_warning,
        })
    }
}

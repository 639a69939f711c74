//! The sandbox browser containers that run in docker.

use serde::{Deserialize, Serialize};

use chitin_contract::facts::{BrowserContainer, ContainerList};

use super::{Call, Grant};
use crate::live::LiveView;
use crate::refusal::Answer;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrowserContainers {}

impl Call for BrowserContainers {
    type Reply = ContainerList;

    fn grant(&self) -> Grant<'_> {
        Grant::Fact
    }

    fn answer(&self, view: &LiveView) -> Answer<Self::Reply> {
        let found = view.inputs().browser_containers()?;
        let containers = found.containers.into_iter().map(|container| BrowserContainer {
            name: container.name,
            config_hash: container.config_hash,
            config_epoch: container.config_epoch,
            ports: container.ports,
        });
        Ok(ContainerList {
            containers: containers.collect(),
            timed_out_after: found
                .timed_out_after
                .map(|limit| u32::try_from(limit.as_millis()).unwrap_or(u32::MAX)),
        })
    }
}

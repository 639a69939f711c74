//! Which plugins and hooks are installed, and from where.

use serde::{Deserialize, Serialize};

use chitin_collect::facts;
use chitin_collect::root_names::CONFIG_ALONE;
use chitin_contract::facts::{InstallIndex, InstallKind, InstallRecord};

use super::{Call, Grant};
use crate::live::LiveView;
use crate::refusal::{Answer, Refusal};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstallRecords {
    pub kind: InstallKind,
}

impl Call for InstallRecords {
    type Reply = InstallIndex;

    fn grant(&self) -> Grant<'_> {
        Grant::Fact
    }

    fn answer(&self, view: &LiveView) -> Answer<Self::Reply> {
        let inputs = view.inputs();
        let found = inputs.install_records(match self.kind {
            InstallKind::Plugin => facts::InstallKind::Plugin,
            InstallKind::Hook => facts::InstallKind::Hook,
        });
        if inputs.is_config_alone() && found.records.is_empty() {
            return Err(Refusal::NotHere(CONFIG_ALONE.to_owned()));
        }
        let records = found.records.iter().map(|record| InstallRecord {
            id: record.id.clone(),
            source: record.source.clone(),
            spec: record.spec.as_ref().map(|spec| view.blank(spec)),
            // An integrity is a digest that is no secret and looks like one: what matters is that it is there.
            integrity: record
                .integrity
                .as_ref()
                .filter(|text| !text.trim().is_empty())
                .map(|_| "present".to_owned()),
            recorded_version: record.recorded_version.clone(),
            installed_version: record.installed_version.clone(),
        });
        Ok(InstallIndex { records: records.collect(), unreadable: found.unreadable.clone() })
    }
}

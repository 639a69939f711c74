//! The one list of facts that a check may ask for beside those of [`GatewayFacts`](crate::GatewayFacts): the trait, the
//! calls from inside a component and the answers of a fake host are made from it.

use chitin_document::Refusal;

use crate::contract::facts::InstallRecord;

/// Calls a macro with the list: for each function of the contract's interface `facts` its arguments, its reply, and what
/// a [`FakeHost`](crate::fake::FakeHost) answers that was told nothing.
#[macro_export]
macro_rules! facts {
    ($with:ident) => {
        $with! {
            platform() -> $crate::contract::facts::OperatingSystem, or Ok($crate::contract::facts::OperatingSystem::Linux);
            gateway_service() -> bool, or Ok(false);
            homes() -> Vec<String>, or Ok(Vec::new());
            bind_source(pointer: &str) -> Option<String>, or Ok(None);
            pairing_store(channel: &str, account: &str) -> Vec<String>, or Ok(Vec::new());
            install_records(kind: $crate::contract::facts::InstallKind)
                -> $crate::contract::facts::InstallIndex,
                or Ok($crate::contract::facts::InstallIndex {
                    records: Vec::new(),
                    unreadable: Vec::new(),
                });
            browser_containers() -> $crate::contract::facts::ContainerList,
                or Ok($crate::contract::facts::ContainerList {
                    containers: Vec::new(),
                    timed_out_after: None,
                });
            gateway_probe() -> $crate::contract::facts::ProbeResult,
                or Err($crate::Refusal::NotHere("needs --deep".to_owned()));
            openclaw_version() -> $crate::contract::facts::OpenclawVersions,
                or Ok($crate::contract::facts::OpenclawVersions { config: None, installed: None });
            config_problems() -> Vec<$crate::contract::facts::Problem>, or Ok(Vec::new());
        }
    };
}

macro_rules! declare {
    ($($fact:ident($($argument:ident: $type:ty),*) -> $reply:ty, or $default:expr;)*) => {
        /// Facts about the audited gateway. The documentation of each is in `wit/`.
        pub trait Facts {
            $(fn $fact(&self, $($argument: $type),*) -> Result<$reply, Refusal>;)*
        }
    };
}
facts!(declare);

/// A record with nothing in it, for tests to begin with.
impl Default for InstallRecord {
    fn default() -> Self {
        Self {
            id: String::new(),
            source: String::new(),
            spec: None,
            integrity: None,
            recorded_version: None,
            installed_version: None,
        }
    }
}

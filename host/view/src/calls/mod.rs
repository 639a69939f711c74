//! The one list of what a module can ask, and the file of each question: its request, its reply, the grant it needs,
//! the answer. Recordings, the messages to a worker and the linking of components are made from [`host_calls`].
//!
//! What must not enter: a way to answer that does not pass [`Call::grant`].

mod auth_override;
mod authored;
mod bind_source;
mod browser_containers;
mod config_problems;
mod describe;
mod effective;
mod environment;
mod exec_approvals;
mod gateway_probe;
mod gateway_service;
mod granted;
mod homes;
mod install_records;
mod list_directory;
mod openclaw_version;
mod pairing_store;
mod platform;
mod provenance;
mod read;
mod roots;
mod scan;
mod stat;

pub use auth_override::AuthOverride;
pub use authored::Authored;
pub use bind_source::BindSource;
pub use browser_containers::BrowserContainers;
pub use config_problems::ConfigProblems;
pub use describe::Describe;
pub use effective::Effective;
pub use environment::Environment;
pub use exec_approvals::ExecApprovals;
pub use gateway_probe::GatewayProbe;
pub use gateway_service::GatewayService;
pub(crate) use granted::answer;
pub use homes::Homes;
pub use install_records::InstallRecords;
pub use list_directory::ListDirectory;
pub use openclaw_version::OpenclawVersion;
pub use pairing_store::PairingStore;
pub use platform::Platform;
pub use provenance::GetProvenance;
pub use read::Read;
pub use roots::Roots;
pub use scan::Scan;
pub use stat::Stat;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use chitin_model::grants::Level;

use crate::live::LiveView;
use crate::refusal::Answer;

/// Calls a macro with the list of host calls: for each interface of the contract its functions, their arguments, and
/// the request that each becomes. An argument's name is that of the request's field.
#[macro_export]
macro_rules! host_calls {
    ($with:ident) => {
        $with! {
            config {
                effective(pointer: String) => Effective;
                authored(pointer: String) => Authored;
                get_provenance(pointer: String) => GetProvenance;
            }
            files {
                roots() => Roots;
                describe(root: String, path: String) => Describe;
                stat(root: String, path: String) => Stat;
                list_directory(root: String, path: String) => ListDirectory;
                read(root: String, path: String, format: $crate::contract::files::Format, max_bytes: u32) => Read;
            }
            facts {
                platform() => Platform;
                environment(name: String) => Environment;
                gateway_service() => GatewayService;
                auth_override() => AuthOverride;
                homes() => Homes;
                bind_source(pointer: String) => BindSource;
                exec_approvals() => ExecApprovals;
                pairing_store(channel: String, account: String) => PairingStore;
                install_records(kind: $crate::contract::facts::InstallKind) => InstallRecords;
                browser_containers() => BrowserContainers;
                gateway_probe() => GatewayProbe;
                openclaw_version() => OpenclawVersion;
                config_problems() => ConfigProblems;
            }
            code {
                scan(root: String, path: String, entries: Vec<String>) => Scan;
            }
        }
    };
}

/// A question of a module.
pub trait Call: Listed + Serialize + DeserializeOwned {
    /// A type of the contract.
    type Reply: Serialize + DeserializeOwned;

    /// What the manifest must have asked for.
    fn grant(&self) -> Grant<'_>;

    /// The answer, asked for only once the grant is known to be there.
    fn answer(&self, view: &LiveView) -> Answer<Self::Reply>;

    /// Whose time the answer takes.
    fn clock(&self) -> Clock {
        Clock::Module
    }

    /// Bytes of files that a reply gives away.
    fn bytes_read(_reply: &Self::Reply) -> usize {
        0
    }

    /// The form in which a recording keeps a reply.
    fn record(reply: &Self::Reply) -> serde_json::Result<serde_json::Value> {
        serde_json::to_value(reply)
    }

    /// A reply from a recording.
    fn replay(recorded: serde_json::Value) -> serde_json::Result<Self::Reply> {
        serde_json::from_value(recorded)
    }
}

/// What the list says about a call. Only [`host_calls`] makes these.
pub trait Listed: Into<AnyCall> {
    /// The name of the function in the contract, with `_` for `-`.
    const FUNCTION: &'static str;
}

/// What a call needs in the manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant<'c> {
    /// Nothing: the answer holds only what was granted.
    Filtered,
    /// A part of the config, by a pointer.
    Config(&'c str),
    /// The fact of the call's own name.
    Fact,
    /// The fact of the call's own name, for one argument.
    FactAbout(&'c str),
    /// The fact of the call's own name, and a part of the config.
    FactAndConfig(&'c str),
    File {
        root: &'c str,
        path: &'c str,
        level: Level,
    },
    /// The content of everything below a path.
    Tree {
        root: &'c str,
        path: &'c str,
    },
}

/// Whose time an answer takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// The module's own: a call is part of its work.
    Module,
    /// Nobody's: others work on the answer, within limits of their own.
    Stopped,
}

/// Types without a file of their own: what the list alone makes.
macro_rules! list {
    ($($interface:ident { $($function:ident($($argument:ident: $type:ty),*) => $call:ident;)* })*) => {
        /// Any call, as it crosses the pipe from a worker.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        pub enum AnyCall {
            $($($call($call),)*)*
        }

        $($(
            impl Listed for $call {
                const FUNCTION: &'static str = stringify!($function);
            }

            impl From<$call> for AnyCall {
                fn from(call: $call) -> Self {
                    Self::$call(call)
                }
            }
        )*)*

        /// The functions of each interface, by their names in Rust.
        pub(crate) const FUNCTIONS: &[(&str, &[&str])] = &[
            $((stringify!($interface), &[$(stringify!($function)),*]),)*
        ];
    };
}
host_calls!(list);

#[cfg(test)]
mod tests {
    use super::*;

    /// The functions of an interface in the contract's text.
    fn functions(interface: &str) -> Vec<String> {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../../wit/0.1.0/");
        let text = std::fs::read_to_string(format!("{directory}{interface}.wit")).unwrap();
        let start = text.find(&format!("interface {interface} {{")).unwrap();
        let body = text[start..].split("\n}").next().unwrap();
        body.lines()
            .filter_map(|line| line.trim().split_once(": func("))
            .map(|(name, _)| name.replace('-', "_"))
            .collect()
    }

    #[test]
    fn every_function_of_the_contract_is_listed() {
        for (interface, listed) in FUNCTIONS {
            let mut listed: Vec<String> = listed.iter().map(|name| (*name).to_owned()).collect();
            let mut wanted = functions(interface);
            listed.sort();
            wanted.sort();
            assert_eq!(listed, wanted, "{interface}");
        }
    }
}

//! The same contract over a pipe: in a worker every call becomes a [`Call`], which the host answers through the guest's
//! own implementation. Nothing is decided here either, and nothing is remembered.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasmtime::component::{HasSelf, Linker};

use super::{Answer, Check, code, config, files, report, scanning, types, wire_facts as facts};
use crate::store_data::Guest;

/// One call of a guest to the host.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Call {
    Effective(String),
    Authored(String),
    Provenance(String),
    Problems,
    Roots,
    Describe(String, String),
    Stat(String, String),
    List(String, String),
    Read(String, String, files::Format, u32),
    Platform,
    Environment(String),
    GatewayService,
    AuthOverride,
    Homes,
    BindSource(String),
    ExecApprovals,
    PairingStore(String, String),
    InstallRecords(facts::InstallKind),
    BrowserContainers,
    GatewayProbe,
    Scan(String, String, Vec<String>),
    Add(report::Finding),
    NotApplicable(String, String),
    NotRun(String, String),
    Skipped(String, String),
    Progress(u32, u32, String),
}

/// Answers a call. An error ends the guest, as it would in this process.
pub(crate) fn answer(guest: &mut Guest, call: Call) -> wasmtime::Result<Vec<u8>> {
    use config::Host as _;
    use facts::Host as _;
    match call {
        Call::Effective(pointer) => encode(&guest.effective(pointer)?),
        Call::Authored(pointer) => encode(&guest.authored(pointer)?),
        Call::Provenance(pointer) => encode(&guest.get_provenance(pointer)?),
        Call::Problems => encode(&guest.problems()?),
        Call::Roots => encode(&files::Host::roots(guest)?),
        Call::Describe(root, path) => encode(&files::Host::describe(guest, root, path)?),
        Call::Stat(root, path) => encode(&files::Host::stat(guest, root, path)?),
        Call::List(root, path) => encode(&files::Host::list_directory(guest, root, path)?),
        Call::Read(root, path, format, max) => {
            encode(&files::Host::read(guest, root, path, format, max)?)
        }
        Call::Platform => encode(&guest.platform()?),
        Call::Environment(name) => encode(&guest.environment(name)?),
        Call::GatewayService => encode(&guest.gateway_service()?),
        Call::AuthOverride => encode(&guest.get_auth_override()?),
        Call::Homes => encode(&guest.homes()?),
        Call::BindSource(pointer) => encode(&guest.bind_source(pointer)?),
        Call::ExecApprovals => encode(&guest.exec_approvals()?),
        Call::PairingStore(channel, account) => encode(&guest.pairing_store(channel, account)?),
        Call::InstallRecords(kind) => encode(&guest.get_install_records(kind)?),
        Call::BrowserContainers => encode(&guest.get_browser_containers()?),
        Call::GatewayProbe => encode(&guest.get_gateway_probe()?),
        Call::Scan(root, path, entries) => encode(&code::Host::scan(guest, root, path, entries)?),
        Call::Add(finding) => encode(&report::Host::add(guest, finding)?),
        Call::NotApplicable(rule, reason) => {
            encode(&report::Host::not_applicable(guest, rule, reason)?)
        }
        Call::NotRun(rule, reason) => encode(&report::Host::not_run(guest, rule, reason)?),
        Call::Skipped(rule, reason) => encode(&report::Host::skipped(guest, rule, reason)?),
        Call::Progress(done, total, what) => {
            encode(&report::Host::progress(guest, done, total, what)?)
        }
    }
}

fn encode(answer: &impl Serialize) -> wasmtime::Result<Vec<u8>> {
    postcard::to_stdvec(answer).map_err(|_| wasmtime::Error::msg("an answer cannot be encoded"))
}

/// Where a worker asks.
pub(crate) trait Remote: Send + 'static {
    fn ask(&mut self, call: Call) -> wasmtime::Result<Vec<u8>>;
}

/// A worker's stand-in for the host.
pub(crate) struct Proxy<R>(pub(crate) R);

impl<R: Remote> Proxy<R> {
    fn ask<T: DeserializeOwned>(&mut self, call: Call) -> wasmtime::Result<T> {
        let answer = self.0.ask(call)?;
        postcard::from_bytes(&answer)
            .map_err(|_| wasmtime::Error::msg("an answer cannot be decoded"))
    }
}

/// Adds every import of this version to a linker of a worker.
pub(crate) fn link<R: Remote>(linker: &mut Linker<Proxy<R>>) -> wasmtime::Result<()> {
    Check::add_to_linker::<_, HasSelf<_>>(linker, |proxy| proxy)
}

impl<R: Remote> types::Host for Proxy<R> {}

impl<R: Remote> config::Host for Proxy<R> {
    fn effective(&mut self, pointer: String) -> Answer<Option<String>> {
        self.ask(Call::Effective(pointer))
    }

    fn authored(&mut self, pointer: String) -> Answer<Option<String>> {
        self.ask(Call::Authored(pointer))
    }

    fn get_provenance(&mut self, pointer: String) -> Answer<Option<config::Provenance>> {
        self.ask(Call::Provenance(pointer))
    }

    fn problems(&mut self) -> Answer<Vec<config::Problem>> {
        self.ask(Call::Problems)
    }
}

impl<R: Remote> files::Host for Proxy<R> {
    fn roots(&mut self) -> wasmtime::Result<Vec<files::Root>> {
        self.ask(Call::Roots)
    }

    fn describe(&mut self, root: String, path: String) -> Answer<String> {
        self.ask(Call::Describe(root, path))
    }

    fn stat(&mut self, root: String, path: String) -> Answer<Option<files::Metadata>> {
        self.ask(Call::Stat(root, path))
    }

    fn list_directory(&mut self, root: String, path: String) -> Answer<Option<files::Listing>> {
        self.ask(Call::List(root, path))
    }

    fn read(
        &mut self,
        root: String,
        path: String,
        format: files::Format,
        max_bytes: u32,
    ) -> Answer<files::Content> {
        self.ask(Call::Read(root, path, format, max_bytes))
    }
}

impl<R: Remote> facts::Host for Proxy<R> {
    fn platform(&mut self) -> Answer<facts::OperatingSystem> {
        self.ask(Call::Platform)
    }

    fn environment(&mut self, name: String) -> Answer<Option<types::Seal>> {
        self.ask(Call::Environment(name))
    }

    fn gateway_service(&mut self) -> Answer<bool> {
        self.ask(Call::GatewayService)
    }

    fn get_auth_override(&mut self) -> Answer<Option<facts::AuthOverride>> {
        self.ask(Call::AuthOverride)
    }

    fn homes(&mut self) -> Answer<Vec<String>> {
        self.ask(Call::Homes)
    }

    fn bind_source(&mut self, pointer: String) -> Answer<Option<String>> {
        self.ask(Call::BindSource(pointer))
    }

    fn exec_approvals(&mut self) -> Answer<Option<String>> {
        self.ask(Call::ExecApprovals)
    }

    fn pairing_store(&mut self, channel: String, account: String) -> Answer<Vec<String>> {
        self.ask(Call::PairingStore(channel, account))
    }

    fn get_install_records(&mut self, kind: facts::InstallKind) -> Answer<facts::InstallRecords> {
        self.ask(Call::InstallRecords(kind))
    }

    fn get_browser_containers(&mut self) -> Answer<facts::BrowserContainers> {
        self.ask(Call::BrowserContainers)
    }

    fn get_gateway_probe(&mut self) -> Answer<facts::GatewayProbe> {
        self.ask(Call::GatewayProbe)
    }
}

impl<R: Remote> scanning::Host for Proxy<R> {}

impl<R: Remote> code::Host for Proxy<R> {
    fn scan(
        &mut self,
        root: String,
        path: String,
        entries: Vec<String>,
    ) -> Answer<code::ScanResult> {
        self.ask(Call::Scan(root, path, entries))
    }
}

impl<R: Remote> report::Host for Proxy<R> {
    fn add(&mut self, finding: report::Finding) -> wasmtime::Result<Result<(), String>> {
        self.ask(Call::Add(finding))
    }

    fn not_applicable(&mut self, rule: String, reason: String) -> wasmtime::Result<()> {
        self.ask(Call::NotApplicable(rule, reason))
    }

    fn not_run(&mut self, rule: String, reason: String) -> wasmtime::Result<()> {
        self.ask(Call::NotRun(rule, reason))
    }

    fn skipped(&mut self, rule: String, reason: String) -> wasmtime::Result<()> {
        self.ask(Call::Skipped(rule, reason))
    }

    fn progress(&mut self, done: u32, total: u32, what: String) -> wasmtime::Result<()> {
        self.ask(Call::Progress(done, total, what))
    }
}

//! `chitin module inspect`: what a module is and asks for, and whether its signature would be accepted here. Nothing is
//! decided by it.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::Here;
use crate::exit::Exit;
use crate::output::print;
use chitin_devkit::inspection::inspect;
use chitin_report::module::{self, Signature};
use chitin_trust::{Package, SignatureStatus};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The component, or the directory or archive that contains it
    #[arg(value_name = "MODULE")]
    module: PathBuf,

    /// Print as JSON
    #[arg(long)]
    json: bool,
}

impl Arguments {
    pub(super) fn run(self) -> Result<Exit> {
        let package = Package::read(&self.module)?;
        let inspection = inspect(&package.name, &package.module)?;
        let signature = signature(&package);
        print(&if self.json {
            module::json(&inspection, &signature)?
        } else {
            module::text(&inspection, &signature)
        })?;
        Ok(Exit::Ok)
    }
}

fn signature(package: &Package) -> Signature {
    let not = |words: String| Signature { holds: false, words };
    let here = match Here::find() {
        Ok(here) => here,
        Err(error) => return not(format!("cannot be checked: {error:#}")),
    };
    let module = package.module.clone();
    match here.verifier().verify(&package.name, module, package.envelope.as_deref()) {
        Ok(module) => match module.signature() {
            SignatureStatus::Valid(valid) => {
                let keys: Vec<String> = valid.keys.iter().map(ToString::to_string).collect();
                let (keys, until) = (keys.join(", "), &valid.expires);
                let words = format!("valid until {until}; release {} by {keys}", valid.sequence);
                Signature { holds: true, words }
            }
            SignatureStatus::Unverified(error) => not(error.to_string()),
            SignatureStatus::NotChecked => not("not checked (policy off)".to_owned()),
        },
        Err(error) => not(format!("would be refused: {error}")),
    }
}

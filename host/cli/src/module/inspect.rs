//! `chitin module inspect`: what a module is and asks for, and whether its signature is valid here. It decides nothing.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::trust_context::TrustContext;
use crate::exit::Exit;
use crate::output::print;
use chitin_devkit::inspection::inspect;
use chitin_report::module::{self, Signature};
use chitin_trust::{Package, SignatureStatus};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The component, or a directory or archive that holds it
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
    let not = |details: String| Signature { valid: false, details };
    let context = match TrustContext::load() {
        Ok(context) => context,
        Err(error) => return not(format!("cannot be checked: {error:#}")),
    };
    let module = package.module.clone();
    match context.verifier().verify(&package.name, module, package.envelope.as_deref()) {
        Ok(module) => match module.signature() {
            SignatureStatus::Valid(signed) => {
                let keys: Vec<String> = signed.keys.iter().map(ToString::to_string).collect();
                let (keys, until) = (keys.join(", "), &signed.expires);
                let details = format!("valid until {until}; release {} by {keys}", signed.sequence);
                Signature { valid: true, details }
            }
            SignatureStatus::Unverified(why) => not(why.to_string()),
            SignatureStatus::NotChecked => not("not checked (policy off)".to_owned()),
        },
        Err(why) => not(format!("would be refused: {why}")),
    }
}

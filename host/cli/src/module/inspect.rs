//! `chitin module inspect`: what a module is and asks for, and whether its signature is valid here. It decides nothing.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::trust_context::TrustContext;
use crate::exit::Exit;
use crate::output::print;
use chitin_devkit::inspection::inspect;
use chitin_report::module::{self, Signature};
use chitin_trust::{Offer, Voucher};

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
        let offer = Offer::read(&self.module)?;
        let inspection = inspect(&offer.name, &offer.module)?;
        let signature = signature(&offer);
        print(&if self.json {
            module::json(&inspection, &signature)?
        } else {
            module::text(&inspection, &signature)
        })?;
        Ok(Exit::Ok)
    }
}

fn signature(offer: &Offer) -> Signature {
    let not = |details: String| Signature { valid: false, details };
    let context = match TrustContext::load() {
        Ok(context) => context,
        Err(error) => return not(format!("cannot be checked: {error:#}")),
    };
    let module = offer.module.clone();
    match context.judge().decide(&offer.name, module, offer.envelope.as_deref()) {
        Ok(module) => match module.voucher() {
            Voucher::Signed(signed) => {
                let keys: Vec<String> = signed.keys.iter().map(ToString::to_string).collect();
                let (keys, until) = (keys.join(", "), &signed.expires);
                let details = format!("valid until {until}; release {} by {keys}", signed.sequence);
                Signature { valid: true, details }
            }
            Voucher::Doubtful(why) => not(why.to_string()),
            Voucher::Unasked => not("not checked (policy off)".to_owned()),
        },
        Err(why) => not(format!("would be refused: {why}")),
    }
}

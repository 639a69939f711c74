//! `chitin module inspect`: what a module is and wants, and whether its signature would do here. Nothing is decided by it.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::Here;
use crate::exit::Exit;
use crate::output::print;
use chitin_devkit::inspection::inspect;
use chitin_report::module::{self, Signature};
use chitin_trust::{Offer, Voucher};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The component, the directory with it, or the archive with it
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
    let not = |words: String| Signature { holds: false, words };
    let here = match Here::find() {
        Ok(here) => here,
        Err(error) => return not(format!("cannot be judged: {error:#}")),
    };
    let module = offer.module.clone();
    match here.judge().decide(&offer.name, module, offer.envelope.as_deref()) {
        Ok(module) => match module.voucher() {
            Voucher::Signed(signed) => {
                let keys: Vec<String> = signed.keys.iter().map(ToString::to_string).collect();
                let (keys, until) = (keys.join(", "), &signed.expires);
                let words = format!("holds until {until}; release {} by {keys}", signed.sequence);
                Signature { holds: true, words }
            }
            Voucher::Doubtful(why) => not(why.to_string()),
            Voucher::Unasked => not("not looked at (policy off)".to_owned()),
        },
        Err(why) => not(format!("would be refused: {why}")),
    }
}

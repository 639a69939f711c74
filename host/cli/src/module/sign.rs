//! `chitin module sign`.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::passphrase;
use crate::exit::Exit;
use crate::output::print;
use chitin_model::escape::visible;
use chitin_model::timestamp::Timestamp;
use chitin_trust::{Package, SecretKey, SignOptions, cosign, secret_key, sign, write_envelope};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The built component
    #[arg(value_name = "MODULE")]
    module: PathBuf,

    /// The secret key; several keys each add a signature
    #[arg(long, short, value_name = "FILE", required = true)]
    key: Vec<PathBuf>,

    /// The release number; each later release needs a higher one [default: the time in seconds]
    #[arg(long, value_name = "NUMBER", conflicts_with = "cosign")]
    sequence: Option<u64>,

    /// How long the signature is valid
    #[arg(
        long,
        value_name = "DAYS",
        default_value_t = 365,
        conflicts_with = "cosign",
        value_parser = clap::value_parser!(u64).range(1..=3660)
    )]
    expires_in: u64,

    /// Add to the existing signatures, for a publisher with several keys
    #[arg(long)]
    cosign: bool,
}

impl Arguments {
    pub(super) fn run(self) -> Result<Exit> {
        let now = Timestamp::now();
        let package = Package::read(&self.module)?;
        let keys = self
            .key
            .iter()
            .map(|path| secret_key(path, passphrase::known))
            .collect::<Result<Vec<SecretKey>, _>>()?;
        let envelope = if self.cosign {
            cosign(&package, now, &keys)?
        } else {
            let sequence = self.sequence.unwrap_or(now.seconds());
            sign(&package, &SignOptions { sequence, days: self.expires_in, now }, &keys)?
        };
        let path = write_envelope(&package, &envelope)?.display().to_string();
        print(&format!("Signed: {}\n", visible(&path)))?;
        for key in &keys {
            print(&format!("  by {}\n", key.public().id()))?;
        }
        Ok(Exit::Ok)
    }
}

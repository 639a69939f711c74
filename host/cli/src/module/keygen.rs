//! `chitin module keygen`.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::passphrase;
use crate::exit::Exit;
use crate::output::print;
use chitin_model::escape::visible;
use chitin_trust::key_pair;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The file for the secret key; the public key is written beside it, ending in .pub
    #[arg(long, short, value_name = "FILE", default_value = "chitin.key")]
    out: PathBuf,

    /// Do not encrypt the secret key
    #[arg(long)]
    no_passphrase: bool,
}

impl Arguments {
    pub(super) fn run(self) -> Result<Exit> {
        if self.out.extension().is_some_and(|extension| extension == "pub") {
            anstream::eprintln!("error: the file name of the secret key must not end in .pub");
            anstream::eprintln!(
                "help: leave out .pub; the public key is written beside the secret key"
            );
            return Ok(Exit::Usage);
        }
        let passphrase = if self.no_passphrase { None } else { Some(passphrase::new()?) };
        let (key, public) = key_pair(&self.out, passphrase.as_ref())?;
        let (secret, public) = (self.out.display().to_string(), public.display().to_string());
        print(&format!(
            "Secret key: {}  (keep it to yourself)\nPublic key: {}  (give it to the users of your modules)\nKey id:     {}\n",
            visible(&secret),
            visible(&public),
            key.id(),
        ))?;
        Ok(Exit::Ok)
    }
}

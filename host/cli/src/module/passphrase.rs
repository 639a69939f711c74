//! The passphrase of a key: from `CHITIN_KEY_PASSPHRASE`, or from the terminal without showing it.

use crate::environment::variable;

use chitin_trust::{Passphrase, SecretKeyError};

const VARIABLE: &str = "CHITIN_KEY_PASSPHRASE";

/// The passphrase of a key that is there.
pub(super) fn known() -> Result<Passphrase, SecretKeyError> {
    of_environment().unwrap_or_else(|| ask("Passphrase: "))
}

/// The passphrase for a new key; on a terminal it is asked for twice.
pub(super) fn new() -> Result<Passphrase, SecretKeyError> {
    if let Some(set) = of_environment() {
        return set;
    }
    let first = ask("Passphrase for the new key: ")?;
    if ask("Again: ")? == first {
        Ok(first)
    } else {
        Err(SecretKeyError::NoPassphrase("the two are not the same".to_owned()))
    }
}

fn of_environment() -> Option<Result<Passphrase, SecretKeyError>> {
    let value = variable(VARIABLE)?;
    let text = value.into_string().map(Passphrase::new);
    Some(text.map_err(|_| SecretKeyError::NoPassphrase(format!("{VARIABLE} is not UTF-8"))))
}

fn ask(prompt: &str) -> Result<Passphrase, SecretKeyError> {
    rpassword::prompt_password(prompt)
        .map(Passphrase::new)
        .map_err(|_| SecretKeyError::NoPassphrase("there is no terminal".to_owned()))
}

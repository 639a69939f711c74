//! The identity of this machine's gateway clients, and the tokens that gateways gave it. Read separately from the rest,
//! because only the probe of the gateway needs a private key.

use super::copy::DatabaseCopy;
use super::read::{Reader, Row, Table};
use crate::facts::error::FactError;
use chitin_fs::files::Roots;

const IDENTITIES: Table = Table {
    name: "device_identities",
    columns: &["identity_key", "device_id", "private_key_pem"],
    keys: Some(&["primary"]),
};
/// Tokens of the gateway on this machine.
const TOKENS: Table =
    Table { name: "device_auth_tokens", columns: &["role", "device_id", "token"], keys: OPERATOR };
const ORIGIN_TOKENS: Table = Table {
    name: "gateway_origin_device_tokens",
    columns: &["role", "device_id", "token", "gateway_scope"],
    keys: OPERATOR,
};
const OPERATOR: Option<&[&str]> = Some(&["operator"]);

pub(crate) struct DeviceRows {
    identities: Vec<Row>,
    tokens: Vec<Row>,
    origin_tokens: Vec<Row>,
}

impl DeviceRows {
    /// Empty where there is no database or no such table.
    pub(crate) fn read(roots: &Roots) -> Result<Self, FactError> {
        let Some(copy) = DatabaseCopy::of_state_database(roots)? else {
            return Ok(Self {
                identities: Vec::new(),
                tokens: Vec::new(),
                origin_tokens: Vec::new(),
            });
        };
        let reader = Reader::open(&copy.path())?;
        Ok(Self {
            identities: reader.rows(&IDENTITIES)?,
            tokens: reader.rows(&TOKENS)?,
            origin_tokens: reader.rows(&ORIGIN_TOKENS)?,
        })
    }

    /// The id and the private key in PEM.
    pub(crate) fn identity(&self) -> Option<(&str, &str)> {
        let row = self.identities.first()?;
        Some((row.text(1)?, row.text(2)?))
    }

    /// The operator's token of the gateway on this machine, or of one elsewhere.
    pub(crate) fn operator_token(&self, device: &str, origin: Option<&str>) -> Option<&str> {
        let rows = if origin.is_some() { &self.origin_tokens } else { &self.tokens };
        let row = rows.iter().find(|row| row.text(1) == Some(device) && row.text(3) == origin)?;
        row.text(2)
    }
}

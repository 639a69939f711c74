//! What a gateway keeps secret, learnt before anything about it is shown: the secrets of its config and environment, and
//! those given on the command line.

use chitin_collect::Collected;
use chitin_config::Config;

use crate::seal::{NoRandomness, Sealer, secret_values, without_shapes};
use crate::secret_patterns::{code_values, document_values, is_secret_variable};

/// Blanks out what the operator's own gateway keeps secret, in texts about something else. By default no value is known,
/// and secrets are found by their shape alone.
#[derive(Default)]
pub struct KnownSecrets(Option<Sealer>);

impl std::fmt::Debug for KnownSecrets {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("KnownSecrets").finish_non_exhaustive()
    }
}

impl KnownSecrets {
    /// The secrets of a gateway.
    pub fn of(gateway: &Collected) -> Result<Self, NoRandomness> {
        sealer_of(gateway, None::<String>).map(Some).map(Self)
    }

    /// A text with everything blanked out that is or looks like a secret.
    pub fn blank(&self, text: &str) -> String {
        self.0.as_ref().map_or_else(|| without_shapes(text.to_owned()), |sealer| sealer.blank(text))
    }
}

/// A sealer that knows the secrets of a gateway, and those that are given besides.
pub(super) fn sealer_of(
    gateway: &Collected,
    given: impl IntoIterator<Item = String>,
) -> Result<Sealer, NoRandomness> {
    let mut sealer = Sealer::new()?;
    sealer.learn(gateway.config.document.iter().flat_map(secret_values));
    sealer.learn(of_broken_files(&gateway.config));
    let environment = &gateway.environment;
    let secret = environment.all().filter(|(name, _)| is_secret_variable(name));
    sealer.learn(secret.map(|(_, value)| value.to_owned()));
    sealer.learn(given);
    let credentials = [&gateway.credentials.token, &gateway.credentials.password];
    sealer.learn(credentials.into_iter().flatten().cloned());
    Ok(sealer)
}

/// What looks like a secret in the texts of a config that was not read in full: no value tells what it is for.
fn of_broken_files(config: &Config) -> Vec<String> {
    if config.problems.is_empty() {
        return Vec::new();
    }
    let texts = config.files.iter().map(|file| file.text.as_str());
    let values = |text| {
        let ranges = code_values(text).into_iter().chain(document_values(text));
        ranges.map(move |(start, end): (usize, usize)| text[start..end].to_owned())
    };
    texts.flat_map(values).collect()
}

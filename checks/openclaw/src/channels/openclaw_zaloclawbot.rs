//! `Zalo ClawBot`, by a plugin of another publisher.

use super::provider::{Origin, Provider};

pub(super) static PROVIDER: Provider = Provider {
    aliases: &["zaloclawbot", "zalo-clawbot"],
    ..Provider::named("openclaw-zaloclawbot", "Zalo ClawBot", Origin::ThirdParty)
};

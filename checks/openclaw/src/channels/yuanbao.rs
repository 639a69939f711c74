//! Tencent Yuanbao, by a plugin of another publisher.

use super::provider::{Origin, Provider};

pub(super) static PROVIDER: Provider = Provider {
    aliases: &["yb", "tencent-yuanbao", "元宝"],
    ..Provider::named("yuanbao", "Yuanbao", Origin::ThirdParty)
};

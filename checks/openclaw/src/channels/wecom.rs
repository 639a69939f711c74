//! `WeCom`, by a plugin of another publisher.

use super::provider::{Origin, Provider};

pub(super) static PROVIDER: Provider = Provider {
    aliases: &["qywx", "wework", "enterprise-wechat"],
    ..Provider::named("wecom", "WeCom", Origin::ThirdParty)
};

//! Weixin, which is also called `WeChat`, by a plugin of another publisher.

use super::provider::{Origin, Provider};

pub(super) static PROVIDER: Provider = Provider {
    aliases: &["weixin", "wechat", "微信"],
    ..Provider::named("openclaw-weixin", "Weixin", Origin::ThirdParty)
};

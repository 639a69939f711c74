//! iMessage. It has no credentials of its own.

use super::credentials::Login;
use super::provider::{DirectMessages, Groups, OpenGroups, Origin, Provider};

pub(super) static PROVIDER: Provider = Provider {
    aliases: &["imsg"],
    login: Login::InUse(&[
        "cliPath",
        "dbPath",
        "service",
        "region",
        "dmPolicy",
        "groupPolicy",
        "allowFrom",
        "groupAllowFrom",
        "groups",
        "attachmentRoots",
        "remoteAttachmentRoots",
        "includeAttachments",
        "mediaMaxMb",
        "textChunkLimit",
    ]),
    direct_messages: DirectMessages::PAIRING,
    groups: Some(Groups { open: OpenGroups::Members, ..Groups::UNKNOWN }),
    ..Provider::named("imessage", "iMessage", Origin::FormerlyBundled)
};

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::configured;

    #[test]
    fn any_setting_shows_that_it_is_in_use() {
        assert!(!configured("imessage", &json!({"allowFrom": []})));
        for section in
            [json!({"dmPolicy": "open"}), json!({"allowFrom": ["x"]}), json!({"mediaMaxMb": 1})]
        {
            assert!(configured("imessage", &section), "{section}");
        }
    }
}

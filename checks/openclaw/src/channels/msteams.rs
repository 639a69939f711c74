//! Microsoft Teams. It has a single account.

use super::accounts::AccountIds;
use super::credentials::{Login, or_variable};
use super::provider::{AccountRules, Groups, OpenGroups, Origin, Provider, SecretRef};
use super::senders::{Senders, without_prefix};

const PREFIXES: &[&str] = &["msteams:", "user:"];

pub(super) static PROVIDER: Provider = Provider {
    aliases: &["teams"],
    accounts: AccountRules { ids: AccountIds::Single, ..AccountRules::PLAIN },
    login: Login::Needs(&[
        or_variable(&["appId"], &["MSTEAMS_APP_ID"]),
        or_variable(
            &["appPassword", "certificatePath", "useManagedIdentity"],
            &["MSTEAMS_APP_PASSWORD"],
        ),
        or_variable(&["tenantId"], &["MSTEAMS_TENANT_ID"]),
    ]),
    secret_refs: &[SecretRef::always("appPassword")],
    // OpenClaw's plugin takes no part in the audit of direct messages, although it has a policy for them.
    groups: Some(Groups { open: OpenGroups::MentioningMembers, ..Groups::UNKNOWN }),
    senders: Senders::verbatim(&[PREFIXES]),
    is_mutable_name: Some(is_mutable_name),
    ..Provider::named("msteams", "Microsoft Teams", Origin::FormerlyBundled)
};

/// A display name has white space, an address an `@`.
fn is_mutable_name(entry: &str) -> bool {
    without_prefix(PREFIXES, entry).contains(|c: char| c.is_whitespace() || c == '@')
}

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::secret;
    use serde_json::json;

    use super::super::testing::{configured, ids};
    use super::*;

    #[test]
    fn it_has_one_account() {
        assert_eq!(ids(json!({"msteams": {"accounts": {"a": {}}}})), ["default"]);
    }

    #[test]
    fn it_needs_an_app_its_password_and_a_tenant() {
        let teams = json!({"appId": "a", "appPassword": secret("p"), "tenantId": "t"});
        assert!(configured("msteams", &teams));
    }

    #[test]
    fn names_have_space_or_at() {
        assert!(is_mutable_name("Ann B") && is_mutable_name("user:a@b.c"));
        assert!(!is_mutable_name("7d1f-aa") && !is_mutable_name("msteams:x"));
    }
}

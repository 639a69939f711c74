//! Which values are changed, in which file, and which are refused.

use super::{Fixed, config_of};
use crate::support::workspace::Workspace;

#[test]
fn every_channel_and_account_is_flipped() {
    let config = "{
  logging: {redactSensitive: 'off'}, // why
  channels: {
    matrix: {groupPolicy: \"open\"},
    telegram: {dmPolicy: 'open', accounts: {a: {groupPolicy: 'open'}, b: {groupPolicy: 'disabled'}}},
    defaults: {groupPolicy: 'open',},
  },
}
";
    let workspace = Workspace::with_config_text(config);
    let fixed = Fixed::of(&workspace);
    assert!(fixed.ok() && fixed.config_written());
    assert_eq!(
        fixed.changes(),
        [
            "logging.redactSensitive=off -> \"tools\"",
            "channels.matrix.groupPolicy=open -> allowlist",
            "channels.telegram.accounts.a.groupPolicy=open -> allowlist",
            "channels.defaults.groupPolicy=open -> allowlist",
        ]
    );
    let expected = config
        .replace("'off'", "'tools'")
        .replace("groupPolicy: \"open\"", "groupPolicy: \"allowlist\"")
        .replace("groupPolicy: 'open'", "groupPolicy: 'allowlist'");
    assert_eq!(workspace.read("state/openclaw.json"), expected);
    assert!(Fixed::of(&workspace).changes().is_empty());
}

#[test]
fn whatsapp_groups_are_seeded_unless_someone_is_listed() {
    let listed = [
        ("", 2),
        (", allowFrom: ['+1']", 1),
        (", groupAllowFrom: ['+1']", 1),
        (", groupAllowFrom: []", 2),
    ];
    for (section, expected) in listed {
        let config = format!("{{channels: {{whatsapp: {{groupPolicy: 'open'{section}}}}}}}");
        let workspace = Workspace::with_config_text(&config);
        let store = r#"{"version":1,"allowFrom":["+1555", "*", " "]}"#;
        workspace.file("state/credentials/whatsapp-allowFrom.json", 0o600, store);
        let fixed = Fixed::of(&workspace);
        assert_eq!(fixed.changes().len(), expected, "{section}: {:?}", fixed.errors());
        let whatsapp = &config_of(&workspace)["channels"]["whatsapp"];
        if expected == 2 {
            assert_eq!(fixed.changes()[1], "channels.whatsapp.groupAllowFrom=pairing-store");
            assert_eq!(whatsapp["groupAllowFrom"], serde_json::json!(["+1555"]));
        }
        assert_eq!(whatsapp["groupPolicy"], "allowlist");
    }
}

#[test]
fn an_edit_lands_in_the_file_that_owns_the_value() {
    let main = "{channels: {$include: './parts/channels.json5'}} // main\n";
    let workspace = Workspace::with_config_text(main);
    let part = "\u{feff}// part\r\n{\r\n\tslack : {'groupPolicy':\t\"open\" /* ! */ , },\r\n}\r\n";
    workspace.file("state/parts/channels.json5", 0o600, part);
    assert!(Fixed::of(&workspace).config_written());
    assert_eq!(workspace.read("state/openclaw.json"), main);
    let expected = part.replace("\"open\"", "\"allowlist\"");
    assert_eq!(workspace.read("state/parts/channels.json5"), expected);
}

#[test]
fn a_value_from_the_environment_is_not_edited() {
    let config = "{channels: {x: {groupPolicy: '${POLICY}'}}}";
    let workspace = Workspace::with_config_text(config);
    let fixed = Fixed::with(&workspace, "POLICY", "open");
    assert!(!fixed.ok());
    assert!(fixed.errors()[0].ends_with("its value comes from ${POLICY}"), "{:?}", fixed.errors());
    assert_eq!(workspace.read("state/openclaw.json"), config);
}

#[test]
fn a_read_only_config_is_not_written() {
    for variable in ["OPENCLAW_CONFIG_READONLY", "OPENCLAW_NIX_MODE"] {
        let workspace = Workspace::with_config_text("{channels: {x: {groupPolicy: 'open'}}}");
        workspace.mode("state/openclaw.json", 0o644);
        let fixed = Fixed::with(&workspace, variable, "1");
        assert!(fixed.errors()[0].contains(variable));
        assert_eq!((fixed.config_written(), fixed.changes().len()), (false, 1));
        assert_eq!(workspace.mode_of("state/openclaw.json"), 0o600);
    }
}

#[test]
fn an_incomplete_config_is_not_edited_but_its_permissions_are() {
    let workspace = Workspace::with_config_text(
        "{channels: {x: {groupPolicy: 'open'}}, $include: './none.json'}",
    );
    workspace.mode("state", 0o755);
    let fixed = Fixed::of(&workspace);
    assert_eq!((fixed.ok(), fixed.changes().len()), (false, 0));
    assert_eq!(workspace.mode_of("state"), 0o700);
}

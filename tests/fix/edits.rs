//! Which values are changed, in which file, and which are refused.

use super::{Fixed, config_of};
use crate::place::Place;

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
    let place = Place::with_config_text(config);
    let fixed = Fixed::of(&place);
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
    assert_eq!(place.read("state/openclaw.json"), expected);
    assert!(Fixed::of(&place).changes().is_empty());
}

#[test]
fn whatsapp_groups_are_seeded_unless_somebody_is_listed() {
    let listed = [
        ("", 2),
        (", allowFrom: ['+1']", 1),
        (", groupAllowFrom: ['+1']", 1),
        (", groupAllowFrom: []", 2),
    ];
    for (section, expected) in listed {
        let config = format!("{{channels: {{whatsapp: {{groupPolicy: 'open'{section}}}}}}}");
        let place = Place::with_config_text(&config);
        let store = r#"{"version":1,"allowFrom":["+1555", "*", " "]}"#;
        place.file("state/credentials/whatsapp-allowFrom.json", 0o600, store);
        let fixed = Fixed::of(&place);
        assert_eq!(fixed.changes().len(), expected, "{section}: {:?}", fixed.errors());
        let whatsapp = &config_of(&place)["channels"]["whatsapp"];
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
    let place = Place::with_config_text(main);
    let part = "\u{feff}// part\r\n{\r\n\tslack : {'groupPolicy':\t\"open\" /* ! */ , },\r\n}\r\n";
    place.file("state/parts/channels.json5", 0o600, part);
    assert!(Fixed::of(&place).config_written());
    assert_eq!(place.read("state/openclaw.json"), main);
    let expected = part.replace("\"open\"", "\"allowlist\"");
    assert_eq!(place.read("state/parts/channels.json5"), expected);
}

#[test]
fn what_comes_from_the_environment_is_refused() {
    let config = "{channels: {x: {groupPolicy: '${POLICY}'}}}";
    let place = Place::with_config_text(config);
    let fixed = Fixed::with(&place, "POLICY", "open");
    assert!(!fixed.ok());
    assert!(fixed.errors()[0].ends_with("its value comes from ${POLICY}"), "{:?}", fixed.errors());
    assert_eq!(place.read("state/openclaw.json"), config);
}

#[test]
fn a_config_that_is_not_to_be_written_is_not_written() {
    for variable in ["OPENCLAW_CONFIG_READONLY", "OPENCLAW_NIX_MODE"] {
        let place = Place::with_config_text("{channels: {x: {groupPolicy: 'open'}}}");
        place.mode("state/openclaw.json", 0o644);
        let fixed = Fixed::with(&place, variable, "1");
        assert!(fixed.errors()[0].contains(variable));
        assert_eq!((fixed.config_written(), fixed.changes().len()), (false, 1));
        assert_eq!(place.mode_of("state/openclaw.json"), 0o600);
    }
}

#[test]
fn an_incomplete_config_is_not_edited_but_closed() {
    let place =
        Place::with_config_text("{channels: {x: {groupPolicy: 'open'}}, $include: './none.json'}");
    place.mode("state", 0o755);
    let fixed = Fixed::of(&place);
    assert_eq!((fixed.ok(), fixed.changes().len()), (false, 0));
    assert_eq!(place.mode_of("state"), 0o700);
}

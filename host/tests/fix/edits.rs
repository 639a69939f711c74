//! Which values are changed, in which file, and which are refused.

use serde_json::Value;

use crate::place::Place;

#[test]
fn the_cases_that_openclaw_answers() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("cases.json")).unwrap();
    for case in &cases {
        let place = Place::of(&case["config"].to_string());
        for file in case["files"].as_array().unwrap() {
            let name = file["path"].as_str().unwrap().replace("${STATE}", "state");
            place.write(&name, file["content"].as_str().unwrap());
            place.chmod(&name, u32::from_str_radix(file["mode"].as_str().unwrap(), 8).unwrap());
        }
        let fixed = place.fix();
        let expected = &case["expect_fix"];
        assert_eq!(Some(fixed.ok()), expected["ok"].as_bool(), "{case}");
        for (path, value) in expected["config_values"].as_object().unwrap() {
            let pointer = format!("/{}", path.replace('.', "/"));
            assert_eq!(place.config().pointer(&pointer), Some(value), "{path}");
        }
    }
}

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
    let place = Place::of(config);
    let fixed = place.fix();
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
    assert!(place.fix().changes().is_empty());
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
        let place = Place::of(&config);
        let store = r#"{"version":1,"allowFrom":["+1555", "*", " "]}"#;
        place.write("state/credentials/whatsapp-allowFrom.json", store);
        let fixed = place.fix();
        assert_eq!(fixed.changes().len(), expected, "{section}: {:?}", fixed.errors());
        let whatsapp = &place.config()["channels"]["whatsapp"];
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
    let place = Place::of(main);
    let part = "\u{feff}// part\r\n{\r\n\tslack : {'groupPolicy':\t\"open\" /* ! */ , },\r\n}\r\n";
    place.write("state/parts/channels.json5", part);
    assert!(place.fix().config_written());
    assert_eq!(place.read("state/openclaw.json"), main);
    let expected = part.replace("\"open\"", "\"allowlist\"");
    assert_eq!(place.read("state/parts/channels.json5"), expected);
}

#[test]
fn what_comes_from_the_environment_is_refused() {
    let config = "{channels: {x: {groupPolicy: '${POLICY}'}}}";
    let place = Place::of(config).set("POLICY", "open");
    let fixed = place.fix();
    assert!(!fixed.ok());
    assert!(fixed.errors()[0].ends_with("its value comes from ${POLICY}"), "{:?}", fixed.errors());
    assert_eq!(place.read("state/openclaw.json"), config);
}

#[test]
fn a_config_that_is_not_to_be_written_is_not_written() {
    for variable in ["OPENCLAW_CONFIG_READONLY", "OPENCLAW_NIX_MODE"] {
        let place = Place::of("{channels: {x: {groupPolicy: 'open'}}}").set(variable, "1");
        place.chmod("state/openclaw.json", 0o644);
        let fixed = place.fix();
        assert!(fixed.errors()[0].contains(variable));
        assert_eq!((fixed.config_written(), fixed.changes().len()), (false, 1));
        assert_eq!(place.mode("state/openclaw.json"), 0o600);
    }
}

#[test]
fn an_incomplete_config_is_not_edited_but_closed() {
    let place = Place::of("{channels: {x: {groupPolicy: 'open'}}, $include: './none.json'}");
    place.chmod("state", 0o755);
    let fixed = place.fix();
    assert_eq!((fixed.ok(), fixed.changes().len()), (false, 0));
    assert_eq!(place.mode("state"), 0o700);
}

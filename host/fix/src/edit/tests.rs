use serde_json::json;

use super::*;
use crate::test_rng::TestRng;

fn replaced(text: &str, pointer: &str, value: Json) -> String {
    let edits = [Edit::Replace { pointer: pointer.to_owned(), value }];
    apply(text, &splices(text, &edits).unwrap()).unwrap()
}

fn undone(new: &str, splices: &[Splice]) -> Option<String> {
    apply(new, &reversed(splices)?)
}

fn seeded(text: &str) -> String {
    let beside = "/w/groupPolicy".to_owned();
    let edits = [
        Edit::Replace { pointer: beside.clone(), value: json!("allowlist") },
        Edit::Insert { beside, key: "groupAllowFrom".to_owned(), value: json!(["+1"]) },
    ];
    let found = splices(text, &edits).unwrap();
    let new = apply(text, &found).unwrap();
    assert_eq!(undone(&new, &found).as_deref(), Some(text));
    new
}

#[test]
fn quotes_and_everything_around_them_stay() {
    let text = "\u{feff}{ // x\r\n\tb : 'open' /* y */,\r\n\"a\":{'c': \"open\",},}\r\n";
    assert_eq!(replaced(text, "/b", json!("allowlist")), text.replace("'open'", "'allowlist'"));
    assert_eq!(
        replaced(text, "/a/c", json!("allowlist")),
        text.replace("\"open\"", "\"allowlist\"")
    );
    assert_eq!(replaced("{a: true}", "/a", json!(false)), "{a: false}");
    assert_eq!(replaced("{a: 'x'}", "/a", json!("it's \"so\"\n")), r#"{a: 'it\'s "so"\n'}"#);
}

#[test]
fn of_equal_keys_the_last_is_changed() {
    assert_eq!(replaced("{a: 'x', a: 'x'}", "/a", json!("y")), "{a: 'x', a: 'y'}");
}

#[test]
fn a_new_member_is_written_like_its_neighbour() {
    assert_eq!(
        seeded("{w: {\n    groupPolicy: 'open', // all\n  },\n}"),
        "{w: {\n    groupPolicy: 'allowlist', // all\n    groupAllowFrom: ['+1'],\n  },\n}"
    );
    assert_eq!(
        seeded("{\"w\": {\r\n\t\"groupPolicy\": \"open\"\r\n}}"),
        "{\"w\": {\r\n\t\"groupPolicy\": \"allowlist\",\r\n\t\"groupAllowFrom\": [\"+1\"]\r\n}}"
    );
    assert_eq!(
        seeded(r#"{"w":{"groupPolicy":"open"}}"#),
        r#"{"w":{"groupPolicy":"allowlist","groupAllowFrom":["+1"]}}"#
    );
    assert_eq!(
        seeded("{w: {groupPolicy: 'open', x: 1}}"),
        "{w: {groupPolicy: 'allowlist', groupAllowFrom: ['+1'], x: 1}}"
    );
    assert_eq!(
        seeded("{w: {\n  groupPolicy: 'open' /* a\n b */, x: 1}}"),
        "{w: {\n  groupPolicy: 'allowlist', groupAllowFrom: ['+1'] /* a\n b */, x: 1}}"
    );
    assert_eq!(
        seeded("{w: {\n  groupPolicy: 'open' // last\n}}"),
        "{w: {\n  groupPolicy: 'allowlist', // last\n  groupAllowFrom: ['+1']\n}}"
    );
}

#[test]
fn refuses_what_cannot_be_proven() {
    let replace = |pointer: &str| Edit::Replace { pointer: pointer.to_owned(), value: json!(1) };
    assert_eq!(splices("{", &[replace("/a")]), Err(EditError::Syntax));
    assert_eq!(splices("{}", &[replace("/a")]), Err(EditError::NotThere("/a".to_owned())));
    assert_eq!(splices("{a: 0}", &[replace("/a"), replace("/a")]), Err(EditError::Overlap));
    let insert = Edit::Insert { beside: "/a".to_owned(), key: "b".to_owned(), value: json!(1) };
    assert_eq!(splices("{a: 0, b: 2}", &[insert]), Err(EditError::Overlap));
}

#[test]
fn impossible_splices_change_nothing() {
    let splice =
        |start, old: &str, new: &str| Splice { start, old: old.to_owned(), new: new.to_owned() };
    for splices in [
        vec![splice(usize::MAX, "", "x")],
        vec![splice(usize::MAX, "", "xx"), splice(usize::MAX, "", "x")],
        vec![splice(0, "abc", ""), splice(1, "", "x")],
        vec![splice(1, "b", "x"), splice(0, "a", "x")],
        vec![splice(1, "\u{e9}", "x")],
    ] {
        assert_eq!(apply("abc", &splices), None, "{splices:?}");
        assert_eq!(undone("abc", &splices), None, "{splices:?}");
    }
}

#[test]
fn a_config_of_one_long_line_is_edited_in_time() {
    let members: Vec<String> =
        (0..50_000).map(|n| format!("\"a{n}\":{{\"groupPolicy\":\"open\"}}")).collect();
    let text = format!("{{{}}}", members.join(","));
    let edits: Vec<Edit> = (0..50_000)
        .map(|n| Edit::Insert {
            beside: format!("/a{n}/groupPolicy"),
            key: "groupAllowFrom".to_owned(),
            value: json!(["+1"]),
        })
        .collect();
    let started = std::time::Instant::now();
    let found = splices(&text, &edits).unwrap();
    assert_eq!(found.len(), edits.len());
    assert!(started.elapsed() < std::time::Duration::from_secs(20), "{:?}", started.elapsed());
}

impl TestRng {
    fn blank(&mut self) -> &'static str {
        self.pick(&["", " ", "\n", "\r\n  ", "\t", "/* { \" */", " // }'\n", "\u{a0}", "/**/"])
    }

    /// A value, and in it the places of strings, as pointers.
    fn value(&mut self, depth: usize, at: &str, places: &mut Vec<String>) -> String {
        let kind = if depth == 0 { 2 + self.below(4) } else { self.below(6) };
        match kind {
            0 | 1 => {
                let (open, close) = if kind == 0 { ('{', '}') } else { ('[', ']') };
                let mut out = open.to_string();
                let count = self.below(4);
                for number in 0..count {
                    out.push_str(self.blank());
                    let name = if kind == 0 { format!("k{number}") } else { number.to_string() };
                    if kind == 0 {
                        let quote = self.pick(&["", "'", "\""]);
                        out.push_str(&[quote, &name, quote, self.blank(), ":"].concat());
                    }
                    out.push_str(self.blank());
                    out.push_str(&self.value(depth - 1, &format!("{at}/{name}"), places));
                    out.push_str(self.blank());
                    if number + 1 < count || self.below(2) == 0 {
                        out.push(',');
                    }
                }
                out.push_str(self.blank());
                out.push(close);
                out
            }
            2 | 3 => {
                places.push(at.to_owned());
                self.pick(&[
                    "'open'",
                    "\"open\"",
                    "'a\\'b'",
                    "\"//\"",
                    "'/*'",
                    "\"é\\u0041\"",
                    "'x\\\ny'",
                ])
                .to_owned()
            }
            4 => self.pick(&["1", "-0x1F", "+.5", "5.", "1e3", "Infinity"]).to_owned(),
            _ => self.pick(&["true", "null", "false"]).to_owned(),
        }
    }
}

#[test]
fn bytes_outside_the_value_stay_in_ten_thousand_texts() {
    let mut rng = TestRng(0x9e37_79b9_7f4a_7c15);
    let mut done = 0;
    while done < 10_000 {
        let mut places = Vec::new();
        let text = format!("{}{}{}", rng.blank(), rng.value(4, "", &mut places), rng.blank());
        let text = if rng.below(8) == 0 { format!("\u{feff}{text}") } else { text };
        if places.is_empty() {
            continue;
        }
        let pointer = places[rng.below(places.len())].clone();
        let edit = Edit::Replace { pointer: pointer.clone(), value: json!("allow'list\"") };
        let found = splices(&text, &[edit]).unwrap_or_else(|error| panic!("{error}: {text}"));
        let [splice] = found.as_slice() else { panic!("{text}") };
        let new = apply(&text, &found).unwrap();
        // What goes is a string from quote to quote, and no blank or comment beside it.
        let quote = splice.old.chars().next().filter(|c| matches!(c, '"' | '\''));
        assert!(quote.is_some_and(|quote| splice.old.ends_with(quote)), "{splice:?}");
        let end = splice.start + splice.old.len();
        assert_eq!(new[..splice.start], text[..splice.start]);
        assert_eq!(new[splice.start + splice.new.len()..], text[end..]);
        assert_eq!(undone(&new, &found).as_deref(), Some(text.as_str()));
        let before = parse(&text, &ConfigLimits::default()).unwrap().json;
        let after = parse(&new, &ConfigLimits::default()).unwrap().json;
        assert!(before.pointer(&pointer).unwrap().is_string());
        assert_eq!(after.pointer(&pointer), Some(&json!("allow'list\"")));
        done += 1;
    }
}

#[test]
fn a_new_member_stays_beside_its_neighbour_in_ten_thousand_texts() {
    let mut rng = TestRng(0x2545_f491_4f6c_dd1d);
    let mut done = 0;
    while done < 10_000 {
        let mut places = Vec::new();
        let text = format!("{}{}{}", rng.blank(), rng.value(4, "", &mut places), rng.blank());
        // Beside a member of an object, not beside an item of a list.
        places.retain(|place| place.rsplit('/').next().is_some_and(|name| name.starts_with('k')));
        if places.is_empty() {
            continue;
        }
        let beside = places[rng.below(places.len())].clone();
        let edit = Edit::Insert {
            beside: beside.clone(),
            key: "newKey".to_owned(),
            value: json!(["+1", "*'\""]),
        };
        let found = splices(&text, &[edit]).unwrap_or_else(|error| panic!("{error}: {text}"));
        assert!(found.iter().all(|splice| splice.old.is_empty()), "{text}");
        let new = apply(&text, &found).unwrap();
        assert_eq!(undone(&new, &found).as_deref(), Some(text.as_str()));
        let (parent, _) = beside.rsplit_once('/').unwrap();
        let mut wanted = parse(&text, &ConfigLimits::default()).unwrap().json;
        let members = wanted.pointer_mut(parent).and_then(Json::as_object_mut).unwrap();
        members.insert("newKey".to_owned(), json!(["+1", "*'\""]));
        assert_eq!(parse(&new, &ConfigLimits::default()).unwrap().json, wanted, "{text}");
        done += 1;
    }
}

/// Configs with their paths: those of the repository, and those in the folder that `CHITIN_CORPUS` names.
fn configs() -> Vec<(String, String)> {
    let ours = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/configs");
    let folders = [Some(ours), std::env::var_os("CHITIN_CORPUS").map(std::path::PathBuf::from)];
    let entries = folders.iter().flatten().flat_map(|folder| std::fs::read_dir(folder).unwrap());
    let configs = entries.map(|entry| entry.unwrap().path().join("openclaw.json"));
    configs
        .filter_map(|path| Some((path.display().to_string(), std::fs::read_to_string(path).ok()?)))
        .collect()
}

/// The pointers of all values that hold no others.
fn leaves(value: &Json, at: &str, found: &mut Vec<String>) {
    let segment = |key: &str| format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
    match value {
        Json::Object(members) => {
            members.iter().for_each(|(key, value)| leaves(value, &segment(key), found));
        }
        Json::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(n, item)| leaves(item, &segment(&n.to_string()), found));
        }
        _ => found.push(at.to_owned()),
    }
}

#[test]
fn every_value_of_a_config_can_be_edited_alone() {
    let configs = configs();
    assert!(configs.len() >= 8, "{configs:?}");
    let (mut edited, mut with_comments) = (0, 0);
    for (path, text) in &configs {
        let Ok(parsed) = parse(text, &ConfigLimits::default()) else {
            panic!("{path} does not parse")
        };
        let mut pointers = Vec::new();
        leaves(&parsed.json, "", &mut pointers);
        assert!(!pointers.is_empty(), "{path} has nothing to edit");
        // Enough of a long one: each edit parses the whole text twice.
        let step = pointers.len().div_ceil(60);
        for pointer in pointers.iter().step_by(step) {
            let edit = Edit::Replace { pointer: pointer.clone(), value: json!("canary // edited") };
            let found = splices(text, &[edit]).unwrap_or_else(|error| panic!("{path}: {error}"));
            let [splice] = found.as_slice() else { panic!("{path}{pointer}") };
            let new = apply(text, &found).unwrap();
            assert_eq!(new[..splice.start], text[..splice.start], "{path}{pointer}");
            let (new_end, old_end) =
                (splice.start + splice.new.len(), splice.start + splice.old.len());
            assert_eq!(new[new_end..], text[old_end..], "{path}{pointer}");
            let mut wanted = parsed.json.clone();
            *wanted.pointer_mut(pointer).unwrap() = json!("canary // edited");
            assert_eq!(parse(&new, &ConfigLimits::default()).unwrap().json, wanted);
            assert_eq!(undone(&new, &found).as_deref(), Some(text.as_str()), "{path}{pointer}");
            edited += 1;
        }
        with_comments += usize::from(text.contains("//") && text.contains("/*"));
    }
    assert!(with_comments > 0 && edited > configs.len());
}

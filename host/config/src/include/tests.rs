use std::fs;
use std::os::unix::fs::symlink;

use super::super::testing::Gateway;
use super::*;
use crate::line_index::Position;

/// Loads a main file and others of the state directory, and prints the tree.
fn tree(main: &str, others: &[(&str, &str)]) -> String {
    let config = gateway(main, others).load();
    assert!(config.problems.is_empty(), "{:?}", config.problems);
    config.printed()
}

fn gateway(main: &str, others: &[(&str, &str)]) -> Gateway {
    let gateway = Gateway::of(main);
    for (name, text) in others {
        gateway.write(&format!("state/{name}"), text);
    }
    gateway
}

/// What is left of `{x: {$include: …}, y: 1}` when the include fails, and why it does.
fn failure(directive: &str, gateway: &Gateway) -> String {
    gateway.write("state/openclaw.json", &format!("{{x: {{$include: {directive}}}, y: 1}}"));
    let config = gateway.load();
    assert_eq!(config.printed(), r#"{"x":{},"y":1}"#);
    let [problem] = config.problems.as_slice() else { panic!("{:?}", config.problems) };
    assert_eq!((problem.kind, problem.pointer.as_str()), (ProblemKind::IncludeFailed, "/x"));
    assert_eq!(problem.path, gateway.path("state/openclaw.json"));
    assert_eq!(problem.position, Some(Position { line: 1, column: 6 }));
    problem.message.clone()
}

#[test]
fn an_include_alone_takes_the_objects_place() {
    let others = [
        ("a.json", "{b: [1, {$include: 'sub/c.json'}]}"),
        ("sub/c.json", "[2, {$include: './d'}]"),
        ("sub/d", "'d'"),
    ];
    assert_eq!(tree("{x: {$include: './a.json'}}", &others), r#"{"x":{"b":[1,[2,"d"]]}}"#);
    assert_eq!(tree("{$include: 'a.json'}", &[("a.json", "{a: 1}")]), r#"{"a":1}"#);
    assert_eq!(tree("{$include: 'ROOT/state/a.json'}", &[("a.json", "{a: 1}")]), r#"{"a":1}"#);
}

#[test]
fn siblings_are_merged_over_what_is_included() {
    let others = [
        ("a.json", "{gateway: {bind: 'loopback', port: 1, list: [1]}, z: 1, n: 2}"),
        ("b.json", "{c: 3}"),
    ];
    let main = "{n: null, gateway: {bind: 'lan', list: [2], sub: {$include: 'b.json'}}, $include: 'a.json', '1': 0}";
    let expected =
        r#"{"1":0,"gateway":{"bind":"lan","port":1,"list":[1,2],"sub":{"c":3}},"z":1,"n":null}"#;
    assert_eq!(tree(main, &others), expected);
}

#[test]
fn a_list_of_includes_is_merged_from_left_to_right() {
    let others = [
        ("a.json", "{l: [1], m: {x: 1}, s: 1}"),
        ("b.json", "{l: [2], m: {y: 2}, s: [3]}"),
        ("l.json", "[1]"),
    ];
    let main = "{$include: ['a.json', './b.json', 'a.json'], l: [4]}";
    assert_eq!(tree(main, &others), r#"{"l":[1,2,1,4],"m":{"x":1,"y":2},"s":1}"#);
    assert_eq!(tree("{x: {$include: ['l.json']}}", &others), r#"{"x":[1]}"#);
    assert_eq!(tree("{x: {$include: ['l.json', 'l.json']}}", &others), r#"{"x":[1,1]}"#);
    assert_eq!(tree("{x: {$include: []}}", &others), r#"{"x":{}}"#);
}

#[test]
fn merging_drops_keys_that_touch_prototypes() {
    let others = [(
        "a.json",
        "{prototype: 1, m: {constructor: 1, k: [{prototype: 2}]}, o: {constructor: 1}}",
    )];
    let main = "{$include: 'a.json', m: {constructor: 2, l: 1}}";
    assert_eq!(tree(main, &others), r#"{"m":{"k":[{"prototype":2}],"l":1},"o":{}}"#);
}

#[test]
fn siblings_need_an_object() {
    let config = gateway("{$include: ['l.json'], x: 1}", &[("l.json", "[1]")]).load();
    assert_eq!(config.printed(), r#"{"x":1}"#);
    assert!(config.messages()[0].contains("not an object"));
}

#[test]
fn the_same_file_may_come_in_twice_but_not_into_itself() {
    let others = [("a.json", "{c: {$include: 'c.json'}}"), ("c.json", "1")];
    assert_eq!(
        tree("{a: {$include: 'a.json'}, b: {$include: 'a.json'}}", &others),
        r#"{"a":{"c":1},"b":{"c":1}}"#
    );

    let circle = gateway(
        "{a: {$include: 'a.json'}}",
        &[("a.json", "{b: {$include: './sub/../openclaw.json'}}")],
    )
    .load();
    assert_eq!(circle.printed(), r#"{"a":{"b":{}}}"#);
    assert!(circle.messages()[0].ends_with("it includes itself"));
    assert_eq!(
        (circle.problems[0].path.file_name().unwrap(), circle.problems[0].pointer.as_str()),
        ("a.json".as_ref(), "/a/b")
    );
}

#[test]
fn ten_files_deep_is_the_limit() {
    let gateway = Gateway::of("{n: {$include: '1'}}");
    for depth in 1..=11 {
        gateway.write(&format!("state/{depth}"), &format!("{{n: {{$include: '{}'}}}}", depth + 1));
    }
    gateway.write("state/10", "{n: 'ten'}");
    assert!(gateway.load().problems.is_empty());
    gateway.write("state/10", "{n: {$include: '11'}}");
    let config = gateway.load();
    assert!(config.messages()[0].contains("more than 10 files deep"));
    assert_eq!(config.problems[0].pointer, "/n".repeat(11));
    assert_eq!(config.includes.len(), 11);
}

#[test]
fn a_failed_include_is_an_empty_object() {
    let gateway = Gateway::with(&[("outside.json", "{}"), ("state/sub/x.json", "{}")]);
    gateway.write("state/bad.json", "{token: 'hush");
    gateway.write("state/big.json", &" ".repeat((2 << 20) + 1));
    gateway.write("state/deep.json", &"[".repeat(600));
    gateway.write("state/exact.json", &format!("{{}}{}", " ".repeat((2 << 20) - 2)));
    gateway.write("state/one.json", "1");
    fs::hard_link(gateway.path("state/one.json"), gateway.path("state/two.json")).unwrap();
    symlink("../outside.json", gateway.path("state/out.json")).unwrap();
    symlink("loop.json", gateway.path("state/loop.json")).unwrap();
    symlink("sub/x.json", gateway.path("state/in.json")).unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, gateway.path("state/pipe"), rustix::fs::Mode::RUSR)
        .unwrap();
    let long = format!("'{}'", "x".repeat(4096));
    let cases = [
        ("1", "neither a path nor a list"),
        ("null", "neither a path nor a list"),
        ("{a: 1}", "neither a path nor a list"),
        ("[1]", "neither a path nor a list"),
        ("'none.json'", "fails: it does not exist"),
        (
            "'bad.json'",
            "does not parse: the text ends before what begins here is complete (line 1, column 1)",
        ),
        ("'../outside.json'", "outside the allowed directories"),
        ("'ROOT/outside.json'", "outside the allowed directories"),
        ("'/etc/passwd'", "outside the allowed directories"),
        ("'out.json'", "through a link"),
        ("'two.json'", "more than one hard link"),
        ("'big.json'", "larger than 2097152 bytes"),
        ("'deep.json'", "more than 512 levels"),
        ("'pipe'", "not a regular file"),
        ("'sub'", "it is a directory"),
        ("'.'", "it is a directory"),
        ("''", "it is a directory"),
        ("'loop.json'", "cannot be read"),
        ("'a\\0b'", "contains a NUL"),
        (&long, "too long"),
    ];
    for (directive, expected) in cases {
        let message = failure(directive, &gateway);
        assert!(message.contains(expected), "{directive:.50}: {message}");
        assert!(!message.contains("hush") && message.len() < 500, "{message}");
    }
    for directive in ["'in.json'", "'exact.json'", "'sub/../sub/x.json'"] {
        gateway.write("state/openclaw.json", &format!("{{x: {{$include: {directive}}}}}"));
        assert!(gateway.load().problems.is_empty(), "{directive}");
    }
}

#[test]
fn what_can_be_included_of_a_list_is() {
    let config = gateway(
        "{$include: ['a.json', 1, 'none', 'b.json'], c: 3}",
        &[("a.json", "{a: 1}"), ("b.json", "{b: 2}")],
    )
    .load();
    assert_eq!(config.printed(), r#"{"a":1,"b":2,"c":3}"#);
    assert_eq!(config.problems.len(), 2);
}

#[test]
fn the_environment_can_allow_more_directories() {
    let with_roots = |roots: &str| {
        let files = [
            ("state/openclaw.json", "{$include: 'ROOT/shared/x.json'}"),
            ("shared/x.json", "{x: 1}"),
            ("home/y", ""),
        ];
        Gateway::with(&files).set("OPENCLAW_INCLUDE_ROOTS", roots)
    };
    for roots in ["ROOT/shared", " /none : ROOT/shared/ ", "~/../shared", "../shared"] {
        assert_eq!(with_roots(roots).load().printed(), r#"{"x":1}"#, "{roots}");
    }
    for roots in ["", "/none", "ROOT/share"] {
        assert_eq!(with_roots(roots).load().problems.len(), 1, "{roots}");
    }
    let foreign = with_roots("ROOT/shared").copied_here();
    assert_eq!(foreign.load().problems.len(), 1);
}

#[test]
fn every_value_has_its_place() {
    let main = "{\n  $include: './a.json',\n  gateway: {bind: 'lan', list: [1]},\n}";
    let gateway = gateway(
        main,
        &[("a.json", "{gateway: {port: 1,\n  list: [2]},\n x: {$include: 'b'}}"), ("b", " {y: 1}")],
    );
    let config = gateway.load();
    let at = |pointer: &str| {
        let place = config.location_of(pointer);
        let position = config.locate(&place).unwrap();
        let file = config.files[place.file].path.file_name().unwrap().to_str().unwrap().to_owned();
        (file, place.pointer, position.line, position.column)
    };
    let expect = |file: &str, pointer: &str, line, column| {
        (file.to_owned(), pointer.to_owned(), line, column)
    };
    assert_eq!(at(""), expect("openclaw.json", "", 1, 1));
    assert_eq!(at("/gateway"), expect("openclaw.json", "/gateway", 3, 3));
    assert_eq!(at("/gateway/port"), expect("a.json", "/gateway/port", 1, 12));
    assert_eq!(at("/gateway/list/0"), expect("a.json", "/gateway/list/0", 2, 10));
    assert_eq!(at("/gateway/list/1"), expect("openclaw.json", "/gateway/list/0", 3, 33));
    assert_eq!(at("/x"), expect("b", "", 1, 2));
    assert_eq!(at("/x/y/z"), expect("b", "/y", 1, 3));
    assert!(config.files[1].included);
}

#[test]
fn names_of_included_files_are_known_whether_or_not_they_were_read() {
    let main = "{a: {$include: ['./a.json', 1, 'a.json', '../up/b.json']}, c: [{$include: '/etc/none'}], d: {$include: 'e/../d.json'}}";
    let gateway = gateway(main, &[("a.json", "{f: {$include: 'sub/f.json'}}"), ("d.json", "{")]);
    let config = gateway.load();
    let names: Vec<String> = config
        .includes
        .iter()
        .map(|path| path.strip_prefix(gateway.path("")).unwrap_or(path).display().to_string())
        .collect();
    assert_eq!(
        names,
        ["state/a.json", "state/sub/f.json", "up/b.json", "/etc/none", "state/d.json"]
    );
}

#[test]
fn work_is_bounded() {
    let doubling = |depth: usize| {
        format!("{{$include: {0}, x: {{$include: {0}}}}}", format_args!("['{depth}', '{depth}']"))
    };
    let main = gateway(&doubling(1), &[]);
    for depth in 1..10 {
        main.write(&format!("state/{depth}"), &doubling(depth + 1));
    }
    main.write("state/10", "{y: 1}");
    let config = main.load();
    assert!(config.messages().iter().all(|message| message.ends_with("more than 256 times")));
    assert!(!config.problems.is_empty());

    let limits = || ConfigLimits { values: 10_000, ..ConfigLimits::default() };
    let many = format!("[{}]", "1,".repeat(1000));
    let wide = format!("{{x: {{$include: [{}]}}}}", "'many',".repeat(20));
    let config = gateway(&wide, &[("many", &many)]).within(limits()).load();
    assert!(config.document.is_none());
    assert!(config.messages()[0].contains("too many keys and values"));

    let members: Vec<String> = (0..1000).map(|at| format!("k{at}:1")).collect();
    let merging = format!("{{$include: ['many', {}]}}", "'one',".repeat(100));
    let others = [("many", &*format!("{{{}}}", members.join(","))), ("one", "{}")];
    let config = gateway(&merging, &others).within(limits()).load();
    assert!(config.document.is_none() && config.messages()[0].contains("too many"));
}

#[test]
fn strings_are_bounded_across_files() {
    let main = format!("{{x: {{$include: [{}]}}}}", "'long',".repeat(100));
    let long = format!("['{}']", "x".repeat(1 << 20));
    let config = gateway(&main, &[("long", &long)]).load();
    assert!(config.document.is_none() && config.messages()[0].contains("grows too large"));
}

#[test]
fn nesting_is_bounded_across_files() {
    let deep = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
    let main = |levels: usize| {
        format!("{{x: {}{{$include: 'deep'}}{}}}", "[".repeat(levels), "]".repeat(levels))
    };
    assert!(gateway(&main(255), &[("deep", &deep(256))]).load().problems.is_empty());
    let config = gateway(&main(256), &[("deep", &deep(256))]).load();
    assert!(config.messages()[0].contains("512 levels deep when it is put in"));
}

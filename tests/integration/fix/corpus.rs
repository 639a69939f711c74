//! Fixes configs, made up and published: their comments and style survive.

use std::fs;

use super::{Fixed, run};
use crate::support::corpus;
use crate::support::workspace::Workspace;

/// The config with every group policy turned to `open`, so as many as possible have something to fix.
fn opened(config: &str) -> String {
    let mut out = String::new();
    for (number, part) in config.split("groupPolicy").enumerate() {
        let policies = ["allowlist", "disabled", "pairing"];
        let value = part.trim_start_matches(['"', '\'', ':', ' ', '\t']);
        match policies.iter().find_map(|policy| value.strip_prefix(policy)) {
            Some(rest) if number > 0 => {
                out.push_str(&part[..part.len() - value.len()]);
                out.push_str("open");
                out.push_str(rest);
            }
            _ => out.push_str(part),
        }
        out.push_str("groupPolicy");
    }
    out.truncate(out.len() - "groupPolicy".len());
    out
}

#[test]
fn comments_and_style_survive() {
    let (mut files, mut edited) = (0, 0);
    for folder in corpus::folders() {
        let path = folder.join("openclaw.json");
        let config = fs::read_to_string(&path).unwrap();
        let path = path.display();
        files += 1;
        let config = opened(&config);
        let workspace = Workspace::with_config_text(&config);
        let fixed = Fixed::of(&workspace);
        let now = workspace.read("state/openclaw.json");
        if !fixed.ok() {
            assert_eq!(now, config, "{path}");
            continue;
        }
        let wanted = fixed.changes().len();
        edited += usize::from(wanted > 0);
        // Putting the old values back gives the old text, byte for byte.
        let (old, new): (Vec<_>, Vec<_>) =
            (config.split('\n').collect(), now.split('\n').collect());
        assert_eq!(old.len(), new.len(), "{path}");
        let differing: Vec<_> = old.iter().zip(&new).filter(|(old, new)| old != new).collect();
        for (old, new) in &differing {
            let back = new.replace("allowlist", "open").replace("\"tools\"", "\"off\"");
            assert_eq!(back, **old, "{path}");
        }
        assert!(differing.len() <= wanted, "{path}");
        if wanted > 0 {
            assert!(run(&workspace, &["undo"]).exit == 0, "{path}");
            assert_eq!(workspace.read("state/openclaw.json"), config, "{path}");
        }
    }
    assert!(edited >= 5, "{edited} of {files} configs had something to fix");
    println!("{files} configs, {edited} of them edited and taken back");
}

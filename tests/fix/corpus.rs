//! Configs that people published, where they are at hand: `CHITIN_CORPUS`, or `../shared/corpus` beside the project.
//! Their comments and style survive.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Fixed, run};
use crate::place::Place;

/// The config with every group policy turned to `open`, so that there is something to fix in as many as possible.
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
fn comments_and_style_survive_in_published_configs() {
    let folder = std::env::var_os("CHITIN_CORPUS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus"),
        PathBuf::from,
    );
    if !folder.is_dir() {
        println!("corpus: skipped, no folder");
        return;
    }
    let (mut files, mut edited) = (0, 0);
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path().join("openclaw.json");
        let Ok(config) = fs::read_to_string(&path) else { continue };
        let path = path.display();
        files += 1;
        let config = opened(&config);
        let place = Place::with_config_text(&config);
        let fixed = Fixed::of(&place);
        let now = place.read("state/openclaw.json");
        if !fixed.ok() {
            assert_eq!(now, config, "{path}");
            continue;
        }
        let wanted = fixed.changes().len();
        edited += usize::from(wanted > 0);
        // Putting the old words back gives the old text, byte for byte.
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
            assert!(run(&place, &["undo"]).exit == 0, "{path}");
            assert_eq!(place.read("state/openclaw.json"), config, "{path}");
        }
    }
    println!("{files} published configs, {edited} of them edited and taken back");
    assert!(files > 0 && edited > 0);
}

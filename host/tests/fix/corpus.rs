//! Configs that people published, where they are at hand: `CHITIN_CORPUS`, or `../shared/corpus` beside the project.
//! Their comments and style survive.

use std::fs;
use std::path::{Path, PathBuf};

use crate::place::Place;

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
        let place = Place::of(&config);
        let fixed = place.fix();
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
            assert!(place.run(&["undo"]).status.success(), "{path}");
            assert_eq!(place.read("state/openclaw.json"), config, "{path}");
        }
    }
    println!("{files} published configs, {edited} of them edited and taken back");
    assert!(files > 0);
}

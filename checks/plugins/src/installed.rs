//! The plugins on disk: every directory directly below the extensions directory, except what installations leave behind.

use chitin_sdk::{Host, Kind, Listing, Refusal, text};

/// The root that holds a directory for each plugin.
pub(crate) const EXTENSIONS: &str = "extensions";

/// The names of the installed plugins' directories, in name order.
pub(crate) fn names(host: &dyn Host) -> Result<Vec<String>, Refusal> {
    let Some(listing) = host.list(EXTENSIONS, "")? else {
        return Ok(Vec::new());
    };
    if !listing.complete {
        return Err(Refusal::OverLimit(
            "the extensions directory has too many entries to list them all".to_owned(),
        ));
    }
    Ok(of_kind(&listing, Kind::Directory).map(str::to_owned).collect())
}

/// The names of one kind in a directory of plugins, without debris, in name order.
pub(crate) fn of_kind(listing: &Listing, kind: Kind) -> impl Iterator<Item = &str> {
    listing
        .entries
        .iter()
        .filter(move |entry| entry.kind == kind && !is_debris(&entry.name))
        .map(|entry| entry.name.as_str())
}

/// Backups, disabled copies and package stores, as OpenClaw 2026.9.6 leaves them out.
fn is_debris(name: &str) -> bool {
    let name = text::trim(name).to_lowercase();
    name.is_empty()
        || name == "node_modules"
        || name.starts_with('.')
        || matches!(name.rsplit_once('.'), Some((_, "bak")))
        || name.contains(".backup-")
        || name.contains(".disabled")
}

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::{FakeHost, dangling_link, directory_mode, file_mode, link_to};

    use super::*;

    #[test]
    fn install_debris_is_not_a_plugin() {
        let host = [
            "live",
            ".openclaw-install-backups",
            "node_modules",
            "Node_Modules",
            ".git",
            "old.backup-20260502",
            "old.disabled.20260502",
            "old.bak",
            "OLD.BAK",
            "backup-tool",
            "a.bak.b",
        ]
        .iter()
        .fold(FakeHost::default(), |host, name| host.file(EXTENSIONS, name, directory_mode(0o700)));
        assert_eq!(names(&host).unwrap(), ["a.bak.b", "backup-tool", "live"]);
    }

    #[test]
    fn only_a_directory_is_a_plugin() {
        let host = FakeHost::default()
            .file(EXTENSIONS, "file", file_mode(0o600))
            .file(EXTENSIONS, "link", link_to("/elsewhere", false, Kind::Directory, 0o755))
            .file(EXTENSIONS, "gone", dangling_link("/gone"))
            .file(EXTENSIONS, "plugin/package.json", file_mode(0o600));
        assert_eq!(names(&host).unwrap(), ["plugin"]);
    }

    #[test]
    fn without_the_directory_no_plugin_is_installed() {
        assert!(names(&FakeHost::default()).unwrap().is_empty());
        let host = FakeHost::default().file(EXTENSIONS, "", file_mode(0o600));
        assert!(names(&host).unwrap().is_empty());
    }
}

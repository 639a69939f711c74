//! Whether the state directory or the config is in a directory that a sync client copies to other machines, by the text of
//! the path alone.

use chitin_sdk::{Finding, Host, Outcome};

use crate::rule;

/// Count anywhere in a path, as in OpenClaw.
const ANYWHERE: &[&str] = &["icloud", "dropbox", "google drive", "googledrive", "onedrive"];

/// Clients that OpenClaw does not look for. They count at the start of a name only, because they are parts of
/// unrelated ones.
const AT_START: &[&str] = &[
    "com~apple~clouddocs",
    "mobile documents",
    "library/cloudstorage",
    "my drive",
    "nextcloud",
    "syncthing",
    "pcloud",
    "box sync",
];

pub(crate) fn check(host: &dyn Host) -> Outcome {
    let state = host.describe("state", "")?;
    let config = host.describe("config", "")?;
    if is_synced(&state) || is_synced(&config) {
        finding(&state, &config).report(host);
    }
    Ok(())
}

fn finding(state: &str, config: &str) -> Finding {
    let finding = rule::FS_SYNCED_DIR
        .finding()
        .detail(format!(
            "state directory {state}, config {config}: a sync client copies tokens and transcripts to other machines and \
             to its provider, and brings back changes made there."
        ))
        .remediation(
            "Move the state directory to a local volume (OPENCLAW_STATE_DIR) and run `chitin fix` for the permissions \
             there; then change the secrets that were synced.",
        );
    [("state", state), ("config", config)]
        .into_iter()
        .filter(|(_, path)| is_synced(path))
        .fold(finding, |finding, (root, _)| finding.in_file(root, ""))
}

fn is_synced(path: &str) -> bool {
    let path = path.to_lowercase().replace('\\', "/");
    ANYWHERE.iter().any(|marker| path.contains(marker))
        || AT_START.iter().any(|marker| path.contains(&format!("/{marker}")))
}

#[cfg(test)]
mod tests {
    use chitin_sdk::Location;
    use chitin_sdk::fake::FakeHost;

    use super::*;

    #[test]
    fn names_of_sync_clients_count_in_any_case() {
        for path in [
            "/home/u/Dropbox/.openclaw",
            "/srv/dropbox-api/.openclaw",
            "C:\\Users\\u\\OneDrive - Corp\\x",
            "/Users/u/Google Drive/x",
            "/Volumes/GoogleDrive/My Drive/x",
            "/Users/u/Library/Mobile Documents/com~apple~CloudDocs/x",
            "/Users/u/Library/CloudStorage/Box-Box/x",
            "C:\\Users\\u\\Nextcloud\\x",
            "/home/u/pCloudDrive/x",
        ] {
            assert!(is_synced(path), "{path}");
        }
    }

    #[test]
    fn other_paths_do_not() {
        for path in ["/home/u/.openclaw", "/srv/upcloud/x", "/data/my-drive/x", ""] {
            assert!(!is_synced(path), "{path}");
        }
    }

    #[test]
    fn the_finding_names_both_paths_and_points_at_the_synced_one() {
        let finding = finding("/home/u/.openclaw", "/home/u/Dropbox/openclaw.json");
        assert!(finding.detail.contains("/home/u/.openclaw"));
        assert!(finding.detail.contains("/home/u/Dropbox/openclaw.json"));
        let config = Location::File { root: "config".to_owned(), path: String::new(), line: None };
        assert_eq!(finding.locations, [config]);
    }

    #[test]
    fn an_ordinary_path_is_not_reported() {
        let said = FakeHost::default().run(crate::GROUPS);
        assert!(said.of(rule::FS_SYNCED_DIR.id).is_empty() && said.not_run.is_empty());
    }
}

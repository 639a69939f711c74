//! The directories that no sandbox should see, as OpenClaw 2026.9.6 lists them.

use super::path::HostPath;

const SYSTEM: &[&str] = &[
    "/etc",
    "/private/etc",
    "/proc",
    "/sys",
    "/dev",
    "/root",
    "/boot",
    "/run",
    "/var/run",
    "/private/var/run",
    "/var/run/docker.sock",
    "/private/var/run/docker.sock",
    "/run/docker.sock",
];

/// Where programs keep credentials, below each home directory.
const BELOW_HOME: &[&str] =
    &[".aws", ".cargo", ".config", ".docker", ".gnupg", ".netrc", ".npm", ".ssh"];

/// A blocked path that a mount overlaps.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Overlap<'b> {
    /// `targets` for a mount of the path or of something below it, `covers` for one of a parent directory.
    pub(crate) verb: &'static str,
    pub(crate) path: &'b str,
}

/// The blocked paths, in the order in which they are tried.
#[derive(Debug)]
pub(crate) struct Blocked(Vec<HostPath>);

impl Blocked {
    pub(crate) fn with_homes(homes: &[String]) -> Self {
        let homes = homes
            .iter()
            .filter_map(|home| HostPath::absolute(home))
            .filter(|home| !home.is_root())
            .flat_map(|home| BELOW_HOME.iter().map(move |name| home.join(name)));
        let system = SYSTEM.iter().filter_map(|path| HostPath::absolute(path));
        Self(system.chain(homes).collect())
    }

    /// The first blocked path that a source overlaps.
    pub(crate) fn overlap(&self, source: &HostPath) -> Option<Overlap<'_>> {
        if source.is_root() {
            return Some(Overlap { verb: "covers", path: "/" });
        }
        self.0.iter().find_map(|blocked| {
            let verb = if blocked.contains(source) {
                "targets"
            } else if source.contains(blocked) {
                "covers"
            } else {
                return None;
            };
            Some(Overlap { verb, path: blocked.as_str() })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overlap(source: &str) -> Option<(&'static str, String)> {
        let homes = ["/home/u", "/", "relative", r"C:\Users\u"].map(str::to_owned);
        let blocked = Blocked::with_homes(&homes);
        blocked
            .overlap(&HostPath::absolute(source).unwrap())
            .map(|overlap| (overlap.verb, overlap.path.to_owned()))
    }

    #[test]
    fn the_first_blocked_path_is_named() {
        for (source, verb, path) in [
            ("/", "covers", "/"),
            ("/etc", "targets", "/etc"),
            ("/etc/ssl/certs", "targets", "/etc"),
            ("/var/run/docker.sock", "targets", "/var/run"),
            ("/var", "covers", "/var/run"),
            ("/private", "covers", "/private/etc"),
            ("/home/u", "covers", "/home/u/.aws"),
            ("/home", "covers", "/home/u/.aws"),
            ("/home/u/.ssh/id", "targets", "/home/u/.ssh"),
            ("c:/users/U/.npm", "targets", "C:/Users/u/.npm"),
            ("C:/Users", "covers", "C:/Users/u/.aws"),
        ] {
            assert_eq!(overlap(source), Some((verb, path.to_owned())), "{source}");
        }
    }

    #[test]
    fn other_directories_are_allowed() {
        for source in ["/home/u/project", "/etcetera", "/srv", "C:/data", "/.aws", "/home/u/.sshx"]
        {
            assert_eq!(overlap(source), None, "{source}");
        }
    }
}

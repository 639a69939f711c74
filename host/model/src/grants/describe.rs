//! What a module may see and ask for, in words that an operator can decide by. One function for each kind of grant, and
//! no kind without one.

use super::{Fact, Grants};

/// Every grant, a line each; what may be seen first, then what may be asked for.
pub fn lines(grants: &Grants) -> Vec<String> {
    let written = grants.to_raw();
    let mut lines: Vec<String> = written.config.iter().map(|pointer| config(pointer)).collect();
    lines.extend(written.files.iter().map(|text| files(text)));
    lines.extend(grants.facts().iter().map(Fact::allows));
    lines.extend(written.fix_config.iter().map(|pointer| fix_config(pointer)));
    lines.extend(written.fix_mode.iter().map(|place| fix_mode(place)));
    lines
}

/// The same grants in the texts of `chitin module trust add --grant`.
pub fn options(grants: &Grants) -> Vec<String> {
    let written = grants.to_raw();
    let kinds = [
        ("config", written.config),
        ("files", written.files),
        ("facts", written.facts),
        ("fix-config", written.fix_config),
        ("fix-mode", written.fix_mode),
    ];
    kinds
        .into_iter()
        .flat_map(|(kind, texts)| texts.into_iter().map(move |text| format!("{kind}:{text}")))
        .collect()
}

/// A place in the config as people write it.
fn dotted(pointer: &str) -> String {
    let parts: Vec<String> = pointer
        .split('/')
        .skip(1)
        .map(|part| match part {
            "*" => "<any>".to_owned(),
            other => other.replace("~1", "/").replace("~0", "~"),
        })
        .collect();
    parts.join(".")
}

/// A granted part of the config.
fn config(pointer: &str) -> String {
    if pointer.is_empty() {
        "read the whole configuration, with secrets sealed".to_owned()
    } else {
        format!(
            "read `{}` in the configuration and everything below it, with secrets sealed",
            dotted(pointer)
        )
    }
}

/// A grant of files, as `ROOT:PATTERN LEVEL`.
fn files(text: &str) -> String {
    let (place, level) = text.rsplit_once(' ').unwrap_or((text, "metadata"));
    let what = match level {
        "content" => "read",
        _ => "see names, owners, sizes and permissions, but no contents, of",
    };
    format!("{what} {}", paths(place))
}

/// `ROOT:PATTERN` in words.
fn paths(place: &str) -> String {
    let (root, pattern) = match place.split_once(":*:") {
        Some((kind, pattern)) => (kind, pattern),
        None => place.split_once(':').unwrap_or((place, "")),
    };
    let root = match root {
        "state" => "the state directory",
        "config" => "the config file's directory",
        "credentials" => "the credentials directory",
        "log" => "the log directory",
        "extensions" => "the plugins' directory",
        "include" => "the included config files",
        "workspace" => "every agent's workspace",
        "plugins" => "every directory of plugins",
        "skills" => "every directory of skills",
        other => other,
    };
    match pattern {
        "" => format!("{root} itself"),
        "**" => format!("everything in {root}"),
        pattern => match pattern.strip_suffix("/**") {
            Some(part) => format!("everything below `{part}` in {root}"),
            None => format!("`{pattern}` in {root}"),
        },
    }
}

/// A place in the config that may be asked to be changed.
fn fix_config(pointer: &str) -> String {
    format!(
        "ask for `{}` in the configuration to be changed; you are asked each time",
        dotted(pointer)
    )
}

/// Files whose permissions may be asked to be changed.
fn fix_mode(place: &str) -> String {
    format!("ask for the permissions of {} to be changed; you are asked each time", paths(place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grants::RawGrants;

    #[test]
    fn each_kind_of_grant_has_words() {
        let own = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let grants = RawGrants {
            config: own(&["", "/channels/*/group~1Policy"]),
            files: own(&[
                "config: metadata",
                "state:** content",
                "state:agents/* metadata",
                "workspace:*:skills/** content",
            ]),
            facts: own(&["environment:HOME_TOKEN", "platform"]),
            fix_config: own(&["/logging/redactSensitive"]),
            fix_mode: own(&["state:credentials/**"]),
        };
        let grants = grants.parse().unwrap();
        assert_eq!(
            lines(&grants),
            [
                "read the whole configuration, with secrets sealed",
                "read `channels.<any>.group/Policy` in the configuration and everything below it, with secrets sealed",
                "see names, owners, sizes and permissions, but no contents, of the config file's directory itself",
                "read everything in the state directory",
                "see names, owners, sizes and permissions, but no contents, of `agents/*` in the state directory",
                "read everything below `skills` in every agent's workspace",
                "learn whether the environment variable HOME_TOKEN is set, but not its value",
                "learn which operating system this is",
                "ask for `logging.redactSensitive` in the configuration to be changed; you are asked each time",
                "ask for the permissions of everything below `credentials` in the state directory to be changed; you are asked each time",
            ]
        );
        assert_eq!(options(&grants).len(), lines(&grants).len());
    }
}

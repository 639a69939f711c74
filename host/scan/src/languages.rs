//! Languages that no rule reads, by the extension of their files: what is written in them is named and not passed.

/// Extensions in lower case, with the name of the language.
const UNREAD: &[(&[&str], &str)] = &[
    (&["ps1", "psm1", "psd1"], "PowerShell"),
    (&["bat", "cmd"], "a batch file"),
    (&["rb", "erb", "rake", "gemspec"], "Ruby"),
    (&["go"], "Go"),
    (&["php", "phtml", "phar"], "PHP"),
    (&["pl", "pm", "cgi"], "Perl"),
    (&["lua"], "Lua"),
    (&["r"], "R"),
    (&["swift"], "Swift"),
    (&["kt", "kts"], "Kotlin"),
    (&["java", "jsp"], "Java"),
    (&["cs", "csx", "vb", "fs", "fsx"], "a .NET language"),
    (&["c", "h", "cc", "cpp", "cxx", "hpp", "m", "mm"], "C, C++ or Objective-C"),
    (&["rs"], "Rust"),
    (&["zig", "nim", "d", "v"], "a compiled language"),
    (&["vbs", "vbe", "wsf", "wsh", "hta", "jse"], "Windows Script Host"),
    (&["applescript", "scpt", "scptd", "jxa"], "AppleScript"),
    (&["ahk", "au3"], "an automation script"),
    (&["fish", "csh", "tcsh", "ksh", "nu", "elv", "xsh"], "a shell that no rule knows"),
    (&["tcl", "expect", "exp"], "Tcl"),
    (&["awk"], "awk"),
    (&["groovy", "gradle"], "Groovy"),
    (
        &["scala", "sc", "clj", "cljs", "hs", "ml", "ex", "exs", "erl", "elm", "jl", "dart"],
        "another language",
    ),
    (&["pyx", "pyw", "pyi", "ipynb"], "Python in a form that no rule reads"),
    (&["coffee", "ls", "vue", "svelte", "astro"], "a language that becomes JavaScript"),
    (
        &[
            "desktop",
            "service",
            "timer",
            "plist",
            "mobileconfig",
            "reg",
            "inf",
            "url",
            "webloc",
            "lnk",
        ],
        "a file that starts programs",
    ),
    (&["mk", "cmake"], "a build file"),
    (&["xlsm", "docm", "pptm", "xlam"], "a document with macros"),
];

/// File names without an extension that tell their language.
const NAMES: &[(&str, &str)] = &[
    ("makefile", "a build file"),
    ("gnumakefile", "a build file"),
    ("dockerfile", "a container build file"),
    ("containerfile", "a container build file"),
    ("rakefile", "Ruby"),
    ("gemfile", "Ruby"),
    ("vagrantfile", "Ruby"),
    ("jenkinsfile", "Groovy"),
    ("justfile", "a build file"),
    ("procfile", "a file that starts programs"),
    ("crontab", "a file that starts programs"),
];

/// The language of a file that no rule reads.
pub(super) fn unread(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    if let Some((_, language)) = NAMES.iter().find(|(known, _)| name == *known) {
        return Some(language);
    }
    let extension = name.rsplit_once('.').map(|(_, extension)| extension)?;
    let known = UNREAD.iter().find(|(extensions, _)| extensions.contains(&extension));
    known.map(|(_, language)| *language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_known_by_extension_or_name() {
        assert_eq!(unread("setup.PS1"), Some("PowerShell"));
        assert_eq!(unread("Makefile"), Some("a build file"));
        for name in ["a.js", "a.md", "notes.txt", "logo.png", "rb", ".env", "README"] {
            assert_eq!(unread(name), None, "{name}");
        }
    }

    #[test]
    fn no_extension_is_listed_twice() {
        let mut all: Vec<&str> = UNREAD.iter().flat_map(|(known, _)| *known).copied().collect();
        all.sort_unstable();
        assert!(all.windows(2).all(|pair| pair[0] != pair[1]), "{all:?}");
    }
}

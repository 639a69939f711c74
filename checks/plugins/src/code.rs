//! What the code of installed plugins does, by a scan, and whether the scan was complete.

use chitin_scan_findings::{Rules, Subject, cut, is_scanned, joined, shown_name, shown_path};
use chitin_sdk::text::bullets;
use chitin_sdk::{CodeFinding, CodeScan, FileNote, Finding, Host, Metadata, Outcome, Refusal};

use crate::entries::{self, Declared};
use crate::installed::EXTENSIONS;
use crate::places::{self, Closed, Plugin};
use crate::rule;

pub(crate) const RULES: Rules = Rules {
    safety: rule::CODE_SAFETY.id,
    scan_failed: rule::CODE_SAFETY_SCAN_FAILED.id,
    incomplete: rule::CODE_SAFETY_INCOMPLETE.id,
};

/// Lines of a list.
const SHOWN: usize = 20;
/// Entries of one plugin that are reported one by one.
const SHOWN_ENTRIES: usize = 50;

pub(crate) fn plugins(host: &dyn Host) -> Outcome {
    is_scanned(host, "plugins:")?;
    let found = places::all(host)?;
    for place in &found.failed {
        not_listed(host, place).report(host);
    }
    if !found.left_out.is_empty() {
        left_out(host, &found.left_out).report(host);
    }
    for plugin in &found.plugins {
        for finding in of_plugin(host, plugin)? {
            finding.report(host);
        }
    }
    Ok(())
}

fn not_listed(host: &dyn Host, place: &Closed) -> Finding {
    let path = shown_path(host, &place.root, &place.path);
    let title = if place.root == EXTENSIONS {
        "The extensions directory could not be listed"
    } else {
        "A directory of plugins could not be listed"
    };
    rule::CODE_SAFETY_SCAN_FAILED
        .finding()
        .title(title)
        .detail(format!("The code of plugins in {path} could not be scanned: {}", place.reason))
        .remediation(
            "Check permissions and layout of the directory, then run the deep audit again.",
        )
        .in_file(&place.root, &place.path)
}

fn left_out(host: &dyn Host, places: &[Closed]) -> Finding {
    let rows: Vec<String> = places
        .iter()
        .map(|place| {
            let path = shown_path(host, &place.root, &place.path);
            format!("{path}: {}", cut(&place.reason))
        })
        .collect();
    rule::CODE_SAFETY_INCOMPLETE
        .finding()
        .title("Plugins in other places were not scanned")
        .detail(format!(
            "OpenClaw loads plugins from these places, and the scan does not enter them:\n{}",
            bullets(&rows, SHOWN)
        ))
        .remediation("Look at the code there yourself, or scan it separately with `chitin scan`.")
}

fn of_plugin(host: &dyn Host, plugin: &Plugin) -> Result<Vec<Finding>, Refusal> {
    let mut findings = Vec::new();
    let entries = match entries::declared(host, &plugin.root, &plugin.path)? {
        Declared::Entries(entries) => entries,
        Declared::Unknown(reason) => {
            findings.push(manifest_parse_error(host, plugin, &reason));
            Vec::new()
        }
    };
    let base = host.describe(&plugin.root, &plugin.path)?;
    let placed: Vec<(&str, Option<String>)> =
        entries.iter().map(|entry| (entry.as_str(), entries::inside(&base, entry))).collect();
    findings.extend(entry_paths(host, plugin, &placed));
    let escaping: Vec<&str> =
        placed.iter().filter(|(_, path)| path.is_none()).map(|(entry, _)| *entry).collect();
    if !escaping.is_empty() {
        findings.push(entry_escape(host, plugin, &escaping));
    }

    let forced: Vec<String> =
        placed.into_iter().filter_map(|(_, path)| path).filter(|path| !path.is_empty()).collect();
    let looked_at = forced.iter().take(SHOWN_ENTRIES);
    let mut notes: Vec<String> =
        looked_at.filter_map(|entry| leads_out(host, plugin, &base, entry)).collect();
    if forced.len() > SHOWN_ENTRIES {
        notes.push(format!("The plugin declares {} entries.", forced.len()));
    }
    let subject = Subject {
        rules: &RULES,
        sort: "Plugin",
        name: &plugin.name,
        root: &plugin.root,
        path: &plugin.path,
        notes: &notes,
    };
    findings.extend(chitin_scan_findings::findings(host, &subject, scan(host, plugin, &forced))?);
    Ok(findings)
}

/// Scans the plugin, and the directories of its skills that such a scan skips.
fn scan(host: &dyn Host, plugin: &Plugin, entries: &[String]) -> Result<CodeScan, Refusal> {
    let mut all = host.scan(&plugin.root, &plugin.path, entries)?;
    for skills in entries::hidden_skills(host, &plugin.root, &plugin.path)? {
        let scan = host.scan(&plugin.root, &joined(&plugin.path, &skills), &[])?;
        let below = |file: &str| joined(&skills, file);
        let notes = |notes: Vec<FileNote>| -> Vec<FileNote> {
            let placed = |note: FileNote| FileNote { file: below(&note.file), ..note };
            notes.into_iter().map(placed).collect()
        };
        let placed = |finding: CodeFinding| CodeFinding { file: below(&finding.file), ..finding };
        all.scanned_files = all.scanned_files.saturating_add(scan.scanned_files);
        all.findings.extend(scan.findings.into_iter().map(placed));
        all.not_scanned.extend(notes(scan.not_scanned));
        all.notes.extend(notes(scan.notes));
    }
    Ok(all)
}

/// What to report about an entry whose file is not really in the plugin. The scan may not have followed it.
fn leads_out(host: &dyn Host, plugin: &Plugin, base: &str, entry: &str) -> Option<String> {
    let shown = cut(entry);
    match host.stat(&plugin.root, &joined(&plugin.path, entry)) {
        Ok(Some(Metadata { link: Some(link), .. })) => {
            let target = link.resolved?;
            let root = host.describe(&plugin.root, "").ok()?;
            // If the root itself is behind a link, real paths do not begin with its path, and show less.
            let stays = link.inside
                && (target.starts_with(&format!("{base}/")) || !target.starts_with(&root));
            (!stays).then(|| {
                format!(
                    "the entry \"{shown}\" is a link that leaves the plugin, to {}",
                    cut(&target)
                )
            })
        }
        Ok(_) => None,
        Err(refusal) => {
            Some(format!("the entry \"{shown}\" cannot be checked: {}", cut(refusal.reason())))
        }
    }
}

fn manifest_parse_error(host: &dyn Host, plugin: &Plugin, reason: &str) -> Finding {
    let path = joined(&plugin.path, "package.json");
    rule::CODE_SAFETY_MANIFEST_PARSE_ERROR
        .finding()
        .title(format!("Plugin \"{}\" has a package.json that cannot be read", shown_name(&plugin.name)))
        .detail(format!(
            "{} could not be parsed: {}. The entries that the plugin declares in openclaw.extensions are unknown. The \
             directory is scanned, but an entry in a hidden directory or in node_modules would be missed.",
            shown_path(host, &plugin.root, &path),
            cut(reason)
        ))
        .remediation("Inspect the package.json. If the plugin cannot be trusted, remove it.")
        .in_file(&plugin.root, &path)
}

fn entry_paths<'f>(
    host: &'f dyn Host,
    plugin: &'f Plugin,
    placed: &'f [(&'f str, Option<String>)],
) -> impl Iterator<Item = Finding> + 'f {
    let skipped =
        placed.iter().filter(|(entry, path)| path.is_some() && entries::is_skipped(entry));
    skipped.take(SHOWN_ENTRIES).map(move |(entry, _)| {
        let name = shown_name(&plugin.name);
        rule::CODE_SAFETY_ENTRY_PATH
            .finding()
            .title(format!("Plugin \"{name}\" has an entry in a hidden directory or in node_modules"))
            .detail(format!(
                "Plugin \"{name}\" in {} declares the entry \"{}\", which is where code is not usually reviewed. The scan \
                 includes it.",
                shown_path(host, &plugin.root, &plugin.path),
                cut(entry)
            ))
            .remediation("Keep entries in ordinary source directories such as dist/ or src/.")
            .in_file(&plugin.root, &joined(&plugin.path, "package.json"))
    })
}

fn entry_escape(host: &dyn Host, plugin: &Plugin, escaping: &[&str]) -> Finding {
    let rows: Vec<String> = escaping.iter().map(|entry| cut(entry)).collect();
    rule::CODE_SAFETY_ENTRY_ESCAPE
        .finding()
        .title(format!("Plugin \"{}\" has entries outside its directory", shown_name(&plugin.name)))
        .detail(format!(
            "These entries lead out of {}, and were not scanned:\n{}",
            shown_path(host, &plugin.root, &plugin.path),
            bullets(&rows, SHOWN)
        ))
        .remediation(
            "Change the package.json so all entries in openclaw.extensions stay inside the plugin, or remove the plugin.",
        )
        .in_file(&plugin.root, &joined(&plugin.path, "package.json"))
}

//! The list of plugins that may load, `plugins.allow`: that there is one, and that each of its entries means a plugin.

use std::collections::BTreeSet;

use chitin_openclaw::channels::native_skills_exposed;
use chitin_openclaw::plugins::{canonical, is_bundled};
use chitin_sdk::text::{self, bullets};
use chitin_sdk::{Host, InstallKind, Node, Outcome, Refusal, Severity};

use crate::installed::{self, EXTENSIONS};
use crate::manifest;
use crate::rule;

/// An entry that means the tools of all plugins, so it is never a phantom.
const ALL_PLUGINS: &str = "group:plugins";
const SHOWN: usize = 50;

pub(crate) fn missing(host: &dyn Host) -> Outcome {
    let installed = installed::names(host)?;
    let allow = host.effective("/plugins/allow")?;
    if installed.is_empty() || !allow.root().items().is_empty() {
        return Ok(());
    }
    let (channels, commands) = (host.effective("/channels")?, host.effective("/commands")?);
    let exposed = native_skills_exposed(&channels.root(), &commands.root(), host)?;
    let (severity, consequence) = if exposed {
        (
            Severity::Critical,
            " Native skill commands are enabled on at least one configured chat surface, so people in a chat can call \
             the commands of a plugin.",
        )
    } else {
        (Severity::Warn, "")
    };
    rule::EXTENSIONS_NO_ALLOWLIST
        .finding_at(severity)
        .detail(format!(
            "Found {} under {}. Without plugins.allow any plugin that is discovered may load.{consequence}",
            text::count(installed.len(), "extension", "extensions"),
            host.describe(EXTENSIONS, "")?,
        ))
        .remediation("Set plugins.allow to the ids of the plugins that you trust.")
        .at(&allow.root())
        .in_file(EXTENSIONS, "")
        .report(host);
    Ok(())
}

pub(crate) fn phantoms(host: &dyn Host) -> Outcome {
    let installed = installed::names(host)?;
    let allow = host.effective("/plugins/allow")?;
    let allow = allow.root().items();
    if installed.is_empty() || allow.is_empty() {
        return Ok(());
    }
    let known = known_names(host, &installed)?;
    let phantoms: Vec<(&str, &Node<'_>)> = allow
        .iter()
        .filter_map(|entry| Some((entry.as_str()?, entry)))
        .filter(|(id, _)| *id != ALL_PLUGINS && !is_bundled(id) && !known.contains(&canonical(id)))
        .collect();
    if phantoms.is_empty() {
        return Ok(());
    }
    let rows: Vec<String> = phantoms.iter().map(|(id, _)| format!("\"{id}\"")).collect();
    let finding = rule::ALLOW_PHANTOM_ENTRIES
        .finding()
        .detail(format!(
            "These entries of plugins.allow do not match a plugin that is installed or part of OpenClaw. A plugin that \
             takes such an id later is allowed from the start:\n{}",
            bullets(&rows, SHOWN)
        ))
        .remediation("Remove the entries, or make sure that the plugins they are meant for are installed.");
    phantoms.iter().take(SHOWN).fold(finding, |finding, (_, entry)| finding.at(entry)).report(host);
    Ok(())
}

/// Every name of an installed plugin: its directory's, those in its manifest, and those in install records.
fn known_names(host: &dyn Host, installed: &[String]) -> Result<BTreeSet<String>, Refusal> {
    let recorded = host.install_records(InstallKind::Plugin)?.records;
    let mut known: BTreeSet<String> = installed
        .iter()
        .chain(recorded.iter().map(|record| &record.id))
        .map(|id| canonical(id))
        .collect();
    for plugin in installed {
        known.extend(manifest::names(host, plugin)?);
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use chitin_sdk::fake::{FakeHost, Said, directory_mode, secret, secret_ref};
    use chitin_sdk::{Content, InstallIndex, InstallRecord, Location, Value};
    use serde_json::json;

    use super::*;
    use crate::GROUPS;

    const MISSING: &str = "plugins.extensions_no_allowlist";
    const PHANTOM: &str = "plugins.allow_phantom_entries";

    fn with_plugin(config: Value) -> FakeHost {
        FakeHost::with_config(config).file(EXTENSIONS, "a", directory_mode(0o700))
    }

    fn run(config: Value) -> Said {
        with_plugin(config).run(GROUPS)
    }

    fn allowing(allow: &Value) -> Said {
        run(json!({"plugins": {"allow": allow}}))
    }

    #[test]
    fn only_a_list_with_entries_is_an_allowlist() {
        for config in [
            json!({}),
            json!({"plugins": {}}),
            json!({"plugins": {"allow": []}}),
            json!({"plugins": {"allow": "a"}}),
            json!({"plugins": {"allow": {"a": true}}}),
            json!({"plugins": {"allow": null}}),
        ] {
            assert_eq!(run(config.clone()).severity(MISSING), Some(Severity::Warn), "{config}");
        }
        for allow in [json!(["x"]), json!([""]), json!([7])] {
            assert_eq!(allowing(&allow).severity(MISSING), None, "{allow}");
        }
    }

    #[test]
    fn the_number_and_the_directory_are_shown() {
        let detail = run(json!({})).detail(MISSING).to_owned();
        assert!(detail.contains("1 extension under /fake/extensions"), "{detail}");
        let said = with_plugin(json!({})).file(EXTENSIONS, "b", directory_mode(0o700)).run(GROUPS);
        assert!(said.detail(MISSING).contains("2 extensions"));
    }

    #[test]
    fn without_plugins_no_list_matters() {
        for config in [
            json!({}),
            json!({"plugins": {"allow": ["ghost"]}}),
            json!({"channels": {"discord": {"token": secret("t")}}}),
        ] {
            assert!(FakeHost::with_config(config).run(GROUPS).findings.is_empty());
        }
    }

    #[test]
    fn native_skills_on_a_channel_make_it_critical() {
        for config in [
            json!({"channels": {"discord": {"token": secret("t")}}}),
            json!({"channels": {"discord": {"enabled": true, "token": secret_ref()}}}),
            json!({"channels": {"telegram": {"enabled": false, "botToken": secret("123:abc")}}}),
            json!({"channels": {"slack": {"botToken": secret("x")}}, "commands": {"nativeSkills": true}}),
        ] {
            let said = run(config.clone());
            assert_eq!(said.severity(MISSING), Some(Severity::Critical), "{config}");
            assert!(said.detail(MISSING).contains("Native skill commands"));
        }
        let from_env = with_plugin(json!({})).env("TELEGRAM_BOT_TOKEN", "123:abc").run(GROUPS);
        assert_eq!(from_env.severity(MISSING), Some(Severity::Critical));
    }

    #[test]
    fn without_native_skills_it_is_a_warning() {
        for config in [
            json!({"channels": {"slack": {"botToken": secret("x")}}}),
            json!({"channels": {"discord": {"token": secret("t"), "commands": {"nativeSkills": false}}}}),
            json!({"channels": {"discord": {}}}),
        ] {
            let said = run(config.clone());
            assert_eq!(said.severity(MISSING), Some(Severity::Warn), "{config}");
            assert!(!said.detail(MISSING).contains("Native skill commands"));
        }
    }

    #[test]
    fn an_entry_without_a_plugin_is_a_phantom() {
        let said = allowing(&json!(["a", "ghost", "A", 7, "Second-Ghost"]));
        assert!(said.detail(PHANTOM).ends_with("start:\n- \"ghost\"\n- \"Second-Ghost\""));
        assert_eq!(said.severity(PHANTOM), Some(Severity::Warn));
        assert_eq!(
            said.of(PHANTOM)[0].locations,
            [
                Location::Config("/plugins/allow/1".to_owned()),
                Location::Config("/plugins/allow/4".to_owned()),
            ]
        );
    }

    #[test]
    fn what_is_installed_or_bundled_is_known() {
        for id in ["a", "A", " a ", "memory-core", "Discord", "group:plugins", "claude-cli"] {
            assert!(allowing(&json!([id])).of(PHANTOM).is_empty(), "{id}");
        }
        assert!(allowing(&json!([7, null])).of(PHANTOM).is_empty());
        assert_eq!(allowing(&json!(["Group:Plugins"])).of(PHANTOM).len(), 1);
    }

    #[test]
    fn a_manifest_and_a_record_make_an_id_known() {
        let config = json!({"plugins": {"allow": ["voice", "speech", "from-npm"]}});
        let manifest = json!({"id": "voice", "providers": ["speech"]}).to_string();
        let record = InstallRecord { id: "From-Npm".to_owned(), ..InstallRecord::default() };
        let records = InstallIndex { records: vec![record], unreadable: Vec::new() };
        let said = with_plugin(config)
            .content(EXTENSIONS, "a/openclaw.plugin.json", Content::Text(manifest))
            .installs(InstallKind::Plugin, records)
            .run(GROUPS);
        assert!(said.of(PHANTOM).is_empty());
    }

    #[test]
    fn a_missing_answer_affects_only_the_rules_that_need_it() {
        let config = json!({"plugins": {"allow": ["ghost"]}});
        let said = with_plugin(config).without_fact("install-records").run(GROUPS);
        assert!(said.not_run.iter().any(|(rule, _)| rule == PHANTOM));
        assert!(!said.not_run.iter().any(|(rule, _)| rule == MISSING));
        let said = with_plugin(json!({})).without_config("it does not parse").run(GROUPS);
        assert_eq!(said.not_run.len(), 3);
    }
}

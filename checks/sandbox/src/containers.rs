//! The sandbox browser containers that exist on the host, running or not. They are kept between runs, so one that
//! an older OpenClaw created lacks the security fixes of a newer one.

mod epoch;
mod ports;

use crate::rule;
use chitin_sdk::{BrowserContainer, ContainerList, Host, Outcome, text};

/// How many containers a finding names.
const SHOWN: usize = 20;

const RECREATE: &str =
    "Run `openclaw sandbox recreate --browser --all` (with --force to skip the question)";

pub(crate) fn hash_label_missing(host: &dyn Host) -> Outcome {
    let found = host.browser_containers()?;
    let names = names_where(&found, |container| is_blank(container.config_hash.as_deref()));
    if names.is_empty() {
        undecided(host, rule::BROWSER_CONTAINER_HASH_LABEL_MISSING.id, &found);
        return Ok(());
    }
    rule::BROWSER_CONTAINER_HASH_LABEL_MISSING
        .finding()
        .detail(format!(
            "Containers: {}. They were made before OpenClaw compared a container with its config, and may lack \
             security fixes until they are recreated.",
            listed(&names, ", ")
        ))
        .remediation(format!("{RECREATE}."))
        .report(host);
    Ok(())
}

pub(crate) fn hash_epoch_stale(host: &dyn Host) -> Outcome {
    let found = host.browser_containers()?;
    let version = host.effective("/meta/lastTouchedVersion")?;
    let expected = epoch::expected(version.root().as_str());
    let names = names_where(&found, |container| {
        !container.config_epoch.as_deref().is_some_and(|epoch| expected.contains(&epoch))
    });
    if names.is_empty() {
        undecided(host, rule::BROWSER_CONTAINER_HASH_EPOCH_STALE.id, &found);
        return Ok(());
    }
    rule::BROWSER_CONTAINER_HASH_EPOCH_STALE
        .finding()
        .detail(format!(
            "Containers: {}. Expected openclaw.browserConfigEpoch={}. They may lack security fixes until they are \
             recreated.",
            listed(&names, ", "),
            expected.join(" or ")
        ))
        .remediation(format!("{RECREATE}."))
        .report(host);
    Ok(())
}

pub(crate) fn non_loopback_publish(host: &dyn Host) -> Outcome {
    let found = host.browser_containers()?;
    let open: Vec<String> = found
        .containers
        .iter()
        .filter_map(|container| {
            let lines = ports::beyond_loopback(&container.ports);
            (!lines.is_empty()).then(|| format!("{} ({})", container.name, listed(&lines, "; ")))
        })
        .collect();
    if open.is_empty() {
        undecided(host, rule::BROWSER_CONTAINER_NON_LOOPBACK_PUBLISH.id, &found);
        return Ok(());
    }
    let open: Vec<&str> = open.iter().map(String::as_str).collect();
    rule::BROWSER_CONTAINER_NON_LOOPBACK_PUBLISH
        .finding()
        .detail(format!(
            "Containers: {}. Anyone who reaches these ports can watch or control the browser.",
            listed(&open, ", ")
        ))
        .remediation(format!(
            "{RECREATE}, then check that its ports are published only on 127.0.0.1."
        ))
        .report(host);
    Ok(())
}

pub(crate) fn docker_probe_timeout(host: &dyn Host) -> Outcome {
    if let Some(milliseconds) = host.browser_containers()?.timed_out_after {
        rule::BROWSER_CONTAINER_DOCKER_PROBE_TIMEOUT.finding()
            .detail(format!(
                "Docker did not answer within {milliseconds}ms. The remaining checks of sandbox browser \
                 containers were skipped."
            ))
            .remediation("Audit again when docker responds, or recreate the containers if in doubt.")
            .report(host);
    }
    Ok(())
}

/// What was found before the timeout does not show that the rest is fine.
fn undecided(host: &dyn Host, rule: &str, found: &ContainerList) {
    if found.timed_out_after.is_some() {
        host.not_run(rule, "docker did not answer in time");
    }
}

fn names_where(found: &ContainerList, condition: impl Fn(&BrowserContainer) -> bool) -> Vec<&str> {
    found
        .containers
        .iter()
        .filter(|container| condition(container))
        .map(|container| container.name.as_str())
        .collect()
}

fn is_blank(label: Option<&str>) -> bool {
    label.is_none_or(|label| text::trim(label).is_empty())
}

fn listed(items: &[&str], separator: &str) -> String {
    let shown = items.iter().take(SHOWN).copied().collect::<Vec<_>>().join(separator);
    match items.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown}{separator}…{more} more"),
    }
}

#[cfg(test)]
mod tests {
    use chitin_sdk::Severity;
    use chitin_sdk::fake::{FakeHost, Said};
    use serde_json::json;

    use super::*;
    use crate::GROUPS;

    fn container(
        name: &str,
        hash: Option<&str>,
        epoch: Option<&str>,
        ports: &[&str],
    ) -> BrowserContainer {
        BrowserContainer {
            name: name.to_owned(),
            config_hash: hash.map(str::to_owned),
            config_epoch: epoch.map(str::to_owned),
            ports: ports.iter().map(|line| (*line).to_owned()).collect(),
        }
    }

    fn said(containers: Vec<BrowserContainer>, timed_out_after: Option<u32>) -> Said {
        FakeHost::with_config(json!({}))
            .containers(ContainerList { containers, timed_out_after })
            .run(GROUPS)
    }

    #[test]
    fn a_current_container_on_loopback_is_fine() {
        let epoch = Some("2026-05-12-cdp-relay-auth");
        let current = container("b", Some("h"), epoch, &["9222/tcp -> 127.0.0.1:49153"]);
        assert!(said(vec![current], None).findings.is_empty());
        assert!(said(vec![], None).findings.is_empty());
    }

    #[test]
    fn missing_labels_are_two_findings() {
        let found =
            said(vec![container("a", None, None, &[]), container("b", None, None, &[])], None);
        assert_eq!(
            found.ids(),
            [
                rule::BROWSER_CONTAINER_HASH_LABEL_MISSING.id,
                rule::BROWSER_CONTAINER_HASH_EPOCH_STALE.id
            ]
        );
        assert!(
            found
                .detail(rule::BROWSER_CONTAINER_HASH_LABEL_MISSING.id)
                .starts_with("Containers: a, b. ")
        );
        assert!(
            found
                .detail(rule::BROWSER_CONTAINER_HASH_EPOCH_STALE.id)
                .contains("openclaw.browserConfigEpoch=2026-05-12-cdp-relay-auth")
        );
    }

    #[test]
    fn any_other_epoch_is_stale_a_newer_one_too() {
        for epoch in ["2026-02-28-no-sandbox-env", "2027-01-01-later", "2026-05-12-CDP-relay-auth"]
        {
            assert_eq!(
                said(vec![container("a", Some("h"), Some(epoch), &[])], None).ids(),
                [rule::BROWSER_CONTAINER_HASH_EPOCH_STALE.id]
            );
        }
    }

    #[test]
    fn an_older_openclaw_has_its_own_epoch() {
        let old = container("a", Some("h"), Some("2026-02-28-no-sandbox-env"), &[]);
        let containers = ContainerList { containers: vec![old], timed_out_after: None };
        let by_version = |version: &str| {
            FakeHost::with_config(json!({"meta": {"lastTouchedVersion": version}}))
                .containers(containers.clone())
                .run(GROUPS)
                .findings
                .len()
        };
        assert_eq!(by_version("2026.3.8"), 0);
        assert_eq!(by_version("2026.9.6"), 1);
    }

    #[test]
    fn open_ports_are_critical_and_listed() {
        let epoch = Some("2026-05-12-cdp-relay-auth");
        let ports =
            ["9222/tcp -> 0.0.0.0:49153", "6080/tcp -> 127.0.0.1:1", "9222/tcp -> [::]:49153"];
        let found = said(vec![container("b", Some("h"), epoch, &ports)], None);
        assert_eq!(found.ids(), [rule::BROWSER_CONTAINER_NON_LOOPBACK_PUBLISH.id]);
        assert_eq!(
            found.severity(rule::BROWSER_CONTAINER_NON_LOOPBACK_PUBLISH.id),
            Some(Severity::Critical)
        );
        assert!(
            found
                .detail(rule::BROWSER_CONTAINER_NON_LOOPBACK_PUBLISH.id)
                .contains("b (9222/tcp -> 0.0.0.0:49153; 9222/tcp -> [::]:49153)")
        );
    }

    #[test]
    fn a_timeout_is_reported_with_what_was_seen() {
        let found = said(vec![container("a", None, None, &[])], Some(5000));
        assert_eq!(
            found.ids(),
            [
                rule::BROWSER_CONTAINER_HASH_LABEL_MISSING.id,
                rule::BROWSER_CONTAINER_HASH_EPOCH_STALE.id,
                rule::BROWSER_CONTAINER_DOCKER_PROBE_TIMEOUT.id
            ]
        );
        assert!(found.detail(rule::BROWSER_CONTAINER_DOCKER_PROBE_TIMEOUT.id).contains("5000ms"));
        assert_eq!(
            said(vec![], Some(250)).ids(),
            [rule::BROWSER_CONTAINER_DOCKER_PROBE_TIMEOUT.id]
        );
    }

    #[test]
    fn a_rule_that_found_nothing_before_the_timeout_is_not_passed() {
        let found = said(vec![container("a", None, None, &[])], Some(5000));
        let rules: Vec<&str> = found.not_run.iter().map(|(rule, _)| rule.as_str()).collect();
        assert_eq!(rules, [rule::BROWSER_CONTAINER_NON_LOOPBACK_PUBLISH.id]);
    }

    #[test]
    fn without_an_answer_nothing_is_passed() {
        let host = FakeHost::with_config(json!({})).without_fact("browser-containers");
        let rules: Vec<String> =
            host.run(GROUPS).not_run.into_iter().map(|(rule, _)| rule).collect();
        assert_eq!(
            rules,
            [
                rule::BROWSER_CONTAINER_HASH_LABEL_MISSING.id,
                rule::BROWSER_CONTAINER_HASH_EPOCH_STALE.id,
                rule::BROWSER_CONTAINER_NON_LOOPBACK_PUBLISH.id,
                rule::BROWSER_CONTAINER_DOCKER_PROBE_TIMEOUT.id
            ]
        );
    }
}

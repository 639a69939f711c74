//! The `browser` section as OpenClaw resolves it before anything is connected: what makes it unusable as a whole, and
//! the address that profiles inherit. The settings of a single profile belong to `profiles`.

use chitin_sdk::{Host, Location, Node, Refusal, Tree};

use crate::url::{Url, UrlError};

/// Where browser control listens is derived from the gateway's port; the browser's own port is the next one.
const CONTROL_PORT_OFFSET: u64 = 2;
const FALLBACK_CONTROL_PORT: u64 = 18_791;
const GREATEST_PORT: u64 = 65_535;
/// How many ports the browsers that OpenClaw starts may take, beyond the first.
const PORT_RANGE_SPAN: u64 = 99;

/// `browser.cdpUrl`.
#[derive(Debug)]
pub(crate) enum Base {
    /// Not set: a browser on this machine.
    Local,
    At(Url),
    /// Set, but its text is a secret.
    Hidden,
}

/// What makes the settings unusable.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) text: String,
    pub(crate) place: Location,
}

impl Problem {
    pub(crate) fn new(text: String, node: &Node<'_>) -> Self {
        Self { text, place: Location::Config(node.pointer().to_owned()) }
    }
}

/// The section and the address in it, when browser control is on and can start; else the rules do not apply.
pub(crate) fn usable(host: &dyn Host, rules: &[&str]) -> Result<Option<(Tree, Base)>, Refusal> {
    let browser = host.effective("/browser")?;
    let reason = match resolve(host, &browser)? {
        Ok(base) if is_enabled(&browser) => return Ok(Some((browser, base))),
        Ok(_) => "Browser control is off: browser.enabled=false.",
        Err(_) => "The browser settings are invalid; see browser.control_invalid_config.",
    };
    for rule in rules {
        host.not_applicable(rule, reason);
    }
    Ok(None)
}

/// Needs the config grants `/browser` and `/gateway/port`.
pub(crate) fn resolve(host: &dyn Host, browser: &Tree) -> Result<Result<Base, Problem>, Refusal> {
    let cdp_url = browser.at(["cdpUrl"]);
    if let Err(problem) = check_port_range(&browser.at(["cdpPortRangeStart"])) {
        return Ok(Err(problem));
    }
    if cdp_url.seal().is_some() {
        return Ok(Ok(Base::Hidden));
    }
    let Some(text) = cdp_url.trimmed() else {
        let port = host.effective("/gateway/port")?;
        return Ok(check_derived_port(&port.root()).map(|()| Base::Local));
    };
    Ok(match Url::parse(text) {
        Ok(url) => Ok(Base::At(url)),
        Err(UrlError::Hidden) => Ok(Base::Hidden),
        Err(error) => Err(Problem::new(format!("browser.cdpUrl {error}."), &cdp_url)),
    })
}

/// Only `false` turns browser control off.
pub(crate) fn is_enabled(browser: &Tree) -> bool {
    !browser.at(["enabled"]).is_false()
}

/// The key was retired after 2026.3.8, which refuses a range that does not fit.
fn check_port_range(start: &Node<'_>) -> Result<(), Problem> {
    let fits = |port: u64| (1..=GREATEST_PORT - PORT_RANGE_SPAN).contains(&port);
    if !start.value().is_number() || start.value().as_u64().is_some_and(fits) {
        return Ok(());
    }
    let greatest = GREATEST_PORT - PORT_RANGE_SPAN;
    let text = format!("browser.cdpPortRangeStart must be between 1 and {greatest}.");
    Err(Problem::new(text, start))
}

fn check_derived_port(gateway_port: &Node<'_>) -> Result<(), Problem> {
    let Some(port) = gateway_port.value().as_u64().filter(|port| *port > 0) else {
        return Ok(());
    };
    let wanted = port.saturating_add(CONTROL_PORT_OFFSET);
    let control = if wanted <= GREATEST_PORT { wanted } else { FALLBACK_CONTROL_PORT };
    if control < GREATEST_PORT {
        return Ok(());
    }
    let text = format!(
        "The browser's port is derived from gateway.port={port} and would be above {GREATEST_PORT}."
    );
    Err(Problem::new(text, gateway_port))
}

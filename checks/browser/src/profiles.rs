//! The browsers that OpenClaw may connect to, and the address of each: those of the config first, then the built-in
//! ones that it does not define.

use chitin_sdk::{Node, Tree};

use crate::settings::Base;
use crate::url::{Url, UrlError};

/// The profile that OpenClaw makes from `browser.cdpUrl`, and the one for a browser that the user has open.
const MANAGED: &str = "openclaw";
const OPEN_BROWSER: &str = "user";

/// How OpenClaw connects to a profile's browser.
#[derive(Debug)]
pub(crate) enum Address {
    At(Url),
    /// Through something on this machine, without an address.
    Local,
    /// The address is part of a secret.
    Hidden,
    /// Why there is no address, as text.
    Wrong(String),
}

#[derive(Debug)]
pub(crate) struct Profile<'t> {
    pub(crate) name: &'t str,
    /// Where the address is written.
    pub(crate) place: Node<'t>,
    pub(crate) address: Address,
}

pub(crate) fn profiles<'t>(browser: &'t Tree, base: &Base) -> Vec<Profile<'t>> {
    let default = browser.at(["defaultProfile"]).trimmed().unwrap_or(MANAGED);
    let configured = browser.at(["profiles"]).members();
    let is_defined =
        |wanted: &str| configured.iter().any(|(name, node)| *name == wanted && node.is_object());
    let base_place = browser.at(["cdpUrl"]);
    let mut built_in = Vec::new();
    if !is_defined(MANAGED) {
        built_in.push(Profile {
            name: MANAGED,
            place: base_place.clone(),
            address: built_in_address(base),
        });
    }
    if !is_defined(OPEN_BROWSER) && default == OPEN_BROWSER {
        built_in.push(Profile {
            name: OPEN_BROWSER,
            place: base_place.clone(),
            address: base_address(base),
        });
    }
    let mut all: Vec<Profile<'t>> = configured
        .into_iter()
        .filter(|(_, node)| node.is_object())
        .map(|(name, node)| configured_profile(name, &node, base, &base_place, default))
        .collect();
    all.extend(built_in);
    all
}

fn configured_profile<'t>(
    name: &'t str,
    node: &Node<'t>,
    base: &Base,
    base_place: &Node<'t>,
    default: &str,
) -> Profile<'t> {
    let own = node.get("cdpUrl");
    let has_own = own.seal().is_some() || own.trimmed().is_some();
    let driver = node.get("driver");
    let address = if driver.is("extension") {
        Address::Local
    } else if driver.is("existing-session") {
        match (has_own, name == default) {
            (true, _) => own_address(name, &own),
            (false, true) => base_address(base),
            (false, false) => Address::Local,
        }
    } else if has_own {
        with_port(own_address(name, &own), port(node), base)
    } else {
        match port(node) {
            Some(port) => at_base_host(base, port),
            None => Address::Wrong(format!("Profile \"{name}\" must define cdpPort or cdpUrl.")),
        }
    };
    Profile { name, place: if has_own { own } else { base_place.clone() }, address }
}

fn port(profile: &Node<'_>) -> Option<u16> {
    let port = profile.get("cdpPort").value().as_u64()?;
    u16::try_from(port).ok().filter(|port| *port > 0)
}

fn own_address(name: &str, own: &Node<'_>) -> Address {
    let Some(text) = own.trimmed() else {
        return Address::Hidden;
    };
    match Url::parse(text) {
        Ok(url) => Address::At(url),
        Err(UrlError::Hidden) => Address::Hidden,
        Err(error) => Address::Wrong(format!("browser.profiles.{name}.cdpUrl {error}.")),
    }
}

fn base_address(base: &Base) -> Address {
    match base {
        Base::Local => Address::Local,
        Base::Hidden => Address::Hidden,
        Base::At(url) => Address::At(url.clone()),
    }
}

/// The managed profile keeps a web socket address as it is; of another it takes host and port.
fn built_in_address(base: &Base) -> Address {
    match base {
        Base::At(url) if url.is_web_socket() => {
            with_port(Address::At(url.clone()), Some(url.port()), base)
        }
        Base::At(url) => at_base_host(base, url.port()),
        Base::Local | Base::Hidden => base_address(base),
    }
}

fn at_base_host(base: &Base, port: u16) -> Address {
    match base {
        Base::Local => Address::Local,
        Base::Hidden => Address::Hidden,
        Base::At(url) => Address::At(Url::of_host(base_scheme(url), url.host().clone(), port)),
    }
}

/// A port beside an address completes it. Beside the web socket of one browser session it leads to the browser's HTTP
/// interface instead.
fn with_port(address: Address, port: Option<u16>, base: &Base) -> Address {
    match (address, port) {
        (Address::At(url), Some(port)) if url.is_browser_session() => match base {
            Base::Hidden => Address::Hidden,
            Base::Local => Address::At(Url::of_host("http", url.host().clone(), port)),
            Base::At(of) => Address::At(Url::of_host(base_scheme(of), url.host().clone(), port)),
        },
        (Address::At(url), Some(port)) => Address::At(url.with_default_port(port)),
        (address, _) => address,
    }
}

fn base_scheme(base: &Url) -> &'static str {
    if base.scheme() == "https" { "https" } else { "http" }
}

//! Reads the host's own rules, so a malformed declaration fails the build.

#![allow(clippy::print_stdout, clippy::disallowed_methods)]

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use chitin_model::manifest::{Rule, check_rules};
use serde::Deserialize;

const DECLARATIONS: &str = "src/host_rules.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Declared {
    rule: Vec<Rule>,
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={DECLARATIONS}");
    let declared: Declared = toml::from_str(&fs::read_to_string(DECLARATIONS)?)?;
    check_rules(&declared.rule)?;
    let mut source = String::from("fn declared() -> Vec<Rule> {\n    vec![\n");
    for rule in &declared.rule {
        writeln!(source, "        {},", literal(rule))?;
    }
    source.push_str("    ]\n}\n");
    let out = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    Ok(fs::write(Path::new(&out).join("host_rules.rs"), source)?)
}

/// A rule as Rust source.
fn literal(rule: &Rule) -> String {
    let severities = rule.severities.iter().map(|severity| format!("Severity::{severity:?}"));
    format!(
        "Rule {{ id: {:?}.to_owned(), severities: vec![{}], title: {:?}.to_owned(), why: {:?}.to_owned(), \
         exploit: {:?}.to_owned(), fix: {:?}.to_owned(), auto_fix: {}, without_config: {}, deep: {}, references: vec![{}] }}",
        rule.id,
        severities.collect::<Vec<_>>().join(", "),
        rule.title,
        rule.why,
        rule.exploit,
        rule.fix,
        rule.auto_fix,
        rule.without_config,
        rule.deep,
        rule.references
            .iter()
            .map(|url| format!("{url:?}.to_owned()"))
            .collect::<Vec<_>>()
            .join(", "),
    )
}

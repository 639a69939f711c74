//! Which modules take part in a run: the built-in ones, and installed ones that may be used.

use anyhow::Result;

use crate::environment::variable;
use chitin_model::timestamp::Timestamp;
use chitin_runtime::{Catalogue, Foreign};
use chitin_trust::{Installed, Paths, TrustReport};

/// The built-in modules and the installed ones that may be used, and why the others may not.
pub(super) fn all() -> Result<(Catalogue, TrustReport)> {
    let built_in = chitin_builtin::catalogue()?;
    // Without a directory for them, nothing is installed.
    let Ok(paths) = paths() else {
        return Ok((built_in, TrustReport::default()));
    };
    let installed = chitin_trust::installed(&paths, &rule_ids(&built_in), Timestamp::now());
    let modules = installed.modules.into_iter().map(|module| {
        let (component, manifest) = module.into_parts();
        Foreign::of(component, manifest)
    });
    Ok((built_in.admit(modules), installed.report))
}

/// The installed modules, as an audit would use or refuse them.
pub(super) fn installed() -> Result<Installed> {
    Ok(chitin_trust::installed(&paths()?, &own_rules()?, Timestamp::now()))
}

/// The rule ids that no third-party module may declare.
pub(super) fn own_rules() -> Result<Vec<String>> {
    Ok(rule_ids(&chitin_builtin::catalogue()?))
}

fn rule_ids(catalogue: &Catalogue) -> Vec<String> {
    catalogue.rules().map(|(_, rule)| rule.id.clone()).collect()
}

/// The files of this user that decide which installed modules are trusted.
pub(super) fn paths() -> Result<Paths> {
    Ok(Paths::of_user(variable)?)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_rules_of_the_modules_and_of_the_host_are_reserved() {
        let own = super::own_rules().unwrap();
        for rule in ["gateway.bind_no_auth", "plugins.*.security_audit_failed"] {
            assert!(own.iter().any(|own| own == rule), "{rule}");
        }
    }
}

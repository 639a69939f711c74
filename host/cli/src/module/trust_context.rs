//! What the subcommands that judge modules share: what this user trusts, and the decision about one module.

use anyhow::Result;

use crate::exit::Exit;
use crate::modules::{own_rules, paths};
use chitin_model::escape::visible_lines;
use chitin_model::timestamp::Timestamp;
use chitin_trust::{
    InstallError, InstallPlan, Package, Paths, Store, TrustPolicy, VerifiedModule, Verifier,
};

/// What this user trusts, at this time.
pub(super) struct TrustContext {
    pub(super) paths: Paths,
    pub(super) own_rules: Vec<String>,
    pub(super) trust: TrustPolicy,
    pub(super) now: Timestamp,
}

impl TrustContext {
    pub(super) fn load() -> Result<Self> {
        let paths = paths()?;
        let own_rules = own_rules()?;
        let trust = TrustPolicy::load(&paths, &own_rules)?;
        Ok(Self { paths, own_rules, trust, now: Timestamp::now() })
    }

    pub(super) fn verifier(&self) -> Verifier<'_> {
        Verifier { trust: &self.trust, own_rules: &self.own_rules, now: self.now }
    }
}

/// The decision that `verify` shows and `add` acts on: the module, and what installing it would change. None if it is
/// refused, after the reason was printed.
pub(super) fn weighed(
    context: &TrustContext,
    store: &Store,
    package: &Package,
) -> Result<Option<(VerifiedModule, InstallPlan)>> {
    let module = package.module.clone();
    let decided = context.verifier().verify(&package.name, module, package.envelope.as_deref());
    let weighed = decided.map_err(InstallError::from).and_then(|module| {
        let addition = store.plan_install(&module)?;
        Ok((module, addition))
    });
    match weighed {
        Ok(weighed) => Ok(Some(weighed)),
        Err(InstallError::Refused(why)) => {
            refused(&package.name, &why);
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Says on stderr that a module is refused. The reason ends with what to do next.
pub(super) fn refused(name: &str, why: &impl std::fmt::Display) -> Exit {
    let text = format!("{name} is refused: {why}");
    anstream::eprintln!("error: {}", visible_lines(&text));
    Exit::Failed
}

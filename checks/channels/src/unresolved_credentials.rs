//! Credentials that refer to something that has no value in this run.

use chitin_openclaw::channels::{Account, label, path};
use chitin_sdk::{Node, SecretSource};

use crate::findings::{Findings, id_part};
use crate::rule;

/// Reports which credentials of an account could not be resolved. The account is still audited: the gateway may well have
/// what is missing here.
pub(crate) fn unresolved(account: &Account<'_>, places: &[Node<'_>], findings: &mut Findings) {
    let channel = account.channel();
    for place in places {
        let Some(seal) = place.seal() else { continue };
        let why = match (seal.source, &seal.variable) {
            (SecretSource::Reference, _) => {
                "is a SecretRef that could not be resolved here".to_owned()
            }
            (_, Some(variable)) => {
                format!("refers to the variable {variable}, which has no value here")
            }
            (_, None) => "refers to a variable that has no value here".to_owned(),
        };
        findings.add(
            rule::ACCOUNT_READ_ONLY_RESOLUTION
                .finding([&id_part(channel)])
                .title(format!("{}: an account could not be fully resolved", label(channel)))
            .detail(format!(
                "{channel}:{}: {} {why}. The account is audited as if it had a value.",
                account.id(),
                path(place)
            ))
            .remediation(
                "Run the audit where the referenced secrets are available, so it sees what the gateway sees.",
            )
            .at(place),
        );
    }
}

//! The one way from a call to its answer: its grant is checked first, so no version of the contract and no call can
//! forget it.

use chitin_model::grants::{Grants, Level};

use super::{Call, Grant, Listed};
use crate::live::LiveView;
use crate::refusal::{Answer, Refusal};

/// Answers a call, if its grant is there.
pub(crate) fn answer<C: Call>(call: &C, view: &LiveView) -> Answer<C::Reply> {
    check::<C>(view.grants(), call.grant())?;
    call.answer(view)
}

fn check<C: Listed>(grants: &Grants, grant: Grant<'_>) -> Answer<()> {
    let denied = |what: String| Err(Refusal::NotGranted(what));
    let fact = |argument: Option<&str>| {
        let name = C::FUNCTION.replace('_', "-");
        if grants.allow_fact(&name, argument) {
            return Ok(());
        }
        let argument = argument.map(|argument| format!(":{argument}")).unwrap_or_default();
        denied(format!("fact `{name}{argument}`"))
    };
    let config = |pointer: &str| {
        if grants.allow_config(pointer) {
            return Ok(());
        }
        denied(format!("config `{}`", pointer.escape_debug()))
    };
    match grant {
        Grant::Filtered => Ok(()),
        Grant::Config(pointer) => config(pointer),
        Grant::Fact => fact(None),
        Grant::FactAbout(argument) => fact(Some(argument)),
        Grant::FactAndConfig(pointer) => fact(None).and_then(|()| config(pointer)),
        Grant::File { root, path, level } => {
            if grants.allow_file(root, path, level) {
                return Ok(());
            }
            let level = match level {
                Level::Metadata => "metadata",
                Level::Content => "content",
            };
            denied(format!("{level} of `{}`", format!("{root}:{path}").escape_debug()))
        }
        Grant::Tree { root, path } => {
            if grants.allow_tree(root, path) {
                return Ok(());
            }
            denied(format!("the code below `{}`", format!("{root}:{path}").escape_debug()))
        }
    }
}

//! The rule for Feishu's document tool. It checks the section itself, whether or not the channel is in use.

use chitin_sdk::{Host, Node, Outcome};

use crate::rule;

/// The document tool is on: anyone who asks for a document may have it shared with any account.
pub(crate) fn doc_owner(host: &dyn Host) -> Outcome {
    let channels = host.effective("/channels")?;
    let section = channels.at(["feishu"]);
    if !section.is_object() || section.get("enabled").is_false() {
        return Ok(());
    }
    let accounts = section.get("accounts").members();
    let tools = if accounts.is_empty() {
        tool_settings(&section, &section)
    } else {
        accounts.iter().find_map(|(_, account)| {
            let is_on = account.is_object() && !account.get("enabled").is_false();
            is_on.then(|| tool_settings(account, &section)).flatten()
        })
    };
    let Some(tools) = tools else { return Ok(()) };
    rule::FEISHU_DOC_OWNER_OPEN_ID.finding()
        .detail(
            "channels.feishu has its doc tool on. Its `create` action takes an owner_open_id that comes with the request, \
             and gives that account rights in the new document.",
        )
        .remediation("Set channels.feishu.tools.doc=false where it is not needed, and deny the tool to agents that read untrusted prompts.")
        .at(&tools)
        .report(host);
    Ok(())
}

/// The `tools` of an account that can log in, unless they turn the document tool off.
fn tool_settings<'t>(account: &Node<'t>, section: &Node<'t>) -> Option<Node<'t>> {
    let setting = |key: &str| {
        let own = account.get(key);
        if own.is_nullish() { section.get(key) } else { own }
    };
    let can_log_in = ["appId", "appSecret"]
        .iter()
        .all(|key| account.get(key).is_configured() || section.get(key).is_configured());
    Some(setting("tools")).filter(|tools| can_log_in && !tools.get("doc").is_false())
}

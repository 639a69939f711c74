//! Interactive pages from MCP servers. Which servers an agent may use belongs to the tools check.

use chitin_sdk::{Host, Outcome};

use crate::rule;

pub(crate) fn apps(host: &dyn Host) -> Outcome {
    let enabled = host.effective("/mcp/apps/enabled")?;
    if !enabled.root().is_true() {
        return Ok(());
    }
    rule::MCP_APPS_ENABLED.finding()
        .detail(
            "mcp.apps.enabled=true lets configured MCP servers present interactive HTML. Such a page is isolated, but \
             it can call the app-visible tools of its own server while the session runs.",
        )
        .remediation("Set mcp.apps.enabled=false unless you need it and trust every configured MCP server.")
        .at(&enabled.root())
        .report(host);
    Ok(())
}

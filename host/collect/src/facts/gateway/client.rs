//! How this side introduces itself, so the gateway treats it as OpenClaw's own probe.

pub(super) struct Client {
    pub(super) id: &'static str,
    pub(super) mode: &'static str,
    pub(super) role: &'static str,
    pub(super) scope: &'static str,
}

pub(super) const CLIENT: Client =
    Client { id: "cli", mode: "probe", role: "operator", scope: "operator.read" };

//! The commands that OpenClaw 2026.9.6 knows on paired devices.

use std::collections::HashSet;

/// Device commands that stay off until the config allows them.
pub(super) const DANGEROUS: &[&str] = &[
    "camera.snap",
    "camera.clip",
    "camera.ptz.control",
    "screen.record",
    "contacts.add",
    "calendar.add",
    "reminders.add",
    "sms.send",
    "sms.search",
    "health.summary",
];

/// The defaults of the first platform; OpenClaw lists the config's own commands after them.
const FIRST_PLATFORM: &[&str] = &[
    "camera.list",
    "location.get",
    "device.info",
    "device.status",
    "contacts.search",
    "calendar.events",
    "reminders.list",
    "photos.latest",
    "motion.activity",
    "motion.pedometer",
    "system.notify",
    "watch.status",
    "watch.notify",
];

/// The additional defaults of the other platforms.
const OTHER_PLATFORMS: &[&str] = &[
    "notifications.list",
    "notifications.actions",
    "device.permissions",
    "device.health",
    "device.apps",
    "callLog.search",
    "mobile.ui.observe",
    "mobile.ui.act",
    "camera.ptz.status",
    "system.run.prepare",
    "system.run",
    "system.which",
    "system.execApprovals.get",
    "system.execApprovals.set",
    "fs.listDir",
    "terminal.upload",
    "browser.proxy",
    "browser.proxy.upload.v1",
    "mcp.tools.call.v1",
    "agent.cli.claude.run.v1",
    "screen.snapshot",
    "desktop.stream",
    "computer.act",
    "talk.ptt.start",
    "talk.ptt.stop",
    "talk.ptt.cancel",
    "talk.ptt.once",
];

/// Every command that a denial can name: OpenClaw's own and those that the config allows, in OpenClaw's order.
pub(super) struct Known<'t> {
    ordered: Vec<&'t str>,
    names: HashSet<&'t str>,
}

impl<'t> Known<'t> {
    /// `offered` decides about the defaults of the other platforms, which depend on the config.
    pub(super) fn new(allowed: &[&'t str], offered: impl Fn(&str) -> bool) -> Self {
        let others = OTHER_PLATFORMS.iter().filter(|name| offered(name));
        let all = FIRST_PLATFORM.iter().chain(allowed).chain(others).chain(DANGEROUS);
        let mut names = HashSet::new();
        let ordered = all.copied().filter(|name| names.insert(*name)).collect();
        Self { ordered, names }
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &'t str> {
        self.ordered.iter().copied()
    }
}

//! The browser interface that the gateway serves: which pages may talk to it, and the switches that weaken its login.

use chitin_openclaw::auth::Reach;
use chitin_sdk::{Host, Outcome, Refusal, Tree};

use crate::critical_where;
use crate::rule;

/// Only `false` turns the Control UI off.
pub(crate) fn is_enabled(host: &dyn Host) -> Result<bool, Refusal> {
    Ok(!host.effective("/gateway/controlUi/enabled")?.root().is_false())
}

pub(crate) fn origins(host: &dyn Host) -> Outcome {
    let reach = Reach::read(host)?;
    let control_ui = host.effective("/gateway/controlUi")?;
    required_origins(host, &reach, &control_ui);
    wildcard_origin(host, &reach, &control_ui);
    host_header_fallback(host, &reach, &control_ui);
    Ok(())
}

fn required_origins(host: &dyn Host, reach: &Reach, control_ui: &Tree) {
    let origins = control_ui.at(["allowedOrigins"]);
    let falls_back = control_ui.at(["dangerouslyAllowHostHeaderOriginFallback"]).is_true();
    let enabled = !control_ui.at(["enabled"]).is_false();
    if !reach.beyond_loopback() || !enabled || falls_back || !origins.strings().is_empty() {
        return;
    }
    rule::CONTROL_UI_ALLOWED_ORIGINS_REQUIRED
        .finding()
        .detail(format!(
            "gateway.bind=\"{}\" and the Control UI is on, but gateway.controlUi.allowedOrigins names no origin. Beyond \
             loopback the gateway needs an explicit list of the pages that may talk to it.",
            reach.bind()
        ))
        .remediation(
            "Set gateway.controlUi.allowedOrigins to the full origins you use, for example \
             [\"https://control.example.com\"], or turn the Control UI off with gateway.controlUi.enabled=false.",
        )
        .at(&origins)
        .report(host);
}

fn wildcard_origin(host: &dyn Host, reach: &Reach, control_ui: &Tree) {
    let origins = control_ui.at(["allowedOrigins"]);
    if !origins.strings().contains(&"*") {
        return;
    }
    rule::CONTROL_UI_ALLOWED_ORIGINS_WILDCARD
        .finding_at(critical_where(reach.beyond_loopback()))
        .detail(
            "gateway.controlUi.allowedOrigins contains \"*\", which allows any browser origin for the Control UI and \
             WebChat and so turns off the origin check.",
        )
        .remediation("Replace \"*\" with the full origins you use, for example \"https://control.example.com\".")
        .at(&origins)
        .report(host);
}

fn host_header_fallback(host: &dyn Host, reach: &Reach, control_ui: &Tree) {
    let fallback = control_ui.at(["dangerouslyAllowHostHeaderOriginFallback"]);
    if !fallback.is_true() {
        return;
    }
    rule::CONTROL_UI_HOST_HEADER_ORIGIN_FALLBACK
        .finding_at(critical_where(reach.beyond_loopback()))
        .detail(
            "gateway.controlUi.dangerouslyAllowHostHeaderOriginFallback=true accepts any origin that equals the \
             request's Host header. That removes the protection against DNS rebinding.",
        )
        .remediation(
            "Remove gateway.controlUi.dangerouslyAllowHostHeaderOriginFallback and list your origins in \
             gateway.controlUi.allowedOrigins.",
        )
        .at(&fallback)
        .report(host);
}

/// Both keys are retired in OpenClaw 2026.9.6 and ignored there; a config that has them is used by an older gateway, or a
/// weaker login was intended.
pub(crate) fn device_checks(host: &dyn Host) -> Outcome {
    let control_ui = host.effective("/gateway/controlUi")?;
    let insecure = control_ui.at(["allowInsecureAuth"]);
    if insecure.is_true() {
        rule::CONTROL_UI_INSECURE_AUTH
            .finding()
            .detail(
                "gateway.controlUi.allowInsecureAuth=true. The switch does not bypass the secure-context and device \
                 identity checks (only dangerouslyDisableDeviceAuth does), but it shows that a weak login was \
                 intended. Recent OpenClaw versions ignore the key.",
            )
            .remediation("Remove gateway.controlUi.allowInsecureAuth and open the Control UI over HTTPS or on localhost.")
            .at(&insecure)
            .report(host);
    }
    let no_device = control_ui.at(["dangerouslyDisableDeviceAuth"]);
    if no_device.is_true() {
        rule::CONTROL_UI_DEVICE_AUTH_DISABLED
            .finding()
            .detail(
                "gateway.controlUi.dangerouslyDisableDeviceAuth=true lets any browser with the shared secret in, without \
                 a paired device. Recent OpenClaw versions ignore the key.",
            )
            .remediation("Remove gateway.controlUi.dangerouslyDisableDeviceAuth and pair the devices that need access.")
            .at(&no_device)
            .report(host);
    }
    Ok(())
}

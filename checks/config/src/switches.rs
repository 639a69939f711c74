//! The switches at fixed places that turn a protection off. Data only; those at places that depend on the config are in
//! `flags`.

/// A place in the config and the value that is dangerous there.
pub(crate) struct Switch {
    pub(crate) pointer: &'static str,
    pub(crate) dangerous: bool,
    pub(crate) effect: &'static str,
}

pub(crate) const BEFORE_MAPPINGS: &[Switch] = &[
    Switch {
        pointer: "/gateway/controlUi/allowInsecureAuth",
        dangerous: true,
        effect: "the control UI logs in over plain HTTP",
    },
    Switch {
        pointer: "/gateway/controlUi/dangerouslyAllowHostHeaderOriginFallback",
        dangerous: true,
        effect: "the control UI takes its own origin from the Host header, which the client chooses",
    },
    Switch {
        pointer: "/gateway/controlUi/dangerouslyDisableDeviceAuth",
        dangerous: true,
        effect: "the control UI accepts devices that were not paired",
    },
    Switch {
        pointer: "/hooks/gmail/allowUnsafeExternalContent",
        dangerous: true,
        effect: EXTERNAL_CONTENT,
    },
];

/// What the switch of the same name does in a hook mapping.
pub(crate) const EXTERNAL_CONTENT: &str =
    "text from outside reaches the agent without the wrapping that marks it as untrusted";

pub(crate) const BEFORE_SUPPRESSIONS: &[Switch] = &[Switch {
    pointer: "/tools/exec/applyPatch/workspaceOnly",
    dangerous: false,
    effect: "patches may be applied to files outside the workspace",
}];

pub(crate) const AFTER_SUPPRESSIONS: &[Switch] = &[
    Switch {
        pointer: "/hooks/allowRequestSessionKey",
        dangerous: true,
        effect: "callers of a hook choose the session that it writes into",
    },
    Switch {
        pointer: "/browser/ssrfPolicy/dangerouslyAllowPrivateNetwork",
        dangerous: true,
        effect: "the browser may be sent to addresses of the private network",
    },
    Switch {
        pointer: "/tools/fs/workspaceOnly",
        dangerous: false,
        effect: "file tools may read and write outside the workspace",
    },
];

/// Keys of a `sandbox.docker` section that loosen the container when true, with what they do.
pub(crate) const SANDBOX: &[(&str, &str)] = &[
    (
        "dangerouslyAllowReservedContainerTargets",
        "bind mounts may cover paths that the sandbox reserves for itself",
    ),
    (
        "dangerouslyAllowExternalBindSources",
        "bind mounts may expose host directories outside the workspace",
    ),
    (
        "dangerouslyAllowContainerNamespaceJoin",
        "the sandbox may join the namespaces of another container",
    ),
];

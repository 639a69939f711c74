//! What plugins that OpenClaw publishes declare as dangerous in their own config. Data only; an installed plugin's
//! manifest adds to it.

/// A JSON scalar in a constant.
pub(crate) enum Literal {
    True,
    Text(&'static str),
}

/// Plugin id, path pattern below the plugin's config, dangerous value.
pub(crate) const KNOWN: &[(&str, &str, Literal)] = &[
    ("acpx", "permissionMode", Literal::Text("approve-all")),
    ("imap", "accounts.*.senderAuth.acceptTrustedAuthservId", Literal::True),
    ("imap", "accounts.*.senderAuth.min", Literal::Text("unverified")),
    ("imap", "accounts.*.senderAuth.min", Literal::Text("mutable")),
];

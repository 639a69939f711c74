//! Windows principals that mean everyone, and those that a private file may name. Data only, in lower case. Names in
//! languages other than English are those that OpenClaw 2026.9.6 knows.

/// Everyone, authenticated users, users, anonymous, guests, interactive, local, network.
pub(crate) const WORLD_SIDS: &[&str] = &[
    "s-1-1-0",
    "s-1-5-11",
    "s-1-5-32-545",
    "s-1-5-7",
    "s-1-5-32-546",
    "s-1-5-4",
    "s-1-2-0",
    "s-1-5-2",
];

/// The system, the administrators, the installer of Windows itself.
pub(crate) const TRUSTED_SIDS: &[&str] =
    &["s-1-5-18", "s-1-5-32-544", "s-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"];

pub(crate) const WORLD_NAMES: &[&str] = &[
    "everyone",
    "users",
    "builtin\\users",
    "authenticated users",
    "nt authority\\authenticated users",
    "anonymous logon",
    "nt authority\\anonymous logon",
    "guests",
    "builtin\\guests",
    "interactive",
    "nt authority\\interactive",
    "network",
    "nt authority\\network",
    "local",
];

/// Endings of names that mean everyone on a machine or in a domain.
pub(crate) const WORLD_ENDINGS: &[&str] = &["\\users", "\\authenticated users"];

/// Without diacritics, which not every tool prints.
pub(crate) const TRUSTED_NAMES: &[&str] = &[
    "nt authority\\system",
    "system",
    "builtin\\administrators",
    "creator owner",
    "autorite nt\\systeme",
    "nt-autoritat\\system",
    "autoridad nt\\system",
    "autoridade nt\\system",
];

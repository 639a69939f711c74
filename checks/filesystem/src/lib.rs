//! Who else can read or change the files that OpenClaw trusts: the state directory, the config and what it includes,
//! stored credentials, the log.
//!
//! Only metadata is used, never the content of a file.

mod access;
mod acl;
mod agents;
mod cloud_sync;
mod config_file;
mod credentials;
mod file;
mod includes;
mod log_file;
mod permission_rules;
mod principals;
mod shell_commands;
mod state_dir;

use chitin_sdk::Group;

/// The rules of this module. A link and the permissions behind it are separate groups: one can be known when the other is
/// not.
pub const GROUPS: &[Group] = &[
    Group { rules: &[rule::FS_SYNCED_DIR.id], check: cloud_sync::check },
    Group { rules: &[rule::FS_STATE_DIR_SYMLINK.id], check: state_dir::link },
    Group { rules: state_dir::PERMISSIONS, check: state_dir::permissions },
    Group { rules: &[rule::FS_CONFIG_SYMLINK.id], check: config_file::link },
    Group { rules: config_file::PERMISSIONS, check: config_file::permissions },
    Group { rules: includes::PERMISSIONS, check: includes::permissions },
    Group { rules: credentials::PERMISSIONS, check: credentials::permissions },
    Group { rules: agents::PERMISSIONS, check: agents::permissions },
    Group { rules: &[rule::FS_LOG_FILE_PERMS_READABLE.id], check: log_file::permissions },
];

chitin_sdk::export!(GROUPS);
chitin_sdk::rules!(mod rule);

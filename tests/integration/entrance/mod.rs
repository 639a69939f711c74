//! Which gateway is audited: a place without one is an error, a config is audited as a config, and the report begins with
//! what was looked at.

mod audited;
mod nothing_there;
mod variables;

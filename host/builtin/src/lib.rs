//! The built-in checks: components built from `checks/` by the build script, and their machine code.
//!
//! What must not enter: any decision. A module that is built in gets no exemption from anything.
#![allow(unsafe_code)] // The table promises where the machine code comes from.

#[cfg(not(any(feature = "checks", chitin_type_check)))]
compile_error!("chitin without its checks is of no use; leave the feature `checks` on");

use chitin_audit::host_rules;
use chitin_runtime::{Catalogue, Embedded, LoadError};

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// The built-in modules, in id order.
pub fn catalogue() -> Result<Catalogue, LoadError> {
    Catalogue::built_in(MODULES, host_rules::reserved())
}

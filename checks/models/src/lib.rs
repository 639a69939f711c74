//! Which models the agents think with. What a model is called is all that is looked at: nothing is asked of a network.

mod hygiene;
mod references;
mod size;
mod small;
mod tiers;
mod web;

use chitin_sdk::Group;

/// The rules of this module.
pub const GROUPS: &[Group] = &[
    Group { rules: &["models.legacy"], check: hygiene::legacy },
    Group { rules: &["models.weak_tier"], check: hygiene::weak_tier },
    Group { rules: &["models.small_params"], check: small::small_params },
];

chitin_sdk::export!(GROUPS);

//! Which models the agents use. Only the names of models are checked, without the network.

mod hygiene;
mod references;
mod size;
mod small_params;
mod tiers;
mod web;

use chitin_sdk::Group;

/// The rules of this module.
pub const GROUPS: &[Group] = &[
    Group { rules: &[rule::LEGACY.id], check: hygiene::legacy },
    Group { rules: &[rule::WEAK_TIER.id], check: hygiene::weak_tier },
    Group { rules: &[rule::SMALL_PARAMS.id], check: small_params::small_params },
];

chitin_sdk::export!(GROUPS);
chitin_sdk::rules!(mod rule);

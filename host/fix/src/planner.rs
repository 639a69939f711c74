//! Makes a plan: OpenClaw's own list of changes, then what modules asked for.

use super::anchored_path::Anchors;
use super::plan::{FixPlan, PermissionBackend};
use super::request::Requested;
use super::{config_fixes, permissions, request};
use chitin_config::Config;
use chitin_view::Inputs;

/// Plans every change that this gateway needs. `requested` are the fixes of findings.
pub fn plan(inputs: &Inputs, requested: &[Requested]) -> FixPlan {
    let collected = inputs.collected();
    let config = &collected.config;
    let mut anchors = Anchors::default();
    let variable = |name| collected.environment.get(name) == Some("1");
    let (modes, uncollected) = permissions::targets(collected, &mut anchors);
    let mut plan = FixPlan {
        state_dir: collected.locations.state_dir.clone(),
        config_path: config.path.clone(),
        backend: PermissionBackend::of_system(),
        values: Vec::new(),
        modes,
        refused: uncollected,
        problems: problems(config),
        read_only: ["OPENCLAW_CONFIG_READONLY", "OPENCLAW_NIX_MODE"]
            .into_iter()
            .find(|name| variable(name)),
        sources: permissions::sources(collected, &mut anchors),
    };
    if plan.problems.is_empty() {
        config_fixes::add(&mut plan, inputs);
    }
    request::add(&mut plan, inputs, requested, &mut anchors);
    plan
}

fn problems(config: &Config) -> Vec<String> {
    let worded = |problem: &chitin_config::Problem| {
        format!("{}: {}", problem.path.display(), problem.message)
    };
    config.problems.iter().map(worded).collect()
}

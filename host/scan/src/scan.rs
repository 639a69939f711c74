//! One scan of one tree.

use super::gather::Gathered;
use super::plan::Plan;
use super::progress::Progress;
use super::request::{Request, Scanned};
use super::shards;
use chitin_fs::tree::Tree;
use chitin_runtime::Scanner;

/// Scans a tree.
pub(super) fn scan(
    tree: &dyn Tree,
    scanner: &Scanner,
    request: &Request<'_>,
    progress: &dyn Progress,
) -> Scanned {
    let plan = Plan::make(tree, scanner, request);
    progress.begin(tree.name(), plan.wanted.len() as u64, plan.bytes);
    let outcomes = shards::read(tree, &plan, scanner, request.quota.deadline, progress);
    progress.end();
    let mut gathered = Gathered::of(tree, scanner, &plan);
    for (number, outcome) in outcomes.into_iter().enumerate() {
        gathered.take(number, outcome);
    }
    gathered.finish(request, plan)
}

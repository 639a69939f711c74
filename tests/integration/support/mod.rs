//! What several topics need: something to audit, ways to run the audit, and checks that hold for every output. No tests.

pub(crate) mod corpus;
pub(crate) mod deviations;
pub(crate) mod harness;
pub(crate) mod output_hygiene;
pub(crate) mod repository;
pub(crate) mod runner;
pub(crate) mod terminal;
pub(crate) mod thread_pool;
pub(crate) mod workspace;

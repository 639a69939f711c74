//! What an operator asks an audit for, and who waits for it.

use std::fmt;
use std::sync::Arc;

use chitin_config::discover::Request;
use chitin_runtime::limits::Limits;
use chitin_runtime::worker::Setup;
use chitin_scan::{NoProgress, Progress};
use chitin_trust::TrustReport;
use chitin_view::AuthOverride;
use tokio_util::sync::CancellationToken;

/// What an operator asks for.
#[derive(Debug, Default)]
pub struct Options {
    pub request: Request,
    pub auth: Option<AuthOverride>,
    pub limits: Limits,
    /// How third-party modules are run.
    pub workers: Setup,
    /// How far they can be trusted.
    pub trust_report: TrustReport,
    pub context: RunContext,
}

/// How an audit is cancelled, and where it reports its progress.
#[derive(Clone)]
pub struct RunContext {
    pub cancel: CancellationToken,
    pub progress: Arc<dyn Progress>,
}

impl Default for RunContext {
    fn default() -> Self {
        Self { cancel: CancellationToken::new(), progress: Arc::new(NoProgress) }
    }
}

impl fmt::Debug for RunContext {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("RunContext").field("cancel", &self.cancel).finish_non_exhaustive()
    }
}

//! What is wrong with the config's syntax and includes.

use serde::{Deserialize, Serialize};

use chitin_contract::facts::{Problem, ProblemKind};

use super::{Call, Grant};
use crate::live::LiveView;
use crate::refusal::Answer;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigProblems {}

impl Call for ConfigProblems {
    type Reply = Vec<Problem>;

    fn grant(&self) -> Grant<'_> {
        Grant::Fact
    }

    fn answer(&self, view: &LiveView) -> Answer<Self::Reply> {
        let inputs = view.inputs();
        let shown = |problem: &chitin_config::Problem| Problem {
            kind: match problem.kind {
                chitin_config::ProblemKind::ParseFailed => ProblemKind::ParseFailed,
                chitin_config::ProblemKind::IncludeFailed => ProblemKind::IncludeFailed,
                chitin_config::ProblemKind::NotPermitted => ProblemKind::NotPermitted,
                chitin_config::ProblemKind::NotAFile => ProblemKind::NotAFile,
                chitin_config::ProblemKind::TooLarge => ProblemKind::TooLarge,
                chitin_config::ProblemKind::NotText => ProblemKind::NotText,
                chitin_config::ProblemKind::ReadFailed => ProblemKind::ReadFailed,
            },
            message: view.blank(&problem.message),
            file: view.blank(&inputs.config_relative(&problem.path)),
        };
        Ok(inputs.config().problems.iter().map(shown).collect())
    }
}

//! Why a question gets no answer.

use chitin_collect::facts::FactError;
use chitin_fs::files::FilesError;

pub use chitin_contract::types::Refusal;

/// What a question comes to.
pub type Answer<T> = Result<T, Refusal>;

/// The text that goes to the ledger.
pub fn reason(refusal: Refusal) -> String {
    match refusal {
        Refusal::NotGranted(reason) | Refusal::Unavailable(reason) | Refusal::NotHere(reason) => {
            reason
        }
    }
}

/// A file's error as a refusal.
pub fn of_files(error: &FilesError) -> Refusal {
    match error {
        FilesError::UnknownRoot { .. } | FilesError::Absent(_) => {
            Refusal::NotHere(error.to_string())
        }
        error => Refusal::Unavailable(error.to_string()),
    }
}

/// A fact's error as a refusal.
pub(crate) fn of_fact(error: FactError) -> Refusal {
    match error {
        FactError::NotHere(reason) => Refusal::NotHere(reason),
        FactError::Failed(reason) => Refusal::Unavailable(reason),
    }
}

//! What the database says, in our words.

use diesel::result::{DatabaseErrorKind, Error};

use crate::refusal::{Failure, Fault};

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Fault(Fault::because("the database did not do what it was asked", error))
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::because("the database did not do what it was asked", error)
    }
}

/// Whether `error` says that a row with this key is already there.
pub fn is_duplicate(error: &Error) -> bool {
    matches!(error, Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _))
}

/// A row that cannot be true: names the table, the row and what is wrong with it.
pub fn impossible(table: &str, id: impl std::fmt::Display, wrong: impl std::fmt::Display) -> Failure {
    Failure::Fault(Fault::new(format!("impossible row {id} in {table}: {wrong}")))
}

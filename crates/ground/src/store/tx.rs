//! What a reader and a writer hold: a `View` of the database, or a `Tx` that may also change it.
//! Every function of a concept's `store.rs` takes one of the two, so that what it does belongs to a transaction.

use std::ops::{Deref, DerefMut};

use diesel::Connection;

use super::any::AnyConnection;
use crate::refusal::{Failure, Outcome};

/// One consistent look at the database.
pub struct View<'c> {
    connection: &'c mut AnyConnection,
}

impl<'c> View<'c> {
    pub(super) fn new(connection: &'c mut AnyConnection) -> Self {
        Self { connection }
    }

    /// The connection, for queries in a `store.rs`.
    pub fn connection(&mut self) -> &mut AnyConnection {
        self.connection
    }
}

/// An open transaction. It is committed by the store when the work given to `Store::write` succeeds.
pub struct Tx<'c> {
    view: View<'c>,
}

impl<'c> Tx<'c> {
    pub(super) fn new(connection: &'c mut AnyConnection) -> Self {
        Self { view: View::new(connection) }
    }

    /// Does `work` in a savepoint: when it fails, only its own changes are taken back.
    ///
    /// # Errors
    /// What `work` fails with, or a fault of the database.
    #[allow(clippy::disallowed_methods, reason = "inside a transaction this opens a savepoint")]
    pub fn savepoint<T>(&mut self, work: impl FnOnce(&mut Tx<'_>) -> Outcome<T>) -> Outcome<T> {
        self.view.connection.transaction::<T, Failure, _>(|connection| work(&mut Tx::new(connection)))
    }

    /// Inserts one row with a key of its own; `false` when a row with that key is already there.
    ///
    /// # Errors
    /// A fault of the database.
    #[allow(clippy::disallowed_methods, reason = "inside a transaction this opens a savepoint")]
    pub fn insert_unless_there(
        &mut self,
        insert: impl FnOnce(&mut AnyConnection) -> diesel::QueryResult<usize>,
    ) -> Outcome<bool> {
        // PostgreSQL gives the whole transaction up at a unique violation, so the insert gets a savepoint.
        match self.view.connection.transaction::<usize, diesel::result::Error, _>(insert) {
            Ok(_) => Ok(true),
            Err(error) if super::error::is_duplicate(&error) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

impl<'c> Deref for Tx<'c> {
    type Target = View<'c>;
    fn deref(&self) -> &View<'c> {
        &self.view
    }
}

impl<'c> DerefMut for Tx<'c> {
    fn deref_mut(&mut self) -> &mut View<'c> {
        &mut self.view
    }
}

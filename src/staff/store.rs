//! The views of the queue that staff keep, as rows.

use diesel::prelude::*;

use crate::clock::Instant;
use crate::ids::PersonId;
use crate::refusal::Outcome;
use crate::store::schema::saved_views;
use crate::store::{Tx, View};

/// A question kept under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The name.
    pub name: String,
    /// The question, as it stands in the queue's address after the question mark.
    pub query: String,
}

/// A person's views, by name.
///
/// # Errors
/// A fault of the database.
pub fn views(view: &mut View<'_>, person: PersonId) -> Outcome<Vec<Kept>> {
    let rows: Vec<(String, String)> = saved_views::table
        .filter(saved_views::person_id.eq(person))
        .order(saved_views::name)
        .select((saved_views::name, saved_views::query))
        .load(view.connection())?;
    Ok(rows.into_iter().map(|(name, query)| Kept { name, query }).collect())
}

/// How many views a person keeps.
///
/// # Errors
/// A fault of the database.
pub(super) fn count(view: &mut View<'_>, person: PersonId) -> Outcome<i64> {
    Ok(saved_views::table.filter(saved_views::person_id.eq(person)).count().get_result(view.connection())?)
}

/// Keeps a view in the place of one with the same name.
///
/// # Errors
/// A fault of the database.
pub(super) fn keep(tx: &mut Tx<'_>, person: PersonId, kept: &Kept, at: Instant) -> Outcome<()> {
    drop_view(tx, person, &kept.name)?;
    diesel::insert_into(saved_views::table)
        .values((
            saved_views::person_id.eq(person),
            saved_views::name.eq(&kept.name),
            saved_views::query.eq(&kept.query),
            saved_views::saved_at.eq(at.naive_utc()),
        ))
        .execute(tx.connection())?;
    Ok(())
}

/// Drops a view; whether there was one.
///
/// # Errors
/// A fault of the database.
pub(super) fn drop_view(tx: &mut Tx<'_>, person: PersonId, name: &str) -> Outcome<bool> {
    let gone = diesel::delete(saved_views::table.find((person, name))).execute(tx.connection())?;
    Ok(gone > 0)
}

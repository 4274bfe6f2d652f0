//! Officers as rows.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::super::officers::Officer;
use crate::ids::{OfficerId, PersonId};
use crate::people::access::Office;
use crate::refusal::Outcome;
use crate::store::schema::{officers, persons};
use crate::store::{Tx, View};

/// Everybody who holds or held an office, the latest first.
///
/// # Errors
/// A fault of the database.
pub fn all(view: &mut View<'_>) -> Outcome<Vec<Officer>> {
    type Row = (OfficerId, Office, PersonId, NaiveDate, Option<NaiveDate>);
    let rows: Vec<Row> = officers::table
        .order((officers::since.desc(), officers::id))
        .select((officers::id, officers::office, officers::person_id, officers::since, officers::until))
        .load(view.connection())?;
    let officer = |(id, office, person, since, until)| Officer { id, office, person, since, until };
    Ok(rows.into_iter().map(officer).collect())
}

/// Name and address of everybody who holds or held an office.
///
/// # Errors
/// A fault of the database.
pub fn people(view: &mut View<'_>) -> Outcome<Vec<(PersonId, String, String)>> {
    Ok(persons::table
        .filter(persons::id.eq_any(officers::table.select(officers::person_id)))
        .select((persons::id, persons::name, persons::address))
        .load(view.connection())?)
}

/// Adds a time in office.
pub(in super::super) fn add(tx: &mut Tx<'_>, officer: &Officer) -> Outcome<()> {
    let row = (
        officers::id.eq(officer.id),
        officers::office.eq(officer.office),
        officers::person_id.eq(officer.person),
        officers::since.eq(officer.since),
        officers::until.eq(officer.until),
    );
    diesel::insert_into(officers::table).values(row).execute(tx.connection())?;
    Ok(())
}

/// Ends a time in office with the day before `day`. Whoever began on that very day or later never did.
pub(in super::super) fn end(tx: &mut Tx<'_>, id: OfficerId, day: NaiveDate) -> Outcome<()> {
    let this = officers::table.find(id);
    diesel::delete(this.filter(officers::since.ge(day))).execute(tx.connection())?;
    diesel::update(this).set(officers::until.eq(day.pred_opt())).execute(tx.connection())?;
    Ok(())
}

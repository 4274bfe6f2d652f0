//! Every source the FAQ ever had, as rows. None is changed or deleted.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::clock::Instant;
use crate::ids::PersonId;
use crate::refusal::Outcome;
use crate::store::schema::{faq_versions, persons};
use crate::store::{Tx, View, next_number};
use crate::written::Version;

/// The counter that numbers the versions.
pub(super) const NUMBER: &str = "faq";

/// Number and text of the version in force; `None` while it is the one that the program brings along.
///
/// # Errors
/// A fault of the database.
pub fn latest(view: &mut View<'_>) -> Outcome<Option<(i64, String)>> {
    Ok(faq_versions::table
        .order(faq_versions::number.desc())
        .select((faq_versions::number, faq_versions::text))
        .first(view.connection())
        .optional()?)
}

/// The number of the version in force; 0 while it is the one that the program brings along.
///
/// # Errors
/// A fault of the database.
pub fn number(view: &mut View<'_>) -> Outcome<i64> {
    let last: Option<i64> =
        faq_versions::table.select(diesel::dsl::max(faq_versions::number)).first(view.connection())?;
    Ok(last.unwrap_or(0))
}

/// The text of one version.
///
/// # Errors
/// A fault of the database.
pub fn text(view: &mut View<'_>, number: i64) -> Outcome<Option<String>> {
    let this = faq_versions::table.find(number).select(faq_versions::text);
    Ok(this.first(view.connection()).optional()?)
}

/// The last hundred versions, the newest first.
///
/// # Errors
/// A fault of the database.
pub fn versions(view: &mut View<'_>) -> Outcome<Vec<Version>> {
    let rows: Vec<(i64, NaiveDateTime, Option<String>)> = faq_versions::table
        .left_join(persons::table.on(persons::id.nullable().eq(faq_versions::written_by)))
        .order(faq_versions::number.desc())
        .limit(100)
        .select((faq_versions::number, faq_versions::written_at, persons::name.nullable()))
        .load(view.connection())?;
    Ok(rows.into_iter().map(Version::from).collect())
}

/// Takes hold of the FAQ for a change and gives the number of the version to come.
pub(super) fn touch(tx: &mut Tx<'_>) -> Outcome<i64> {
    next_number(tx, NUMBER)
}

/// Adds a version.
pub(super) fn add(tx: &mut Tx<'_>, number: i64, text: &str, by: Option<PersonId>, now: Instant) -> Outcome<()> {
    let row = (
        faq_versions::number.eq(number),
        faq_versions::text.eq(text),
        faq_versions::written_by.eq(by),
        faq_versions::written_at.eq(now.naive_utc()),
    );
    diesel::insert_into(faq_versions::table).values(row).execute(tx.connection())?;
    Ok(())
}

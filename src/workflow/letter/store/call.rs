//! That letters were held against their funders' calls, as rows.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::clock::Instant;
use crate::funders::profile::Profile;
use crate::ids::{LetterId, PersonId};
use crate::plain;
use crate::refusal::Outcome;
use crate::store::schema::{call_checks, persons};
use crate::store::{Tx, View, impossible};

/// What staff looked at and confirm.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// The revision of the text that was looked at.
    pub revision: i64,
    /// The copy of the funder's rules that it was held against.
    pub profile: Profile,
    /// What did not fit, in a few words each, one a line; empty when everything did.
    pub misfits: String,
    /// Why it goes out all the same; empty when everything fits.
    pub reason: String,
    /// What the letter's file is called.
    pub file_name: String,
}

/// A confirmation with who gave it and when.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// What was confirmed.
    pub held: Held,
    /// By whom: their name, or their address when they gave none.
    pub by: String,
    /// When.
    pub at: Instant,
}

impl Kept {
    /// The day of the confirmation (UTC).
    pub fn day(&self) -> String {
        plain::day(self.at.date_naive()).to_string()
    }
}

/// The confirmation of a letter, if there is one.
///
/// # Errors
/// A fault of the database.
pub fn of(view: &mut View<'_>, letter: LetterId) -> Outcome<Option<Kept>> {
    type Row = (i64, String, String, String, String, NaiveDateTime, String, String);
    let row: Option<Row> = call_checks::table
        .inner_join(persons::table.on(persons::id.eq(call_checks::checked_by)))
        .filter(call_checks::letter_id.eq(letter))
        .select((
            call_checks::letter_revision,
            call_checks::profile,
            call_checks::misfits,
            call_checks::reason,
            call_checks::file_name,
            call_checks::checked_at,
            persons::name,
            persons::address,
        ))
        .first(view.connection())
        .optional()?;
    row.map(|(revision, profile, misfits, reason, file_name, at, name, address)| {
        let profile = serde_json::from_str(&profile).map_err(|error| impossible("call_checks", letter, error))?;
        let by = if name.is_empty() { address } else { name };
        Ok(Kept { held: Held { revision, profile, misfits, reason, file_name }, by, at: at.and_utc() })
    })
    .transpose()
}

/// What the file of an issued letter is called, where its funder's rules said so.
///
/// # Errors
/// A fault of the database.
pub fn file_name(view: &mut View<'_>, letter: LetterId) -> Outcome<Option<String>> {
    Ok(call_checks::table.find(letter).select(call_checks::file_name).first(view.connection()).optional()?)
}

/// Keeps a confirmation, in place of an earlier one. The request's row is held.
///
/// # Errors
/// A fault of the database.
pub(in crate::workflow::letter) fn keep(
    tx: &mut Tx<'_>,
    letter: LetterId,
    held: &Held,
    (by, at): (PersonId, Instant),
) -> Outcome<()> {
    let profile = serde_json::to_string(&held.profile).map_err(|error| impossible("call_checks", letter, error))?;
    diesel::delete(call_checks::table.find(letter)).execute(tx.connection())?;
    diesel::insert_into(call_checks::table)
        .values((
            call_checks::letter_id.eq(letter),
            call_checks::letter_revision.eq(held.revision),
            call_checks::profile.eq(profile),
            call_checks::profile_version.eq(held.profile.version()),
            call_checks::misfits.eq(&held.misfits),
            call_checks::reason.eq(&held.reason),
            call_checks::file_name.eq(&held.file_name),
            call_checks::checked_by.eq(by),
            call_checks::checked_at.eq(at.naive_utc()),
        ))
        .execute(tx.connection())?;
    Ok(())
}

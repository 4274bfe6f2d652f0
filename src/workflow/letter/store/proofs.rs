//! The proof of a letter: the bytes that one person looked at and a second one issues.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::clock::Instant;
use crate::ids::{LetterId, PersonId};
use crate::refusal::Outcome;
use crate::store::schema::{persons, proofs};
use crate::store::{Tx, View, impossible};
use crate::workflow::letter::life::Proof;
use crate::workflow::letter::rules::Register;

/// The proof of a letter, if its text has one as it stands.
///
/// # Errors
/// A fault of the database.
pub fn of(view: &mut View<'_>, letter: LetterId) -> Outcome<Option<Proof>> {
    type Row = (i64, String, i64, String, PersonId, String, NaiveDateTime);
    let row: Option<Row> = proofs::table
        .inner_join(persons::table.on(persons::id.eq(proofs::checked_by)))
        .filter(proofs::letter_id.eq(letter))
        .select((
            proofs::revision,
            proofs::facts,
            proofs::house,
            proofs::sha256,
            proofs::checked_by,
            persons::name,
            proofs::checked_at,
        ))
        .first(view.connection())
        .optional()?;
    row.map(|(revision, facts, house, sha256, checked_by, checker, at)| {
        let register = serde_json::from_str(&facts).map_err(|error| impossible("proofs", letter, error))?;
        Ok(Proof { revision, register, house, sha256, checked_by, checker, checked_at: at.and_utc() })
    })
    .transpose()
}

/// The bytes of a letter's proof.
///
/// # Errors
/// A fault of the database, or when there is no proof.
pub fn bytes(view: &mut View<'_>, letter: LetterId) -> Outcome<Vec<u8>> {
    Ok(proofs::table.find(letter).select(proofs::pdf).first(view.connection())?)
}

/// Keeps a proof in the place of the one before.
///
/// # Errors
/// A fault of the database.
pub(in super::super) fn keep(
    tx: &mut Tx<'_>,
    letter: LetterId,
    (revision, register, house): (i64, &Register, i64),
    (sha256, pdf): (&str, &[u8]),
    (by, at): (PersonId, Instant),
) -> Outcome<()> {
    drop_of(tx, letter)?;
    let facts = serde_json::to_string(register).map_err(|error| impossible("proofs", letter, error))?;
    diesel::insert_into(proofs::table)
        .values((
            proofs::letter_id.eq(letter),
            proofs::revision.eq(revision),
            proofs::facts.eq(facts),
            proofs::house.eq(house),
            proofs::sha256.eq(sha256),
            proofs::pdf.eq(pdf),
            proofs::checked_by.eq(by),
            proofs::checked_at.eq(at.naive_utc()),
        ))
        .execute(tx.connection())?;
    Ok(())
}

/// Throws a letter's proof away; whether there was one.
///
/// # Errors
/// A fault of the database.
pub(in super::super) fn drop_of(tx: &mut Tx<'_>, letter: LetterId) -> Outcome<bool> {
    Ok(diesel::delete(proofs::table.find(letter)).execute(tx.connection())? > 0)
}

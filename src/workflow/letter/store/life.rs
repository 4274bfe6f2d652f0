//! What becomes of an issued letter: its versions, and the wish to take it back.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::clock::Instant;
use crate::ids::{LetterId, PersonId, RequestId};
use crate::refusal::Outcome;
use crate::store::schema::{letters, persons, revocations};
use crate::store::{Tx, View};
use crate::workflow::letter::life::Revocation;
use crate::workflow::letter::rules::LetterState;

/// One version of a request's letter, as staff see it.
#[derive(Debug, Clone)]
pub struct Version {
    /// The letter.
    pub id: LetterId,
    /// 1 for the first.
    pub version: i32,
    /// Draft, issued, superseded or revoked.
    pub state: LetterState,
    /// Its number, once issued.
    pub number: Option<String>,
    /// When it was issued.
    pub issued_at: Option<Instant>,
    /// When it was superseded or revoked.
    pub ended_at: Option<Instant>,
    /// Why it was begun; none for the first.
    pub begun_why: Option<String>,
}

/// All versions of a request's letter, the latest first.
///
/// # Errors
/// A fault of the database.
pub fn versions(view: &mut View<'_>, request: RequestId) -> Outcome<Vec<Version>> {
    type Row =
        (LetterId, i32, LetterState, Option<String>, Option<NaiveDateTime>, Option<NaiveDateTime>, Option<String>);
    let rows: Vec<Row> = letters::table
        .filter(letters::request_id.eq(request))
        .order(letters::version.desc())
        .select((
            letters::id,
            letters::version,
            letters::state,
            letters::number,
            letters::issued_at,
            letters::ended_at,
            letters::begun_why,
        ))
        .load(view.connection())?;
    let utc = |at: Option<NaiveDateTime>| at.map(|at| at.and_utc());
    let version = |(id, version, state, number, issued_at, ended_at, begun_why)| Version {
        id,
        version,
        state,
        number,
        issued_at: utc(issued_at),
        ended_at: utc(ended_at),
        begun_why,
    };
    Ok(rows.into_iter().map(version).collect())
}

/// The wish to take a letter back, if there is or was one.
///
/// # Errors
/// A fault of the database.
pub fn revocation(view: &mut View<'_>, letter: LetterId) -> Outcome<Option<Revocation>> {
    type Row = (String, PersonId, String, NaiveDateTime, Option<NaiveDateTime>);
    let row: Option<Row> = revocations::table
        .inner_join(persons::table.on(persons::id.eq(revocations::proposed_by)))
        .filter(revocations::letter_id.eq(letter))
        .select((
            revocations::reason,
            revocations::proposed_by,
            persons::name,
            revocations::proposed_at,
            revocations::confirmed_at,
        ))
        .first(view.connection())
        .optional()?;
    Ok(row.map(|(reason, proposed_by, proposer, at, confirmed)| Revocation {
        reason,
        proposed_by,
        proposer,
        proposed_at: at.and_utc(),
        confirmed_at: confirmed.map(|at| at.and_utc()),
    }))
}

/// Keeps the wish to take a letter back, in the place of one that nobody confirmed.
///
/// # Errors
/// A fault of the database.
pub(in super::super) fn propose(
    tx: &mut Tx<'_>,
    letter: LetterId,
    reason: &str,
    (by, at): (PersonId, Instant),
) -> Outcome<()> {
    drop_proposal(tx, letter)?;
    diesel::insert_into(revocations::table)
        .values((
            revocations::letter_id.eq(letter),
            revocations::reason.eq(reason),
            revocations::proposed_by.eq(by),
            revocations::proposed_at.eq(at.naive_utc()),
        ))
        .execute(tx.connection())?;
    Ok(())
}

/// Throws away a wish that nobody confirmed; whether there was one.
///
/// # Errors
/// A fault of the database.
pub(in super::super) fn drop_proposal(tx: &mut Tx<'_>, letter: LetterId) -> Outcome<bool> {
    let open = revocations::table.find(letter).filter(revocations::confirmed_at.is_null());
    Ok(diesel::delete(open).execute(tx.connection())? > 0)
}

/// Takes a letter back: the wish is confirmed and the letter no longer counts.
///
/// # Errors
/// A fault of the database.
pub(in super::super) fn revoke(tx: &mut Tx<'_>, letter: LetterId, (by, at): (PersonId, Instant)) -> Outcome<()> {
    diesel::update(revocations::table.find(letter))
        .set((revocations::confirmed_by.eq(by), revocations::confirmed_at.eq(at.naive_utc())))
        .execute(tx.connection())?;
    super::end(tx, letter, LetterState::Revoked, at)
}

/// The version in force no longer counts: a later one takes its place.
///
/// # Errors
/// A fault of the database.
pub(in super::super) fn supersede(tx: &mut Tx<'_>, letter: LetterId, at: Instant) -> Outcome<()> {
    drop_proposal(tx, letter)?;
    super::end(tx, letter, LetterState::Superseded, at)
}

//! Ballots as rows. None is ever changed or erased, except that a later one supersedes it.

use chrono::NaiveDateTime;
use diesel::dsl::min;
use diesel::prelude::*;

use super::super::ballot::{Ballot, Choice, Given, Origin};
use crate::clock::Instant;
use crate::ids::{BallotId, MotionId, PersonId, SeatId};
use crate::people::access::Capacity;
use crate::refusal::Outcome;
use crate::store::schema::ballots;
use crate::store::{Tx, View, impossible};

#[derive(Queryable, Selectable)]
#[diesel(table_name = ballots)]
struct Row {
    id: BallotId,
    seat_id: SeatId,
    person_id: PersonId,
    capacity: String,
    choice: String,
    reason: String,
    cast_at: NaiveDateTime,
    source: Option<String>,
    witness: Option<String>,
}

fn ballot_of(row: Row) -> Outcome<Ballot> {
    let wrong = |error: crate::words::UnknownWord| impossible("ballots", row.id, error);
    let origin = match (row.source, row.witness) {
        (None, None) => Origin::Own(row.capacity.parse().map_err(wrong)?),
        (Some(source), Some(witness)) => Origin::Recorded(Given { source: source.parse().map_err(wrong)?, witness }),
        _ => return Err(impossible("ballots", row.id, "a recorded ballot needs its source and its witness")),
    };
    Ok(Ballot {
        id: row.id,
        seat: row.seat_id,
        by: row.person_id,
        origin,
        choice: row.choice.parse().map_err(wrong)?,
        reason: (!row.reason.is_empty()).then_some(row.reason),
        at: row.cast_at.and_utc(),
    })
}

/// Every ballot cast on a motion, in the order of casting.
///
/// # Errors
/// A fault of the database.
pub fn history(view: &mut View<'_>, motion: MotionId) -> Outcome<Vec<Ballot>> {
    let rows: Vec<Row> = ballots::table
        .filter(ballots::motion_id.eq(motion))
        .order((ballots::cast_at, ballots::id))
        .select(Row::as_select())
        .load(view.connection())?;
    rows.into_iter().map(ballot_of).collect()
}

/// What the ballots that count say: one a seat and motion, as the database's unique key has it.
pub(super) fn choices(view: &mut View<'_>, on: &[MotionId]) -> Outcome<Vec<(MotionId, SeatId, Choice)>> {
    let rows: Vec<(MotionId, SeatId, String)> = ballots::table
        .filter(ballots::motion_id.eq_any(on))
        .filter(ballots::superseded_at.is_null())
        .select((ballots::motion_id, ballots::seat_id, ballots::choice))
        .load(view.connection())?;
    let choice = |(motion, seat, word): (MotionId, SeatId, String)| {
        Ok((motion, seat, word.parse().map_err(|error| impossible("ballots", motion, error))?))
    };
    rows.into_iter().map(choice).collect()
}

/// When the first ballot of each seat came, on these motions.
///
/// # Errors
/// A fault of the database.
pub fn first_cast(view: &mut View<'_>, on: &[MotionId]) -> Outcome<Vec<(MotionId, SeatId, Instant)>> {
    let rows: Vec<(MotionId, SeatId, Option<NaiveDateTime>)> = ballots::table
        .filter(ballots::motion_id.eq_any(on))
        .group_by((ballots::motion_id, ballots::seat_id))
        .select((ballots::motion_id, ballots::seat_id, min(ballots::cast_at)))
        .load(view.connection())?;
    Ok(rows.into_iter().filter_map(|(motion, seat, at)| Some((motion, seat, at?.and_utc()))).collect())
}

/// Casts a ballot; the seat's earlier one stays on record, superseded. The request's row is held.
pub(in super::super) fn cast(tx: &mut Tx<'_>, motion: MotionId, ballot: &Ballot) -> Outcome<()> {
    let earlier = ballots::table
        .filter(ballots::motion_id.eq(motion))
        .filter(ballots::seat_id.eq(ballot.seat))
        .filter(ballots::superseded_at.is_null());
    diesel::update(earlier).set(ballots::superseded_at.eq(ballot.at.naive_utc())).execute(tx.connection())?;
    let (capacity, given) = match &ballot.origin {
        Origin::Own(capacity) => (*capacity, None),
        Origin::Recorded(given) => (Capacity::Representative, Some(given)),
    };
    diesel::insert_into(ballots::table)
        .values((
            ballots::id.eq(ballot.id),
            ballots::motion_id.eq(motion),
            ballots::seat_id.eq(ballot.seat),
            ballots::person_id.eq(ballot.by),
            ballots::capacity.eq(capacity.as_str()),
            ballots::choice.eq(ballot.choice.as_str()),
            ballots::reason.eq(ballot.reason.as_deref().unwrap_or_default()),
            ballots::cast_at.eq(ballot.at.naive_utc()),
            ballots::source.eq(given.map(|given| given.source.as_str())),
            ballots::witness.eq(given.map(|given| given.witness.as_str())),
        ))
        .execute(tx.connection())?;
    Ok(())
}

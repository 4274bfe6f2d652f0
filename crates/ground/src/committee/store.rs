//! Seats and the people who act for them, as rows. Officers have their own file.

pub mod officers;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::rules::{Holder, Seat};
use crate::ids::{InstitutionId, PersonId, SeatHolderId, SeatId};
use crate::people::access::Capacity;
use crate::refusal::Outcome;
use crate::store::schema::{counters, institutions, persons, seat_holders, seats};
use crate::store::{Tx, View, next_number};

/// The counter that grows with every change to seats and their people.
const VERSION: &str = "committee";

type SeatRow = (SeatId, Option<InstitutionId>, String, NaiveDate, NaiveDate);
type HolderRow = (SeatHolderId, SeatId, PersonId, Capacity, NaiveDate, Option<NaiveDate>);

fn seat((id, institution, batch, first_day, last_day): SeatRow) -> Seat {
    Seat { id, institution, batch, first_day, last_day }
}

fn holder((id, seat, person, capacity, since, until): HolderRow) -> Holder {
    Holder { id, seat, person, capacity, since, until }
}

/// Every seat that ever was, by the institution's place in the alphabet, vacant ones last.
///
/// # Errors
/// A fault of the database.
pub fn seats(view: &mut View<'_>) -> Outcome<Vec<Seat>> {
    let rows: Vec<SeatRow> = seats::table
        .left_join(institutions::table.on(institutions::id.nullable().eq(seats::institution_id)))
        .order((seats::institution_id.is_null(), institutions::sort_key, seats::first_day, seats::id))
        .select((seats::id, seats::institution_id, seats::batch, seats::first_day, seats::last_day))
        .load(view.connection())?;
    Ok(rows.into_iter().map(seat).collect())
}

/// Whose seat each seat is, past ones too, with the institution's name; by the institution's place in the alphabet.
///
/// # Errors
/// A fault of the database.
pub fn institutions_of_seats(view: &mut View<'_>) -> Outcome<Vec<(SeatId, InstitutionId, String)>> {
    Ok(seats::table
        .inner_join(institutions::table.on(institutions::id.nullable().eq(seats::institution_id)))
        .order((institutions::sort_key, institutions::id, seats::id))
        .select((seats::id, institutions::id, institutions::name))
        .load(view.connection())?)
}

/// One seat.
///
/// # Errors
/// A fault of the database.
pub fn one(view: &mut View<'_>, id: SeatId) -> Outcome<Option<Seat>> {
    let columns = (seats::id, seats::institution_id, seats::batch, seats::first_day, seats::last_day);
    let row: Option<SeatRow> = seats::table.find(id).select(columns).first(view.connection()).optional()?;
    Ok(row.map(seat))
}

/// Everybody who acts or acted for a seat.
///
/// # Errors
/// A fault of the database.
pub fn holders(view: &mut View<'_>) -> Outcome<Vec<Holder>> {
    let rows: Vec<HolderRow> = seat_holders::table
        .order((seat_holders::since, seat_holders::id))
        .select((
            seat_holders::id,
            seat_holders::seat_id,
            seat_holders::person_id,
            seat_holders::capacity,
            seat_holders::since,
            seat_holders::until,
        ))
        .load(view.connection())?;
    Ok(rows.into_iter().map(holder).collect())
}

/// Name and address of everybody who acts for a seat on `day` or later.
///
/// # Errors
/// A fault of the database.
pub fn people(view: &mut View<'_>, day: NaiveDate) -> Outcome<Vec<(PersonId, String, String)>> {
    let acting = seat_holders::until.is_null().or(seat_holders::until.ge(day));
    Ok(persons::table
        .filter(persons::id.eq_any(seat_holders::table.filter(acting).select(seat_holders::person_id)))
        .select((persons::id, persons::name, persons::address))
        .load(view.connection())?)
}

/// Name and address of everybody who acts for one seat on `day` or later.
///
/// # Errors
/// A fault of the database.
pub fn people_of(view: &mut View<'_>, seat: SeatId, day: NaiveDate) -> Outcome<Vec<(String, String)>> {
    let acting = seat_holders::until.is_null().or(seat_holders::until.ge(day));
    let of_seat = seat_holders::table.filter(seat_holders::seat_id.eq(seat).and(acting));
    Ok(persons::table
        .filter(persons::id.eq_any(of_seat.select(seat_holders::person_id)).and(persons::disabled_at.is_null()))
        .order(persons::address)
        .select((persons::name, persons::address))
        .load(view.connection())?)
}

/// The version of the committee. It grows with every change.
///
/// # Errors
/// A fault of the database.
pub fn version(view: &mut View<'_>) -> Outcome<i64> {
    let version = counters::table.find(VERSION).select(counters::value).first(view.connection()).optional()?;
    Ok(version.unwrap_or(0))
}

/// Takes hold of the committee for a change: other changes wait until this one is over.
pub(super) fn touch(tx: &mut Tx<'_>) -> Outcome<()> {
    next_number(tx, VERSION).map(|_| ())
}

/// Adds a seat.
pub(super) fn add(tx: &mut Tx<'_>, seat: &Seat) -> Outcome<()> {
    let row = (
        seats::id.eq(seat.id),
        seats::institution_id.eq(seat.institution),
        seats::batch.eq(&seat.batch),
        seats::first_day.eq(seat.first_day),
        seats::last_day.eq(seat.last_day),
    );
    diesel::insert_into(seats::table).values(row).execute(tx.connection())?;
    Ok(())
}

/// Gives a seat another last day.
pub(super) fn set_last_day(tx: &mut Tx<'_>, id: SeatId, last: NaiveDate) -> Outcome<()> {
    diesel::update(seats::table.find(id)).set(seats::last_day.eq(last)).execute(tx.connection())?;
    Ok(())
}

/// Gives a vacant seat to an institution.
pub(super) fn set_institution(tx: &mut Tx<'_>, id: SeatId, institution: InstitutionId) -> Outcome<()> {
    diesel::update(seats::table.find(id)).set(seats::institution_id.eq(institution)).execute(tx.connection())?;
    Ok(())
}

/// Gives every seat of one institution to another, past ones too; how many those are.
pub(super) fn hand_over(tx: &mut Tx<'_>, from: InstitutionId, to: InstitutionId) -> Outcome<usize> {
    let theirs = diesel::update(seats::table).filter(seats::institution_id.eq(from));
    Ok(theirs.set(seats::institution_id.eq(to)).execute(tx.connection())?)
}

/// Ends a person's acting for a seat with the day before `day`. Who began on that very day never did.
pub(super) fn end(tx: &mut Tx<'_>, id: SeatHolderId, day: NaiveDate) -> Outcome<()> {
    let this = seat_holders::table.find(id);
    diesel::delete(this.filter(seat_holders::since.ge(day))).execute(tx.connection())?;
    diesel::update(this).set(seat_holders::until.eq(day.pred_opt())).execute(tx.connection())?;
    Ok(())
}

/// Lets a person act for a seat from a day on.
pub(super) fn add_holder(tx: &mut Tx<'_>, holder: &Holder) -> Outcome<()> {
    let row = (
        seat_holders::id.eq(holder.id),
        seat_holders::seat_id.eq(holder.seat),
        seat_holders::person_id.eq(holder.person),
        seat_holders::capacity.eq(holder.capacity),
        seat_holders::since.eq(holder.since),
        seat_holders::until.eq(holder.until),
    );
    diesel::insert_into(seat_holders::table).values(row).execute(tx.connection())?;
    Ok(())
}

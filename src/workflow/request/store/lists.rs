//! Reads around a request: a person's own requests, who is to be told, and when its reviews are due.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::dsl::max;
use diesel::prelude::*;

use super::recused::recused;
use super::row::{Request, Row, request_of};
use crate::clock::Instant;
use crate::ids::{InstitutionId, PersonId, RequestId, SeatId};
use crate::people::access::Recused;
use crate::refusal::Outcome;
use crate::store::View;
use crate::store::schema::{assignments, co_applicants, letters, persons, requests, roles, seat_holders, seats};

/// How far a list has been read: the next page begins after this request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct After {
    /// When it was begun.
    pub created_at: Instant,
    /// Its id.
    pub id: RequestId,
}

/// The requests that come from these institutions, drafts too, in the order in which they are taken hold of.
///
/// # Errors
/// A fault of the database.
pub fn of_institutions(view: &mut View<'_>, institutions: &[InstitutionId]) -> Outcome<Vec<RequestId>> {
    let theirs = requests::table.filter(requests::institution_id.eq_any(institutions));
    Ok(theirs.order(requests::id).select(requests::id).load(view.connection())?)
}

/// A person's own requests and, if `with_shared`, those that others share with them; the newest first, at most `limit`.
///
/// # Errors
/// A fault of the database.
pub fn of_applicant(
    view: &mut View<'_>,
    (person, with_shared): (PersonId, bool),
    after: Option<After>,
    limit: i64,
) -> Outcome<Vec<Request>> {
    let shared: Vec<RequestId> = if with_shared { shared_with(view, person)? } else { Vec::new() };
    let theirs = requests::applicant_id.eq(person).or(requests::id.eq_any(shared));
    let mut query = requests::table.filter(theirs).into_boxed();
    if let Some(After { created_at, id }) = after {
        let at = created_at.naive_utc();
        query = query.filter(requests::created_at.lt(at).or(requests::created_at.eq(at).and(requests::id.lt(id))));
    }
    let rows: Vec<Row> = query
        .order((requests::created_at.desc(), requests::id.desc()))
        .limit(limit)
        .select(Row::as_select())
        .load(view.connection())?;
    rows.into_iter().map(request_of).collect()
}

fn shared_with(view: &mut View<'_>, person: PersonId) -> Outcome<Vec<RequestId>> {
    let shared = co_applicants::person_id.eq(person).and(co_applicants::removed_at.is_null());
    let query = co_applicants::table.filter(shared).select(co_applicants::request_id);
    Ok(query.load(view.connection())?)
}

/// How many requests a person has begun since `since`.
///
/// # Errors
/// A fault of the database.
pub fn begun_since(view: &mut View<'_>, person: PersonId, since: Instant) -> Outcome<i64> {
    Ok(requests::table
        .filter(requests::applicant_id.eq(person).and(requests::created_at.gt(since.naive_utc())))
        .count()
        .get_result(view.connection())?)
}

/// Address and name of whoever is told that the applicant has answered a question or corrected a day: the people of the
/// seat that asked, of those that review the request or have reviewed it, and staff.
///
/// # Errors
/// A fault of the database.
pub fn told_of_reply(
    view: &mut View<'_>,
    request: RequestId,
    asker: Option<SeatId>,
    now: Instant,
) -> Outcome<Vec<(String, String)>> {
    let reviewed = assignments::ended_why.is_null().or(assignments::ended_why.eq("reviewed"));
    let mut seats: Vec<SeatId> = assignments::table
        .filter(assignments::request_id.eq(request).and(reviewed))
        .select(assignments::seat_id)
        .load(view.connection())?;
    seats.extend(asker);
    let mut told = acting_for(view, seats, now.date_naive())?;
    told.extend(staff(view, now)?);
    without_who_is_out(view, request, now, told)
}

/// Address and name of the staff to whom the request is open.
///
/// # Errors
/// A fault of the database.
pub fn staff_on(view: &mut View<'_>, request: RequestId, now: Instant) -> Outcome<Vec<(String, String)>> {
    let told = staff(view, now)?;
    without_who_is_out(view, request, now, told)
}

/// Address and name of whoever is told that the request is withdrawn: its reviewers, and staff.
///
/// # Errors
/// A fault of the database.
pub fn told_of_withdrawal(view: &mut View<'_>, request: RequestId, now: Instant) -> Outcome<Vec<(String, String)>> {
    let seats = assignments::table
        .filter(assignments::request_id.eq(request).and(assignments::ended_at.is_null()))
        .select(assignments::seat_id)
        .load(view.connection())?;
    let mut told = acting_for(view, seats, now.date_naive())?;
    told.extend(staff(view, now)?);
    without_who_is_out(view, request, now, told)
}

/// Each of them once, but nobody who is out of the request.
fn without_who_is_out(
    view: &mut View<'_>,
    request: RequestId,
    now: Instant,
    mut told: Vec<(String, String)>,
) -> Outcome<Vec<(String, String)>> {
    told.sort();
    told.dedup();
    let out = out_of(view, request, now.date_naive())?;
    told.retain(|(address, _)| !out.contains(address));
    Ok(told)
}

/// Whether staff are writing the request's letter.
///
/// # Errors
/// A fault of the database.
pub fn has_letter_in_work(view: &mut View<'_>, request: RequestId) -> Outcome<bool> {
    let drafts = letters::table.filter(letters::request_id.eq(request).and(letters::state.eq("draft")));
    Ok(drafts.count().get_result::<i64>(view.connection())? > 0)
}

/// The addresses of the people who are out of the request: they act on `day` for a seat that is, or ask for the letter.
fn out_of(view: &mut View<'_>, request: RequestId, day: NaiveDate) -> Outcome<Vec<String>> {
    let Recused { seats, applicants } = recused(view, request)?;
    let asking = persons::table.filter(persons::id.eq_any(applicants)).select(persons::address);
    let mut out: Vec<String> = asking.load(view.connection())?;
    out.extend(acting_for(view, seats, day)?.into_iter().map(|(address, _)| address));
    Ok(out)
}

/// Address and name of the people who act on `day` for one of these seats.
fn acting_for(view: &mut View<'_>, of: Vec<SeatId>, day: NaiveDate) -> Outcome<Vec<(String, String)>> {
    let in_charge = seat_holders::since.le(day).and(seat_holders::until.is_null().or(seat_holders::until.ge(day)));
    // A term ends by itself: nobody's charge is ended with it.
    let in_office = seats::first_day.le(day).and(seats::last_day.ge(day)).and(seats::institution_id.is_not_null());
    Ok(seat_holders::table
        .inner_join(persons::table.on(persons::id.eq(seat_holders::person_id)))
        .inner_join(seats::table.on(seats::id.eq(seat_holders::seat_id)))
        .filter(seat_holders::seat_id.eq_any(of).and(in_charge).and(in_office).and(persons::disabled_at.is_null()))
        .order(persons::address)
        .select((persons::address, persons::name))
        .distinct()
        .load(view.connection())?)
}

/// Address and name of everybody who is staff at `now`.
///
/// # Errors
/// A fault of the database.
pub fn staff(view: &mut View<'_>, now: Instant) -> Outcome<Vec<(String, String)>> {
    let now = now.naive_utc();
    let in_charge = roles::since.le(now).and(roles::until.is_null().or(roles::until.gt(now)));
    Ok(roles::table
        .inner_join(persons::table.on(persons::id.eq(roles::person_id)))
        .filter(roles::role.eq("staff").and(in_charge).and(persons::disabled_at.is_null()))
        .order(persons::address)
        .select((persons::address, persons::name))
        .distinct()
        .load(view.connection())?)
}

/// Address and name of a person.
///
/// # Errors
/// A fault of the database, or when there is no such person.
pub fn mailbox(view: &mut View<'_>, person: PersonId) -> Outcome<(String, String)> {
    Ok(persons::table.find(person).select((persons::address, persons::name)).first(view.connection())?)
}

/// What to call a person: the name they gave, else the address.
///
/// # Errors
/// A fault of the database, or when there is no such person.
pub fn called(view: &mut View<'_>, person: PersonId) -> Outcome<String> {
    let (address, name) = mailbox(view, person)?;
    Ok(if name.is_empty() { address } else { name })
}

/// When the last of the open reviews of a request is due.
///
/// # Errors
/// A fault of the database.
pub fn reviews_due(view: &mut View<'_>, request: RequestId) -> Outcome<Option<Instant>> {
    let due: Option<NaiveDateTime> = assignments::table
        .filter(assignments::request_id.eq(request).and(assignments::ended_at.is_null()))
        .select(max(assignments::due_at))
        .first(view.connection())?;
    Ok(due.map(|due| due.and_utc()))
}
